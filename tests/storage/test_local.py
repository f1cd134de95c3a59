"""What only a folder does."""

import errno
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pipelines.errors import Conflict, Denied, SpoolFull, StorageError, Unavailable, Unfit
from pipelines.storage import LocalStore, disk
from pipelines.storage.local import STALE_AFTER_SECONDS

PUTS_AND_IS_KILLED = """
import os, sys
from pathlib import Path
from pipelines.storage import LocalStore, disk
store = LocalStore(Path(sys.argv[1]))
store.put("kept", b"x")
disk.link_if_free = lambda source, target: os.kill(os.getpid(), 9)
store.put("lost/object", b"half way")
"""


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def keys(store):
    return [info.key for info in store.list()]


@pytest.fixture
def store(tmp_path):
    return LocalStore(tmp_path / "store")


@pytest.fixture
def unprivileged():
    """A folder of a user who is not root, as whom the test goes on: root may write anywhere."""
    folder = Path(tempfile.mkdtemp())
    user = os.geteuid()
    if user == 0:
        os.chown(folder, 65534, 65534)
        os.seteuid(65534)
    yield folder
    os.seteuid(user)
    for path in (folder, *folder.rglob("*")):
        if path.is_dir():
            path.chmod(0o700)
    shutil.rmtree(folder)


@pytest.fixture
def small_disk(tmp_path):
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "none", folder]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("needs the right to mount a small disk")
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_keeps_objects_under_their_keys(store, tmp_path):
    store.put("news/archive/a.warc.gz", b"x")
    assert (tmp_path / "store/news/archive/a.warc.gz").read_bytes() == b"x"
    assert list((tmp_path / "store/.tmp").iterdir()) == []


def test_shares_the_file_on_one_file_system(store, tmp_path):
    path = tmp_path / "spooled"
    path.write_bytes(b"content")
    store.put_file("a/b", path, sha256=sha256(b"content"))
    assert (tmp_path / "store/a/b").samefile(path)


def test_copies_from_another_file_system(store):
    shared = Path("/dev/shm")
    if not shared.is_dir() or shared.stat().st_dev == Path(tempfile.gettempdir()).stat().st_dev:
        pytest.skip("there is no second file system")
    content = os.urandom(3_000_000)
    with tempfile.NamedTemporaryFile(dir=shared) as file:
        file.write(content)
        file.flush()
        info = store.put_file("a/b", Path(file.name), sha256=sha256(content))
        with pytest.raises(StorageError, match="sha256"):
            store.put_file("a/c", Path(file.name), sha256=sha256(b"other"))
        file.truncate(0)
    assert (info.size, info.sha256) == (len(content), sha256(content))
    assert store.get("a/b") == content
    assert keys(store) == ["a/b"]
    assert list((Path(store.url) / ".tmp").iterdir()) == []


def test_does_without_links(store, tmp_path, monkeypatch):
    def refuse(source, target):
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    path = tmp_path / "spooled"
    path.write_bytes(b"content")
    store.put_file("a/b", path, sha256=sha256(b"content"))
    assert not (tmp_path / "store/a/b").samefile(path)

    def put(number):
        try:
            store.put("race", b"%d" % number)
        except Conflict:
            return None
        return number

    with ThreadPoolExecutor(16) as pool:
        won = [number for number in pool.map(put, range(16)) if number is not None]
    assert len(won) == 1
    assert store.get("race") == b"%d" % won[0]
    assert keys(store) == ["a/b", "race"]


def test_a_crash_leaves_only_what_is_swept_later(tmp_path):
    folder = tmp_path / "store"
    repository = Path(__file__).parents[2]
    killed = subprocess.run([sys.executable, "-c", PUTS_AND_IS_KILLED, folder], cwd=repository, check=False)
    assert killed.returncode == -9
    (left,) = (folder / ".tmp").iterdir()
    assert left.read_bytes() == b"half way"
    assert keys(LocalStore(folder)) == ["kept"]
    LocalStore(folder).put("lost/object", b"whole")
    assert left.exists()
    long_ago = time.time() - STALE_AFTER_SECONDS - 1
    os.utime(left, (long_ago, long_ago))
    LocalStore(folder).put("another", b"x")
    assert list((folder / ".tmp").iterdir()) == []


def test_does_not_list_what_is_not_its_own(store):
    root = Path(store.url)
    store.put("a/b", b"x")
    for name in (".newswarc/state.db", ".DS_Store", "a/line\nbreak"):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).touch()
    os.mkfifo(root / "a/pipe")
    (root / "empty").mkdir()
    with Path(os.fsencode(root / "a").decode("utf-8")).joinpath("b").open("rb"):
        os.close(os.open(os.fsencode(root) + b"/a/latin\xe9", os.O_CREAT))
    assert keys(store) == ["a/b"]


