"""TA-Lib: the C library through its Python binding, one array in, arrays out."""

import talib

from .common import Case, best


def batch(case: Case) -> dict:
    high, low, close = (case.column("values", name) for name in ("high", "low", "close"))
    calls = {
        "sma": lambda: talib.SMA(close, 20),
        "ema": lambda: talib.EMA(close, 20),
        "rsi": lambda: talib.RSI(close, 14),
        "macd": lambda: talib.MACD(close, 12, 26, 9),
        "bollinger": lambda: talib.BBANDS(close, 20, 2.0, 2.0),
        "atr": lambda: talib.ATR(high, low, close, 14),
    }
    return {"parts": {name: best(call, case.repeats)[0] / close.size * 1e9 for name, call in calls.items()}}


VERSION_OF = ("TA-Lib",)
BENCHMARKS = {"indicators": batch}
