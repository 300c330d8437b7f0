"""What a person waits for: whole processes of the command line, by the clock, with the memory they took."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from time import perf_counter

from benchmarks.registry import Measures, spec

COMMANDS = {
    "help": ["--help"],
    "help of a command": ["plan", "--help"],
    "why": ["facts", "why", "COD/cobalt", "mine_production", "--format", "json"],
    "concentration": ["measure", "concentration", "--commodity", "cobalt", "--stage", "mine", "--year", "2024"],
    "concentration of a model stage": ["measure", "concentration", "--commodity", "nickel", "--stage", "active_material"],
    "reliance": ["measure", "reliance", "--place", "USA", "--commodity", "lithium", "--year", "2024"],
    "plan": ["plan", "reference", "--format", "json"],
    "run": ["run", "--output", "{folder}"],
}


@spec(
    "cli_commands",
    title="seconds and memory of whole commands; targets: help 0.5 s, run 60 s and 2 GiB",
    sweep=[{"command": name} for name in COMMANDS],
    smoke={"command": "help"},
)
def cli_commands(command: str, repeats: int = 3) -> Measures:
    """Least seconds of some runs, and the largest memory of any child so far in this process (MiB)."""
    times = []
    for _ in range(1 if command in {"plan", "run"} else repeats):
        with tempfile.TemporaryDirectory() as folder:
            words = [word.format(folder=folder) for word in COMMANDS[command]]
            start = perf_counter()
            done = subprocess.run([sys.executable, "-m", "orepact", *words], capture_output=True, text=True, check=False)
            times.append(perf_counter() - start)
        if done.returncode:
            raise RuntimeError(done.stderr)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return {"least_s": min(times), "peak_children_mib": peak}
