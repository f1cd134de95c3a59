"""Every setting of newswarc: name, type, unit, default and meaning stand here together and nowhere else."""

import hashlib
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from platformdirs import user_state_path
from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, SecretStr, field_validator, model_validator

from crawler.config.units import ByteCount, ByteLimit, Limit, Networks, Seconds, SecondsLimit, Spans
from pipelines.version import VERSION

_COLLECTION = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_STORES = {"s3", "file", "memory"}


class Section(BaseModel):
    """A table of the configuration: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)


def _setting(default: Any, meaning: str, *, unit: str = "", flag: str = "", **limits: Any) -> Any:  # noqa: ANN401 (as Field)
    extra: dict[str, Any] = {"unit": unit, "flag": flag}
    return Field(default=default, description=meaning, json_schema_extra=extra, **limits)


class S3(Section):
    """How to reach an S3 store; what is not set here comes from the usual AWS variables and files."""

    endpoint_url: str | None = _setting(None, "Server that speaks S3, where it is not Amazon's")
    region: str | None = _setting(None, "Region of the bucket")
    access_key: SecretStr | None = _setting(None, "Access key id")
    secret_key: SecretStr | None = _setting(None, "Secret access key")
    profile: str | None = _setting(None, "Profile in the AWS configuration files")
    path_style: bool = _setting(
        default=False, meaning="Whether the bucket stands in the path instead of the host name"
    )
    request_checksum_calculation: Literal["when_supported", "when_required"] | None = _setting(
        None, "When boto3 adds checksums to requests; older servers need when_required"
    )

    @field_validator("endpoint_url")
    @classmethod
    def _is_http(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("http://", "https://")):
            raise ValueError("is no endpoint; write http://host:port or https://host:port")
        if value is not None and "@" in value.partition("://")[2].partition("/")[0]:
            raise ValueError("holds credentials, which the archive would keep; use store.s3.access_key")
        return value


class Store(Section):
    """Where the archive lies."""

    url: str = _setting("archive", "Folder, or s3://bucket/prefix", flag="--store")
    collection: str = _setting("news", "Name of the collection inside the store", flag="--collection")
    s3: S3 = S3()

    @field_validator("url")
    @classmethod
    def _is_store(cls, value: str) -> str:
        scheme = _SCHEME.match(value)
        if not value.strip() or (scheme and scheme[1].lower() not in _STORES):
            raise ValueError("is no store; write a folder or s3://bucket/prefix")
        return value if scheme else str(Path(value).expanduser())

    @field_validator("collection")
    @classmethod
    def _is_collection(cls, value: str) -> str:
        if not _COLLECTION.fullmatch(value):
            raise ValueError(
                "is no name of a collection; write up to 64 lower-case letters, digits, '-', '_' or '.', "
                "a letter or digit first"
            )
        return value


class State(Section):
    """Where the spool and the state database lie."""

    folder: Path | None = _setting(
        None,
        "Local folder for segments in the making and the state database; by default .newswarc inside a store "
        "that is a folder, else a folder of the user's own for that store",
    )
    database: str | None = _setting(
        None,
        "State database as an SQLAlchemy URL, postgresql+psycopg://user@host/name where several machines "
        "share it; by default state.sqlite in the state folder",
    )
    catalog: str | None = _setting(
        None,
        "Catalog's database as an SQLAlchemy URL, where several machines share one; by default an SQLite "
        "file in the state folder. It is derived from the store and may be lost",
    )


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Crawl(Section):
    """How pages are asked for."""

    delay: Seconds = _setting(
        1.0, "Pause between two requests to one host", unit="seconds", flag="--delay", ge=0, le=86400
    )
    concurrency: int = _setting(
        16, "Requests under way at once, all hosts together", flag="--concurrency", ge=1, le=10_000
    )
    concurrency_per_host: int = _setting(
        4,
        "Requests under way at once to one host that has a delay; to one without, crawl.concurrency",
        ge=1,
        le=1000,
    )
    hops: int = _setting(0, "Links to follow from what the sources announce", flag="--hops", ge=0, le=1000)
    max_pages: Limit = _setting(None, "Pages after which a job ends", flag="--max-pages", ge=1)
    max_bytes: ByteLimit = _setting(None, "Bytes of responses after which a job ends", unit="bytes", ge=1)
    max_time: SecondsLimit = _setting(
        None, "Time after which a job asks for nothing more", unit="seconds", flag="--max-time", gt=0
    )
    host_pages: Limit = _setting(None, "Pages that a job asks one host for", ge=1)
    host_bytes: ByteLimit = _setting(None, "Bytes that a job takes from one host", unit="bytes", ge=1)
    host_time: SecondsLimit = _setting(
        None, "Time from a host's first page after which a job asks it for nothing more", unit="seconds", gt=0
    )
    timeout: Seconds = _setting(60.0, "Longest wait for a whole response", unit="seconds", gt=0)
    max_body: ByteCount = _setting(64 * 2**20, "Largest body; what is longer is cut", unit="bytes", ge=1024)
    user_agent: str = _setting(
        f"newswarc/{VERSION}", "What the crawler calls itself; the contact is added", min_length=1
    )
    contact: str | None = _setting(None, "Page or mail address where site owners reach the archivist")
    obey_robots: bool = _setting(default=True, meaning="Whether robots.txt is obeyed (RFC 9309)")
    allow_address: Networks = _setting(
        (), "Networks that may be asked although they are not public (CIDR)", flag="--allow-address"
    )
    accept_encoding: str = _setting("gzip, deflate", "The Accept-Encoding header")
    workers: Annotated[int, Field(ge=1, le=256)] = Field(
        default_factory=_cores,
        description="Processes that turn pages into articles; by default as many as there are cores",
    )
    text: bool = _setting(default=True, meaning="Whether clean text is extracted", flag="--no-text")
    max_crawl_delay: Seconds = _setting(
        120.0, "Longest Crawl-delay of a robots.txt that is obeyed as it stands", unit="seconds", ge=0
    )
    patience: Seconds = _setting(
        600.0,
        "How long a job waits for hosts that asked for patience (429, 503) when nothing else is left",
        unit="seconds",
        ge=0,
    )
    retries: int = _setting(2, "New attempts after a failure that may pass", ge=0, le=20)
    cookies: bool = _setting(default=False, meaning="Whether cookies are kept and sent back")

    @field_validator("user_agent", "accept_encoding", "contact")
    @classmethod
    def _is_header(cls, value: str | None) -> str | None:
        if value is not None and not (value.isascii() and value.isprintable()):
            raise ValueError("cannot stand in a header; write printable ASCII characters")
        return value

    @field_validator("contact")
    @classmethod
    def _is_contact(cls, value: str | None) -> str | None:
        if value is not None and "@" not in value and not value.startswith(("http://", "https://")):
            raise ValueError("is no contact; write a mail address or an http(s) URL")
        return value

    @property
    def agent(self) -> str:
        """The User-Agent header: name and contact."""
        if not self.contact or self.contact in self.user_agent:
            return self.user_agent
        return f"{self.user_agent} (+{self.contact})"


class Segments(Section):
    """How captures are written and published."""

    max_bytes: ByteCount = _setting(10**9, "Size at which a WARC is closed", unit="bytes", ge=4096)
    max_age: Seconds = _setting(3600.0, "Age at which a segment is closed", unit="seconds", gt=0)
    sync_every: int = _setting(64, "Exchanges that one sync makes durable at most", ge=1, le=100_000)
    sync_interval: Seconds = _setting(
        0.005,
        "Shortest time from one sync to the next, so that one serves several",
        unit="seconds",
        ge=0,
        le=10,
    )
    durability: Literal["fsync", "write"] = _setting(
        "fsync", "fsync survives a power cut, write only a killed process"
    )
    compression: Literal["fast", "small"] = _setting(
        "fast", "fast takes a tenth of the CPU, small 10 % less space"
    )
    revisits: bool = _setting(
        default=True,
        meaning="Whether a payload that is archived already is written as a revisit, without body",
    )
    spool_limit: ByteCount = _setting(
        20 * 10**9, "Bytes that may wait for the store; the crawl pauses there", unit="bytes", ge=4096
    )
    min_free: ByteCount = _setting(
        10**9, "Free bytes on the spool's disk below which the crawl stops", unit="bytes", ge=0
    )
    store_patience: Seconds = _setting(
        600.0, "How long the end of a job waits for a store that does not answer", unit="seconds", ge=0
    )


class Visits(Section):
    """When sources are visited and articles visited again (crawls of what is due)."""

    minimum: Seconds = _setting(300.0, "Shortest time between two visits of a source", unit="seconds", ge=1)
    maximum: Seconds = _setting(
        14 * 86400.0, "Longest time between two visits of a source", unit="seconds", ge=1
    )
    cutoff: SecondsLimit = _setting(
        30 * 86400.0,
        "Age at first sight beyond which what a source announces is only entered in the ledger; none: no age",
        unit="seconds",
        gt=0,
    )
    ladder: Spans = _setting(
        (3600.0, 6 * 3600.0, 86400.0, 7 * 86400.0, 30 * 86400.0),
        "Ages at which an article is visited again after its publication; empty: never",
        unit="seconds",
    )
    fronts: Seconds = _setting(
        900.0,
        "Shortest time between two captures of a section front on account of new articles",
        unit="seconds",
        ge=0,
    )
    sitemaps: int = _setting(
        20, "Sitemaps of an index that are visited at once; the others follow later", ge=1, le=50_000
    )
    sitemap_spacing: Seconds = _setting(
        900.0, "Time after which as many more sitemaps of an index are visited", unit="seconds", ge=0
    )

    @field_validator("ladder")
    @classmethod
    def _rises(cls, value: tuple[float, ...]) -> tuple[float, ...]:
        if list(value) != sorted(set(value)) or (value and value[0] <= 0):
            raise ValueError("is no ladder; write ages that rise, such as 1h, 6h, 24h")
        return value

    @model_validator(mode="after")
    def _has_room(self) -> Self:
        if self.minimum > self.maximum:
            raise ValueError("minimum is more than maximum; swap them")
        return self


class Schedule(Section):
    """How ``newswarc schedule run`` works."""

    parallel: int = _setting(2, "Crawl jobs at once", ge=1, le=256)
    misfire_grace: Seconds = _setting(
        3600.0, "How late a run may start that was missed; later it is left out", unit="seconds", gt=0
    )
    keep_history: Seconds = _setting(
        90 * 86400.0, "How long the history of jobs and their logs are kept", unit="seconds", ge=3600
    )


class Service(Section):
    """How ``newswarc serve`` answers."""

    host: str = _setting("127.0.0.1", "Address to listen at; 0.0.0.0 is every one", min_length=1)
    port: int = _setting(8700, "Port to listen at; 0 takes a free one", ge=0, le=65535)
    workers: int = _setting(1, "Processes that carry out saves", ge=0, le=64)
    base_url: str | None = _setting(
        None, "Address under which clients reach the service, where it is not the one that they ask for"
    )
    replay_port: int | None = _setting(
        None, "Port of its own for archived pages, which are then another origin", ge=1, le=65535
    )
    replay_base_url: str | None = _setting(None, "Address under which clients reach the replay port")
    public_read: bool = _setting(default=True, meaning="Whether reading needs no key")
    open_save: bool = _setting(
        default=False, meaning="Whether saving needs no key; the limits are then those of a stranger"
    )
    refresh: Seconds = _setting(
        3.0,
        "Time after which segments and take-downs of other machines are looked for",
        unit="seconds",
        ge=0.1,
        le=3600,
    )

    @field_validator("base_url", "replay_base_url")
    @classmethod
    def _is_base(cls, value: str | None) -> str | None:
        if value is None:
            return None
        if not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", value):
            raise ValueError("is no address; write http(s)://host, with a path where there is one")
        return value.rstrip("/")


class Save(Section):
    """How single pages are archived on demand."""

    slots: int = _setting(4, "Pages that a worker saves at once", ge=1, le=256)
    concurrency: int = _setting(
        6, "Requests under way at once to one host, for what a page needs to be shown", ge=1, le=100
    )
    requisite_delay: Seconds = _setting(
        0.1,
        "Pause between two of these requests to one host; never more than crawl.delay",
        unit="seconds",
        ge=0,
        le=3600,
    )
    requisites_fresh: Seconds = _setting(
        3600.0, "Age up to which what a page needs is not asked for again", unit="seconds", ge=0
    )
    max_requisites: int = _setting(
        300, "Files that are fetched for one page, beside the page itself", ge=0, le=20_000
    )
    max_time: Seconds = _setting(120.0, "Longest time that saving a page takes", unit="seconds", gt=0)
    page_time: Seconds = _setting(
        50.0, "Longest time of that for the page itself, redirects included", unit="seconds", gt=0
    )
    max_audio: ByteCount = _setting(
        100 * 10**6, "Largest recording of a transcript that is fetched along", unit="bytes", ge=0
    )
    keep_days: int = _setting(90, "Days after which what became of a save is forgotten", ge=1)


class Sites(Section):
    """Where site profiles are found besides the built-in ones."""

    folders: tuple[Path, ...] = _setting(
        (Path("sites"),), "Folders with profiles of your own, the first that has a name decides"
    )

    @field_validator("folders", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part for part in value.split(os.pathsep) if part)
        return value


class Config(Section):
    """All settings; build it with :func:`crawler.config.load`."""

    store: Store = Store()
    state: State = State()
    crawl: Crawl = Crawl()
    segments: Segments = Segments()
    visits: Visits = Visits()
    schedule: Schedule = Schedule()
    save: Save = Save()
    service: Service = Service()
    sites: Sites = Sites()

    _origins: dict[str, str] = PrivateAttr(default_factory=dict)

    @property
    def origins(self) -> Mapping[str, str]:
        """Where each value comes from: ``default``, ``newswarc.toml:12``, a variable's name or a flag."""
        return self._origins

    @property
    def state_folder(self) -> Path:
        """The folder for spool and state database; it need not exist yet."""
        if self.state.folder is not None:
            return self.state.folder
        scheme = _SCHEME.match(self.store.url)
        if scheme is None:
            return Path(self.store.url) / ".newswarc"
        if scheme[1].lower() == "file":
            return Path(self.store.url.removeprefix(scheme[0])) / ".newswarc"
        return user_state_path("newswarc", appauthor=False) / _slug(self.store)

    @property
    def state_url(self) -> str:
        """URL of the state database."""
        return self.state.database or f"sqlite:///{self.state_folder / 'state.sqlite'}"


def _slug(store: Store) -> str:
    # Two servers may have buckets of one name: the endpoint must tell their spools apart.
    identity = f"{store.s3.endpoint_url or ''} {store.url.rstrip('/')}"
    readable = re.sub(r"[^A-Za-z0-9]+", "-", store.url.partition("://")[2]).strip("-")[:60]
    return f"{readable}-{hashlib.sha256(identity.encode()).hexdigest()[:8]}"
