"""Plimsoll's side: builds the release program and the speed examples, runs them, checks their results.

What the examples print is the contract between them and this file: one JSON object.
`sweep_speed DIRECTORY` prints `event_ns_per_bar`, `event_trades`, `sweep_total_return_ns_per_eval_core`,
`sweep_sharpe_dd_ns_per_eval_core`, `sweep_two_core_speedup` and `strategies` (name to {ns});
`indicator_speed DIRECTORY` prints `batch_ns` and `streaming_ns` (name to ns). An example that read the raw
columns in DIRECTORY says `"data": "bench"`; without that, the report says that it made its own series.
"""

import json
import os
import pathlib
import sys

from measure import Failed, cheapest, measure
from reference import crossover

ROOT = pathlib.Path(__file__).parent.parent
CARGO = os.environ.get("CARGO", "cargo")
BUILD_SECONDS = 3_600
SIX = ("sma", "ema", "rsi", "macd", "bollinger", "atr")
COSTS = ("--cash", "1000000", "--fee-bps", "0.01", "--slippage-bps", "0")
SWEEP_COSTS = ("--cash", "1000000", "--fee-bps", "5", "--slippage-bps", "0")
SWEEP_FEE = 5e-4
PAIRS = 4_950
OWN_DATA = "over a series of its own, not the bench's"


def version() -> str:
    """Version and, where git knows it, the commit."""
    try:
        told = measure(["git", "describe", "--always", "--dirty", "--exclude=*"], 60, ROOT).stdout.strip()
    except (Failed, OSError):
        told = "no commit"
    packages = metadata()["packages"]
    return f"{next(p['version'] for p in packages if p['name'] == 'plimsoll')} ({told})"


def metadata() -> dict:
    return json.loads(measure([CARGO, "metadata", "--no-deps", "--format-version", "1"], 300, ROOT).stdout)


def program() -> pathlib.Path:
    """Builds the release program and says where it is."""
    print("building Plimsoll", file=sys.stderr)
    command = [CARGO, "build", "--release", "--locked", "--quiet", "--package", "plimsoll"]
    measure(command, BUILD_SECONDS, ROOT, show_errors=True)
    suffix = ".exe" if sys.platform == "win32" else ""
    return pathlib.Path(metadata()["target_directory"]) / "release" / f"plimsoll{suffix}"


def example(name: str, directory: pathlib.Path) -> dict:
    """Builds one speed example, runs it over the bench's columns, and reads its JSON."""
    found = next(ROOT.glob(f"crates/*/examples/{name}.rs"), None)
    if found is None:
        raise Failed(f"there is no example {name}")
    package = found.parent.parent.name
    command = [CARGO, "run", "--release", "--locked", "--quiet", "--package", package, "--example", name]
    print(f"measuring Plimsoll: {name}", file=sys.stderr)
    told = measure([*command, "--", directory], BUILD_SECONDS, ROOT, show_errors=True)
    figures = json.loads(told.stdout)
    remarks = [figures.get("note"), None if figures.get("data") == "bench" else OWN_DATA]
    return {**figures, "note": "; ".join(filter(None, remarks))}


def backtest_command(plimsoll: pathlib.Path, directory: pathlib.Path) -> list:
    return [
        plimsoll, "backtest", "--strategy", "sma_crossover", "--param", "fast=10", "--param", "slow=30",
        "--data", directory / "minute.csv", "--timeframe", "1m", "--calendar", "NYSE", *COSTS, "--json",
    ]  # fmt: skip


def sweep_command(plimsoll: pathlib.Path, directory: pathlib.Path) -> list:
    data = [part for letter in "ABC" for part in ("--data", directory / f"daily_{letter}.csv")]
    return [
        plimsoll, "sweep", "--strategy", "sma_crossover", *data, "--grid", "fast=2:101:1", "--grid", "slow=2:101:1",
        "--where", "fast<slow", *SWEEP_COSTS, "--json",
    ]  # fmt: skip


def event(told: dict, expected: dict) -> dict:
    """The event engine's row, and whether it traded as the plain loop does on the same data."""
    same = told.get("data") != "bench" or told["event_trades"] == expected["trades"]
    differs = None if same else f"DIFFERS from the plain loop, which closed {expected['trades']} trades"
    note = "; ".join(filter(None, (told["note"], differs)))
    return {"ns": told["event_ns_per_bar"], "trades": told["event_trades"], "agrees": same, "note": note}


