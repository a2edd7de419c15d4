"""talipp: streaming indicators in Python, one value at a time."""

from talipp.indicators import ATR, BB, EMA, MACD, RSI, SMA
from talipp.ohlcv import OHLCV

from .common import Case, best

# It keeps every value it has seen, so a short stream is the kind one.
COUNT = 50_000


def streaming(case: Case) -> dict:
    high, low, close = (case.column("values", name)[:COUNT].tolist() for name in ("high", "low", "close"))
    bars = [OHLCV(c, h, l, c) for h, l, c in zip(high, low, close)]
    make = {
        "sma": (lambda: SMA(20), close),
        "ema": (lambda: EMA(20), close),
        "rsi": (lambda: RSI(14), close),
        "macd": (lambda: MACD(12, 26, 9), close),
        "bollinger": (lambda: BB(20, 2.0), close),
        "atr": (lambda: ATR(14), bars),
    }
    parts = {}
    for name, (build, inputs) in make.items():

        def work(build=build, inputs=inputs):
            add = build().add
            for value in inputs:
                add(value)

        parts[name] = best(work, min(case.repeats, 2))[0] / len(inputs) * 1e9
    return {"parts": parts, "note": "first 50,000 values"}


VERSION_OF = ("talipp",)
BENCHMARKS = {"streaming": streaming}
