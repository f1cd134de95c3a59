"""Times as a person gives them on the command line."""

from datetime import UTC, datetime

from pipelines.errors import ConfigError
from pipelines.urls import moment, timestamp


def digits_of(text: str | None, option: str) -> str:
    """Return the digits of the time *text*: ``2026``, ``2026-11-23``, ``2026-11-23T08:15``, 14 digits.

    A time with an offset is put into UTC. Raises ``ConfigError``, which names *option*.
    """
    if text is None:
        return ""
    try:
        return _digits(text)
    except ValueError as error:
        raise ConfigError(
            f"{option}: {text!r} is no time; write 2026, 2026-11, 2026-11-23 or 2026-11-23T08:15:00Z (UTC)"
        ) from error


def _digits(text: str) -> str:
    if "+" in text or text.endswith("Z") or text.count("-") > 2:
        return timestamp(datetime.fromisoformat(text).astimezone(UTC))
    digits = "".join(filter(str.isdigit, text))
    if len(digits) % 2 or set(text) - set("0123456789-T: "):
        raise ValueError(text)
    moment(digits)
    return digits
