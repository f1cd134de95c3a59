"""A scheduler with an engine that does not run."""

from scrapy import Request, Spider
from scrapy.core.scraper import Slot
from scrapy.utils.reactor import install_reactor, is_reactor_installed
from scrapy.utils.test import get_crawler

from crawler.frontier.scheduler import FrontierScheduler


class Reader(Spider):
    name = "reader"

    def read(self, response): ...

    def failed(self, failure): ...


class Crawl:
    """A scheduler with an engine that does not run: the test does what the engine and the spider do."""

    def __init__(self, url, **settings):
        if not is_reactor_installed():
            install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
        self.crawler = get_crawler(Reader, {"STATE_URL": url, **settings})
        self.crawler.spider = self.spider = self.crawler._create_spider()
        self.crawler._apply_settings()
        self.engine = self.crawler.engine = self.crawler._create_engine()
        self.engine.scraper.slot = Slot()
        self.scheduler = FrontierScheduler.from_crawler(self.crawler)

    def open(self):
        self.scheduler.open(self.spider)
        return self

    def request(self, path, host="a.example", **kwargs):
        return Request(f"https://{host}/{path}", self.spider.read, errback=self.spider.failed, **kwargs)

    def enqueue(self, *paths, **kwargs):
        return [self.scheduler.enqueue_request(self.request(path, **kwargs)) for path in paths]

    def all(self):
        """Take what is to be had, as far as the hosts may get it, and let nothing come back."""
        found = []
        while (request := self.scheduler.next_request()) is not None:
            self.engine.downloader.active.add(request)
            found.append(request)
        return found

    def look(self):
        """Let a second pass, after which the worker of a shared job looks at the others."""
        self.scheduler._holding._looked = 0.0
        self.scheduler._tick()

    def left(self, *requests):
        self.engine.downloader.active -= set(requests)

    def counts(self):
        with self.scheduler._database.transaction():
            self.scheduler._flush()
        counts = self.scheduler._holding.store.counts(self.scheduler._holding.job)
        return {state.value: number for state, number in counts.items() if number}

    def stat(self, name):
        return self.crawler.stats.get_value(f"frontier/{name}", 0)


def paths(requests):
    return [request.url.rpartition("/")[2] for request in requests]
