"""The register of benchmarks: a spec has a sweep of cases and, for each case, measures by phase.

A spec module in ``benchmarks/specs`` registers itself when it is imported::

    @spec("plan_scaling", title="...", sweep=[{...}, {...}], smoke={...})
    def plan_scaling(size: str) -> dict[str, float]: ...

Each run writes ``benchmarks/results/<name>.csv``: one row for each case and measure, with the machine it ran on.
"""

from __future__ import annotations

import csv
import importlib
import os
import pkgutil
import platform
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

Measures = Mapping[str, float | str]
Run = Callable[..., Measures]

#: Packages whose versions stand beside every result.
NAMED = ("orepact", "highspy", "piqp", "clarabel", "osqp", "linopy", "pandas", "pypsa")


@dataclass(frozen=True)
class Spec:
    """A benchmark: what it measures, on which cases, and the smallest case for a smoke run."""

    name: str
    title: str
    sweep: tuple[Mapping[str, Any], ...]
    smoke: Mapping[str, Any]
    run: Run


SPECS: dict[str, Spec] = {}


def spec(name: str, *, title: str, sweep: Sequence[Mapping[str, Any]], smoke: Mapping[str, Any]) -> Callable[[Run], Run]:
    """Register the decorated function; it takes one case by keyword and returns its measures (``*_s`` are seconds)."""

    def register(run: Run) -> Run:
        SPECS[name] = Spec(name, title, tuple(sweep), smoke, run)
        return run

    return register


def load_specs() -> dict[str, Spec]:
    """Import every module of ``benchmarks/specs`` and return what they registered, by name."""
    folder = Path(__file__).parent / "specs"
    for module in sorted(entry.name for entry in pkgutil.iter_modules([str(folder)])):
        importlib.import_module(f"benchmarks.specs.{module}")
    return dict(sorted(SPECS.items()))


@contextmanager
def timed(measures: dict[str, float | str], phase: str) -> Iterator[None]:
    """Add the seconds of the block to ``measures``: by the clock as ``<phase>_s``, of the processor as ``<phase>_cpu_s``."""
    start, busy = perf_counter(), process_time()
    yield
    measures[f"{phase}_s"], measures[f"{phase}_cpu_s"] = perf_counter() - start, process_time() - busy


def machine() -> dict[str, str]:
    """What the numbers depend on besides the code."""
    facts = {
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "memory_gib": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f}",
        "python": platform.python_version(),
        "date": datetime.now(tz=UTC).date().isoformat(),
    }
    return facts | {name: _version(name) for name in NAMED}


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.is_file() else []
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def run_spec(chosen: Spec, *, smoke: bool, folder: Path) -> Iterator[tuple[Mapping[str, Any], Measures]]:
    """Run the sweep (or the smallest case); write each case to the CSV file as soon as it is measured, and yield it."""
    folder.mkdir(parents=True, exist_ok=True)
    facts = machine()
    with (folder / f"{chosen.name}.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["spec", "case", "measure", "value", *facts])
        for case in [chosen.smoke] if smoke else chosen.sweep:
            measures = chosen.run(**case)
            name = " ".join(f"{key}={value}" for key, value in case.items())
            for measure, value in measures.items():
                shown = f"{value:.6g}" if isinstance(value, float) else value
                writer.writerow([chosen.name, name, measure, shown, *facts.values()])
            file.flush()
            yield case, measures
