"""Records what backtrader makes of an SMA crossover, trade by trade, for the engine's golden test.

Regenerate (any Python that backtrader loads):

    pip install backtrader==1.9.78.123 bokeh_sampledata==2026.1
    python backtrader_sma.py > backtrader_sma.json

Conventions, chosen to be those of Plimsoll's defaults without slippage:

- daily bars of AAPL, IBM and MSFT as bokeh_sampledata has them, raw: splits and dividends are
  neither adjusted nor booked, so a split looks like a crash. Engines are compared, not returns;
- decided at a bar's close: long while SMA(fast) > SMA(slow), flat while below, equal keeps;
- filled at the next bar's open, all in: quantity = cash / (open * (1 + fee)), fractional;
- commission 5 bps of the notional on each side, no slippage, starting cash 10,000;
- a decision at the last close is never filled, and the last position stays open, marked at the close.

backtrader fills at the next open with the size of that open through `cheat_on_open`: `next` decides,
`next_open` of the following bar sends the order, which the broker matches with that same open.
backtrader refuses an order whose cost exceeds the cash by one rounding step, so the quantity is
lowered by single representable steps until it fits (relative error below 1e-15). A filled order's price
is a weighted mean there, so 61.38 may come back as 61.379999999999995; it is recorded as it comes.

Before anything is printed, a second computation that shares no code with backtrader must agree to
1e-9: it takes the averages from whole hundredths of a cent, where ties are exact, and counts the ties.
"""

import argparse
import csv
import datetime
import gzip
import hashlib
import io
import json
import math
import pathlib
import sys

import backtrader as bt

TICKERS = ("AAPL", "IBM", "MSFT")
WINDOWS = ((20, 50), (10, 30))
FEE = 0.0005
CASH = 10_000.0
TOLERANCE = 1e-9
COLUMNS = ("Open", "High", "Low", "Close", "Volume")


def read_bars(path: pathlib.Path | None) -> dict[str, list[dict[str, str]]]:
    """Rows of the file by ticker, oldest first, with the file's own text of each number."""
    if path is None:
        import bokeh_sampledata

        path = pathlib.Path(bokeh_sampledata.__file__).parent / "_data" / "stocks.csv.gz"
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode()
    bars: dict[str, list[dict[str, str]]] = {ticker: [] for ticker in TICKERS}
    for row in csv.DictReader(io.StringIO(text)):
        if row["Ticker"] in bars:
            bars[row["Ticker"]].append(row)
    return bars


class Memory(bt.feed.DataBase):
    """A backtrader feed over rows that are already in memory."""

    params = (("rows", ()), ("timeframe", bt.TimeFrame.Days))

    def start(self):
        super().start()
        self._position = 0

    def _load(self):
        if self._position == len(self.p.rows):
            return False
        row = self.p.rows[self._position]
        self._position += 1
        day = datetime.datetime.fromisoformat(row["Date"])
        self.lines.datetime[0] = bt.date2num(day)
        for line, column in zip(("open", "high", "low", "close", "volume"), COLUMNS):
            getattr(self.lines, line)[0] = float(row[column])
        self.lines.openinterest[0] = 0.0
        return True


