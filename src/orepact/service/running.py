"""Use case: the main job, from facts to the brief on disk."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import pandas as pd

from orepact.errors import BadInput, Problem
from orepact.service.brief import gather_brief
from orepact.service.flowing import Report, silent
from orepact.service.result import Result

if TYPE_CHECKING:
    from orepact.facts import Ledger
    from orepact.report.brief import Brief


@dataclass(frozen=True, eq=False)
class Run(Result):
    """The findings as rows, what they rest on as meta, and the whole brief."""

    brief: Brief | None = None


def run(ledger: Ledger, scenario: str | Path = "reference", *, output: Path = Path("brief"), report: Report = silent) -> Run:
    """Build the network, close the base year, measure, plan, and write the brief to ``output``.

    ``data``: one row for each finding: ``figure, title, words, section, confidence, as_of, sources``. ``meta``: manifest,
    sources, warnings, and where the page stands. Raises ``BadInput``, ``NotFound`` or ``NoFeasibleAnswer``, and then
    writes nothing.
    """
    from orepact.report import write_brief
    from orepact.report.files import envelope

    if output.exists() and not output.is_dir():
        raise BadInput([Problem("output", "a folder to write to", "a file", "name another folder", str(output))])
    began = perf_counter()
    brief = gather_brief(ledger, scenario, progress=report)
    page = write_brief(brief, output)
    told = envelope(brief)
    meta: dict[str, Any] = {**told["meta"], "written": str(page), "seconds": round(perf_counter() - began, 1)}
    return Run(pd.DataFrame(told["data"]), meta, brief=brief)
