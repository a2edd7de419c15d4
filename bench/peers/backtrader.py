"""backtrader: one event loop in Python, the bars preloaded."""

import datetime

import backtrader as bt

from .common import CASH, FAST, FEE, SLOW, Case, best

# Some 50 µs a bar: a slice tells as much as a million bars.
BARS = 50_000
NOTE = "first 50,000 bars"


class Crossover(bt.Strategy):
    def __init__(self):
        self.fast = bt.indicators.SMA(self.data.close, period=FAST)
        self.slow = bt.indicators.SMA(self.data.close, period=SLOW)
        self.closed = 0

    def next(self):
        if self.fast[0] > self.slow[0]:
            if not self.position:
                self.buy(size=int(0.99 * self.broker.getcash() / self.data.close[0]))
        elif self.fast[0] < self.slow[0] and self.position:
            self.close()

    def notify_trade(self, trade):
        self.closed += trade.isclosed


class Columns(bt.feed.DataBase):
    """Feed over arrays in memory."""

    params = (("columns", None), ("timeframe", bt.TimeFrame.Minutes))

    def start(self):
        super().start()
        self._index = 0
        self._first = bt.date2num(datetime.datetime(2013, 1, 2, 14, 30))

    def _load(self):
        i, columns = self._index, self.p.columns
        if i == len(columns["close"]):
            return False
        self._index += 1
        self.lines.datetime[0] = self._first + i / 1440.0
        for name in ("open", "high", "low", "close", "volume"):
            getattr(self.lines, name)[0] = columns[name][i]
        return True


def event(case: Case) -> dict:
    bars = {name: values.tolist() for name, values in case.bars("minute", BARS).items()}

    def work():
        cerebro = bt.Cerebro(stdstats=False)
        cerebro.broker.setcash(CASH)
        cerebro.broker.setcommission(commission=FEE)
        cerebro.adddata(Columns(columns=bars))
        cerebro.addstrategy(Crossover)
        (strategy,) = cerebro.run()
        return strategy.closed

    seconds, trades = best(work, min(case.repeats, 2))
    return {"seconds": seconds, "units": len(bars["close"]), "trades": trades, "note": NOTE}


VERSION_OF = ("backtrader",)
BENCHMARKS = {"event": event}
