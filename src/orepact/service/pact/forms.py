"""Forms that people fill in as YAML: read safely, and printed empty in their language."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from orepact.errors import BadInput, Problem
from orepact.service.pact.desk import asked, manifest_of
from orepact.service.result import Result

if TYPE_CHECKING:
    from orepact.pact.incidents.patterns import Pattern
    from orepact.service.pact.desk import Where


def read_form(source: Path) -> dict[str, Any]:
    """The keys and values of a filled form; raises ``BadInput`` for what is no YAML with keys at its top."""
    from orepact.pact.records.reading import read_values

    found = read_values(source)
    if not isinstance(found, dict):
        raise BadInput([Problem("content", "keys with values", type(found).__name__, "write `by: ...` and so on", source.name)])
    return found


def form_of(instrument: str, db: Where = None, *, language: str = "en") -> Result:
    """The questions that a request under an instrument answers: ``field, question, required, help``.

    ``text`` is the form as YAML, to be filled in.
    """
    from orepact.pact.incidents.patterns import way_to_ask
    from orepact.pact.instruments.instrument import Instrument

    with asked(db) as (store, register):
        register.get(Instrument, instrument)
        way = way_to_ask(register, instrument)
        manifest = manifest_of(store)
    rows = [(one.id, one.title_in(language), one.required, one.help) for one in way.form]
    data = pd.DataFrame(rows, columns=["field", "question", "required", "help"])
    title = f"{way.title_in(language)} ({way.id})"
    form = "\n".join(_request(title, way, language)) + "\n"
    meta = {"title": title, "meeting_days": way.meeting_days, "basis": way.basis, "form": form, "manifest": manifest}
    return Result(data, meta, text=form)


def _request(title: str, way: Pattern, language: str) -> Iterator[str]:
    """The lines of an empty form: who asks whom, when, and a place for each answer."""
    from orepact.pact.dates.days import so_many_days

    yield f"# {title}"
    if way.meeting_days:
        yield f"# The sides meet within {so_many_days(way.meeting_days)} of the day of receipt."
    yield from ("by: ORGANISATION", "asked: [ORGANISATION]")
    yield from ("sent_at: 2026-01-01T09:00+00:00", "received_at: 2026-01-01T09:00+00:00", "answers:")
    for one in way.form:
        words = [one.title_in(language), one.help, "" if one.required else "(may be left out)"]
        yield f"  # {' '.join('. '.join(filter(None, words)).split())}"
        yield f'  {"" if one.required else "# "}{one.id}: ""'
