"""Runs a command and watches its process tree: CPU, wall time, peak memory, use of the cores."""

import json
import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

_LOOK_SECONDS = 0.2
_LONGEST_SECONDS = 900.0
# The first that stands in a command line names the process; what none names is the command itself.
_ROLES = {"pipelines.extract.worker": "worker", "crawler.jobs.child": "job", "bench.peers.probed": "job"}


@dataclass(slots=True)
class Run:
    """What a command took, everything included: start of its interpreters, its children, its end."""

    wall: float
    """Seconds."""
    cpu: float
    """Seconds, user and system, of the whole tree."""
    peaks: dict[str, int]
    """Peak resident bytes of each process, by its role and number."""
    shares: dict[str, float]
    """CPU seconds of each process, by its role and number, as last seen."""
    cores: list[float]
    """How busy each core was, all processes of the machine together; 1 is always."""
    foreign: float
    """Cores that processes kept busy which are neither of the tree nor the site."""
    told: dict[str, Any] = field(default_factory=dict)
    """What the command wrote as JSON in the last line of its output."""


def watched(command: Sequence[str], *, environment: Mapping[str, str], log: Path, site: int) -> Run:
    """Run *command* to its end. Raises ``RuntimeError`` where it fails; *log* holds what it said.

    *site* is the process that it fetches from, whose CPU is nobody else's.
    """
    before, served, began = _core_times(), _spent(site), time.monotonic()
    with log.open("wb") as errors:
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=errors, env={**os.environ, **environment}
        )
        assert process.stdout is not None
        tree = _Tree(process.pid)
        while not (ended := os.wait4(process.pid, os.WNOHANG))[0]:
            tree.look()
            if time.monotonic() - began > _LONGEST_SECONDS:
                tree.kill()
            time.sleep(_LOOK_SECONDS)
        output = process.stdout.read().decode().strip().splitlines()
    _, status, used = ended
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}:\n{log.read_text()[-3000:]}")
    wall = time.monotonic() - began
    told = json.loads(output[-1]) if output else {}
    cores, cpu = _busy(before), used.ru_utime + used.ru_stime
    foreign = sum(cores) - (cpu + _spent(site) - served) / wall
    return Run(wall, cpu, tree.peaks, tree.cpu, cores, max(0.0, foreign), told)


class _Tree:
    def __init__(self, root: int) -> None:
        self._root = psutil.Process(root)
        self._names: dict[int, str] = {}
        self.peaks: dict[str, int] = {}
        self.cpu: dict[str, float] = {}

    def look(self) -> None:
        try:
            processes = [self._root, *self._root.children(recursive=True)]
        except psutil.Error:
            return
        for process in processes:
            try:
                name = self._name(process)
                times = process.cpu_times()
                self.cpu[name] = times.user + times.system
                self.peaks[name] = max(self.peaks.get(name, 0), _peak(process.pid))
            except (psutil.Error, OSError):
                continue

    def kill(self) -> None:
        """End the command and what it started, in whatever session that is."""
        for process in [*self._root.children(recursive=True), self._root]:
            process.kill()

    def _name(self, process: psutil.Process) -> str:
        if process.pid not in self._names:
            line = " ".join(process.cmdline())
            role = next((role for text, role in _ROLES.items() if text in line), "command")
            taken = sum(name.startswith(role) for name in self._names.values())
            self._names[process.pid] = f"{role} {taken + 1}"
        return self._names[process.pid]


def _peak(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0


def _spent(pid: int) -> float:
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


def _core_times() -> list[tuple[float, float]]:
    return [(sum(core), core.idle + core.iowait) for core in psutil.cpu_times(percpu=True)]


def _busy(before: list[tuple[float, float]]) -> list[float]:
    pairs = zip(before, _core_times(), strict=True)
    return [1 - (idle - idle0) / max(total - total0, 1e-9) for (total0, idle0), (total, idle) in pairs]
