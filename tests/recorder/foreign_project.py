"""A Scrapy project of somebody else, run as a process: the add-on in one line, and a spider of its own.

Reads ``{"settings": {…}, "requests": [{"url": …, "method": …, "meta": {…}}]}`` from standard input and
prints, as JSON, what each request brought to the spider.
"""

import json
import sys

import scrapy
from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.exceptions import StopDownload


class ForeignSpider(scrapy.Spider):
    name = "foreign"

    def __init__(self, requests):
        super().__init__()
        self.asked = requests
        self.brought = {}

    async def start(self):
        for asked in self.asked:
            yield scrapy.Request(
                asked["url"],
                self.parse,
                method=asked.get("method", "GET"),
                body=asked.get("body", "").encode(),
                headers=asked.get("headers"),
                meta=asked.get("meta", {}),
                errback=self.failed,
                dont_filter=True,
            )

    @classmethod
    def from_crawler(cls, crawler, *args, **kwargs):
        spider = super().from_crawler(crawler, *args, **kwargs)
        if crawler.settings.getbool("HAS_ENOUGH_AT_ONCE"):
            crawler.signals.connect(spider.have_enough, signals.bytes_received)
        return spider

    def have_enough(self):
        raise StopDownload(fail=False)

    def parse(self, response):
        recorded = response.meta.get("archive_recorded")
        self.brought[response.url] = recorded.capture.offset if recorded else "unrecorded"

    def failed(self, failure):
        self.brought[failure.request.url] = type(failure.value).__name__


def main():
    given = json.load(sys.stdin)
    process = AsyncCrawlerProcess(
        {
            "ADDONS": {"crawler.addon.ArchiveAddon": 300},
            "LOG_LEVEL": "WARNING",
            "HTTPERROR_ALLOW_ALL": True,
            "RETRY_ENABLED": False,
            "REDIRECT_ENABLED": False,
            "TELNETCONSOLE_ENABLED": False,
            "REMOTE_CONTROL_ENABLED": False,
            "CONCURRENT_REQUESTS": 24,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 24,
            **given["settings"],
        }
    )
    crawler = process.create_crawler(ForeignSpider)
    process.crawl(crawler, requests=given["requests"])
    process.start()
    sys.stdout.write(
        json.dumps({"brought": crawler.spider.brought, "stats": crawler.stats.get_stats()}, default=str)
    )


if __name__ == "__main__":
    main()
