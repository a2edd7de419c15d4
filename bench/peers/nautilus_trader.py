"""NautilusTrader: a Rust and Cython event engine under a strategy in Python."""

from decimal import Decimal

import pandas as pd
from nautilus_trader.backtest.engine import BacktestEngine, BacktestEngineConfig
from nautilus_trader.config import LoggingConfig, StrategyConfig
from nautilus_trader.indicators import SimpleMovingAverage
from nautilus_trader.model.currencies import USD
from nautilus_trader.model.data import Bar, BarType
from nautilus_trader.model.enums import AccountType, OmsType, OrderSide
from nautilus_trader.model.identifiers import InstrumentId, Symbol, TraderId, Venue
from nautilus_trader.model.instruments import Equity
from nautilus_trader.model.objects import Money, Price, Quantity
from nautilus_trader.persistence.wranglers import BarDataWrangler
from nautilus_trader.trading.strategy import Strategy

from .common import FAST, FEE, SLOW, Case, best

BARS = 100_000
VENUE = Venue("XNYS")


class CrossoverConfig(StrategyConfig, frozen=True):
    instrument_id: InstrumentId
    bar_type: BarType
    trades: bool


class Crossover(Strategy):
    """Long a fixed 100 shares while the fast average is above the slow one."""

    def __init__(self, config):
        super().__init__(config)
        self.fast = SimpleMovingAverage(FAST)
        self.slow = SimpleMovingAverage(SLOW)
        self.long = False
        self.closed = 0

    def on_start(self):
        self.register_indicator_for_bars(self.config.bar_type, self.fast)
        self.register_indicator_for_bars(self.config.bar_type, self.slow)
        self.subscribe_bars(self.config.bar_type)

    def on_bar(self, bar: Bar):
        if not self.slow.initialized or not self.config.trades:
            return
        fast, slow = self.fast.value, self.slow.value
        if fast > slow and not self.long:
            self.send(OrderSide.BUY)
        elif fast < slow and self.long:
            self.send(OrderSide.SELL)

    def send(self, side):
        self.long = side == OrderSide.BUY
        quantity = Quantity.from_int(100)
        self.submit_order(self.order_factory.market(self.config.instrument_id, side, quantity))

    def on_position_closed(self, event):
        self.closed += 1


def event(case: Case) -> dict:
    bars = case.bars("minute", BARS)
    index = pd.date_range("2013-01-02 14:30", periods=len(bars["close"]), freq="min", tz="UTC")
    instrument = Equity(
        instrument_id=InstrumentId(Symbol("BENCH"), VENUE),
        raw_symbol=Symbol("BENCH"),
        currency=USD,
        price_precision=2,
        price_increment=Price.from_str("0.01"),
        lot_size=Quantity.from_int(1),
        maker_fee=Decimal(str(FEE)),
        taker_fee=Decimal(str(FEE)),
        ts_event=0,
        ts_init=0,
    )
    bar_type = BarType.from_str(f"{instrument.id}-1-MINUTE-LAST-EXTERNAL")
    data = BarDataWrangler(bar_type, instrument).process(pd.DataFrame(bars, index=index))

    def prepare(trades: bool):
        config = BacktestEngineConfig(trader_id=TraderId("BENCH-001"), logging=LoggingConfig(bypass_logging=True))
        engine = BacktestEngine(config=config)
        engine.add_venue(VENUE, OmsType.NETTING, AccountType.CASH, [Money(1_000_000, USD)], base_currency=USD)
        engine.add_instrument(instrument)
        engine.add_data(data)
        strategy = Crossover(CrossoverConfig(instrument_id=instrument.id, bar_type=bar_type, trades=trades))
        engine.add_strategy(strategy)
        return engine, strategy

    least = {True: float("inf"), False: float("inf")}
    for trades in (False, True) * min(case.repeats, 2):
        engine, strategy = prepare(trades)
        least[trades] = min(least[trades], best(engine.run, 1)[0])
        closed = strategy.closed
        engine.dispose()
    idle = least[False] / len(index) * 1e9
    note = f"first 100,000 bars; 100 shares; fills at the bar's close; {idle:,.0f} ns when it never trades"
    return {"seconds": least[True], "units": len(index), "trades": closed, "note": note}


VERSION_OF = ("nautilus_trader",)
BENCHMARKS = {"event": event}
