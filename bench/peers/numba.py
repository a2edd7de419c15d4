"""numba: what a careful person writes by hand for this one strategy, compiled and vectorized.

No general engine does this: it is the yardstick for a sweep, not a competitor. For each fast window
all slow windows run side by side in vector registers; averages are computed once per window.
"""

import math

import numba
import numpy as np

from .common import PAIRS, SWEEP_FEE, WINDOWS, Case, best, moving_average


@numba.njit(error_model="numpy")
def total_return(averages, windows, opens, closes, fee, out):
    """Growth of 1 for each pair; `averages` is [bar][window]."""
    bars, count, row = opens.size, windows.size, 0
    for i in range(count - 1):
        width = count - 1 - i
        equity, state = np.ones(width), np.zeros(width)
        for t in range(windows[i + 1] - 1, bars - 1):
            fast, slow = averages[t, i], averages[t, i + 1 :]
            buy, sell = 1.0 / (opens[t + 1] * (1.0 + fee)), opens[t + 1] * (1.0 - fee)
            for j in range(width):
                was = state[j]
                now = 1.0 if fast > slow[j] else (0.0 if fast < slow[j] else was)
                change = now - was
                equity[j] *= buy if change > 0.0 else (sell if change < 0.0 else 1.0)
                state[j] = now
        last = closes[bars - 1]
        for j in range(width):
            out[row + j, 0] = equity[j] * (last if state[j] > 0.0 else 1.0)
        row += width


@numba.njit(error_model="numpy")
def sharpe_and_drawdown(averages, windows, opens, closes, fee, out):
    """Growth of 1, annualized Sharpe ratio of the bar returns and deepest drawdown for each pair."""
    bars, count, row = opens.size, windows.size, 0
    for i in range(count - 1):
        width = count - 1 - i
        cash, state, before = np.ones(width), np.zeros(width), np.ones(width)
        total, squares, peak, deepest = np.zeros(width), np.zeros(width), np.ones(width), np.zeros(width)
        for t in range(windows[i + 1], bars):
            fast, slow = averages[t - 1, i], averages[t - 1, i + 1 :]
            buy, sell, mark = 1.0 / (opens[t] * (1.0 + fee)), opens[t] * (1.0 - fee), closes[t]
            for j in range(width):
                was = state[j]
                now = 1.0 if fast > slow[j] else (0.0 if fast < slow[j] else was)
                change = now - was
                held = cash[j] * (buy if change > 0.0 else (sell if change < 0.0 else 1.0))
                cash[j], state[j] = held, now
                equity = held * (mark if now > 0.0 else 1.0)
                gain = equity / before[j] - 1.0
                before[j] = equity
                total[j] += gain
                squares[j] += gain * gain
                top = equity if equity > peak[j] else peak[j]
                peak[j] = top
                drop = equity / top - 1.0
                deepest[j] = drop if drop < deepest[j] else deepest[j]
        n = bars - 1
        for j in range(width):
            mean = total[j] / n
            variance = (squares[j] - n * mean * mean) / (n - 1)
            out[row + j, 0] = before[j]
            out[row + j, 1] = mean / math.sqrt(variance) * math.sqrt(252.0)
            out[row + j, 2] = deepest[j]
        row += width


def sweep(case: Case, kernel, note: str) -> dict:
    series = list(case.daily())
    tables = [np.empty((PAIRS, 3)) for _ in series]

    def work():
        for bars, table in zip(series, tables):
            averages = np.ascontiguousarray(np.stack([moving_average(bars["close"], w) for w in WINDOWS], axis=1))
            kernel(averages, WINDOWS, bars["open"], bars["close"], SWEEP_FEE, table)

    work()  # Compiles.
    seconds, _ = best(work, case.repeats)
    check = float(sum((table[:, 0] - 1.0).sum() for table in tables))
    units = PAIRS * sum(len(bars["close"]) for bars in series)
    return {"seconds": seconds, "units": units, "check": check, "note": note}


NOTE = "hand-written for this strategy; compile time excluded"
VERSION_OF = ("numba",)
BENCHMARKS = {
    "sweep_return": lambda case: sweep(case, total_return, NOTE),
    "sweep_sharpe": lambda case: sweep(case, sharpe_and_drawdown, NOTE),
}
