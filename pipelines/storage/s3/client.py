"""A boto3 client as we want it."""

from typing import TYPE_CHECKING

from pipelines.errors import ConfigError
from pipelines.storage.s3.options import S3Options
from pipelines.version import VERSION

if TYPE_CHECKING:
    from botocore.config import Config
    from mypy_boto3_s3 import S3Client


def connect(options: S3Options) -> "S3Client":
    """Return a client for *options*; nothing is sent yet. Raises ``ConfigError``."""
    # boto3 takes a third of a second to import, which only who uses S3 should pay.
    from boto3 import Session  # noqa: PLC0415
    from botocore.exceptions import BotoCoreError  # noqa: PLC0415

    if options.ca_bundle and not options.ca_bundle.is_file():
        raise ConfigError(f"storage: ca_bundle {str(options.ca_bundle)!r} is no file; name a PEM file")
    try:
        session = Session(
            aws_access_key_id=options.access_key,
            aws_secret_access_key=options.secret_key,
            aws_session_token=options.session_token,
            region_name=options.region,
            profile_name=options.profile,
        )
        return session.client(
            "s3",
            region_name=session.region_name or ("us-east-1" if options.endpoint_url else None),
            endpoint_url=options.endpoint_url,
            verify=str(options.ca_bundle) if options.ca_bundle else None,
            config=_config(options),
        )
    except (BotoCoreError, ValueError) as error:
        raise ConfigError(f"storage: cannot set up S3 ({error}); check the store's settings") from error


def _config(options: S3Options) -> "Config":
    from botocore.config import Config  # noqa: PLC0415

    path_style = bool(options.endpoint_url) if options.path_style is None else options.path_style
    return Config(
        connect_timeout=options.connect_timeout,
        read_timeout=options.read_timeout,
        retries={"mode": "standard", "total_max_attempts": options.max_attempts},
        max_pool_connections=options.max_connections,
        tcp_keepalive=True,
        s3={"addressing_style": "path" if path_style else "auto"},
        # boto3's own checksums go as trailers of a chunked body, which older stores refuse or, worse, keep
        # as part of the object. Ours go as a plain header: see pipelines.storage.s3.examination.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        user_agent_extra=f"newswarc/{VERSION}",
    )
