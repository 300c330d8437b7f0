"""Use case: take in published tables of production by country, as ``data/reference/import_layouts.yaml`` reads them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from orepact import wording
from orepact.errors import ProblemCollector

if TYPE_CHECKING:
    from orepact.facts import Codes

REST = "ROW"
BETWEEN = " / "
NOWHERE = "places without a code"
#: Kinds of series left out that a note lists.
MOST_IGNORED = 6


@dataclass(frozen=True, slots=True)
class Layout:
    """How one published table is read."""

    title: str
    columns: Mapping[str, str]
    units: Mapping[str, float]
    series: Mapping[str, Mapping[str, Any]]
    confidence: Mapping[str, str] = field(default_factory=dict)
    estimated_note: str = ""
    repeated: Mapping[str, str] = field(default_factory=dict)
    unverified: Mapping[str, Sequence[str]] = field(default_factory=dict)
    ignored: Mapping[str, str] = field(default_factory=dict)


@cache
def layouts() -> dict[str, Layout]:
    """Layouts of statistics by name."""
    from orepact.chain.reference.rules import read_rules

    return {name: Layout(**entry) for name, entry in read_rules("import_layouts").items()}


def statistics_claims(
    files: Sequence[Path], codes: Codes, *, layout: str, source: str | None, folder: Path
) -> tuple[list[Path], list[str]]:
    """Parquet files of claims, one for each table given, and notes on what was left out.

    Places outside the code lists are added up as the rest of the world. Raises ``BadInput`` with every problem of every file.
    """
    from orepact.facts.claims import CLAIM_COLUMNS
    from orepact.facts.importing import write_parquet

    problems = ProblemCollector()
    if not source:
        problems.add("source", "the id of the source", "none", f"name a source of sources.csv: {wording.field('source')}")
    reader = StatisticsReader(layouts()[layout], codes, problems)
    tables = {path: reader.read(path) for path in files}
    problems.raise_if_any()
    written = []
    for path, table in tables.items():
        target = folder / f"{layout}_{path.stem}.parquet"
        write_parquet(reader.claims(table, str(source))[list(CLAIM_COLUMNS)], target)
        written.append(target)
    return written, reader.notes()


@dataclass
class StatisticsReader:
    """Reads tables of one layout; problems go to ``problems``, what is left out is counted."""

    layout: Layout
    codes: Codes
    problems: ProblemCollector
    skipped: Counter[str] = field(default_factory=Counter)

    def read(self, path: Path) -> pd.DataFrame:
        """The rows that become claims: series, place, year, value (t), confidence, note; empty when the file is broken."""
        try:
            raw = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
        except (OSError, ValueError) as error:
            self.problems.add(
                "", "a readable CSV file in UTF-8", str(error).splitlines()[0][:120], "give such a file", file=path.name
            )
            return pd.DataFrame()
        missing = [name for name in self.layout.columns.values() if name not in raw.columns]
        for name in missing:
            found = ", ".join(map(str, raw.columns))[:120]
            self.problems.add(
                name, f"a column {name} ({self.layout.title})", f"only {found}", "give the published table", file=path.name
            )
        return pd.DataFrame() if missing else self._rows(raw, path.name)

    def _rows(self, raw: pd.DataFrame, file: str) -> pd.DataFrame:
        table = pd.DataFrame({name: raw[column].str.strip() for name, column in self.layout.columns.items()})
        table["row"] = np.arange(2, len(table) + 2)
        part = table["part"] if "part" in table else pd.Series("", index=table.index)
        table["series"] = table["series"] + (BETWEEN + part).where(part != "", "")
        wanted = table["series"].isin(list(self.layout.series))
        self.skipped.update(table.loc[~wanted, "series"])
        nowhere = wanted & (table["place"] == "")
        self.skipped.update({NOWHERE: int(nowhere.sum())} if nowhere.any() else {})
        table = table[wanted & ~nowhere & (table["value"] != "")].copy()
        return self._counted(self._checked(table, file))

    def _checked(self, table: pd.DataFrame, file: str) -> pd.DataFrame:
        """Rows with numbers; what is no number, year, unit or place is a problem."""
        value = pd.to_numeric(table["value"], errors="coerce")
        year = pd.to_numeric(table["year"], errors="coerce")
        rules = (
            ("value", value.isna() | ~(value >= 0), "a number of at least 0", "write digits with a decimal point"),
            ("year", ~table["year"].str.fullmatch(r"(18|19|20)\d\d"), "a calendar year", "write it as four digits"),
            ("unit", ~table["unit"].isin(list(self.layout.units)), f"one of {', '.join(self.layout.units)}", "convert the row"),
        )
        for name, broken, expected, mend in rules:
            for row, cell in zip(table.loc[broken, "row"], table.loc[broken, name], strict=True):
                self.problems.add(self.layout.columns[name], expected, repr(cell), mend, row=int(row), file=file)
        factor = table["unit"].map(dict(self.layout.units)).fillna(1.0).astype(float)
        return table.assign(value=value * factor, year=year)

    def _counted(self, table: pd.DataFrame) -> pd.DataFrame:
        """Without rows that repeat what another series of the place counts."""
        repeated = self.layout.repeated
        if not repeated or not len(table):
            return table
        by = table[table["series"] == repeated["by"]]
        keys = set(zip(by["place"], by["year"], strict=True))
        known = pd.Series([key in keys for key in zip(table["place"], table["year"], strict=True)], index=table.index)
        again = known & (table["series"] == repeated["series"]) & table["note"].str.contains(repeated["note"], regex=False)
        self.skipped.update({f"{repeated['series']} that {repeated['by']} counts": int(again.sum())} if again.any() else {})
        return table[~again]

    # Claims --------------------------------------------------------------------------------------

    def claims(self, table: pd.DataFrame, source: str) -> pd.DataFrame:
        """The claims: series of one thing added up by place and year."""
        from orepact.facts.claims import CLAIM_COLUMNS

        if not len(table):
            return pd.DataFrame(columns=list(CLAIM_COLUMNS))
        rules = table["series"].map(dict(self.layout.series))
        table = table.assign(
            attribute=[rule["attribute"] for rule in rules],
            thing=[rule["thing"] for rule in rules],
            value=table["value"] * [float(rule.get("factor", 1.0)) for rule in rules],
            words=[str(rule.get("note", "")) for rule in rules],
            place=[self._place(name) for name in table["place"]],
            estimated=self._estimated(table),
        )
        keys = ["attribute", "thing", "place", "year"]
        found = table.groupby(keys, as_index=False).agg(
            value=("value", "sum"), estimated=("estimated", "any"), words=("words", "first"), series=("series", _listed)
        )
        doubted = [p in self.layout.unverified.get(f"{a}/{t}", ()) for a, t, p in zip(*(found[k] for k in keys[:3]), strict=True)]
        confidence = np.where(doubted, "unverified", np.where(found["estimated"], "estimated", "reported"))
        day = pd.Timestamp.now().strftime("%Y-%m-%d")
        fixed = {"unit": "t", "valid_from": "", "valid_to": "", "source": source, "as_of": day, "label": "TLP:CLEAR"}
        return pd.DataFrame(
            {
                "subject": found["place"] + "/" + found["thing"],
                "attribute": found["attribute"],
                "value": found["value"].map(lambda number: format(number, ".10g")),
                "year": found["year"].astype(int).astype(str),
                "confidence": confidence,
                "note": [_joined(series, words) for series, words in zip(found["series"], found["words"], strict=True)],
            }
        ).assign(**fixed)

    def _estimated(self, table: pd.DataFrame) -> pd.Series:
        if "flag" in table:
            return table["flag"].map(dict(self.layout.confidence)).fillna("reported") == "estimated"
        return table["note"].str.contains(self.layout.estimated_note, regex=False)

    def _place(self, name: str) -> str:
        codes = self.codes
        return name if name in codes.places or (name in codes.groups and codes.groups[name].kind == "country") else REST

    def notes(self) -> list[str]:
        """What was left out, in words."""
        known = [(name, count, self._why(name)) for name, count in self.skipped.most_common() if self._why(name)]
        out = [f"{count} rows of {name} are left out: {why}" for name, count, why in known[:MOST_IGNORED]]
        rest = sum(self.skipped.values()) - sum(count for _, count, _ in known[:MOST_IGNORED])
        return [*out, f"{rest} rows of other series are left out: not of the chain"] if rest else out

    def _why(self, name: str) -> str:
        if name == NOWHERE:
            return "countries that are no more"
        if " that " in name:
            return "the same material"
        family = name.partition(BETWEEN)[0]
        return self.layout.ignored.get(name, self.layout.ignored.get(family, ""))


def _listed(series: pd.Series) -> str:
    return " + ".join(dict.fromkeys(re.sub(r"^.* / ", "", str(name)) for name in series))


def _joined(*words: str) -> str:
    return "; ".join(word for word in words if word)
