"""Deterministic data of the bench: from a seed, rounded to cents, so alike on every machine.

`python3 data.py DIRECTORY [--quick]` writes, unless they are there already,

- `minute.csv`: one-minute bars of regular NYSE sessions, a random walk rounded to 0.01;
- `daily_A.csv`, `daily_B.csv`, `daily_C.csv`: 3,270 daily bars each;
- `minute.open.f64`, `daily_A.close.f64`, … : the same columns as raw little-endian doubles, so that
  no peer is charged for reading a file where only its engine is measured;
- `values.high.f64`, `values.low.f64`, `values.close.f64`: long series for the indicators;
- `manifest.json`: sizes, written last, so that a broken-off run is noticed.

Standard library only, and run as a process of its own: the parent stays small, which matters because
Linux counts a parent's memory as the start of its child's peak.
"""

import argparse
import array
import datetime
import json
import pathlib
import random
import sys
from itertools import islice

from sessions import sessions

FORMAT = 1
COLUMNS = ("open", "high", "low", "close", "volume")
SIZES = {
    False: {"minute": 1_000_000, "daily": 3_270, "values": 10_000_000},
    True: {"minute": 20_000, "daily": 1_000, "values": 200_000},
}
DAILY = ("daily_A", "daily_B", "daily_C")
FIRST_MINUTE = datetime.date(2013, 1, 2)
FIRST_DAY = datetime.date(2013, 1, 2)


def main() -> None:
    parser = argparse.ArgumentParser(description="Writes the data of the bench")
    parser.add_argument("directory", type=pathlib.Path)
    parser.add_argument("--quick", action="store_true")
    given = parser.parse_args()
    sizes = SIZES[given.quick]
    manifest = given.directory / "manifest.json"
    wanted = {"format": FORMAT, **sizes}
    if manifest.exists() and json.loads(manifest.read_text()) == wanted:
        return
    print("making the data of the bench, once", file=sys.stderr)
    given.directory.mkdir(parents=True, exist_ok=True)
    manifest.unlink(missing_ok=True)
    # 0.05 % a minute and 1.5 % a day are what a liquid share moves.
    write_bars(given.directory, "minute", minute_times(sizes["minute"]), walk(sizes["minute"], 11, 0.0005))
    for seed, name in enumerate(DAILY, start=21):
        write_bars(given.directory, name, daily_times(sizes["daily"]), walk(sizes["daily"], seed, 0.015))
    highs, lows, closes = (array.array("d") for _ in range(3))
    for _, high, low, close, _ in walk(sizes["values"], 31, 0.0005):
        highs.append(high / 100)
        lows.append(low / 100)
        closes.append(close / 100)
    for name, column in (("high", highs), ("low", lows), ("close", closes)):
        write_column(given.directory / f"values.{name}.f64", column)
    manifest.write_text(json.dumps(wanted))


def walk(count: int, seed: int, volatility: float):
    """Bars as open, high, low, close in cents and a volume; the price stays above one dollar."""
    chance = random.Random(seed)
    gauss, below = chance.gauss, chance.random
    close = 10_000
    for _ in range(count):
        spread = close * volatility
        opening = max(100, close + round(gauss(0.0, spread * 0.2)))
        close = max(100, opening + round(gauss(0.0, spread)))
        high = max(opening, close) + int(below() * spread)
        low = max(1, min(opening, close) - int(below() * spread))
        yield opening, high, low, close, 100 + int(below() * 9_900)


def minute_times(count: int):
    def every():
        minute = datetime.timedelta(minutes=1)
        for _, opening, length in sessions(FIRST_MINUTE):
            for i in range(length):
                yield (opening + i * minute).isoformat() + "Z"

    return islice(every(), count)


def daily_times(count: int):
    return (day.isoformat() for day, _, _ in islice(sessions(FIRST_DAY), count))


def write_bars(directory: pathlib.Path, name: str, times, bars) -> None:
    """One series as CSV and as raw columns."""
    columns = {column: array.array("d") for column in COLUMNS}
    label = "timestamp" if name == "minute" else "date"
    with (directory / f"{name}.csv").open("w", newline="\n") as out:
        out.write(f"{label},{','.join(COLUMNS)}\n")
        for time, (o, h, l, c, volume) in zip(times, bars):
            out.write(f"{time},{cents(o)},{cents(h)},{cents(l)},{cents(c)},{volume}\n")
            # Division by 100 rounds to the double that the text reads as.
            for column, value in zip(COLUMNS, (o / 100, h / 100, l / 100, c / 100, float(volume))):
                columns[column].append(value)
    for column, values in columns.items():
        write_column(directory / f"{name}.{column}.f64", values)


def write_column(path: pathlib.Path, values: array.array) -> None:
    if sys.byteorder != "little":
        values.byteswap()
    with path.open("wb") as out:
        values.tofile(out)


def cents(value: int) -> str:
    return f"{value // 100}.{value % 100:02d}"


if __name__ == "__main__":
    main()
