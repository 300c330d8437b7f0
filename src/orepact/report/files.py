"""The brief on disk: ``index.html``, one CSV file a table under ``data/``, and everything as ``brief.json``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orepact.chain.whole_folder import files_in_place
from orepact.report.page import render_page
from orepact.report.views import csv_text
from orepact.report.words import plain

if TYPE_CHECKING:
    from orepact.report.brief import Brief, Finding

FILES = ("brief.json", "index.html")


def write_brief(brief: Brief, folder: Path | str) -> Path:
    """Write the page and its data into ``folder`` (made when missing); returns the path of the page.

    All files are written aside first, so that a failure leaves an earlier brief as it was. Other files in the folder stay.
    """
    target = Path(folder)
    page = render_page(brief)
    with files_in_place(target, (*FILES, "data")) as draft:
        (draft / "index.html").write_text(page, encoding="utf-8")
        text = json.dumps(envelope(brief), ensure_ascii=False, allow_nan=False, indent=1)
        (draft / "brief.json").write_text(text + "\n", encoding="utf-8")
        _write_tables(brief, draft / "data")
    return target / "index.html"


def _write_tables(brief: Brief, folder: Path) -> None:
    folder.mkdir()
    for name, table in brief.tables.items():
        (folder / f"{name}.csv").write_text(csv_text(table), encoding="utf-8")


def envelope(brief: Brief) -> dict[str, Any]:
    """``{"data": [findings], "tables": {id: rows}, "meta": {...}}`` with plain values."""
    tables = {
        name: [{k: plain(v) for k, v in record.items()} for record in table.records()] for name, table in brief.tables.items()
    }
    meta = {
        "title": brief.title,
        "manifest": {key: plain(value) for key, value in brief.manifest.items()},
        "units": {
            name: {column.key: column.unit for column in table.columns if column.unit} for name, table in brief.tables.items()
        },
        "sources": [{"source": name, **said} for name, said in brief.sources.items()],
        "warnings": list(brief.caveats),
    }
    return {"data": [_finding(finding) for finding in brief.findings], "tables": tables, "meta": meta}


def _finding(finding: Finding) -> dict[str, Any]:
    basis = finding.basis
    said = {"confidence": basis.confidence, "as_of": basis.as_of, "sources": list(basis.sources)}
    return {
        "figure": finding.figure,
        "label": finding.label,
        "title": finding.title,
        "words": finding.words,
        "section": finding.section,
        **said,
    }
