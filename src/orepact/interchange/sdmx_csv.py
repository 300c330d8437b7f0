"""SDMX-CSV 2.0: numbers of the facts as observations of the data structure ``OREPACT:CLAIMS(1.0)``.

Dimensions: ``REF_AREA``, ``COUNTERPART_AREA`` (of a flow, where it arrives), ``ITEM`` (commodity, element, process or site),
``INDICATOR`` (attribute), ``TIME_PERIOD`` (year, or the first day of validity), ``SOURCE``. ``_Z`` stands for "does not apply".
Measure: ``OBS_VALUE``. Attributes: ``UNIT_MEASURE``, ``OBS_STATUS`` and ``CONF_STATUS`` in the cross-domain code lists of SDMX,
and ``CONFIDENCE``, ``LABEL``, ``AS_OF``, ``VALID_TO``, ``COMMENT_OBS`` as the claim has them.
Sources: SDMX-CSV field guide 2.0 (sdmx-twg/sdmx-csv); SDMX code lists CL_OBS_STATUS 2.2 and CL_CONF_STATUS 1.3.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from orepact.errors import Problem, ProblemCollector
from orepact.facts.checking import check_claims
from orepact.facts.claims import CLAIM_COLUMNS, CONFIDENCES
from orepact.facts.labels import Label, Tlp
from orepact.facts.loading import Table
from orepact.interchange.cells import csv_rows, csv_text, demand_columns, guarded, number_of, unguarded
from orepact.interchange.made import Made, left_out

if TYPE_CHECKING:
    from orepact.facts import Codes

STRUCTURE = "OREPACT:CLAIMS(1.0)"
HEAD = ("STRUCTURE", "STRUCTURE_ID", "ACTION")
DIMENSIONS = ("REF_AREA", "COUNTERPART_AREA", "ITEM", "INDICATOR", "TIME_PERIOD", "SOURCE")
MEASURE = "OBS_VALUE"
ATTRIBUTES = ("UNIT_MEASURE", "OBS_STATUS", "CONF_STATUS", "CONFIDENCE", "LABEL", "AS_OF", "VALID_TO", "COMMENT_OBS")
COLUMNS = (*HEAD, *DIMENSIONS, MEASURE, *ATTRIBUTES)
#: "Does not apply", in every SDMX code list.
NONE = "_Z"
#: Confidence of a claim: its code in CL_OBS_STATUS (normal, normal, estimated, low reliability).
OBS_STATUS = {"reported": "A", "derived": "A", "estimated": "E", "unverified": "U"}
#: Level of a label: its code in CL_CONF_STATUS (free, not for publication, confidential).
CONF_STATUS = {Tlp.CLEAR: "F", Tlp.GREEN: "N", Tlp.AMBER: "N", Tlp.AMBER_STRICT: "C", Tlp.RED: "C"}
#: Kinds of subjects whose first part is an area.
_OF_AREAS = ("place", "place_thing", "flow", "flow_thing")
_PERIOD = re.compile(r"(?:19|2[01])\d\d(?:-\d\d(?:-\d\d)?)?")
#: How a claim's column comes back from a cell.
_BACK = {
    "attribute": "INDICATOR",
    "value": MEASURE,
    "unit": "UNIT_MEASURE",
    "source": "SOURCE",
    "as_of": "AS_OF",
    "valid_to": "VALID_TO",
    "confidence": "CONFIDENCE",
    "label": "LABEL",
    "note": "COMMENT_OBS",
}


def of_claims(claims: pd.DataFrame, *, name: str = "claims.csv") -> Made:
    """The observations among resolved claims (``Ledger.resolve``), and how many claims are none.

    Text is no observation, nor is a claim without a year or a day from which it holds. Values keep the digits of the claim.
    """
    text = ~np.isfinite(claims["number"].to_numpy(dtype=float))
    dated = ((claims["year"] != "") | (claims["valid_from"] != "")).to_numpy()
    both = int(((claims["year"] != "") & (claims["valid_from"] != "") & ~text).sum())
    warnings = left_out(int(text.sum()), "claims of text", "an observation is a number")
    warnings += left_out(int((~text & ~dated).sum()), "claims without a date", "an observation has a period")
    if both:
        warnings.append(f"{both} claims keep their year and lose the day from which they hold: an observation has one period")
    kept = claims[~text & dated]
    lines = zip(*(column.tolist() for column in _columns(kept).values()), strict=True)
    return Made({name: csv_text(COLUMNS, lines, newline="\r\n")}, tuple(warnings))


def _columns(claims: pd.DataFrame) -> dict[str, pd.Series]:
    text = {name: claims[name].astype("str") for name in (*CLAIM_COLUMNS, "kind", "place", "partner", "thing")}
    area = text["kind"].isin(_OF_AREAS)
    fixed = pd.Series("", index=claims.index, dtype="str")
    columns = {
        "STRUCTURE": fixed + "datastructure",
        "STRUCTURE_ID": fixed + STRUCTURE,
        "ACTION": fixed + "I",
        "REF_AREA": text["place"].where(area, NONE),
        "COUNTERPART_AREA": text["partner"].where(area & (text["partner"] != ""), NONE),
        "ITEM": text["subject"].mask(area, text["thing"]).replace("", NONE),
        "TIME_PERIOD": text["year"].where(text["year"] != "", text["valid_from"]),
        "OBS_STATUS": text["confidence"].map(OBS_STATUS).fillna("U"),
        "CONF_STATUS": text["label"].map(conf_status),
        **{column: text[claim] for claim, column in _BACK.items()},
    }
    return {name: columns[name].map(guarded) if name != MEASURE else columns[name] for name in COLUMNS}


def conf_status(label: str) -> str:
    """The code of CL_CONF_STATUS for a label; confidential for a text that is none.

    >>> conf_status("TLP:CLEAR"), conf_status("TLP:AMBER+STRICT/nrcan"), conf_status("secret")
    ('F', 'C', 'C')
    """
    found = Label.parse(label)
    return "C" if found is None else CONF_STATUS[found.level]


def read(text: str, *, file: str = "claims.csv", codes: Codes | None = None) -> pd.DataFrame:
    """Claims (the columns of a claim table, all text) from SDMX-CSV of ``STRUCTURE``; raises ``BadInput`` with every problem.

    Subjects are put together from areas and items; a deletion (``ACTION`` D) is refused, for claims are never taken away.
    With ``codes`` areas, items, indicators, units and dates must be known there; sources are not asked.
    """
    header, lines = csv_rows(text, file)
    found = ProblemCollector(file)
    demand_columns(header, COLUMNS, found)
    for name in header:
        if name not in COLUMNS:
            found.add(name, f"only the components of {STRUCTURE}", f"unknown column {name!r}", "remove or rename it", row=1)
    found.raise_if_any()
    rows, seen = [], dict[tuple[str, ...], int]()
    for number, line in lines:
        cells = {name: unguarded(cell) for name, cell in zip(header, line, strict=True)}
        _check(cells, number, found)
        first = seen.setdefault(tuple(cells[name] for name in DIMENSIONS), number)
        if first != number:
            found.add("", "each key once", f"the dimensions of row {first}", "keep one of them", row=number)
        rows.append(_claim(cells))
    claims = pd.DataFrame(rows, columns=list(CLAIM_COLUMNS)).astype("str")
    if codes is not None:
        told = {(p.row, p.column) for p in found}
        table = Table(file, claims, np.array([number for number, _ in lines]))
        by_cell = [_in_cells(problem) for problem in check_claims(table, codes, None)]
        found.extend(p for p in by_cell if (p.row, p.column) not in told and not (p.column == "ITEM" and (p.row, "") in told))
    found.raise_if_any()
    return claims


def _in_cells(problem: Problem) -> Problem:
    """The problem of a claim under the name of the column that holds it here."""
    dates = {"year": "TIME_PERIOD", "valid_from": "TIME_PERIOD", "subject": "ITEM"}
    return replace(problem, column=(dates | _BACK).get(problem.column, problem.column))


def _check(cells: dict[str, str], row: int, found: ProblemCollector) -> None:
    if (cells["STRUCTURE"].lower(), cells["STRUCTURE_ID"]) != ("datastructure", STRUCTURE):
        at = f"{cells['STRUCTURE']} {cells['STRUCTURE_ID']}"[:60]
        found.add("STRUCTURE_ID", f"datastructure {STRUCTURE}", at, "give a file of that structure", row=row)
    if cells["ACTION"] not in {"I", "A", "R", "M"}:
        found.add("ACTION", "I, A, R or M", cells["ACTION"][:20], "claims are added, never taken away", row=row)
    number_of(cells[MEASURE], MEASURE, row, found)
    if not _PERIOD.fullmatch(cells["TIME_PERIOD"]):
        found.add("TIME_PERIOD", "a year or a day", cells["TIME_PERIOD"][:20], "write 2024 or 2024-06-30", row=row)
    if cells["CONFIDENCE"] not in CONFIDENCES:
        found.add("CONFIDENCE", " or ".join(CONFIDENCES), cells["CONFIDENCE"][:20], "write one of them", row=row)
    elif cells["OBS_STATUS"] != OBS_STATUS[cells["CONFIDENCE"]]:
        expected = f"{OBS_STATUS[cells['CONFIDENCE']]}, as {cells['CONFIDENCE']} says"
        found.add("OBS_STATUS", expected, cells["OBS_STATUS"][:20], "make both say the same", row=row)
    _check_label(cells, row, found)
    for name in ("INDICATOR", "SOURCE", "UNIT_MEASURE"):
        if not cells[name]:
            found.add(name, "a name", "an empty cell", "fill it", row=row)
    if cells["REF_AREA"] == NONE and cells["ITEM"] == NONE:
        found.add("ITEM", "an area or an item", "neither", "name what the number is about", row=row)


def _check_label(cells: dict[str, str], row: int, found: ProblemCollector) -> None:
    """The label decides who sees it; a code that says less would open what is closed elsewhere."""
    if Label.parse(cells["LABEL"]) is None:
        found.add("LABEL", "a label such as TLP:AMBER/OWNER", cells["LABEL"][:40], "write who may see it", row=row)
    elif cells["CONF_STATUS"] != conf_status(cells["LABEL"]):
        expected = f"{conf_status(cells['LABEL'])}, as {cells['LABEL']} says"
        found.add("CONF_STATUS", expected, cells["CONF_STATUS"][:20], "make both say the same", row=row)


def _claim(cells: dict[str, str]) -> dict[str, str]:
    area, partner, item = (cells[name] for name in ("REF_AREA", "COUNTERPART_AREA", "ITEM"))
    where = area + (f">{partner}" if partner != NONE else "")
    subject = item if area == NONE else where + ("" if item == NONE else f"/{item}")
    period = cells["TIME_PERIOD"]
    dates = {"year": period, "valid_from": ""} if len(period) == 4 else {"year": "", "valid_from": period}
    return {"subject": subject, **dates, **{claim: cells[column] for claim, column in _BACK.items()}}


def write_claims(claims: pd.DataFrame) -> str:
    """A claim table (CSV) that ``orepact facts import`` reads."""
    return csv_text(CLAIM_COLUMNS, claims[list(CLAIM_COLUMNS)].itertuples(index=False))
