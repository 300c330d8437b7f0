"""Use case: take a user's own data in; claims as they are, or customs trade in the columns of CEPII BACI."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from orepact.errors import ProblemCollector
from orepact.facts.customs import codes_in
from orepact.service.result import Result
from orepact.wording import field

if TYPE_CHECKING:
    from orepact.facts import Codes

#: Columns of CEPII BACI: year, exporter, importer, product, value (thousand USD), quantity (tonnes).
BACI = ("t", "i", "j", "k", "v", "q")
#: Numeric codes of trade statistics that are not those of ISO 3166-1 (United States, other Asia...).
TRADE_NUMBERS = {842: "USA", 490: "TWN", 251: "FRA", 579: "NOR", 699: "IND", 710: "ZAF"}
REST = "ROW"


def import_facts(
    files: Sequence[Path],
    into: Path | None = None,
    *,
    layout: str = "claims",
    sources: Path | None = None,
    source: str | None = None,
    hs: str = "HS2017",
) -> Result:
    """Check files of claims (or BACI trade) whole and write them as Parquet to ``into``, or write nothing.

    ``into`` is by default the user's folder of facts, which every command reads. ``sources`` is a ``sources.csv`` with the
    sources that the claims name. With ``layout="baci"`` trade of the commodities of the code lists is kept, aggregated to their
    places, and every row comes from ``source``; the same holds for published tables of production (``wmd``, ``bgs``). ``data``
    lists the tables written. Raises ``BadInput`` with every problem.
    """
    from orepact.facts import Codes, import_claims

    with tempfile.TemporaryDirectory() as draft:
        extra = [] if sources is None else [_as_sources(sources, Path(draft))]
        if layout == "claims":
            done = import_claims([*files, *extra], into)
            notes: list[str] = []
        elif layout == "baci":
            table, notes = baci_claims(files, Codes.shipped(), source=source, hs=hs, folder=Path(draft))
            done = import_claims([table, *extra], into)
        else:
            from orepact.service.importing_statistics import statistics_claims

            tables, notes = statistics_claims(files, Codes.shipped(), layout=layout, source=source, folder=Path(draft))
            done = import_claims([*tables, *extra], into)
    data = pd.DataFrame([{"table": path.name, "bytes": path.stat().st_size} for path in done.files])
    meta: dict[str, Any] = {
        "title": f"{done.claims} claims written to {done.folder}",
        "written": str(done.folder),
        "claims": done.claims,
        "new_sources": done.sources,
        "units": {"bytes": "byte"},
        "warnings": notes,
    }
    return Result(data, meta)


def _as_sources(sources: Path, draft: Path) -> Path:
    """A table of sources under the name by which the import knows it."""
    if sources.name == "sources.csv" or not sources.is_file():
        return sources
    return Path(shutil.copyfile(sources, draft / "sources.csv"))


def baci_claims(files: Sequence[Path], codes: Codes, *, source: str | None, hs: str, folder: Path) -> tuple[Path, list[str]]:
    """A Parquet file of trade claims from BACI files, and notes on what was left out.

    Read through DuckDB, so that files larger than memory pass. A code that covers several commodities stands under the first of
    them, with its code in the note, and is said so; places outside the code lists become the rest of the world; trade within one
    place is dropped.
    """
    from orepact.facts.claims import CLAIM_COLUMNS
    from orepact.facts.importing import write_parquet

    problems = ProblemCollector()
    if not source:
        problems.add("source", "the id of the source", "none", f"name a source of sources.csv: {field('source')}")
    for path in files:
        _demand_columns(path, problems)
    problems.raise_if_any()
    products, shared = _products(codes, hs)
    flows = _query(files, products, codes)
    claims = _as_claims(flows, str(source), hs)
    target = folder / f"trade_{files[0].stem}.parquet"
    write_parquet(claims[list(CLAIM_COLUMNS)], target)
    notes = [
        f"{hs} {code} covers {', '.join(names)}: kept under the first, a baseline splits it"
        for code, names in sorted(shared.items())
        if code in set(flows["code"])
    ]
    return target, notes


def _demand_columns(path: Path, problems: ProblemCollector) -> None:
    import duckdb

    try:
        with duckdb.connect() as connection:
            names = [str(name) for name in connection.sql(f"SELECT * FROM {_reader(path)} LIMIT 0").columns]  # noqa: S608
    except (duckdb.Error, OSError) as error:
        mend = "give a CSV or Parquet file in the columns of BACI"
        problems.add("file", "a readable table", str(error).splitlines()[0][:120], mend, file=path.name)
        return
    for name in BACI:
        if name not in names:
            problems.add(
                name, f"the columns {', '.join(BACI)}", f"only {', '.join(names)}"[:120], "rename the column", file=path.name
            )


def _reader(path: Path) -> str:
    """The path as DuckDB reads it; codes stay text, empty quantities are none."""
    text = str(path).replace("'", "''")
    return f"read_parquet('{text}')" if path.suffix == ".parquet" else f"read_csv('{text}', all_varchar=true, nullstr=['', 'NA'])"


def _products(codes: Codes, hs: str) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Customs code to the first commodity that it covers, and the codes that several commodities share.

    Raises ``BadInput`` for an edition of the Harmonized System that there never was.
    """
    known: dict[str, list[str]] = {}
    for name, commodity in codes.commodities.items():
        for code in codes_in(commodity.hs, hs):
            known.setdefault(code, []).append(name)
    return {code: names[0] for code, names in known.items()}, {code: names for code, names in known.items() if len(names) > 1}


