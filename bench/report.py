"""Turns figures into the tables of RESULTS.md and of the terminal, the unflattering ones included."""

import textwrap

import ours

BENCHMARKS = {
    "event": ("Event engine", "ns a bar", "SMA 10/30 crossover over one-minute bars, through orders, fills and equity"),
    "signals": (
        "Engine from ready-made signals", "ns a bar",
        "the same, decided beforehand; Plimsoll's row is its event engine, which decides itself",
    ),
    "csv": ("From the CSV file to the result", "CPU s", "the whole process, statistics included"),
    "sweep_return": ("Sweep, total return", "ns a bar evaluation and core", "4,950 SMA pairs over three daily series"),
    "sweep_sharpe": ("Sweep, Sharpe ratio and drawdown", "ns a bar evaluation and core", "the same with both risk figures"),
    "indicators": (
        "Six indicators over a series", "ns a value, summed",
        "SMA 20, EMA 20, RSI 14, MACD 12/26/9, Bollinger 20, ATR 14",
    ),
    "streaming": ("One streaming update", "ns, mean of six", "the same six, one value at a time"),
}  # fmt: skip

GOALS = (
    ("event engine, ns a bar", 10.0, "at most", lambda f: f["event"]["ns"]),
    ("CSV to result, CPU s", 0.25, "at most", lambda f: f["csv"]["cpu_s"]),
    ("CSV to result, MB", 150.0, "at most", lambda f: f["csv"]["peak_mb"]),
    ("sweep with total return, ns", 0.7, "at most", lambda f: f["sweep_return"]["ns"]),
    ("sweep with Sharpe and drawdown, ns", 1.5, "at most", lambda f: f["sweep_sharpe"]["ns"]),
    ("sweep command, MB", 64.0, "below", lambda f: f["sweep_command"]["peak_mb"]),
    ("slowest strategy, ns", 10.0, "at most", lambda f: max(f["strategies"]["parts"].values())),
    ("two cores over one", 1.8, "at least", lambda f: f["strategies"]["speedup"]),
    ("six indicators, ns a value", 8.0, "at most", lambda f: sum(f["indicators"]["parts"].values())),
    ("slowest of six streaming updates, ns", 10.0, "at most", lambda f: max(f["streaming"]["parts"].values())),
)


def figure(row: dict) -> float:
    """The one number that a benchmark compares."""
    if "ns" in row:
        return row["ns"]
    if "cpu_s" in row:
        return row["cpu_s"]
    parts = row["parts"]
    return sum(parts.values()) / (len(parts) if row.get("mean") else 1)


def text(results: dict) -> str:
    """The whole report, as Markdown."""
    machine = results["machine"]
    out = [
        "# Plimsoll against its peers",
        "",
        f"{results['date']}, {machine['cpu']}, {machine['cores']} cores, {machine['memory_gib']:.0f} GiB, {machine['system']};"
        f" Python {machine['python']}, {machine['rustc']}. Plimsoll {results['plimsoll']}.",
        f"Load average at the start {machine['load_before']:.1f}, at the end {machine['load_after']:.1f}.",
        "",
        "`make bench` made this file: same data, same machine, same run. Ratios carry to other machines, nanoseconds do not.",
        "A ratio is the peer's cost over Plimsoll's: above 1, Plimsoll is the cheaper.",
        "",
    ]
    for name, (title, unit, what) in BENCHMARKS.items():
        if name in results["benchmarks"]:
            out += section(title, unit, what, results["benchmarks"][name])
    out += breakdown(results)
    if not results["quick"]:
        out += goals(results["plimsoll_rows"])
    out += shortcomings(results)
    out += method(results)
    return "\n".join(out) + "\n"


def section(title: str, unit: str, what: str, rows: list[dict]) -> list[str]:
    """One table, Plimsoll first."""
    base = next((figure(row) for row in rows if row["who"] == "Plimsoll"), None)
    out = [f"## {title}", "", textwrap.fill(f"{what[0].upper()}{what[1:]}; {unit}.", 110), ""]
    out += ["| who | version | figure | ratio | peak MB | trades | remarks |", "|---|---|---:|---:|---:|---:|---|"]
    for row in rows:
        value = figure(row)
        ratio = f"{short(value / base)} ×" if base and row["who"] != "Plimsoll" else ""
        memory = f"{row['peak_mb']:.0f}" if row.get("peak_mb") else ""
        trades = row.get("trades")
        counted = "" if trades is None else str(trades)
        cells = (row["who"], row["version"], short(value), ratio, memory, counted, row.get("note", ""))
        out.append(f"| {' | '.join(cells)} |")
    return [*out, ""]