def test_reads_through_symbolic_links_but_not_in_circles(store, tmp_path):
    store.put("old/2024/a", b"x")
    (tmp_path / "store/old/2024").rename(tmp_path / "elsewhere")
    (tmp_path / "store/old/2024").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere/circle").symlink_to(tmp_path / "store/old")
    (tmp_path / "store/old/dangling").symlink_to(tmp_path / "nowhere")
    assert keys(store) == ["old/2024/a"]
    assert store.get("old/2024/a") == b"x"


def test_a_key_is_not_a_folder_too(store):
    store.put("a/b", b"x")
    with pytest.raises(StorageError, match="folder"):
        store.put("a", b"x")
    with pytest.raises(StorageError, match="folder"):
        store.put("a/b/c", b"x")
    assert keys(store) == ["a/b"]


def test_a_name_may_be_too_long_for_the_disk(store):
    with pytest.raises(StorageError, match="255"):
        store.put("x" * 256, b"x")


def test_says_denied_where_it_may_not(unprivileged):
    store = LocalStore(unprivileged / "store")
    store.put("a/b", b"x")
    (unprivileged / "store/a").chmod(0o500)
    with pytest.raises(Denied, match="--store"):
        store.put("a/c", b"x")
    with pytest.raises(Denied):
        store.delete("a/b")
    (unprivileged / "store/a/b").chmod(0)
    with pytest.raises(Denied):
        store.get("a/b")
    (unprivileged / "store/a").chmod(0)
    with pytest.raises(Denied):
        keys(store)
    with pytest.raises(Denied):
        LocalStore(unprivileged / "store/a/sub").probe()


def test_copies_a_file_that_it_may_not_link(unprivileged):
    if Path("/proc/sys/fs/protected_hardlinks").read_text().strip() != "1":
        pytest.skip("this system links any file")
    foreign = Path(os.__file__)
    content = Path("/etc/hostname").read_bytes() if Path("/etc/hostname").exists() else b""
    store = LocalStore(unprivileged / "store")
    if content and Path("/etc/hostname").stat().st_uid != os.geteuid():
        foreign = Path("/etc/hostname")
        store.put_file("a", foreign, sha256=sha256(content))
        assert store.get("a") == content


def test_says_full_where_the_disk_is(small_disk):
    store = LocalStore(small_disk / "store")
    store.put("a/b", os.urandom(100_000))
    with pytest.raises(SpoolFull, match="free space"):
        store.put("a/c", os.urandom(300_000))
    assert keys(store) == ["a/b"]
    assert list((small_disk / "store/.tmp").iterdir()) == []
    store.put("a/c", os.urandom(50_000))
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    with pytest.raises(Denied, match="read-only"):
        store.put("a/d", b"x")
    with pytest.raises(Denied, match="read-only"):
        store.probe()
    assert keys(store) == ["a/b", "a/c"]


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOSPC, SpoolFull),
        (errno.EDQUOT, SpoolFull),
        (errno.EROFS, Denied),
        (errno.ESTALE, Unavailable),
        (errno.EIO, StorageError),
        (errno.ELOOP, StorageError),
    ],
)
def test_words_what_a_disk_reports(number, kind):
    error = disk.meaning(OSError(number, os.strerror(number)), verb="write", path=Path("/srv/x"))
    assert type(error) is kind
    assert str(error).startswith(f"storage: cannot write '/srv/x' ({os.strerror(number).lower()}); ")


def test_probe_notices_a_disk_that_changes_bytes(store, monkeypatch):
    honest = disk.write_synced
    monkeypatch.setattr(disk, "write_synced", lambda path, content: honest(path, content[:-1] + b"?"))
    with pytest.raises(Unfit):
        store.probe()
    assert list((Path(store.url) / ".probe").iterdir()) == []


def test_syncs_file_and_folders(tmp_path):
    """Asked of the kernel: the object's bytes, its name and every new folder's name are on disk."""
    strace = shutil.which("strace")
    if not strace:
        pytest.skip("strace is not installed")
    program = (
        "import sys; from pathlib import Path; from pipelines.storage import LocalStore; "
        "LocalStore(Path(sys.argv[1])).put('a/b/c', b'x')"
    )
    trace = tmp_path / "trace"
    command = [sys.executable, "-c", program, tmp_path / "store"]
    watch = [strace, "-f", "-y", "-e", "trace=fsync", "-o", trace]
    subprocess.run([*watch, *command], cwd=Path(__file__).parents[2], check=True)
    calls = [line for line in trace.read_text().splitlines() if "fsync(" in line]
    synced = [line.split("<")[1].split(">")[0].removeprefix(str(tmp_path)) for line in calls]
    written = next(number for number, path in enumerate(synced) if path.startswith("/store/.tmp/"))
    assert synced[-1] == "/store/a/b"
    assert set(synced[:written]) == {"", "/store"}
    assert set(synced[written + 1 :]) >= {"/store", "/store/a", "/store/a/b"}
