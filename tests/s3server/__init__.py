"""A real S3 server for tests: ministack, in a virtual environment of its own since it pins botocore.

``with running_s3() as options`` gives the :class:`S3Options` of an IAM user whose signatures are checked;
``new_bucket(options)`` makes a bucket there. The binary is the one that ``MINISTACK`` names, or
``.s3/bin/ministack`` in the repository, which is installed when it is missing. With ``TEST_S3_ENDPOINT``,
``TEST_S3_ACCESS_KEY`` and ``TEST_S3_SECRET_KEY`` it is that server instead, and nothing is started.
"""

import fcntl
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from pipelines.storage.s3 import S3Options

VERSION = "1.5.33"
_REPOSITORY = Path(__file__).resolve().parents[2]
_ROOT_KEY = {"aws_access_key_id": "rootkey", "aws_secret_access_key": "rootsecret"}
_START_SECONDS = 60


def find_server() -> Path:
    """Return the path of the server's binary, after installing it where it is missing."""
    if named := os.environ.get("MINISTACK"):
        return Path(named)
    folder = _REPOSITORY / ".s3"
    folder.mkdir(exist_ok=True)
    binary = folder / "bin" / "ministack"
    # Several test runs may start at once on a fresh machine.
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / f"installed-{VERSION}").exists():
            python = folder / "bin" / "python"
            subprocess.run([sys.executable, "-m", "venv", folder], check=True)
            install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            subprocess.run([*install, f"ministack=={VERSION}"], check=True)
            (folder / f"installed-{VERSION}").touch()
    return binary


@contextmanager
def running_s3() -> Iterator[S3Options]:
    """Run a server on a free port of 127.0.0.1; everything in it is gone at the end."""
    if endpoint := os.environ.get("TEST_S3_ENDPOINT"):
        key, secret = os.environ["TEST_S3_ACCESS_KEY"], os.environ["TEST_S3_SECRET_KEY"]
        yield S3Options(endpoint_url=endpoint, region="us-east-1", access_key=key, secret_key=secret)
        return
    with tempfile.TemporaryDirectory(prefix="s3-") as folder, (Path(folder) / "log").open("w+b") as log:
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        server = subprocess.Popen(
            [find_server()], stdout=log, stderr=log, cwd=folder, env=_environment(port, folder)
        )
        try:
            _await_health(server, url, Path(log.name))
            yield _user_options(url)
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


@cache
def client_of(options: S3Options, service: str = "s3") -> Any:
    """Return a plain boto3 client, to look at the server past our own code."""
    import boto3  # noqa: PLC0415
    from botocore.config import Config  # noqa: PLC0415

    return boto3.Session().client(
        service,
        endpoint_url=options.endpoint_url,
        region_name=options.region,
        aws_access_key_id=options.access_key,
        aws_secret_access_key=options.secret_key,
        config=Config(s3={"addressing_style": "path"}),
    )


def new_bucket(options: S3Options, name: str | None = None) -> str:
    """Make a bucket, of a name not used before unless one is given; return its name."""
    name = name or f"test-{uuid4().hex}"
    client_of(options).create_bucket(Bucket=name)
    return name


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _environment(port: int, folder: str) -> dict[str, str]:
    own = {
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        "SERVICES": "s3,iam,sts",
        "AUTH": "true",
        "AWS_ACCESS_KEY_ID": _ROOT_KEY["aws_access_key_id"],
        "AWS_SECRET_ACCESS_KEY": _ROOT_KEY["aws_secret_access_key"],
        "TMPDIR": folder,
    }
    return os.environ | own


def _await_health(server: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            urllib.request.urlopen(f"{url}/_ministack/health", timeout=1).close()
        except OSError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the S3 server did not start:\n{log.read_text()[-4000:]}") from None
            time.sleep(0.05)
        else:
            return


def _user_options(url: str) -> S3Options:
    """Make a user: only a user's signature is checked, the root key's is not."""
    root = S3Options(endpoint_url=url, region="us-east-1", access_key="rootkey", secret_key="rootsecret")
    iam = client_of(root, "iam")
    iam.create_user(UserName="crawler")
    statement = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_user_policy(UserName="crawler", PolicyName="s3", PolicyDocument=policy)
    key = iam.create_access_key(UserName="crawler")["AccessKey"]
    return replace(root, access_key=key["AccessKeyId"], secret_key=key["SecretAccessKey"])
