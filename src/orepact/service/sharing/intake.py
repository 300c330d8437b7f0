"""A table of somebody's own on its way into an overlay: read from whatever was sent, its columns matched, every row checked."""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from orepact.errors import BadInput, Problem
from orepact.wording import deed

if TYPE_CHECKING:
    from orepact.service.pact.desk import Where
    from orepact.service.result import Result

_AMOUNT = re.compile(r"\+?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
#: Characters of a table that is looked at in a page.
MOST = 1_000_000
#: So many problems are told.
MOST_PROBLEMS = 200
SAMPLE = 8
DELIMITERS = (",", ";", "\t", "|")
#: Encodings that a table may be said to be in.
ENCODINGS = ("utf-8", "cp1252", "cp932", "cp949", "gb18030")
#: How files begin that are no tables of text.
BEGINS = {b"PK\x03\x04": "a workbook or a zip", b"\xd0\xcf\x11\xe0": "a workbook", b"%PDF": "a PDF", b"\x1f\x8b": "a packed file"}
CLAIMS = (
    "subject",
    "attribute",
    "value",
    "unit",
    "year",
    "valid_from",
    "valid_to",
    "source",
    "as_of",
    "confidence",
    "label",
    "note",
)
TRADE = ("t", "i", "j", "k", "v", "q")
LAYOUTS: Mapping[str, tuple[str, ...]] = {"claims": CLAIMS, "trade": TRADE}
#: What must come from a column, or be said once for all rows.
NEEDED: Mapping[str, tuple[str, ...]] = {
    "claims": ("subject", "attribute", "value", "unit", "source", "as_of", "confidence"),
    "trade": ("t", "i", "j", "k"),
}
#: Names under which columns come, folded.
ALIASES: Mapping[str, tuple[str, ...]] = {
    "t": ("year", "period", "refyear"),
    "i": ("exporter", "reporter", "from", "reportercode", "origin"),
    "j": ("importer", "partner", "to", "partnercode", "destination"),
    "k": ("product", "hs", "hs6", "code", "cmdcode", "commodity"),
    "v": ("value", "tradevalue", "primaryvalue", "value1000usd", "valuekusd"),
    "q": ("quantity", "tonnes", "netweight", "qty", "weight"),
    "subject": ("about", "place", "site"),
    "attribute": ("what", "indicator", "variable"),
    "value": ("amount", "number", "obsvalue"),
    "unit": ("units", "unitmeasure"),
    "year": ("period", "timeperiod"),
    "as_of": ("asof", "date", "published"),
}


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as it was sent: names of columns, rows of cells with their numbers in the file (the head is row 1)."""

    columns: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Matched:
    """Which column (from 0) stands for which field, and what is said once for all rows."""

    layout: str
    columns: Mapping[str, int] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)
    hs: str = "HS2017"


@dataclass(frozen=True, slots=True)
class Looked:
    """What would become of a table: its first rows by field, what is wrong with which row, how many claims it makes."""

    grid: Grid
    matched: Matched
    sample: tuple[Mapping[str, str], ...]
    problems: tuple[Problem, ...]
    claims: int = 0
    notes: tuple[str, ...] = ()


def text_of(content: bytes, encoding: str = "") -> str:
    """The text of a file that was sent; raises ``BadInput`` for what is no table of text, or is in another encoding."""
    if not content.strip():
        raise _bad("a table with a head and rows", "an empty file", "choose a CSV file")
    known = next((words for begin, words in BEGINS.items() if content.startswith(begin)), "")
    if known:
        raise _bad("a CSV file", known, "save the sheet as CSV (UTF-8), and send that")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif b"\0" in content:
        raise _bad("a CSV file", "a file that is not text", "save the sheet as CSV (UTF-8), and send that")
    name = encoding or "utf-8"
    try:
        text = content.decode("utf-8-sig" if name == "utf-8" else name)
    except (UnicodeDecodeError, LookupError) as error:
        row = content[: getattr(error, "start", 0)].count(b"\n") + 1
        raise _bad(
            f"text in {name.upper()}", f"other bytes in row {row}", "choose the encoding of the file, or save it as UTF-8"
        ) from None
    if "\0" in text:
        raise _bad("a CSV file", "a file that is not text", "save the sheet as CSV (UTF-8), and send that")
    if len(text) > MOST:
        mend = f"split it, or send it by {deed('sharing.put_overlay')}, which takes 16 times as much"
        raise _bad(f"at most {MOST:,} characters", f"{len(text):,}", mend)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _bad(expected: str, found: str, mend: str, column: str = "file") -> BadInput:
    return BadInput([Problem(column, expected, found, mend)])


def grid_of(text: str) -> Grid:
    """A text as a table; raises ``BadInput`` for one without columns, or with rows of other lengths."""
    lines = text.lstrip("\n").splitlines()
    if len(lines) < 2:
        raise _bad("a head and at least one row", f"{len(lines)} line", "send the whole table", "text")
    delimiter = max(DELIMITERS, key=lines[0].count)
    try:
        read = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise _bad("a CSV table", str(error)[:100], "close the quotes, and part cells by commas", "text") from None
    written = [(number, tuple(cell.strip() for cell in row)) for number, row in enumerate(read, start=1)]
    filled = [(number, row) for number, row in written if any(row)]
    names = filled[0][1] if filled else ()
    if len(names) == 1:
        raise _bad("columns parted by commas, semicolons or tabs", "one column", "save the sheet as CSV", "text")
    rows = filled[1:]
    if not rows:
        raise _bad("a head and at least one row", "no row that holds anything", "send the whole table", "text")
    problems = [
        Problem(
            "text",
            f"{len(names)} cells",
            str(len(row)),
            "a comma too many or too few: put cells with commas in quotes",
            row=number,
        )
        for number, row in rows
        if len(row) != len(names)
    ]
    problems += [
        Problem("text", "each column once", name, "rename one of the two", row=1)
        for name in sorted({name for name in names if names.count(name) > 1})
    ]
    if problems:
        raise BadInput(problems[:MOST_PROBLEMS])
    return Grid(names, tuple(rows))


def guessed(grid: Grid, layout: str = "") -> Matched:
    """Which column is probably which, and, where it is not said, whether a table is of trade or of claims."""
    folded = ["".join(sign for sign in name.casefold() if sign.isalnum()) for name in grid.columns]
    found = {name: _columns(folded, fields) for name, fields in LAYOUTS.items()}
    if not layout:
        layout = (
            "trade" if len(set(NEEDED["trade"]) & set(found["trade"])) >= 3 and "attribute" not in found["claims"] else "claims"
        )
    return Matched(layout, found[layout])


def _columns(folded: Sequence[str], fields: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name in fields:
        for known in (name.replace("_", ""), *ALIASES.get(name, ())):
            if known in folded and folded.index(known) not in found.values():
                found[name] = folded.index(known)
                break
    return found


def look(text: str, matched: Matched, mark: str, sources: str = "") -> Looked:
    """Check a table whole: what each row would become, and every problem by row; nothing is kept.

    ``mark``: the label of the overlay; raises ``BadInput`` for a text that is no table.
    """
    grid = grid_of(text)
    sample = tuple(_cells(row, matched) for _, row in grid.rows[:SAMPLE])
    missing = [
        Problem(name, "a column, or one value for all rows", "neither", "choose the column that holds it")
        for name in NEEDED[matched.layout]
        if name not in matched.columns and not matched.fixed.get(name)
    ]
    if matched.layout == "trade" and not matched.fixed.get("source"):
        missing.append(Problem("source", "the id of the source", "none", "say from which source the table is"))
    if missing:
        return Looked(grid, matched, sample, tuple(missing))
    try:
        claims, notes = claims_of(grid, matched, mark)
        from orepact.service.sharing.overlays import canonical

        kept, _ = canonical(claims, sources, mark)
    except BadInput as error:
        return Looked(grid, matched, sample, tuple(error.problems[:MOST_PROBLEMS]))
    return Looked(grid, matched, sample, (), len(kept.splitlines()) - 1, tuple(notes))


def _cells(row: Sequence[str], matched: Matched) -> dict[str, str]:
    own = {name: row[place] for name, place in matched.columns.items() if place < len(row)}
    return {name: own.get(name) or matched.fixed.get(name, "") for name in LAYOUTS[matched.layout]}


def claims_of(grid: Grid, matched: Matched, mark: str) -> tuple[str, list[str]]:
    """A table as claims (CSV), and notes on what was left out; raises ``BadInput`` with every row that cannot be read."""
    rows = [(number, _cells(row, matched)) for number, row in grid.rows]
    if matched.layout == "trade":
        return _trade(rows, matched, mark)
    out = io.StringIO()
    writer = csv.DictWriter(out, CLAIMS, lineterminator="\n")
    writer.writeheader()
    writer.writerows({**cells, "label": cells["label"] or mark} for _, cells in rows)
    return out.getvalue(), []


def _trade(rows: Sequence[tuple[int, Mapping[str, str]]], matched: Matched, mark: str) -> tuple[str, list[str]]:
    import pandas as pd

    from orepact.facts import Codes
    from orepact.service.importing import baci_claims

    codes = Codes.shipped()
    numbers = {name: str(int(place.numeric)) for name, place in codes.places.items() if place.numeric}
    numbers |= {name: str(int(group.numeric)) for name, group in codes.groups.items() if group.numeric}
    problems = [problem for number, cells in rows for problem in _wrong(number, cells, numbers)]
    if problems:
        raise BadInput(problems[:MOST_PROBLEMS])
    with tempfile.TemporaryDirectory(prefix="orepact-intake-") as draft:
        folder = Path(draft)
        table = pd.DataFrame(
            [{**cells, "i": numbers.get(cells["i"], cells["i"]), "j": numbers.get(cells["j"], cells["j"])} for _, cells in rows]
        )
        table.to_csv(folder / "trade.csv", index=False)
        target, notes = baci_claims([folder / "trade.csv"], codes, source=matched.fixed["source"], hs=matched.hs, folder=folder)
        claims = pd.read_parquet(target)
    if not len(claims):
        raise _bad("trade of a commodity of the chain", "none", f"codes of {matched.hs} such as 283691 (lithium carbonate)", "k")
    return claims.assign(label=mark).to_csv(index=False, lineterminator="\n"), notes


def _wrong(number: int, cells: Mapping[str, str], places: Mapping[str, str]) -> Iterator[Problem]:
    """What is wrong with a row of trade."""
    if not (_is_code(cells["t"]) and len(cells["t"]) == 4):
        yield Problem("t", "a year of four digits", repr(cells["t"]), "write it as 2024", row=number)
    for name in ("i", "j"):
        if not (_is_code(cells[name]) and len(cells[name]) <= 3) and cells[name] not in places:
            yield Problem(name, "a country by number or three letters", repr(cells[name]), "write 124 or CAN", row=number)
    if not (_is_code(cells["k"]) and 4 <= len(cells["k"]) <= 6):
        yield Problem("k", "a customs code of six digits", repr(cells["k"]), "write it without points", row=number)
    for name in ("v", "q"):
        if cells[name] not in {"", "NA"} and not _is_amount(cells[name]):
            yield Problem(name, "a number of at least 0", repr(cells[name]), "write digits with a decimal point", row=number)


def _is_code(text: str) -> bool:
    """Whether it is written with the digits 0 to 9 alone: programs that read tables know no others."""
    return text.isascii() and text.isdecimal()


def _is_amount(text: str) -> bool:
    return _AMOUNT.fullmatch(text) is not None and float(text) < float("inf")


def source_row(name: str, title: str, producer: str, licence: str) -> str:
    """A table of sources with one that is new; "" where none is described."""
    from orepact.facts.sources import SOURCE_COLUMNS

    if not title:
        return ""
    out = io.StringIO()
    writer = csv.DictWriter(out, SOURCE_COLUMNS, lineterminator="\n")
    writer.writeheader()
    said = {
        "source": name,
        "producer": producer,
        "title": title,
        "licence": licence,
        "attribution": producer,
        "grade": "C",
        "ships": "no",
    }
    writer.writerow({column: said.get(column, "") for column in SOURCE_COLUMNS})
    return out.getvalue()


def take(name: str, text: str, matched: Matched, mark: str, db: Where = None, *, sources: str = "") -> Result:
    """Keep a table as the next version of an overlay of one's organisation; raises ``BadInput`` with every problem, and then
    nothing has changed.
    """
    from orepact.service.sharing.overlays import put_overlay

    looked = look(text, matched, mark, sources)
    if looked.problems:
        raise BadInput(list(looked.problems))
    claims, _ = claims_of(looked.grid, matched, mark)
    return put_overlay(name, claims, db, sources=sources, label=mark)
