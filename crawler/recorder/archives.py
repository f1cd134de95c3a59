"""The archive that a configuration names. Light: who only reads an archive need not wait for Scrapy."""

from crawler.config import Config
from pipelines.archive import Archive
from pipelines.storage import ObjectStore, S3Options, open_store


def open_archive(config: Config) -> Archive:
    """Return the archive that *config* names. Raises ``ConfigError`` where it names none."""
    store, name = open_store_of(config), config.store.collection
    return Archive(store, name, config.state_folder, catalog=config.state.catalog)


def open_store_of(config: Config) -> ObjectStore:
    """Return the store that *config* names. Raises ``ConfigError`` where it names none."""
    s3 = config.store.s3
    options = S3Options(
        endpoint_url=s3.endpoint_url,
        region=s3.region,
        access_key=s3.access_key.get_secret_value() if s3.access_key else None,
        secret_key=s3.secret_key.get_secret_value() if s3.secret_key else None,
        profile=s3.profile,
        path_style=s3.path_style or None,
        request_checksum_calculation=s3.request_checksum_calculation or "auto",
    )
    return open_store(config.store.url, s3=options)
