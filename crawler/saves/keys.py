"""API keys: who may have something saved. Secrets are hashed at rest and shown once."""

import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from secrets import token_bytes, token_hex
from typing import Any, Final

from sqlalchemy import Row, or_, select, update

from crawler.saves.schema import SCHEMA, keys
from crawler.state import Database
from pipelines.errors import ConfigError

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")
_USED_EVERY_SECONDS: Final = 60.0
_NO_SALT: Final = bytes(16)
_NO_DIGEST: Final = bytes(32)


@dataclass(frozen=True, slots=True)
class Key:
    """An API key, without its secret. Limits are None where the defaults hold."""

    name: str
    """The access name, the part before the colon."""
    per_minute: int | None
    per_day: int | None
    concurrent: int | None
    created: datetime
    last_used: datetime | None
    """To the minute."""
    revoked: datetime | None


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that was just made: the only time that its secret is known here."""

    access: str
    secret: str = field(repr=False)

    @property
    def text(self) -> str:
        """``access:secret``, as ``Authorization: LOW`` wants it."""
        return f"{self.access}:{self.secret}"


class Keys:
    """The API keys, in the state database. For one thread at a time, as the database is.

    Every method is one transaction and raises what :class:`Database` does.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        database.ensure(SCHEMA)

    def add(
        self,
        name: str,
        *,
        per_minute: int | None = None,
        per_day: int | None = None,
        concurrent: int | None = None,
    ) -> NewKey:
        """Make a key for *name* and return it; a revoked one of that name is made anew.

        :raises ConfigError: the name has other characters than letters, digits and ``. _ @ -``, or there is a
            key of that name; or a limit is below 0.
        """
        limits = {"per_minute": per_minute, "per_day": per_day, "concurrent": concurrent}
        _check(name, limits)
        # 32 random bytes cannot be tried out, so that no slow hash is needed.
        secret, salt = token_hex(32), token_bytes(16)
        new = {
            "salt": salt,
            "digest": _digest(salt, secret),
            **limits,
            "created": self._database.now(),
            "last_used": None,
            "revoked": None,
        }
        statement = self._database.insert(keys).values(name=name, **new)
        statement = statement.on_conflict_do_update(
            index_elements=["name"], set_=new, where=keys.c.revoked.is_not(None)
        )
        with self._database.transaction() as connection:
            if connection.execute(statement.returning(keys.c.name)).one_or_none() is None:
                raise ConfigError(f"keys: there is a key {name!r} already; revoke it or take another name")
        return NewKey(name, secret)

    def check(self, access: str, secret: str) -> Key | None:
        """Return the key if it is there, not revoked, and *secret* is its own.

        Takes as long for a name that is not there as for a wrong secret.
        """
        row = self._row(access)
        salt, digest = (_NO_SALT, _NO_DIGEST) if row is None else (row.salt, row.digest)
        is_right = hmac.compare_digest(_digest(salt, secret), digest)
        if row is None or not is_right or row.revoked is not None:
            return None
        self._note_use(row)
        return _key(row)

    def get(self, name: str) -> Key | None:
        """Return the key of that name, also a revoked one."""
        row = self._row(name)
        return None if row is None else _key(row)

    def list(self) -> Sequence[Key]:
        """Return all keys, the oldest first, revoked ones too."""
        with self._database.transaction() as connection:
            return [*map(_key, connection.execute(select(keys).order_by(keys.c.created, keys.c.name)))]

    def revoke(self, name: str) -> bool:
        """Make the key useless from now on; False where there is none, or it is revoked already."""
        of_name = (keys.c.name == name, keys.c.revoked.is_(None))
        with self._database.transaction() as connection:
            statement = update(keys).where(*of_name).values(revoked=self._database.now())
            return bool(connection.execute(statement).rowcount)

    def _row(self, name: str) -> Row[Any] | None:
        # What cannot be a name may be no text for the database either.
        if not _NAME.fullmatch(name):
            return None
        with self._database.transaction() as connection:
            return connection.execute(select(keys).where(keys.c.name == name)).one_or_none()

    def _note_use(self, row: Row[Any]) -> None:
        now = self._database.now()
        earlier = now - _USED_EVERY_SECONDS
        if row.last_used is not None and row.last_used > earlier:
            return
        is_due = or_(keys.c.last_used.is_(None), keys.c.last_used <= earlier)
        with self._database.transaction() as connection:
            connection.execute(update(keys).where(keys.c.name == row.name, is_due).values(last_used=now))


def _check(name: str, limits: dict[str, int | None]) -> None:
    if not _NAME.fullmatch(name):
        raise ConfigError(
            f"keys: {name!r} cannot be a key's name; take up to 64 letters, digits, dots, dashes, underscores"
        )
    for limit, value in limits.items():
        if value is not None and value < 0:
            raise ConfigError(f"keys: {limit} cannot be {value}; give a number from 0 on")


def _digest(salt: bytes, secret: str) -> bytes:
    return hashlib.sha256(salt + secret.encode("utf-8", "surrogatepass")).digest()


def _key(row: Row[Any]) -> Key:
    return Key(
        row.name,
        row.per_minute,
        row.per_day,
        row.concurrent,
        datetime.fromtimestamp(row.created, UTC),
        _time(row.last_used),
        _time(row.revoked),
    )


def _time(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
