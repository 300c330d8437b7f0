"""The claim tables behind a ledger: read once, shared by every view of them."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from orepact.errors import ProblemCollector
from orepact.facts.checking import check_claims, check_sources
from orepact.facts.claims import CLAIM_COLUMNS, numbers
from orepact.facts.codes import Codes
from orepact.facts.dates import periods
from orepact.facts.loading import Table, read_table, tables_in
from orepact.facts.shown import Shown
from orepact.facts.sources import REQUIRED, SOURCE_COLUMNS
from orepact.facts.subjects import parse_subjects

if TYPE_CHECKING:
    from orepact.facts.labels import Audience

SOURCES_FILE = "sources.csv"
CHECKED = b"orepact_checked"
"""Metadata key of Parquet files whose claims were checked when they were written."""

NEVER = 99_999_999
"""The day on which a claim without a readable date is known."""


def is_trade(path: Path) -> bool:
    """Trade tables are named ``trade...`` and are read only when asked for."""
    return path.name.startswith("trade")


@dataclass
class Storage:
    """The folders of claim tables (shipped first, then overlays) with their code lists; tables are read on first use."""

    folders: tuple[Path, ...]
    codes: Codes
    code_folder: Path | None = None
    trade_parts: dict[tuple[frozenset[str] | None, ...], pd.DataFrame] = field(default_factory=dict)
    shown_parts: dict[frozenset[str], Shown] = field(default_factory=dict)

    @cached_property
    def files(self) -> tuple[Path, ...]:
        """All tables of all folders; raises ``BadInput`` for a folder that is missing or empty."""
        problems = ProblemCollector()
        found = [path for folder in self.folders for path in tables_in(folder, problems)]
        problems.raise_if_any()
        return tuple(found)

    @cached_property
    def sources(self) -> pd.DataFrame:
        """All sources, indexed by id; of two folders the first one's words stand."""
        problems = ProblemCollector()
        tables = [read_sources(path, problems) for path in self.files if path.name == SOURCES_FILE]
        if not tables:
            expected = f"the file {SOURCES_FILE}"
            problems.add("file", expected, "none", "write the sources of the claims", file=str(self.folders[0]))
        problems.raise_if_any()
        joined = pd.concat([table.frame for table in tables], ignore_index=True)
        return joined.drop_duplicates("source").sort_values("source").set_index("source", drop=False).rename_axis("id")

    @cached_property
    def claims(self) -> pd.DataFrame:
        """Every claim outside the trade tables, prepared, in the order of the files."""
        files = [path for path in self.files if not is_trade(path) and path.name != SOURCES_FILE]
        return self._read(files)

    @cached_property
    def labels(self) -> frozenset[str]:
        """Every label that a claim carries, those of trade too: audiences that are shown the same of these see the same facts."""
        trade = (_told_in_trade(path, "label") for path in self.files if is_trade(path))
        return frozenset(self.claims["label"].unique()).union(*trade)

    @cached_property
    def days(self) -> npt.NDArray[np.int64]:
        """The days (``yyyymmdd``) on which a claim came out, those of trade too, in order: between two of them nothing is new."""
        trade = [pd.Series(sorted(_told_in_trade(path, "as_of")), dtype="str") for path in self.files if is_trade(path)]
        _, last = periods(pd.concat(trade, ignore_index=True)) if trade else (None, np.empty(0, dtype=np.int64))
        return np.union1d(self.claims["as_of_day"].to_numpy(), last)

    @cached_property
    def by_attribute(self) -> dict[str, npt.NDArray[np.int64]]:
        """Positions in ``claims`` of each attribute."""
        codes, unique = pd.factorize(self.claims["attribute"])
        order = np.argsort(codes, kind="stable")
        splits = np.searchsorted(codes[order], np.arange(len(unique) + 1))
        return {str(name): order[splits[place] : splits[place + 1]] for place, name in enumerate(unique)}

    def trade(self, things: Collection[str] | None, years: Collection[str] | None) -> pd.DataFrame:
        """Prepared trade claims of some things and years (None for all); the filter reaches down into the files."""
        key = tuple(None if names is None else frozenset(names) for names in (things, years))
        if key not in self.trade_parts:
            files = [path for path in self.files if is_trade(path)]
            tables = [_trade_table(path, things, years) for path in files]
            self.trade_parts[key] = prepare(_joined(tables), self.codes)
        return self.trade_parts[key]

    def check(self, folders: Sequence[Path] | None = None, *, day: int | None = None) -> None:
        """Read and check the tables of some folders (default: all); raises ``BadInput`` with every problem.

        ``day`` is the last day on which a source may have spoken (``yyyymmdd``, default today).
        Sources may stand in any folder. Parquet files that say they were checked when written are taken at their word.
        """
        problems = ProblemCollector()
        known = {
            name for path in self.files if path.name == SOURCES_FILE for name in read_sources(path, problems).frame["source"]
        }
        if not known and not len(problems):
            folder = str(self.folders[0])
            problems.add("file", f"the file {SOURCES_FILE}", "none", "write the sources of the claims", file=folder)
        for path in self.files:
            asked = folders is None or path.parent in folders
            if asked and path.name != SOURCES_FILE and not was_checked(path):
                table = read_table(path, CLAIM_COLUMNS, problems)
                problems.extend(check_claims(table, self.codes, known or None, day=day))
        problems.raise_if_any()

    @cached_property
    def edition(self) -> str:
        """SHA-256 over names and bytes of all tables and code lists, in hexadecimal."""
        return self._hash_of(self.files)

    def shown(self, audience: Audience) -> Shown:
        """What an audience is shown besides the facts of the package; found once for all who are shown the same."""
        seen = self._laid_over[audience.mask(self._laid_over["label"])]
        labels = frozenset(seen["label"])
        if labels not in self.shown_parts:
            ours = [path for path in self.files if self._is_ours(path)]
            problems = ProblemCollector()
            tables = [read_sources(path, problems).frame["source"] for path in ours if path.name == SOURCES_FILE]
            shipped = frozenset().union(*tables)
            self.shown_parts[labels] = Shown(seen, self.sources, shipped, self._hash_of(ours))
        return self.shown_parts[labels]

    @cached_property
    def _laid_over(self) -> pd.DataFrame:
        """The claims that did not come with the package, as they were written, those of trade too."""
        files = [path for path in self.files if path.name != SOURCES_FILE and not self._is_ours(path)]
        return _joined([_trade_table(path, None, None) for path in files])

    def _is_ours(self, path: Path) -> bool:
        """Whether a table came with the package, as the code lists did: all in these is open."""
        return self.code_folder is not None and path.parent == self.folders[0]

    def _hash_of(self, files: Iterable[Path]) -> str:
        digest = hashlib.sha256()
        lists = sorted(self.code_folder.glob("*.yaml")) if self.code_folder else []
        for path in (*files, *lists):
            digest.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
        return digest.hexdigest()

    def _read(self, files: Sequence[Path]) -> pd.DataFrame:
        problems = ProblemCollector()
        tables = [read_table(path, CLAIM_COLUMNS, problems) for path in files]
        problems.raise_if_any()
        return prepare(_joined(tables), self.codes)