def _query(files: Sequence[Path], products: dict[str, str], codes: Codes) -> pd.DataFrame:
    """Year, exporter, importer, commodity, quantity (t) and value (thousand USD) between places of the code lists."""
    import duckdb

    numbers = {int(place.numeric): name for name, place in codes.places.items() if place.numeric}
    numbers |= {int(group.numeric): name for name, group in codes.groups.items() if group.numeric}
    numbers |= {number: name for number, name in TRADE_NUMBERS.items() if name in codes.places}
    places = pd.DataFrame({"number": list(numbers), "place": list(numbers.values())})
    things = pd.DataFrame({"code": list(products), "commodity": list(products.values())})
    union = " UNION ALL ".join(f"SELECT t, i, j, k, v, q FROM {_reader(path)}" for path in files)  # noqa: S608
    with duckdb.connect() as connection:
        connection.register("places", places)
        connection.register("things", things)
        found: pd.DataFrame = connection.sql(
            f"""
            SELECT CAST(t AS INTEGER) AS year, coalesce(a.place, '{REST}') AS origin, coalesce(b.place, '{REST}') AS destination,
                   commodity, min(code) AS code, sum(TRY_CAST(q AS DOUBLE)) AS quantity, sum(TRY_CAST(v AS DOUBLE)) AS value
            FROM ({union}) AS flows
            JOIN things ON lpad(trim(CAST(k AS VARCHAR)), 6, '0') = things.code
            LEFT JOIN places AS a ON TRY_CAST(i AS INTEGER) = a.number
            LEFT JOIN places AS b ON TRY_CAST(j AS INTEGER) = b.number
            GROUP BY ALL HAVING origin <> destination ORDER BY ALL
            """  # noqa: S608
        ).df()
    return found


def _as_claims(flows: pd.DataFrame, source: str, hs: str) -> pd.DataFrame:
    subject = flows["origin"] + ">" + flows["destination"] + "/" + flows["commodity"]
    parts = []
    for attribute, column, unit in (("trade_quantity", "quantity", "t"), ("trade_value", "value", "kUSD")):
        known = flows[column].notna()
        part = pd.DataFrame({"subject": subject[known], "attribute": attribute, "unit": unit})
        part["value"] = flows.loc[known, column].map(lambda number: format(number, ".10g"))
        part["year"] = flows.loc[known, "year"].astype(str)
        part["note"] = hs + " " + flows.loc[known, "code"] + "; imported from BACI columns"
        parts.append(part)
    claims = pd.concat(parts, ignore_index=True)
    day = pd.Timestamp.now().strftime("%Y-%m-%d")
    fixed = {"valid_from": "", "valid_to": "", "source": source, "as_of": day, "confidence": "reported", "label": "TLP:CLEAR"}
    return claims.assign(**fixed)
