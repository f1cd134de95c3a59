"""The one database that all parts of a crawl use, on the reactor's thread."""

from weakref import WeakKeyDictionary

from scrapy import signals
from scrapy.crawler import Crawler

from crawler.config import Config, load
from crawler.state.database import Database

URL_SETTING = "STATE_URL"
_databases: "WeakKeyDictionary[Crawler, Database]" = WeakKeyDictionary()


def database_of(crawler: Crawler) -> Database:
    """Return the state database of *crawler*, opened at the first call, closed when its engine has stopped.

    It is the one of the setting ``STATE_URL``, else the one that the configuration names. Raises
    ``ConfigError`` where it cannot be used.
    """
    found = _databases.get(crawler)
    if found is None:
        found = _databases[crawler] = Database(_url(crawler))
        crawler.signals.connect(found.close, signals.engine_stopped)
    return found


def _url(crawler: Crawler) -> str:
    url: str | None = crawler.settings.get(URL_SETTING)
    if url:
        return url
    config = crawler.settings.get("ARCHIVE") or {}
    return (config if isinstance(config, Config) else load(dict(config))).state_url
