"""What a crossover must come to, by the plainest loop there is: the judge of everybody's results.

Averages are compared as whole cents over a common denominator, so a tie is a tie. Fills at the next
open, all in, fractional; the last position stays open, marked at the last close.
`python3 reference.py DIRECTORY` prints `{"trades", "final_equity"}` of the minute benchmark as JSON.
"""

import array
import json
import pathlib
import sys

FAST, SLOW, FEE, CASH = 10, 30, 1e-6, 1_000_000.0


def column(directory: pathlib.Path, series: str, name: str) -> array.array:
    values = array.array("d")
    path = directory / f"{series}.{name}.f64"
    with path.open("rb") as source:
        values.fromfile(source, path.stat().st_size // 8)
    if sys.byteorder != "little":
        values.byteswap()
    return values


def crossover(directory: pathlib.Path, series: str, fast: int, slow: int, fee: float, cash: float) -> tuple[int, float]:
    """Closed trades and final equity; `fee` is a fraction of the notional of each fill."""
    opens, closes = column(directory, series, "open"), column(directory, series, "close")
    cents = [round(close * 100) for close in closes]
    quantity, trades, wanted = 0.0, 0, False
    quick = long = 0
    for i, price in enumerate(opens):
        if wanted and quantity == 0.0:
            quantity, cash = cash / (price * (1.0 + fee)), 0.0
        elif not wanted and quantity != 0.0:
            cash, quantity, trades = quantity * price * (1.0 - fee), 0.0, trades + 1
        quick += cents[i] - (cents[i - fast] if i >= fast else 0)
        long += cents[i] - (cents[i - slow] if i >= slow else 0)
        if i + 1 >= slow:
            above = quick * slow - long * fast
            wanted = wanted if above == 0 else above > 0
    return trades, cash + quantity * closes[-1]


if __name__ == "__main__":
    closed, equity = crossover(pathlib.Path(sys.argv[1]), "minute", FAST, SLOW, FEE, CASH)
    print(json.dumps({"trades": closed, "final_equity": equity}))
