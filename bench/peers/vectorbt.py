"""vectorbt: arrays in, arrays out; measured with its Rust engine when that loads, else with numba."""

import numpy as np
import pandas as pd
import vectorbt as vbt
from vectorbt._engine import is_rust_available

from .common import CASH, FAST, FEE, PAIRS, SLOW, SWEEP_FEE, WINDOWS
from .common import Case, best, crossings, from_file, moving_average

ENGINE = "rust" if is_rust_available() else "numba"
vbt.settings["engine"] = "auto"


def portfolio(close, entries, exits, price, fee, freq):
    """Fills at the next open: the signals move one bar on."""
    return vbt.Portfolio.from_signals(
        close, entries, exits, price=price, fees=fee, init_cash=CASH, freq=freq, engine=ENGINE
    )


def later(signal: np.ndarray) -> np.ndarray:
    return np.concatenate(([False], signal[:-1]))


def signals(case: Case) -> dict:
    bars = case.bars("minute")
    times = pd.date_range("2013-01-02 14:30", periods=len(bars["close"]), freq="min")
    close, opens = pd.Series(bars["close"], times), pd.Series(bars["open"], times)
    found = crossings(moving_average(bars["close"], FAST), moving_average(bars["close"], SLOW))
    entries, exits = (pd.Series(later(signal), times) for signal in found)

    def work():
        made = portfolio(close, entries, exits, opens, FEE, "1min")
        return made, made.total_return()

    work()  # Warms up, and compiles where numba is used.
    seconds, (made, _) = best(work, case.repeats)
    return {
        "seconds": seconds,
        "units": len(close),
        "trades": int(made.trades.closed.count()),
        "note": f"{ENGINE} engine; total return only",
    }


def csv(case: Case) -> dict:
    def work():
        frame = pd.read_csv(case.directory / "minute.csv", parse_dates=["timestamp"], index_col="timestamp")
        # An index with a zone is turned into objects at every step, which costs minutes: without one it is quick.
        frame.index = frame.index.tz_localize(None)
        fast, slow = vbt.MA.run(frame["close"], FAST), vbt.MA.run(frame["close"], SLOW)
        entries = fast.ma_above(slow).vbt.signals.fshift(1)
        exits = fast.ma_below(slow).vbt.signals.fshift(1)
        made = portfolio(frame["close"], entries, exits, frame["open"], FEE, "1min")
        made.stats()
        return {"units": len(frame), "trades": int(made.trades.closed.count()), "note": f"{ENGINE} engine"}

    return from_file(work)


def sweep(case: Case, with_risk: bool) -> dict:
    series = list(case.daily())
    closes = pd.DataFrame({name: bars["close"] for name, bars in zip("ABC", series)})
    opens = pd.DataFrame({name: bars["open"] for name, bars in zip("ABC", series)})
    closes.index = opens.index = pd.date_range("2013-01-02", periods=len(closes), freq="D")

    def work():
        fast, slow = vbt.MA.run_combs(closes, window=WINDOWS, r=2)
        entries = fast.ma_above(slow).vbt.signals.fshift(1)
        exits = fast.ma_below(slow).vbt.signals.fshift(1)
        made = portfolio(closes, entries, exits, opens, SWEEP_FEE, "1D")
        table = [made.total_return()]
        if with_risk:
            table += [made.sharpe_ratio(), made.max_drawdown()]
        return table

    seconds, table = best(work, 1 if case.repeats < 3 else 2)
    return {
        "seconds": seconds,
        "units": PAIRS * closes.size,
        "check": float(np.nansum(table[0].to_numpy())),
        "note": f"{ENGINE} engine, all columns at once",
    }


VERSION_OF = ("vectorbt", "vectorbt-rust")
NEEDS_GIB = {"sweep_return": 9, "sweep_sharpe": 9}
BENCHMARKS = {
    "signals": signals,
    "csv": csv,
    "sweep_return": lambda case: sweep(case, with_risk=False),
    "sweep_sharpe": lambda case: sweep(case, with_risk=True),
}
