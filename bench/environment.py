"""The Python environments of the peers: made here, beside the bench, and nowhere else.

Two, because NautilusTrader wants pandas below 3 and vectorbt wants 3 or newer. What cannot be installed
is named and left out; the run goes on.
"""

import dataclasses
import hashlib
import json
import pathlib
import subprocess
import sys

from measure import Failed, measure

HERE = pathlib.Path(__file__).parent
REQUIREMENTS = {"main": HERE / "requirements.txt", "nautilus": HERE / "requirements-nautilus.txt"}
HOME = {
    "backtrader": "main",
    "backtesting": "main",
    "nautilus_trader": "nautilus",
    "raptorbt": "main",
    "vectorbt": "main",
    "numba": "main",
    "talib": "main",
    "talipp": "main",
}
INSTALL_SECONDS = 1_800
IMPORT_SECONDS = 300


@dataclasses.dataclass
class Peer:
    name: str
    python: pathlib.Path
    versions: dict[str, str]
    benchmarks: list[str]
    needs_gib: dict[str, float]

    @property
    def version(self) -> str:
        return ", ".join(f"{package} {version}" for package, version in self.versions.items())


def peers(names: list[str]) -> tuple[list[Peer], dict[str, str]]:
    """Installs what is missing and asks each peer what it is; the rest comes back with a reason."""
    found, skipped, broken = [], {}, {}
    for environment in dict.fromkeys(HOME[name] for name in names):
        broken[environment] = prepare(environment)
    for name in names:
        environment = HOME[name]
        interpreter = python(environment)
        if not interpreter.exists():
            skipped[name] = broken[environment] or "no environment"
            continue
        try:
            asked = measure([interpreter, HERE / "peer.py", name], IMPORT_SECONDS, HERE)
        except Failed as problem:
            skipped[name] = "; ".join(filter(None, (str(problem), broken[environment])))
            continue
        found.append(Peer(name, interpreter, **json.loads(asked.stdout.strip().splitlines()[-1])))
    return found, skipped


def python(environment: str) -> pathlib.Path:
    folder = HERE / ".venv" / environment
    return folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def prepare(environment: str) -> str | None:
    """Makes one environment as its requirements say; a reason when something could not be had."""
    wanted = REQUIREMENTS[environment]
    stamp = HERE / ".venv" / f"{environment}.installed"
    digest = hashlib.sha256(wanted.read_bytes() + sys.version.encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == digest and python(environment).exists():
        return None
    print(f"installing the peers of {wanted.name}, once (about a gigabyte)", file=sys.stderr)
    made = run([sys.executable, "-m", "venv", "--clear", HERE / ".venv" / environment])
    if made:
        return f"no virtual environment (Debian, Ubuntu: apt install python3-venv): {made}"
    pip = [python(environment), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary=:all:"]
    problem = run([*pip, "--requirement", wanted])
    if problem is None:
        stamp.write_text(digest)
        return None
    # One line that cannot be had must not cost the others.
    missing = []
    for line in wanted.read_text().splitlines():
        if line and not line.startswith("#"):
            why = run([*pip, line])
            if why:
                missing.append(line)
                print(f"cannot install {line}: {why}", file=sys.stderr)
    return f"not installed: {', '.join(missing)}" if missing else None


def run(command: list) -> str | None:
    """The last line of what went wrong, or nothing."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=INSTALL_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as problem:
        return str(problem)
    if done.returncode == 0:
        return None
    said = (done.stderr or done.stdout).strip().splitlines()
    return said[-1] if said else f"exit code {done.returncode}"