class Crossover(bt.Strategy):
    """Wants to be long while the fast average is above the slow one; keeps on equality."""

    params = (("fast", 20), ("slow", 50), ("fee", FEE))

    def __init__(self):
        self.fast = bt.indicators.SMA(self.data.close, period=self.p.fast)
        self.slow = bt.indicators.SMA(self.data.close, period=self.p.slow)
        self.wanted = False
        self.trades: list[dict] = []
        self.entry: dict | None = None

    def next(self):
        if self.fast[0] > self.slow[0]:
            self.wanted = True
        elif self.fast[0] < self.slow[0]:
            self.wanted = False

    def next_open(self):
        if self.wanted and not self.position:
            self.buy(size=self.affordable(self.broker.getcash(), self.data.open[0]))
        elif not self.wanted and self.position:
            self.close()

    def affordable(self, cash: float, price: float) -> float:
        """Largest quantity at or just below cash / (price * (1 + fee)) that the broker accepts."""
        quantity = cash / (price * (1.0 + self.p.fee))
        while cash - quantity * price - quantity * price * self.p.fee < 0.0:
            quantity = math.nextafter(quantity, 0.0)
        return quantity

    def notify_order(self, order):
        if order.status in (order.Margin, order.Rejected, order.Canceled, order.Expired):
            raise SystemExit(f"backtrader refused an order on {self.data.datetime.date(0)}")
        if order.status != order.Completed:
            return
        done = order.executed
        fill = {
            "date": bt.num2date(done.dt).date().isoformat(),
            "price": done.price,
            "quantity": abs(done.size),
            "fee": done.comm,
        }
        if order.isbuy():
            self.entry = fill
            return
        self.trades.append(round_trip(self.entry, fill))
        self.entry = None

    def notify_trade(self, trade):
        # backtrader's own round trip: the entry's fill and the exit's must tell the same story.
        if trade.isclosed and not near(trade.pnlcomm, self.trades[-1]["pnl_net"]):
            raise SystemExit(f"net P&L of trade {len(self.trades)} differs from its fills")


def round_trip(entry: dict, exit_: dict) -> dict:
    """One closed trade in the words of the golden file."""
    fees = entry["fee"] + exit_["fee"]
    return {
        "entry_date": entry["date"],
        "entry_price": entry["price"],
        "exit_date": exit_["date"],
        "exit_price": exit_["price"],
        "quantity": entry["quantity"],
        "pnl_net": exit_["quantity"] * exit_["price"] - entry["quantity"] * entry["price"] - fees,
        "fees": fees,
    }


def still_open(entry: dict | None, mark_price: float) -> dict | None:
    """The position that the last bar leaves open, marked at its close."""
    if entry is None:
        return None
    return {
        "entry_date": entry["date"],
        "entry_price": entry["price"],
        "quantity": entry["quantity"],
        "fees": entry["fee"],
        "mark_price": mark_price,
    }


def by_backtrader(rows: list[dict[str, str]], fast: int, slow: int) -> dict:
    cerebro = bt.Cerebro(stdstats=False, cheat_on_open=True)
    cerebro.broker.setcash(CASH)
    cerebro.broker.setcommission(commission=FEE)
    cerebro.adddata(Memory(rows=rows))
    cerebro.addstrategy(Crossover, fast=fast, slow=slow)
    (strategy,) = cerebro.run()
    return {
        "trades": strategy.trades,
        "open_position": still_open(strategy.entry, float(rows[-1]["Close"])),
        "final_equity": cerebro.broker.getvalue(),
    }


def by_hand(rows: list[dict[str, str]], fast: int, slow: int) -> tuple[dict, int]:
    """The same backtest as a plain loop; also how often the two averages are exactly equal."""
    scaled = [round(float(row["Close"]) * 10_000) for row in rows]
    cash, entry, wanted, ties = CASH, None, False, 0
    trades = []
    for i, row in enumerate(rows):
        price = float(row["Open"])
        if wanted and entry is None:
            quantity = cash / (price * (1.0 + FEE))
            fee = quantity * price * FEE
            entry = {"date": row["Date"], "price": price, "quantity": quantity, "fee": fee}
            cash = 0.0
        elif not wanted and entry is not None:
            proceeds = entry["quantity"] * price
            fill = {"date": row["Date"], "price": price, "quantity": entry["quantity"], "fee": proceeds * FEE}
            trades.append(round_trip(entry, fill))
            cash, entry = proceeds - fill["fee"], None
        if i + 1 < slow:
            continue
        # Both averages over their common denominator: integers, so a tie is a tie.
        above = sum(scaled[i + 1 - fast : i + 1]) * slow - sum(scaled[i + 1 - slow : i + 1]) * fast
        ties += above == 0
        wanted = wanted if above == 0 else above > 0
    last = float(rows[-1]["Close"])
    equity = cash + (entry["quantity"] * last if entry else 0.0)
    return {"trades": trades, "open_position": still_open(entry, last), "final_equity": equity}, ties