def read_sources(path: Path, problems: ProblemCollector) -> Table:
    """The sources of one file, checked; problems are gathered."""
    table = read_table(path, SOURCE_COLUMNS, problems, required=REQUIRED)
    problems.extend(check_sources(table))
    return table


def prepare(claims: pd.DataFrame, codes: Codes) -> pd.DataFrame:
    """Claims with ``number``, ``text``, the parsed subject columns, and ``as_of_day`` (last day of as_of, ``yyyymmdd``)."""
    texts = {name for name, attribute in codes.attributes.items() if attribute.is_text}
    is_text = claims["attribute"].isin(texts)
    _, last = periods(claims["as_of"])
    last = np.where(last > 0, last, NEVER)
    return claims.assign(
        number=numbers(claims["value"].mask(is_text, "")),
        text=claims["value"].where(is_text, ""),
        **parse_subjects(claims["subject"], codes),
        as_of_day=last,
    )


def was_checked(path: Path) -> bool:
    """True for a Parquet file that says it was checked when it was written."""
    if path.suffix != ".parquet":
        return False
    import pyarrow as pa
    from pyarrow import parquet

    try:
        return CHECKED in (parquet.read_schema(path).metadata or {})
    except (pa.ArrowException, OSError):
        return False


def _joined(tables: Sequence[Table]) -> pd.DataFrame:
    frames = [table.frame for table in tables if len(table.frame)] or [Table.empty("", CLAIM_COLUMNS).frame]
    return pd.concat(frames, ignore_index=True)


def _trade_table(path: Path, things: Collection[str] | None, years: Collection[str] | None) -> Table:
    if path.suffix == ".parquet" and (things is not None or years is not None):
        part = _parquet_part(path, things, years)
        if part is not None:
            return part
    problems = ProblemCollector()
    table = read_table(path, CLAIM_COLUMNS, problems)
    problems.raise_if_any()
    return table


def _told_in_trade(path: Path, column: str) -> frozenset[str]:
    """The different values in a column of a table of trade, without reading what else is in it where the file allows that."""
    if path.suffix == ".parquet":
        import pyarrow.parquet as pq

        return frozenset(map(str, pq.read_table(path, columns=[column]).column(column).unique().to_pylist()))
    return frozenset(_trade_table(path, None, None).frame[column].unique())


def _parquet_part(path: Path, things: Collection[str] | None, years: Collection[str] | None) -> Table | None:
    """The rows of one Parquet file whose subject ends in one of ``things`` and whose year is one of ``years``.

    None when the columns are not all text: such a file must be read whole.
    """
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.dataset as ds

    data = ds.dataset(path)
    if any(data.schema.field(column).type != pa.string() for column in CLAIM_COLUMNS):
        return None
    condition: Any = None
    if years is not None:
        condition = pc.field("year").isin(pa.array(sorted(years), pa.string()))
    if things is not None:
        ends = pc.match_substring_regex(pc.field("subject"), pattern=f"/({'|'.join(sorted(things))})$")
        condition = ends if condition is None else condition & ends
    frame = data.to_table(columns=list(CLAIM_COLUMNS), filter=condition).to_pandas().astype("str")
    return Table(path.name, frame, np.empty(0, dtype=np.int64))
