"""Runs a program to its end and says what it cost: CPU seconds, peak memory, output."""

import dataclasses
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import threading
import time


@dataclasses.dataclass
class Cost:
    """CPU seconds are user and system time of all threads; memory is the peak of the resident set."""

    cpu_s: float
    wall_s: float
    peak_mb: float
    stdout: str


class Failed(Exception):
    """The program ended badly or not at all; the text says how."""


def measure(command: list, timeout_s: float, cwd: pathlib.Path | None = None, show_errors: bool = False) -> Cost:
    """Runs `command` in a process group of its own, which is killed at the time limit.

    `show_errors` lets its error output through as it comes, for compilers.

    # Raises
    Failed, with the last line of the error output.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        started = time.monotonic()
        child = subprocess.Popen(
            [str(part) for part in command],
            cwd=cwd,
            stdout=out,
            stderr=None if show_errors else err,
            start_new_session=True,
        )
        late = threading.Event()

        def stop():
            late.set()
            os.killpg(child.pid, signal.SIGKILL)

        timer = threading.Timer(timeout_s, stop)
        timer.start()
        try:
            _, status, usage = os.wait4(child.pid, 0)
        except BaseException:
            # Ctrl-C here must not leave the child running.
            os.killpg(child.pid, signal.SIGKILL)
            raise
        finally:
            timer.cancel()
        wall_s = time.monotonic() - started
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        stdout, stderr = out.read().decode(errors="replace"), err.read().decode(errors="replace")
    if late.is_set():
        raise Failed(f"took longer than {timeout_s:.0f} s")
    if child.returncode:
        last = stderr.strip().splitlines()[-1:] or [""]
        raise Failed(f"exit code {child.returncode}: {last[0][:300]}")
    # Linux counts kibibytes, macOS bytes.
    unit = 1 if sys.platform == "darwin" else 1024
    return Cost(usage.ru_utime + usage.ru_stime, wall_s, usage.ru_maxrss * unit / 1e6, stdout)


def cheapest(command: list, repeats: int, timeout_s: float, cwd: pathlib.Path | None = None) -> Cost:
    """The run with the least CPU time: noise of a shared machine only adds."""
    return min((measure(command, timeout_s, cwd) for _ in range(repeats)), key=lambda cost: cost.cpu_s)


def free_gib() -> float:
    """Memory that could be had now; infinite where the system does not say."""
    try:
        lines = pathlib.Path("/proc/meminfo").read_text().splitlines()
    except OSError:
        return float("inf")
    return next(int(line.split()[1]) / 2**20 for line in lines if line.startswith("MemAvailable"))