def breakdown(results: dict) -> list[str]:
    """Single indicators and single strategies."""
    out = []
    for name in ("indicators", "streaming"):
        rows = results["benchmarks"].get(name, [])
        if rows:
            parts = list(rows[0]["parts"])
            out += [f"## {BENCHMARKS[name][0]}, each; ns", "", f"| who | {' | '.join(parts)} |", f"|---|{'---:|' * len(parts)}"]
            out += [f"| {row['who']} | {' | '.join(short(row['parts'][part]) for part in parts)} |" for row in rows]
            out.append("")
    strategies = results["plimsoll_rows"].get("strategies")
    if strategies:
        out += ["## Every strategy in a sweep; ns a bar evaluation and core", "", "| strategy | ns |", "|---|---:|"]
        out += [f"| {name} | {short(ns)} |" for name, ns in strategies["parts"].items()]
        out += ["", f"Two cores are {strategies['speedup']:.2f} times as fast as one.", ""]
    return out


def goals(rows: dict) -> list[str]:
    out = ["## Goals", "", "| goal | | wanted | measured | |", "|---|---|---:|---:|---|"]
    for name, limit, sense, measured in GOALS:
        value = reached(measured, rows)
        if value is not None:
            verdict = "met" if met(sense, value, limit) else "**missed**"
            out.append(f"| {name} | {sense} | {short(limit)} | {short(value)} | {verdict} |")
    return [*out, ""] if len(out) > 4 else []


def shortcomings(results: dict) -> list[str]:
    """What a reader should hold against these figures."""
    bad = []
    for name, limit, sense, measured in GOALS if not results["quick"] else ():
        value = reached(measured, results["plimsoll_rows"])
        if value is None and not results["partial"]:
            bad.append(f"Goal not measured: {name}.")
        elif value is not None and not met(sense, value, limit):
            bad.append(f"Goal missed: {name}, {short(value)} instead of {sense} {short(limit)}.")
    for name, rows in results["benchmarks"].items():
        base = next((figure(row) for row in rows if row["who"] == "Plimsoll"), None)
        for row in rows:
            if base and row["who"] != "Plimsoll" and figure(row) < base:
                bad.append(f"{BENCHMARKS[name][0]}: {row['who']} is faster ({short(figure(row))} against {short(base)}).")
            if row.get("agrees") is False:
                bad.append(f"{BENCHMARKS[name][0]}: {row['who']}: {row['note']}.")
    if any(ours.OWN_DATA in row.get("note", "") for row in results["plimsoll_rows"].values()):
        bad.append("Some of Plimsoll's examples make series of their own: as long as the bench's, other numbers.")
    bad += [f"Plimsoll, {what}: not measured: {why}." for what, why in results["failed"].items()]
    bad += [f"{who} is not in these tables: {why}." for who, why in results["skipped"].items()]
    if max(results["machine"]["load_before"], results["machine"]["load_after"]) > 1.5:
        bad.append(
            "The machine was busy with other work. CPU time leaves out waiting, though not a shared cache; Plimsoll's "
            "wall times inside its examples hold the waiting too, so its figures and ratios look worse than they are."
        )
    if results["quick"]:
        bad.append("A quick run over small data: good for seeing that it works, not for quoting.")
    bad += [
        "The data are random walks; real prices cross their averages at other times.",
        "Engines differ in what they do for their nanoseconds: whole or fractional shares, one metric or fifty, "
        "a Python strategy or a native one. The remarks say so; trades differ where averages tie.",
        "Plimsoll's own kernel figures are wall time inside its examples, peers' are CPU time: on an idle machine the same.",
    ]  # fmt: skip
    return ["## What is bad", "", *(f"- {line}" for line in bad), ""]


def method(results: dict) -> list[str]:
    lines = [
        "Data: `bench/data.py` from fixed seeds. Minute bars: "
        f"{results['sizes']['minute']:,}; daily: 3 × {results['sizes']['daily']:,}; values: {results['sizes']['values']:,}.",
        "Each figure is the least of "
        f"{results['repeats']} runs (2 for the slow ones), in CPU seconds of user and system over all threads; "
        "every peer is held to one thread, and runs in a process of its own with a time limit.",
        "Reading data is outside the figure except in the CSV table. There Plimsoll is charged for its whole process, "
        "peers for imports plus the second run, when all that compiles itself has compiled; the remarks give the first.",
        "Minute benchmarks pay 0.01 bps a fill, so that 20,000 round trips leave money to trade; sweeps pay 5 bps. No slippage.",
        "Sweep figures of peers hold averages, signals, simulation and metric, as Plimsoll's do; "
        "PBO, bootstrap and printing are apart. The remarks give the sum of all total returns, which must agree but for ties.",
        "Peak MB is the resident set of the whole process, data and interpreter included.",
    ]  # fmt: skip
    out = ["## How it was measured", "", *(f"- {line}" for line in lines), "", "Commands:", "", "```"]
    return [*out, *results["commands"], "```"]


def reached(measured, rows: dict) -> float | None:
    try:
        return measured(rows)
    except KeyError:
        return None


def met(sense: str, value: float, limit: float) -> bool:
    return value >= limit if sense == "at least" else value < limit if sense == "below" else value <= limit


def short(value: float) -> str:
    """Three significant digits, never an exponent."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 0.1 else f"{value:.3f}"
