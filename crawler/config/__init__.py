"""The configuration: one TOML file, the environment and flags, typed; no other module reads them.

::

    config = load({"crawl.delay": 0.5}, file=None, environ=os.environ)
    config.store.url, config.crawl.agent, config.state_folder
    config.origins["crawl.delay"]          # "--delay"

Anything in ``crawler`` may import this package; ``pipelines`` takes constructor arguments instead.
"""

from crawler.config.layers import Setting, find_file, load, settings, settings_table, value_of
from crawler.config.model import S3, Config, Crawl, Segments, Sites, State, Store

__all__ = [
    "S3",
    "Config",
    "Crawl",
    "Segments",
    "Setting",
    "Sites",
    "State",
    "Store",
    "find_file",
    "load",
    "settings",
    "settings_table",
    "value_of",
]
