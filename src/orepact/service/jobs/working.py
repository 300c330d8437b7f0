"""One run from its request to the parts of its answer, in a process of its own."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orepact.facts.claims import CLAIM_COLUMNS
from orepact.facts.labels import Audience
from orepact.service.jobs.catalogue import kind_of, question_of
from orepact.service.jobs.computing import Ground
from orepact.service.result import Result, plain
from orepact.store.answers import ANSWER

if TYPE_CHECKING:
    import pandas as pd

    from orepact.facts import Ledger
    from orepact.service.flowing import Report


#: The part with what its worker keeps in the register.
FIGURES = "figures"


@dataclass(frozen=True)
class Task:
    """What a child process is told. ``folder``: where it may write; ``overlay``: ``claims, sources``; ``event``: that of the
    incident which is assessed (JSON); ``own``: see ``Request.own``.
    """

    use_case: str
    arguments: Mapping[str, Any]
    folder: str
    parent: int
    facts: str | None = None
    audience: Mapping[str, Any] | None = None
    overlay: Mapping[str, str] | None = field(default=None, repr=False)
    memory_mib: int = 0
    event: str = field(default="", repr=False)
    own: Mapping[str, str] | None = None


def parts_of(task: Task, report: Report) -> dict[str, bytes]:
    """The answer of a task by parts, as ``orepact.store.answers`` keeps them. Raises what the use case raises."""
    question = question_of(task.use_case, {**task.arguments, "overlay": None})
    files = question.network
    assert not isinstance(files, str), "its worker has put the files in place of the name"
    network = _written(Path(task.folder) / "network", files) if files is not None else None
    ground = Ground(lambda: open_facts(task), network, report, task.event)
    found = kind_of(task.use_case).compute(question, ground)
    report("writing the answer", 1.0)
    values = {ANSWER: answer_of(found.result, task.own)}
    for name, frame in found.tables.items():
        values[name] = table_of(frame) | ({"units": dict(found.units[name])} if name in found.units else {})
    values |= {FIGURES: dict(found.figures)} if found.figures is not None else {}
    return {name: packed(value) for name, value in values.items()}


def open_facts(task: Task) -> Ledger:
    """The facts of the package, of the operator and of the overlay, as the audience may see them on the day asked about."""
    from orepact.facts import Ledger

    extra = [Path(task.facts)] if task.facts else []
    if task.overlay is not None:
        extra.append(_overlay_folder(Path(task.folder) / "overlay", task.overlay))
    audience = None
    if task.audience is not None:
        audience = Audience(**{**task.audience, "client_of": frozenset(task.audience["client_of"])})
    ledger, asked = Ledger.shipped(extra), task.arguments
    return ledger.at(asked.get("as_of"), include_unverified=bool(asked.get("include_unverified")), audience=audience)


def _overlay_folder(folder: Path, overlay: Mapping[str, str]) -> Path:
    """The claims of an overlay as files: trade for itself, as it is read only when it is asked for."""
    import io

    import pandas as pd

    claims = pd.read_csv(io.StringIO(overlay["claims"]), dtype=str, keep_default_na=False)
    traded = claims["attribute"].str.startswith("trade_")
    texts = {name: part for name, part in (("claims", claims[~traded]), ("trade", claims[traded])) if len(part)}
    files = {f"{name}.csv": part[list(CLAIM_COLUMNS)].to_csv(index=False, lineterminator="\n") for name, part in texts.items()}
    return _written(folder, files | {"sources.csv": overlay["sources"]})


def _written(folder: Path, files: Mapping[str, str]) -> Path:
    folder.mkdir(mode=0o700)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    return folder


def answer_of(result: Result, own: Mapping[str, str] | None = None) -> dict[str, Any]:
    """A result as plain values; in place of folders of facts, what is an organisation's own by name and hash, and its label."""
    meta = plain(result.meta)
    manifest = {name: value for name, value in meta["manifest"].items() if name != "overlays"}
    if own is not None:
        manifest |= {own["what"]: own["ref"], f"{own['what']}_sha256": own["sha256"]}
        meta["label"] = own["label"]
    shown = None if result.shown is None else table_of(result.for_people())
    meta["manifest"] = manifest
    return {"top": plain(dict(result.top)), "meta": meta, "rows": table_of(result.data), "shown": shown, "text": result.text}


def table_of(frame: pd.DataFrame) -> dict[str, Any]:
    """A table as plain values: ``columns`` and ``rows``."""
    rows = [[plain(value) for value in row] for row in frame.itertuples(index=False)]
    return {"columns": [*map(str, frame.columns)], "rows": rows}


def frame_of(table: Mapping[str, Any]) -> pd.DataFrame:
    """A table back as a frame."""
    import pandas as pd

    return pd.DataFrame(table["rows"], columns=table["columns"], dtype=object).infer_objects()


def packed(value: Any) -> bytes:
    """Plain values as JSON, compressed: the same values give the same bytes."""
    return zlib.compress(json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode(), 6)


def unpacked(content: bytes) -> Any:
    """The same back."""
    return json.loads(zlib.decompress(content))
