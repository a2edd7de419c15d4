"""backtesting.py: a Python loop over bars, with indicators computed beforehand."""

import pandas as pd
from backtesting import Backtest, Strategy

from .common import CASH, FAST, FEE, SLOW, Case, best, moving_average


class Crossover(Strategy):
    def init(self):
        self.fast = self.I(moving_average, self.data.Close, FAST)
        self.slow = self.I(moving_average, self.data.Close, SLOW)

    def next(self):
        if self.fast[-1] > self.slow[-1]:
            if not self.position:
                self.buy()
        elif self.fast[-1] < self.slow[-1] and self.position:
            self.position.close()


def event(case: Case) -> dict:
    # Its loop keeps closed trades in lists, so a tenth of the bars keeps the run short.
    bars = case.bars("minute", 100_000)
    frame = pd.DataFrame({name.capitalize(): values for name, values in bars.items()})
    frame.index = pd.date_range("2013-01-02 14:30", periods=len(frame), freq="min")

    def work():
        return Backtest(frame, Crossover, cash=CASH, commission=FEE).run()

    seconds, stats = best(work, min(case.repeats, 2))
    note = "first 100,000 bars; whole shares; its statistics included"
    return {"seconds": seconds, "units": len(frame), "trades": int(stats["# Trades"]), "note": note}


VERSION_OF = ("backtesting",)
BENCHMARKS = {"event": event}
