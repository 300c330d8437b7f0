"""Use cases of overlays: an organisation's own claims, kept as versions and laid over the facts in its own runs alone.

Nobody else is told that there is one. A version stays as it was; ending an overlay lets no new run use it.
"""

from __future__ import annotations

import tempfile
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from orepact.errors import BadInput, Problem, ProblemCollector
from orepact.facts.labels import Label, Tlp
from orepact.service.access.may import refused
from orepact.service.pact.desk import opened
from orepact.service.result import Result
from orepact.service.sharing.shelves import Shelf
from orepact.store import overlays
from orepact.store.overlays import Overlay

if TYPE_CHECKING:
    from orepact.service.pact.desk import Where

#: Characters of a table at most.
MOST_TEXT = 16 * 2**20
SHELF = Shelf("overlay", overlays.versions)
COLUMNS = ("overlay", "version", "owner", "label", "sha256", "claims", "created_at", "created_by", "ended_at")


def put_overlay(
    name: str, claims: str, db: Where = None, *, sources: str = "", label: str = "", organisation: str = ""
) -> Result:
    """Keep claims of one's organisation as the next version of an overlay; the same claims again are the version that there is.

    ``claims``: a table in the columns of claims (CSV), ``sources``: one of the sources that they name and the package has not.
    ``label``: ``TLP:AMBER+STRICT/OWNER`` unless said otherwise; with ``TLP:RED/OWNER`` it is for stewards alone.
    ``organisation``: for which the holder of the database does it.

    Raises ``BadInput`` with every problem of both tables, ``Forbidden``.
    """
    with opened(db, filled=False) as store:
        owner, mark = SHELF.claim(store, name, label, organisation)
        found = SHELF.put(store, _kept(*canonical(claims, sources, mark), owner, name, mark))
    words = f"{found.ref}: {_claims(found)}, for {owner} alone"
    return _shown([found], words, {"overlay": found.ref, "sha256": found.sha256})


def list_overlays(db: Where = None, *, organisation: str = "") -> Result:
    """Every version of the overlays of one's organisation (of all for the holder of the database): ``COLUMNS``."""
    found = SHELF.listed(db, organisation)
    return _shown(found, f"{len(found)} versions of overlays")


def readable_overlays(db: Where = None) -> list[Overlay]:
    """Every version that somebody may read and lay over the facts, without its texts; none for who makes no runs."""
    with opened(db, filled=False) as store:
        reader = store.reader
        if reader is None or refused(reader, "run") or not reader.organisation:
            return []
    return SHELF.listed(db, "")


def show_overlay(name: str, db: Where = None, *, organisation: str = "") -> Result:
    """The claims of an overlay of one's organisation (``NAME@VERSION``, else the last), as they are kept; raises ``NotFound``."""
    found = SHELF.found(db, name, organisation)
    top = {"overlay": found.ref, "sha256": found.sha256, "sources": found.sources}
    return Result(_frame(found.claims), {"title": f"{found.ref}: {_claims(found)}", "label": found.label}, top)


def end_overlay(name: str, db: Where = None, *, organisation: str = "") -> Result:
    """Let no new run use an overlay; its versions stay, for what rests on them. Raises ``NotFound``, ``Forbidden``."""
    found = SHELF.end(db, name, organisation)
    return _shown([found], f"{found.name}: no new run uses it")


def _claims(one: Overlay) -> str:
    return f"{one.rows} claim{'' if one.rows == 1 else 's'}"


def canonical(claims: str, sources: str, mark: str) -> tuple[str, str]:
    """Both tables as they are kept: checked as facts are, sorted; claims that do not fit the overlay's label are refused."""
    from orepact.facts import import_claims
    from orepact.facts.sources import SOURCE_COLUMNS

    too_long = [name for name, text in (("claims", claims), ("sources", sources)) if len(text) > MOST_TEXT]
    if too_long:
        raise BadInput([Problem(name, f"at most {MOST_TEXT} characters", "more", "split it") for name in too_long])
    with tempfile.TemporaryDirectory(prefix="orepact-overlay-") as draft:
        folder = Path(draft)
        files = [("claims.csv", claims), *([("sources.csv", sources)] if sources.strip() else [])]
        for name, text in files:
            (folder / name).write_bytes(text.encode("utf-8", "surrogatepass"))
        done = import_claims([folder / name for name, _ in files], folder / "kept")
        frames = [pd.read_parquet(file) for file in done.files if file.suffix == ".parquet"]
        found = pd.concat(frames, ignore_index=True)
        kept = (folder / "kept" / "sources.csv").read_text(encoding="utf-8") if sources.strip() else _header(SOURCE_COLUMNS)
    _demand_fitting(found, mark)
    return found.to_csv(index=False, lineterminator="\n"), kept


def _kept(claims: str, sources: str, owner: str, name: str, mark: str) -> Overlay:
    digest, rows = sha256(f"{claims}\0{sources}".encode()).hexdigest(), len(claims.splitlines()) - 1
    return Overlay(owner=owner, name=name, label=mark, sha256=digest, claims=claims, sources=sources, rows=rows)


def _header(columns: tuple[str, ...]) -> str:
    return ",".join(columns) + "\n"


def _demand_fitting(claims: pd.DataFrame, mark: str) -> None:
    """A claim is open or its owner's, as that of another counts in no run of the owner; one for stewards alone needs an overlay
    that is for them alone, as it counts in no other.
    """
    whole = Label.parse(mark)
    assert whole is not None, "it was read before"
    problems = ProblemCollector("claims.csv")
    if not len(claims):
        problems.add("claims", "at least one claim", "none", "write the claims of the overlay")
    for text in sorted(set(claims["label"])):
        label = Label.parse(text)
        if label is not None and label.owner not in {"", whole.owner}:
            problems.add("label", f"an open label or one of {whole.owner}", text, "leave out what is not yours")
        elif label is not None and label.level is Tlp.RED and whole.level is not Tlp.RED:
            problems.add("label", f"a label no stricter than {mark}", text, f"label the overlay {text}")
    problems.raise_if_any()


def _frame(claims: str) -> pd.DataFrame:
    import io

    return pd.read_csv(io.StringIO(claims), dtype=str, keep_default_na=False)


def _shown(found: list[Overlay], title: str, top: dict[str, Any] | None = None) -> Result:
    rows = [
        (one.name, one.version, one.owner, one.label, one.sha256, one.rows, one.created_at, one.created_by, one.ended_at)
        for one in found
    ]
    return Result(pd.DataFrame(rows, columns=list(COLUMNS)), {"title": title, "units": {"claims": "claim"}}, top or {})
