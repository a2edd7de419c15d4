"""Runs one benchmark of one peer and prints its result as the last line, in JSON.

`python peer.py PEER BENCHMARK DIRECTORY REPEATS`, with the Python of the peer's environment. A process of
its own, so that a crash or a peer that never ends costs that one figure and nothing else.
`python peer.py PEER` prints the peer's versions and benchmarks.
"""

import importlib
import importlib.metadata
import json
import os
import pathlib
import sys

# One core each, set before anything loads: figures are nanoseconds a bar and core.
for name in ("NUMBA", "OMP", "OPENBLAS", "MKL", "RAYON", "POLARS"):
    os.environ[f"{name}_NUM_THREADS"] = "1"
os.environ["POLARS_MAX_THREADS"] = "1"


def main() -> None:
    peer = importlib.import_module(f"peers.{sys.argv[1]}")
    if len(sys.argv) == 2:
        versions = {package: importlib.metadata.version(package) for package in peer.VERSION_OF}
        needs = getattr(peer, "NEEDS_GIB", {})
        print(json.dumps({"versions": versions, "benchmarks": list(peer.BENCHMARKS), "needs_gib": needs}))
        return
    from peers.common import Case

    case = Case(pathlib.Path(sys.argv[3]), int(sys.argv[4]))
    print(json.dumps(peer.BENCHMARKS[sys.argv[2]](case)))


if __name__ == "__main__":
    main()
