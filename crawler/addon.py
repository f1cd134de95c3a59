"""The add-on: ``ADDONS = {"crawler.addon.ArchiveAddon": 300}`` gives a Scrapy project recorder and segments.

Where the archive lies is said by ``newswarc.toml``, the environment, or the setting ``ARCHIVE``, a dict of
the same keys: ``ARCHIVE = {"store.url": "s3://bucket/news", "store.collection": "mine"}``.
"""

import tldextract
from scrapy.downloadermiddlewares import cookies
from scrapy.settings import BaseSettings

from pipelines.errors import ConfigError

HANDLER = "crawler.recorder.handler.RecordingHandler"
_SCRAPY_HANDLER = "scrapy.core.downloader.handlers.http11.HTTP11DownloadHandler"


class ArchiveAddon:
    """Puts the recording download handler in the place of Scrapy's own."""

    def update_settings(self, settings: BaseSettings) -> None:
        """Set the handlers of http and https.

        Raises ``ConfigError`` where the project has others there: what they fetch could not be recorded.
        """
        for scheme in ("http", "https"):
            _check_free(settings, scheme)
        handlers = settings.getdict("DOWNLOAD_HANDLERS") | {"http": HANDLER, "https": HANDLER}
        priority = settings.getpriority("DOWNLOAD_HANDLERS") or 0
        settings.set("DOWNLOAD_HANDLERS", handlers, max(priority, 15))
        use_suffix_snapshot()


def _check_free(settings: BaseSettings, scheme: str) -> None:
    present = settings.getdict("DOWNLOAD_HANDLERS").get(scheme)
    if present not in {None, HANDLER, _SCRAPY_HANDLER}:
        raise ConfigError(
            f"addon: DOWNLOAD_HANDLERS gives {scheme} to {present!r}, so newswarc would not see its bytes; "
            f"take that entry out, or take ArchiveAddon out of ADDONS"
        )


def use_suffix_snapshot() -> None:
    """Make Scrapy's cookie middleware use the list of public suffixes that tldextract brings along.

    By default it fetches the list over the network at the first cookie, inside the event loop.
    """
    snapshot = tldextract.TLDExtract(suffix_list_urls=(), include_psl_private_domains=True)
    cookies._split_domain = snapshot  # noqa: SLF001 - Scrapy has no setting for it
