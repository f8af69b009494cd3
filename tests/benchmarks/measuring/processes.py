"""Whole processes, measured: wall time, processor time and the most memory that they held."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

_KILOBYTES = 1 if sys.platform == "darwin" else 1024
"""What one unit of `ru_maxrss` is, in bytes."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a process took, and the JSON that it printed; `answer` is None where it was stopped at the limit."""

    seconds: float
    cpu_seconds: float
    megabytes: float
    answer: Any

    @property
    def is_whole(self) -> bool:
        """Whether the process ended by itself."""
        return self.answer is not None


def run(command: Sequence[object], *, limit: float = 1800) -> Run:
    """Run a command to its end, or to the limit in seconds; one that fails ends the benchmark."""
    started = time.perf_counter()
    with tempfile.TemporaryFile("w+") as output:
        child = subprocess.Popen([*map(str, command)], stdout=output)
        stopped = threading.Timer(limit, child.send_signal, [signal.SIGKILL])
        stopped.start()
        _, status, used = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - started
        stopped.cancel()
        child.returncode = os.waitstatus_to_exitcode(status)
        is_over = seconds >= limit and child.returncode == -signal.SIGKILL
        if child.returncode and not is_over:
            raise SystemExit(f"{' '.join(map(str, command))} ended with {child.returncode}.")
        output.seek(0)
        answer = None if is_over else json.loads(output.read() or "{}")
    return Run(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss * _KILOBYTES / 1e6, answer)


def middle(runs: Sequence[Run]) -> Run:
    """The medians of several runs of one command."""
    taken = [median(getattr(one, name) for one in runs) for name in ("seconds", "cpu_seconds", "megabytes")]
    return Run(*taken, runs[-1].answer if all(one.is_whole for one in runs) else None)
