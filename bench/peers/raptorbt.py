"""RaptorBT: a Rust core under Python; strategies as classes, or as ready-made signal arrays."""

import numpy as np
import pandas as pd
import raptorbt

from .common import CASH, FAST, FEE, PAIRS, SLOW, SWEEP_FEE, WINDOWS
from .common import Case, best, crossings, from_file, minutes, moving_average


def config(fee: float, cash: float = CASH) -> raptorbt.BacktestConfig:
    return raptorbt.BacktestConfig(initial_capital=cash, fees=fee, slippage=0.0, fill_timing="next_bar_open")


class Crossover(raptorbt.Strategy):
    """Decides from averages that are computed at the start, as its own manual does."""

    def on_start(self, ctx):
        self.fast = raptorbt.sma(ctx.close, FAST).tolist()
        self.slow = raptorbt.sma(ctx.close, SLOW).tolist()

    def on_bar(self, ctx):
        fast, slow = self.fast[ctx.idx], self.slow[ctx.idx]
        if fast > slow:
            if ctx.position is None:
                self.enter()
        elif fast < slow and ctx.position is not None:
            self.close_position()


def columns(bars: dict[str, np.ndarray]) -> tuple[np.ndarray, ...]:
    return tuple(bars[name] for name in ("open", "high", "low", "close", "volume"))


def event(case: Case) -> dict:
    bars = case.bars("minute")
    times = minutes(len(bars["close"]))

    def work():
        return raptorbt.run_strategy_backtest(Crossover(), times, *columns(bars), config=config(FEE))

    seconds, result = best(work, case.repeats)
    trades = result.metrics.total_trades
    return {"seconds": seconds, "units": len(times), "trades": trades, "note": "its metrics included"}


def signals(case: Case) -> dict:
    bars = case.bars("minute")
    times = minutes(len(bars["close"]))
    entries, exits = crossings(moving_average(bars["close"], FAST), moving_average(bars["close"], SLOW))

    def work():
        return raptorbt.run_single_backtest(times, *columns(bars), entries, exits, config=config(FEE))

    seconds, result = best(work, case.repeats)
    return {
        "seconds": seconds,
        "units": len(times),
        "trades": result.metrics.total_trades,
        "note": "its metrics included",
    }


def csv(case: Case) -> dict:
    def work():
        frame = pd.read_csv(case.directory / "minute.csv", parse_dates=["timestamp"])
        times = frame["timestamp"].to_numpy(dtype="datetime64[ns]").astype(np.int64)
        bars = [frame[name].to_numpy(dtype=float) for name in ("open", "high", "low", "close", "volume")]
        fast, slow = raptorbt.sma(bars[3], FAST), raptorbt.sma(bars[3], SLOW)
        entries, exits = crossings(fast, slow)
        result = raptorbt.run_single_backtest(times, *bars, entries, exits, config=config(FEE))
        return {"units": len(times), "trades": result.metrics.total_trades}

    return from_file(work)


def sweep(case: Case) -> dict:
    series = list(case.daily())

    def work():
        table = []
        for bars in series:
            times = minutes(len(bars["close"]))
            averages = [raptorbt.sma(bars["close"], int(window)) for window in WINDOWS]
            items = []
            for i, fast in enumerate(averages):
                for j in range(i + 1, len(averages)):
                    items.append(raptorbt.BatchSingleItem(f"{i},{j}", *crossings(fast, averages[j])))
            results = raptorbt.batch_single_backtest(times, *columns(bars), items, config(SWEEP_FEE))
            table.extend(r.metrics.total_return_pct for _, r in results)
        return table

    seconds, table = best(work, min(case.repeats, 2))
    units = PAIRS * sum(len(bars["close"]) for bars in series)
    check = float(np.nansum(table)) / 100
    return {"seconds": seconds, "units": units, "check": check, "note": "computes all its metrics either way"}


def streaming(case: Case) -> dict:
    count = 200_000
    high, low, close = (case.column("values", name)[:count].tolist() for name in ("high", "low", "close"))
    make = {
        "sma": lambda: raptorbt.Indicator.sma(20),
        "ema": lambda: raptorbt.Indicator.ema(20),
        "rsi": lambda: raptorbt.Indicator.rsi(14),
        "macd": lambda: raptorbt.Indicator.macd(12, 26, 9),
        "bollinger": lambda: raptorbt.Indicator.bollinger(20, 2.0),
        "atr": lambda: raptorbt.Indicator.atr(14),
    }
    parts = {}
    for name, build in make.items():

        def work(build=build):
            update = build().update_bar
            for h, l, c in zip(high, low, close):
                update(c, h, l, c)

        parts[name] = best(work, case.repeats)[0] / len(close) * 1e9
    return {"parts": parts}


VERSION_OF = ("raptorbt",)
BENCHMARKS = {
    "event": event,
    "signals": signals,
    "csv": csv,
    "sweep_return": sweep,
    "sweep_sharpe": sweep,
    "streaming": streaming,
}