def from_file(plimsoll: pathlib.Path, directory: pathlib.Path, repeats: int, expected: dict) -> dict:
    """CPU seconds and memory of one backtest from the CSV file to the printed result."""
    print("measuring Plimsoll: from the file to the result", file=sys.stderr)
    cost = cheapest(backtest_command(plimsoll, directory), repeats, 300)
    report = json.loads(cost.stdout)
    trades = sum(trade["exit_time"] is not None for trade in report["trades"])
    wanted, equity = expected["final_equity"], report["final_equity"]
    same = trades == expected["trades"] and abs(equity - wanted) <= 1e-9 * abs(wanted)
    found = f"{trades} trades, final equity {equity!r}"
    return {
        "cpu_s": cost.cpu_s,
        "wall_s": cost.wall_s,
        "peak_mb": cost.peak_mb,
        "trades": trades,
        "agrees": same,
        "note": "equals the plain loop to 1e-9"
        if same
        else f"DIFFERS from the plain loop: {found}, wanted {expected['trades']} trades, {wanted!r}",
    }


def sweep(plimsoll: pathlib.Path, directory: pathlib.Path, repeats: int) -> dict:
    """Memory and CPU of the sweep as a user runs it, and whether the rows it shows are right."""
    print("measuring Plimsoll: the sweep", file=sys.stderr)
    cost = cheapest(sweep_command(plimsoll, directory), repeats, 300)
    report = json.loads(cost.stdout)
    wrong = [row for row in report["rows"] if not right(row, directory)]
    shown = len(report["rows"])
    return {
        "cpu_s": cost.cpu_s,
        "wall_s": cost.wall_s,
        "peak_mb": cost.peak_mb,
        "agrees": not wrong and report["tried"] == 3 * PAIRS,
        "note": f"its {shown} best rows of {report['tried']:,} equal the plain loop to 1e-9"
        if not wrong
        else f"{len(wrong)} of {shown} rows DIFFER from the plain loop, first {wrong[0]['symbol']} {wrong[0]['params']}",
    }


def right(row: dict, directory: pathlib.Path) -> bool:
    """Whether a sweep's row has the total return that the plain loop has."""
    fast, slow = (int(row["params"][name]) for name in ("fast", "slow"))
    _, growth = crossover(directory, row["symbol"], fast, slow, SWEEP_FEE, 1.0)
    return abs(row["metrics"]["total_return"] - (growth - 1.0)) <= 1e-9 * max(1.0, growth)


def rows(directory: pathlib.Path, repeats: int, expected: dict, wanted) -> tuple[dict[str, dict], dict[str, str]]:
    """Plimsoll's row of each benchmark that is `wanted`, and what could not be measured with the reason."""
    found: dict[str, dict] = {}
    failed: dict[str, str] = {}

    def attempt(what: str, needed: tuple[str, ...], work) -> None:
        if not any(wanted(name) for name in needed):
            return
        try:
            work()
        except (Failed, OSError, KeyError, TypeError, ValueError) as problem:
            failed[what] = f"{type(problem).__name__}: {problem}" if not isinstance(problem, Failed) else str(problem)

    def indicators():
        told = example("indicator_speed", directory)
        for name, key in (("indicators", "batch_ns"), ("streaming", "streaming_ns")):
            found[name] = {"parts": {part: told[key][part] for part in SIX}, "note": told["note"]}
        found["indicators"]["extra"] = {k: v for k, v in told.items() if isinstance(v, (int, float))}

    def engine():
        told = example("sweep_speed", directory)
        found["event"] = event(told, expected)
        for name, key in (("sweep_return", "sweep_total_return"), ("sweep_sharpe", "sweep_sharpe_dd")):
            found[name] = {"ns": told[f"{key}_ns_per_eval_core"], "note": told["note"]}
        strategies = {name: timed["ns"] for name, timed in told["strategies"].items()}
        found["strategies"] = {"parts": strategies, "speedup": told["sweep_two_core_speedup"]}

    def command_line():
        plimsoll = program()
        if wanted("csv"):
            found["csv"] = from_file(plimsoll, directory, repeats, expected)
        if wanted("sweep_return") or wanted("sweep_sharpe"):
            found["sweep_command"] = sweep(plimsoll, directory, repeats)

    attempt("indicator_speed", ("indicators", "streaming"), indicators)
    attempt("sweep_speed", ("event", "sweep_return", "sweep_sharpe", "strategies"), engine)
    attempt("command line", ("csv", "sweep_return", "sweep_sharpe"), command_line)
    return found, failed
