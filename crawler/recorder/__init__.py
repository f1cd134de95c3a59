"""Taking exchanges off the wire, byte for byte, below Scrapy's parser."""
