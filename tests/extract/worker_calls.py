"""What the workers' tests run in workers."""

import os
import re
import signal
import time


def pid() -> int:
    return os.getpid()


def spin_holding_the_lock(_: int = 0) -> None:
    # One regular expression that backtracks for ever: the interpreter never comes back to Python code.
    re.match(r"(a+)+$", "a" * 60 + "b")


def sleep(seconds: float) -> float:
    time.sleep(seconds)
    return seconds


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def leave() -> None:
    os._exit(3)


def grow(megabytes: int) -> int:
    globals()["kept"] = b"x" * (megabytes * 1024 * 1024)
    return os.getpid()


def fail() -> None:
    raise ValueError("no such quay")


class Stubborn(Exception):
    """Written, but not readable: its constructor wants more than is kept."""

    def __init__(self, one: int, two: int) -> None:
        super().__init__(f"stubborn {one + two}")


def fail_stubbornly() -> None:
    raise Stubborn(1, 2)


def unspeakable() -> object:
    return lambda: None


def interrupt_is_ignored() -> bool:
    return signal.getsignal(signal.SIGINT) is signal.SIG_IGN
