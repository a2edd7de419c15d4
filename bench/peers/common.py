"""What the peers share: the data of the bench as arrays, and how a piece of work is timed."""

import dataclasses
import pathlib
import time
from collections.abc import Callable, Iterator

import numpy as np

FAST, SLOW = 10, 30
FEE = 1e-6
"""Commission of the minute benchmarks as a fraction of the notional (0.01 bps): small, so that 25,000 round
trips do not ruin the account, but booked on every fill."""
CASH = 1_000_000.0
SWEEP_FEE = 5e-4
WINDOWS = np.arange(2, 102)
PAIRS = len(WINDOWS) * (len(WINDOWS) - 1) // 2


@dataclasses.dataclass
class Case:
    """What a benchmark is given: where the data lie, and how often to repeat."""

    directory: pathlib.Path
    repeats: int

    def column(self, series: str, name: str) -> np.ndarray:
        return np.fromfile(self.directory / f"{series}.{name}.f64", dtype="<f8")

    def bars(self, series: str, limit: int | None = None) -> dict[str, np.ndarray]:
        """Columns open, high, low, close, volume; the first `limit` bars."""
        names = ("open", "high", "low", "close", "volume")
        return {name: self.column(series, name)[:limit] for name in names}

    def daily(self) -> Iterator[dict[str, np.ndarray]]:
        """The three daily series of the sweeps."""
        return (self.bars(f"daily_{letter}") for letter in "ABC")


def minutes(count: int) -> np.ndarray:
    """Evenly spaced nanosecond timestamps: no engine here looks at gaps."""
    return 1_357_137_000_000_000_000 + np.arange(count, dtype=np.int64) * 60_000_000_000


def best(work: Callable[[], object], repeats: int) -> tuple[float, object]:
    """Least CPU seconds (user and system, all threads) of `repeats` runs, and what the last one returned.

    CPU time rather than wall time, because the machine may be shared; the least, because noise only adds.
    """
    least, result = float("inf"), None
    for _ in range(repeats):
        started = time.process_time()
        result = work()
        least = min(least, time.process_time() - started)
    return least, result


def from_file(work: Callable[[], dict]) -> dict:
    """Times the way from a CSV file to a result as a user of a warm installation pays it.

    Start-up and imports count once, the work as it costs the second time, when everything that
    compiles itself is compiled; `first_run` says what the first time cost.
    """
    start_up = time.process_time()
    work()
    first = time.process_time() - start_up
    seconds, result = best(work, 2)
    return {**result, "seconds": start_up + seconds, "first_run": start_up + first}


def moving_average(values: np.ndarray, window: int) -> np.ndarray:
    """Simple moving average from whole cents, so that ties are exact; NaN before the first full window."""
    total = np.concatenate(([0], np.cumsum(np.rint(values * 100).astype(np.int64))))
    average = np.full(values.size, np.nan)
    average[window - 1 :] = (total[window:] - total[:-window]) / (100.0 * window)
    return average


def crossings(fast: np.ndarray, slow: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Entries and exits known at each close: where the averages part after touching or crossing."""
    above, below = fast > slow, fast < slow
    entries, exits = above.copy(), below.copy()
    entries[1:] &= ~above[:-1]
    exits[1:] &= ~below[:-1]
    return entries, exits