def near(a, b) -> bool:
    return abs(a - b) <= TOLERANCE * max(1.0, abs(a), abs(b))


def agree(a, b, where: str) -> None:
    """Stops with the first place where the two computations part."""
    if isinstance(a, dict) and isinstance(b, dict):
        if a.keys() != b.keys():
            raise SystemExit(f"{where}: keys differ")
        for key in a:
            agree(a[key], b[key], f"{where}.{key}")
    elif isinstance(a, list):
        if len(a) != len(b):
            raise SystemExit(f"{where}: {len(a)} against {len(b)}")
        for i, (left, right) in enumerate(zip(a, b)):
            agree(left, right, f"{where}[{i}]")
    elif not (near(a, b) if isinstance(a, float) else a == b):
        raise SystemExit(f"{where}: {a} against {b}")


def fingerprint(rows: list[dict[str, str]]) -> str:
    """SHA-256 of `date,open,high,low,close,volume` lines, so that a test can tell other data apart."""
    lines = (",".join((row["Date"], *(row[column] for column in COLUMNS))) for row in rows)
    return hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()


def main() -> None:
    parser = argparse.ArgumentParser(description="SMA crossovers by backtrader, as JSON on stdout")
    parser.add_argument("--csv", type=pathlib.Path, help="stocks.csv or .gz; default: bokeh_sampledata's")
    bars = read_bars(parser.parse_args().csv)
    runs = []
    for ticker in TICKERS:
        rows = bars[ticker]
        for fast, slow in WINDOWS:
            result = by_backtrader(rows, fast, slow)
            expected, ties = by_hand(rows, fast, slow)
            agree(result, expected, f"{ticker} {fast}/{slow}")
            count = len(result["trades"])
            print(f"{ticker} {fast}/{slow}: {count} trades agree, {ties} exact ties", file=sys.stderr)
            runs.append({
                "ticker": ticker,
                "params": {"fast": fast, "slow": slow},
                "exact_ties": ties,
                **result,
            })
    header = {
        "library": {"backtrader": bt.__version__},
        "script": "backtrader_sma.py",
        "data": {
            ticker: {
                "bars": len(rows),
                "first": rows[0]["Date"],
                "last": rows[-1]["Date"],
                "sha256": fingerprint(rows),
            }
            for ticker, rows in bars.items()
        },
        "data_source": "bokeh_sampledata stocks.csv, raw columns Date,Open,High,Low,Close,Volume",
        "conventions": {
            "cash": CASH,
            "fee_bps": FEE * 10_000,
            "slippage_bps": 0,
            "fill": "next_open",
            "sizing": "quantity = cash / (open * (1 + fee)), fractional",
            "equal_averages": "keep the position",
            "corporate_actions": "none: raw prices as they stand",
        },
        "tolerance": f"{TOLERANCE} of max(1, |x|)",
    }
    print(document(header, runs))


def document(header: dict, runs: list[dict]) -> str:
    """The JSON text with one trade a line: a change shows as the trades that changed."""
    blocks = []
    for run in runs:
        trades = ",\n".join(f"   {json.dumps(trade)}" for trade in run["trades"])
        rest = {key: value for key, value in run.items() if key != "trades"}
        blocks.append(f'  {json.dumps(rest)[:-1]}, "trades": [\n{trades}\n  ]}}')
    body = ",\n".join(blocks)
    return f'{{\n "header": {json.dumps(header, indent=1).replace(chr(10), chr(10) + " ")},\n "runs": [\n{body}\n ]\n}}'


if __name__ == "__main__":
    main()
