"""Forms that people fill in as YAML: read safely, and printed empty in their language."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from orepact.errors import BadInput, Problem
from orepact.service.pact.desk import asked, manifest_of
from orepact.service.result import Result


def read_form(source: Path) -> dict[str, Any]:
    """The keys and values of a filled form; raises ``BadInput`` for what is no YAML with keys at its top."""
    from orepact.pact.records.reading import read_values

    found = read_values(source)
    if not isinstance(found, dict):
        raise BadInput([Problem("content", "keys with values", type(found).__name__, "write `by: ...` and so on", source.name)])
    return found


def form_of(instrument: str, db: str | None = None, *, language: str = "en") -> Result:
    """The questions that a request under an instrument answers: ``field, question, required, help``; the form in ``meta``."""
    from orepact.pact.incidents.patterns import way_to_ask
    from orepact.pact.instruments.instrument import Instrument

    with asked(db) as (store, register):
        register.get(Instrument, instrument)
        way = way_to_ask(register, instrument)
        manifest = manifest_of(store)
    rows = [(one.id, one.title_in(language), one.required, one.help) for one in way.form]
    data = pd.DataFrame(rows, columns=["field", "question", "required", "help"])
    head = ["by: ORGANISATION", "asked: [ORGANISATION]", "sent_at: 2026-01-01T09:00+00:00", "received_at: 2026-01-01T09:00+00:00"]
    form = "\n".join([*head, "answers:", *(f"  {one.id}: # {one.title_in(language)}" for one in way.form)])
    meta = {
        "title": f"{way.title_in(language)} ({way.id})", "meeting_days": way.meeting_days, "basis": way.basis, "form": form,
        "manifest": manifest,
    }  # fmt: skip
    return Result(data, meta)
