"""Three crawls of one process, of which only the second may ask the loopback: ``KIND URL FOLDER``."""

import gc
import json
import sys

import scrapy
import scrapy.crawler


class One(scrapy.Spider):
    name = "one"

    def __init__(self, url):
        super().__init__()
        self.url = url
        self.brought = []

    async def start(self):
        yield scrapy.Request(self.url, self.parse, errback=self.failed)

    def parse(self, response):
        self.brought.append(response.status)

    def failed(self, failure):
        self.brought.append(type(failure.value).__name__)


def settings(folder, number):
    allowed = ["127.0.0.0/8"] if number == 1 else []
    return {
        "ADDONS": {"crawler.addon.ArchiveAddon": 300},
        "ARCHIVE_PUBLIC_ONLY": True,
        "ARCHIVE": {"store.url": folder, "segments.min_free": 0, "crawl.allow_address": allowed},
    }


def main():
    kind, url, folder = sys.argv[1:]
    common = {"LOG_LEVEL": "WARNING", "TELNETCONSOLE_ENABLED": False, "REMOTE_CONTROL_ENABLED": False}
    process = getattr(scrapy.crawler, kind)(common)
    crawls = []
    for number in range(3):
        spider = type("One", (One,), {"custom_settings": settings(folder, number)})
        crawls.append(process.create_crawler(spider))
        process.crawl(crawls[-1], url=url)
    process.start()
    told = {
        "brought": [each.spider.brought for each in crawls],
        "captures": [each.stats.get_value("archive/captures", 0) for each in crawls],
    }
    from crawler.recorder.recorder import Recorder  # noqa: PLC0415 - only now is the reactor chosen

    assert len(Recorder._by_crawler) == 3
    del crawls, process, spider
    gc.collect()
    told["left"] = len(Recorder._by_crawler)
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
