"""What is a key, for all stores alike."""

from unicodedata import category

from pipelines.errors import StorageError

MAX_KEY_BYTES = 1024


def check_key(key: str) -> str:
    """Return *key* as it is. Raises ``StorageError`` naming the fault if it is none."""
    fault = _fault(key)
    if fault:
        raise StorageError(
            f"storage: {key!r} is no key ({fault}); a key is segments joined by '/', "
            f"at most {MAX_KEY_BYTES} bytes, the first segment not starting with '.'"
        )
    return key


def is_key(key: str) -> bool:
    """Tell whether *key* is one; listings leave out what is not, as S3 consoles' folder markers."""
    return _fault(key) is None


def check_range(offset: int, length: int) -> None:
    """Raise ``ValueError`` unless both numbers of bytes are zero or more."""
    if offset < 0 or length < 0:
        raise ValueError(f"storage: no range has offset {offset} and length {length}; both are 0 or more")


def _fault(key: str) -> str | None:
    segments = key.split("/")
    if "" in segments:
        return "a segment is empty"
    if "." in segments or ".." in segments:
        return "a segment is '.' or '..'"
    if key.startswith("."):
        return "names that start with '.' are the store's own"
    return _character_fault(key)


def _character_fault(key: str) -> str | None:
    if any(category(character) == "Cc" for character in key):
        return "it holds a control character"
    try:
        size = len(key.encode())
    except UnicodeEncodeError:
        return "it is not UTF-8"
    return f"it has {size} bytes" if size > MAX_KEY_BYTES else None
