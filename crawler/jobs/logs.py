"""Where the logs of crawl jobs lie."""

import errno
from dataclasses import replace

from crawler.jobs.spec import JobSpec
from pipelines.errors import ConfigError
from pipelines.storage import disk

_NO_PLACE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.EEXIST})


def logged(spec: JobSpec) -> JobSpec:
    """Return *spec* with a log file in the state folder, ``logs/<job>.log``; the folder is made.

    :raises ConfigError: the folder cannot be made where it is named.
    :raises StorageError: the disk does not let it be made.
    :raises SpoolFull: the disk is full.
    """
    logs = spec.config.state_folder.absolute() / "logs"
    try:
        logs.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        if error.errno in _NO_PLACE:
            raise ConfigError(
                f"state: cannot make the folder {str(logs)!r} ({(error.strerror or str(error)).lower()}); "
                "name another one with state.folder"
            ) from error
        raise disk.meaning(error, verb="write", path=logs) from error
    return replace(spec, log_file=logs / f"{spec.id}.log")
