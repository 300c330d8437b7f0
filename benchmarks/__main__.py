"""``python -m benchmarks [run] [--smoke] [--only NAME] [--out FOLDER]``: run the registered benchmarks."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks.registry import load_specs, run_spec


def main(arguments: list[str]) -> int:
    """Run what was asked for, print a line for each measure; 2 for an unknown name."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Run the registered benchmarks.")
    parser.add_argument("command", nargs="?", choices=["run", "list"], default="run")
    parser.add_argument("--smoke", action="store_true", help="only the smallest case of each")
    parser.add_argument("--only", metavar="NAME", help="one benchmark")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results", help="folder of the CSV files")
    asked = parser.parse_args(arguments)
    specs = load_specs()
    if asked.only and asked.only not in specs:
        parser.error(f"no benchmark {asked.only}; known are {', '.join(specs)}")
    for name, spec in specs.items():
        if asked.only in {None, name}:
            print(f"{name}: {spec.title}")
            for case, measures in run_spec(spec, smoke=asked.smoke, folder=asked.out) if asked.command == "run" else []:
                shown = ", ".join(
                    f"{key} {value:.4g}" if isinstance(value, float) else f"{key} {value}" for key, value in measures.items()
                )
                print(f"  {' '.join(f'{key}={value}' for key, value in case.items())}: {shown}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
