"""Measures Plimsoll and its peers on the same data in one run: `make bench`, or `python3 bench/run.py`.

Needs Python 3.11 or newer and cargo; peers are installed into `bench/.venv`. Writes `bench/RESULTS.md` and
`bench/results.json`; with `--quick` or `--only` it prints the report and leaves those two files alone.
"""

import argparse
import datetime
import json
import os
import pathlib
import platform
import sys

import environment
import ours
import report
from measure import Failed, free_gib, measure

HERE = pathlib.Path(__file__).parent
PEER_SECONDS = 420


def main() -> int:
    given = arguments()
    directory = HERE / ".cache" / ("quick" if given.quick else "full")
    sizes = make_data(directory, given.quick)
    repeats = 2 if given.quick else 5
    load_before = load()
    chosen, version = set(given.only), ours.version()
    names = [name for name in environment.HOME if not chosen & set(environment.HOME) or name in chosen]
    wanted = [name for name in report.BENCHMARKS if not chosen & set(report.BENCHMARKS) or name in chosen]
    # Naming only peers asks for those peers alone; naming a benchmark asks for Plimsoll beside them.
    measured_here = not chosen or bool(chosen & {*report.BENCHMARKS, "plimsoll"})
    expected = json.loads(measure([sys.executable, HERE / "reference.py", directory], 300, HERE).stdout)
    rows, failed = ours.rows(directory, repeats, expected, wanted.__contains__) if measured_here else ({}, {})
    for what, why in failed.items():
        print(f"Plimsoll, {what}: not measured: {why}", file=sys.stderr)
    tables, skipped = ({}, {}) if chosen == {"plimsoll"} else measure_peers(names, wanted, directory, repeats)
    for name in wanted:
        if row := own_row(name, rows, version):
            tables.setdefault(name, []).insert(0, row)
    results = {
        "date": datetime.date.today().isoformat(),
        "quick": given.quick,
        "partial": bool(chosen),
        "machine": {**machine(), "load_before": load_before, "load_after": load()},
        "plimsoll": version,
        "sizes": sizes,
        "repeats": repeats,
        "expected": expected,
        "benchmarks": {name: tables[name] for name in wanted if name in tables},
        "plimsoll_rows": rows,
        "failed": failed,
        "skipped": skipped,
        "commands": commands(),
    }
    text = report.text(results)
    print(text)
    if not given.quick and not chosen:
        (HERE / "RESULTS.md").write_text(text)
        (HERE / "results.json").write_text(json.dumps(results, indent=1) + "\n")
        print("written: bench/RESULTS.md, bench/results.json", file=sys.stderr)
    wrong = any(row.get("agrees") is False for table in tables.values() for row in table)
    return 1 if failed or wrong else 0


def arguments() -> argparse.Namespace:
    known = ["plimsoll", *report.BENCHMARKS, *environment.HOME]
    parser = argparse.ArgumentParser(description="Measures Plimsoll and its peers on the same data.")
    parser.add_argument("--quick", action="store_true", help="small data, to see that it works")
    parser.add_argument(
        "--only", action="append", default=[], choices=known, metavar="NAME",
        help=f"a benchmark or who is measured, may be repeated: {', '.join(known)}",
    )  # fmt: skip
    return parser.parse_args()


def make_data(directory: pathlib.Path, quick: bool) -> dict:
    command = [sys.executable, HERE / "data.py", directory]
    measure([*command, "--quick"] if quick else command, 1_800, HERE)
    return json.loads((directory / "manifest.json").read_text())


def measure_peers(names: list[str], wanted: list[str], directory: pathlib.Path, repeats: int) -> tuple[dict, dict]:
    """Rows of the peers by benchmark, and who was skipped with the reason; a peer's failure is never ours."""
    found, skipped = environment.peers(names)
    tables: dict[str, list[dict]] = {}
    for peer in found:
        for benchmark in (name for name in wanted if name in peer.benchmarks):
            label = f"{peer.name} ({benchmark})"
            needed = peer.needs_gib.get(benchmark, 0)
            if needed > free_gib():
                skipped[label] = f"it needs {needed} GiB of free memory"
                continue
            print(f"measuring {label}", file=sys.stderr)
            command = [peer.python, HERE / "peer.py", peer.name, benchmark, directory, str(repeats)]
            try:
                cost = measure(command, PEER_SECONDS, HERE)
                told = json.loads(cost.stdout.strip().splitlines()[-1])
            except (Failed, OSError, IndexError, ValueError) as problem:
                skipped[label] = str(problem)
                continue
            tables.setdefault(benchmark, []).append(peer_row(benchmark, peer, told, cost.peak_mb))
    for who, why in skipped.items():
        print(f"skipped {who}: {why}", file=sys.stderr)
    return tables, skipped


def peer_row(benchmark: str, peer: environment.Peer, told: dict, peak_mb: float) -> dict:
    row = {"who": peer.name, "version": peer.version, "peak_mb": peak_mb}
    row |= {key: told[key] for key in ("trades", "check", "parts") if key in told}
    remarks = [told["note"]] if told.get("note") else []
    if "check" in told:
        remarks.append(f"returns add up to {told['check']:.4f}")
    if benchmark == "csv":
        row["cpu_s"] = told["seconds"]
        remarks.append(f"first run {told['first_run']:.1f} s")
    elif "seconds" in told:
        row["ns"] = told["seconds"] / told["units"] * 1e9
    else:
        row["mean"] = benchmark == "streaming"
    return {**row, "note": "; ".join(remarks)}


def own_row(benchmark: str, rows: dict, version: str) -> dict | None:
    """Plimsoll's row in the table of one benchmark."""
    # Its event engine is what stands against engines that are handed ready-made signals.
    row = rows.get("event" if benchmark == "signals" else benchmark)
    if row is None:
        return None
    row = {"who": "Plimsoll", "version": version, **row, "mean": benchmark == "streaming"}
    if benchmark.startswith("sweep") and (command := rows.get("sweep_command")):
        row["peak_mb"] = command["peak_mb"]
        row["agrees"] = command["agrees"]
        remarks = f"the whole command {command['cpu_s']:.2f} CPU s, {command['note']}"
        row["note"] = "; ".join(filter(None, (row.get("note"), remarks)))
    return row


def machine() -> dict:
    cpu = platform.processor() or platform.machine()
    cpuinfo = pathlib.Path("/proc/cpuinfo")
    if cpuinfo.exists():
        told = cpuinfo.read_text().splitlines()
        cpu = next((line.split(":", 1)[1].strip() for line in told if line.startswith("model name")), cpu)
    try:
        rustc = measure(["rustc", "--version"], 60).stdout.strip()
    except (Failed, OSError):
        rustc = "rustc unknown"
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "cpu": cpu,
        "cores": os.cpu_count(),
        "memory_gib": pages / 2**30,
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "rustc": rustc,
    }


def load() -> float:
    return os.getloadavg()[0]


def commands() -> list[str]:
    """What was run, as a person would type it from the top folder."""
    program, data = pathlib.PurePosixPath("target/release/plimsoll"), pathlib.PurePosixPath("bench/.cache/full")
    lines = ["make bench", "cargo run --release --package quant --example indicator_speed -- bench/.cache/full"]
    lines.append("cargo run --release --package strategies --example sweep_speed -- bench/.cache/full")
    for command in (ours.backtest_command(program, data), ours.sweep_command(program, data)):
        lines.append(" ".join(f"'{part}'" if "<" in str(part) else str(part) for part in command))
    return lines


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Failed as problem:
        sys.exit(f"the bench cannot go on: {problem}")
