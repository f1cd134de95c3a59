"""API keys: found by their secret alone, which nobody can read from the database."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from crawler.saves.schema import keys as table
from pipelines.errors import ConfigError


def test_a_key_opens_with_its_secret(keys, clock):
    new = keys.add("anna", per_minute=3, per_day=40, concurrent=5)
    key = keys.check("anna", new.secret)
    assert (key.name, key.per_minute, key.per_day, key.concurrent) == ("anna", 3, 40, 5)
    assert (key.created, key.revoked) == (clock.now, None)
    assert new.text == f"anna:{new.secret}"
    assert len(new.secret) == 64


def test_nothing_else_opens(keys):
    right = keys.add("anna").secret
    keys.add("carl")
    others = {"bob": right, "carl": right, "Anna": right, "": "", "anna\0": right, "\udcff": right}
    for access, secret in others.items():
        assert keys.check(access, secret) is None
    for wrong in ("", "0" * 64, right[:-1], f"{right}0", right.upper(), "\ud800", "\0"):
        assert keys.check("anna", wrong) is None


def test_the_secret_is_nowhere(keys, database):
    new = keys.add("anna")
    with database.transaction() as connection:
        row = connection.execute(select(table)).one()
    for value in row:
        assert new.secret not in str(value)
        assert not isinstance(value, bytes) or bytes.fromhex(new.secret) not in value
    assert new.secret not in repr(new)


def test_two_keys_have_secrets_and_salts_of_their_own(keys, database):
    secrets = {keys.add(name).secret for name in ("anna", "bob")}
    with database.transaction() as connection:
        salts = set(connection.execute(select(table.c.salt)).scalars())
    assert len(secrets) == len(salts) == 2


def test_a_revoked_key_opens_nothing_until_it_is_made_anew(keys, clock):
    old = keys.add("anna", per_minute=3)
    clock.pass_seconds(60)
    assert keys.revoke("anna")
    assert not keys.revoke("anna")
    assert not keys.revoke("bob")
    assert keys.check("anna", old.secret) is None
    assert keys.get("anna").revoked == clock.now
    new = keys.add("anna")
    assert keys.check("anna", old.secret) is None
    assert keys.check("anna", new.secret).per_minute is None
    assert [key.name for key in keys.list()] == ["anna"]


def test_a_name_is_given_once(keys):
    new = keys.add("anna")
    with pytest.raises(ConfigError, match="keys: there is a key 'anna' already; revoke it or"):
        keys.add("anna")
    assert keys.check("anna", new.secret)


def test_some_names_are_none(keys):
    for name in ("", "a:b", "a b", "-a", "a/outlinks", "(anybody)", "ä", "a" * 65, "a\n"):
        with pytest.raises(ConfigError, match=r"keys: .* cannot be a key's name; take up to 64 letters"):
            keys.add(name)


def test_limits_are_not_below_zero(keys):
    assert keys.add("anna", per_day=0)
    with pytest.raises(ConfigError, match="keys: per_minute cannot be -1; give a number from 0 on"):
        keys.add("bob", per_minute=-1)


def test_use_is_noted_to_the_minute(keys, clock):
    new = keys.add("anna")
    assert keys.get("anna").last_used is None
    keys.check("anna", "wrong")
    assert keys.get("anna").last_used is None
    keys.check("anna", new.secret)
    clock.pass_seconds(59)
    keys.check("anna", new.secret)
    assert keys.get("anna").last_used == datetime(2026, 11, 24, 14, 5, 9, tzinfo=UTC)
    clock.pass_seconds(1)
    keys.check("anna", new.secret)
    assert keys.get("anna").last_used == clock.now
