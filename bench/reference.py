"""What the crossover over the minute bars must come to, by the plainest loop there is.

`python3 reference.py DIRECTORY` prints `{"trades", "final_equity"}` as JSON. Averages are compared as
whole cents over a common denominator, so a tie is a tie. Fills at the next open, all in, fractional.
"""

import array
import json
import pathlib
import sys

FAST, SLOW, FEE, CASH = 10, 30, 1e-6, 1_000_000.0


def column(directory: pathlib.Path, name: str) -> array.array:
    values = array.array("d")
    path = directory / f"minute.{name}.f64"
    with path.open("rb") as source:
        values.fromfile(source, path.stat().st_size // 8)
    if sys.byteorder != "little":
        values.byteswap()
    return values


def main() -> None:
    directory = pathlib.Path(sys.argv[1])
    opens, closes = column(directory, "open"), column(directory, "close")
    cents = [round(close * 100) for close in closes]
    cash, quantity, trades, wanted = CASH, 0.0, 0, False
    fast = slow = 0
    for i, price in enumerate(opens):
        if wanted and quantity == 0.0:
            quantity, cash = cash / (price * (1.0 + FEE)), 0.0
        elif not wanted and quantity != 0.0:
            cash, quantity, trades = quantity * price * (1.0 - FEE), 0.0, trades + 1
        fast += cents[i] - (cents[i - FAST] if i >= FAST else 0)
        slow += cents[i] - (cents[i - SLOW] if i >= SLOW else 0)
        if i + 1 >= SLOW:
            above = fast * SLOW - slow * FAST
            wanted = wanted if above == 0 else above > 0
    print(json.dumps({"trades": trades, "final_equity": cash + quantity * closes[-1]}))


if __name__ == "__main__":
    main()
