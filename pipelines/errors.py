"""The errors of newswarc, as one tree.

::

    NewswarcError
    ├── ConfigError            a setting, flag or environment variable is wrong
    ├── ProfileError           a site profile is wrong
    ├── StorageError           the object store
    │   ├── NotFound           no such object
    │   ├── Denied             credentials or permissions; retrying is no use
    │   ├── Conflict           the key is taken by other content
    │   ├── Unavailable        out of reach, overloaded, cut off; the only one worth a retry
    │   └── Unfit              the store changes what it is given, or lacks what we need
    ├── SpoolFull              the local disk or the spool's limit is reached
    ├── RecordError            a WARC record
    │   ├── TruncatedRecord    it ends too early
    │   └── DigestMismatch     its bytes are not those that were digested
    ├── ManifestError          a manifest is not readable as one
    ├── NotArchived            the archive has no such capture
    ├── RecorderError          the recorder saw a finished response without its bytes
    ├── AddressRefused         a host's addresses are none that may be fetched from
    ├── ExtractionError        a page could not be read at all
    ├── SearchError            the search index cannot be used
    │   ├── SearchBusy         another process writes it
    │   └── QueryError         a question that cannot be answered as it stands
    ├── TakedownError          a take-down that cannot be carried out, or must not be
    └── JobError               a crawl job could not be run

A message says layer, fact, value and remedy: ``storage: cannot write to '/srv/x' (read-only file
system); name another folder with --store``. Foreign errors are translated at the edge and kept as
``__cause__``. ``exit_code`` is what the command line ends with; docs/exit-codes.md lists them.
"""

from typing import ClassVar


class NewswarcError(Exception):
    """Anything that newswarc itself reports; the message is meant for a person."""

    exit_code: ClassVar[int] = 1


class ConfigError(NewswarcError):
    """A setting, flag or environment variable has a name or value that is not accepted."""

    exit_code = 2


class ProfileError(ConfigError):
    """A site profile has a key or value that is not accepted."""


class StorageError(NewswarcError):
    """The object store did not do what was asked."""

    exit_code = 20


class NotFound(StorageError):
    """There is no object at the key."""


class Denied(StorageError):
    """The store refused for lack of valid credentials or permission."""

    exit_code = 21


class Conflict(StorageError):
    """An object exists at the key already; objects are never overwritten."""


class Unavailable(StorageError):
    """The store is out of reach, overloaded or cut the connection. The only error that may be retried."""

    exit_code = 22


class Unfit(StorageError):
    """The store answered a probe with other bytes than it was given, or lacks a needed operation."""

    exit_code = 23


class SpoolFull(NewswarcError):
    """The local disk, or the share of it that the spool may use, is full."""

    exit_code = 3


class RecordError(NewswarcError):
    """A WARC record cannot be read as one."""

    exit_code = 30


class TruncatedRecord(RecordError):
    """A record, or the gzip member that holds it, ends before its stated length."""


class DigestMismatch(RecordError):
    """The bytes of a record do not give the digest that its header states."""


class ManifestError(NewswarcError):
    """A manifest is not JSON of the expected form."""

    exit_code = 30


class NotArchived(NewswarcError):
    """The archive holds no capture that answers the question."""

    exit_code = 4


class RecorderError(NewswarcError):
    """A response ended without its wire bytes; recording on would be lossy, so the job stops."""

    exit_code = 5


class AddressRefused(NewswarcError):
    """A host has only addresses that are not public and not allowed by name."""

    exit_code = 8


class ExtractionError(NewswarcError):
    """A page could not be turned into an article, not even an empty one."""

    exit_code = 6


class SearchError(NewswarcError):
    """The search index cannot be read or written; it can be made anew from the store."""

    exit_code = 12


class SearchBusy(SearchError):
    """Another process is writing the search index."""


class QueryError(SearchError):
    """A search query, or a limit, offset or cursor beside it, that cannot be answered as it stands."""

    exit_code = 2


class TakedownError(NewswarcError):
    """A take-down that cannot be carried out as it was asked for, or that a legal hold forbids."""

    exit_code = 13


class JobError(NewswarcError):
    """A crawl job could not be started or did not end as a job should."""

    exit_code = 7
