"""A spread that is the same at every run, so that sources and articles do not meet at the full hour."""

from hashlib import blake2b

UNIT = 1 << 32


def seed_of(name: str) -> int:
    """Return 32 bits that stand for *name*, the same in every process."""
    return int.from_bytes(blake2b(name.encode("utf-8", "surrogatepass"), digest_size=4).digest())


def spread(seed: int, turn: int) -> float:
    """Return a number in [0, 1) that looks random from one *turn* and one *seed* to the next."""
    mixed = blake2b(b"%d %d" % (seed, turn), digest_size=4).digest()
    return int.from_bytes(mixed) / UNIT
