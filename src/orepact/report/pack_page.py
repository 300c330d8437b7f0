"""``write_packs``: the pack of a meeting on disk, one self-contained page a language, that opens offline and prints on A4."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

from orepact.chain.whole_folder import files_in_place
from orepact.facts.labels import Label
from orepact.pact.decisions.decision import Decision
from orepact.report.brief import MARKS
from orepact.report.pack import Fact, Namer, Pack, Part, Points, Table, Words
from orepact.report.pack_board import scoreboard
from orepact.report.pack_said import following
from orepact.report.pack_sections import agenda, decisions, indicators, next_meeting, open_matters, overdue, projects
from orepact.report.voice import Voice

if TYPE_CHECKING:
    from jinja2 import Environment

    from orepact.pact.briefing.dossier import Dossier
    from orepact.pact.records.register import Register

#: A cell of so few letters is not broken, nor one of so few with a figure in it, such as a date; a figure at the top that is
#: wider than so many letters is set smaller.
WORD, DATE, FIGURE = 8, 18, 11


def write_packs(
    folder: Path | str, file: Dossier, register: Register, languages: Sequence[str], manifest: Mapping[str, str] | None = None
) -> dict[str, Path]:
    """Write ``pack.LANGUAGE.html`` for each language into ``folder`` (made when missing; other files stay), all or none of them.

    ``register`` is the one from which the dossier is; ``manifest``: what the page depends on, for its foot. Returns the path of
    each page. Raises ``NotFound`` for a language without a catalogue.
    """
    pages = {language: render_pack(pack_of(file, register, language, manifest or {})) for language in languages}
    names, target = {language: f"pack.{language}.html" for language in languages}, Path(folder)
    with files_in_place(target, [*names.values()]) as draft:
        for language, text in pages.items():
            (draft / names[language]).write_text(text, encoding="utf-8")
    return {language: target / name for language, name in names.items()}


def pack_of(file: Dossier, register: Register, language: str, manifest: Mapping[str, str]) -> Pack:
    """Everything that the page shows, in a language."""
    voice = Voice.of(language)
    names = Namer(voice, register, file.on)
    title = names.title(file.body)
    parts = _parts(file, names)
    unknown = [*file.body.unknowns, *(file.board.instrument.unknowns if file.board else ())]
    return Pack(
        language,
        title,
        _subtitle(file, names),
        str(_strictest(names)),
        _facts(file, names),
        parts,
        tuple(sorted({source for record in names.used.values() for source in record.sources})),
        tuple(Words(text, "" if language == "en" else "en") for text in dict.fromkeys(unknown)),
        _said(voice),
        manifest,
    )


def _parts(file: Dossier, names: Namer) -> tuple[Part, ...]:
    board = (scoreboard(file.board, names),) if file.board else ()
    first = (next_meeting(file, names), agenda(file, names), decisions(file, names))
    return (*first, *board, overdue(file, names), projects(file, names), open_matters(file, names), indicators(file, names))


def _subtitle(file: Dossier, names: Namer) -> tuple[Words, ...]:
    told = [Words(names.voice.say("As known on {day}.", day=names.voice.day(file.on)))]
    decision = names.register.records.get((Decision.kind, file.body.decision or ""))
    if decision is not None:
        told += [Words(names.voice.say("Set up by a decision")), names.title(decision)]
    return (names.title(file.board.instrument), *told) if file.board else tuple(told)


def _facts(file: Dossier, names: Namer) -> tuple[Fact, ...]:
    voice, due = names.voice, file.line.due
    inferred = file.body.meets is not None and file.body.meets.counted_inferred and due.day is not None
    when = voice.say("next meeting was due") if due.overdue(file.on) else voice.say("next meeting due")
    found = [Fact(Words(voice.day(due.day), confidence="estimated" if inferred else "reported"), when)]
    for side in file.line.sides:
        who = voice.say("next chair for {side}", side=names.side(side.side))
        found.append(Fact(following(names, side.following), who))
    if file.board:
        of = voice.say("of {counted} operative articles without evidence", counted=voice.number(len(file.board.counted)))
        found.append(Fact(voice.number(len(file.board.without)), of))
    found.append(Fact(voice.number(len(file.overdue)), voice.say("commitments overdue")))
    found.append(Fact(voice.number(len(file.moved)), voice.say("projects with news since the last meeting")))
    return tuple(found)


def _strictest(names: Namer) -> Label:
    """The label of the page: the strictest of the records that it shows."""
    labels = [label for record in names.used.values() if (label := Label.parse(record.label))]
    return max(sorted(labels, key=str), key=lambda label: label.level)


def _said(voice: Voice) -> dict[str, str]:
    """Words of the frame of the page."""
    return {
        "house": voice.say("Meeting pack"),
        "contents": voice.say("Contents"),
        "skip": voice.say("Skip to the contents"),
        "at_a_glance": voice.say("At a glance"),
        "unknowns": voice.say("What is not known"),
        "sources": voice.say("Sources"),
        "no_sources": voice.say("The records name no source."),
        "rests_on": voice.say("What this page rests on"),
        "marks": voice.say("Marks"),
        "estimated": voice.say("at least one part is an estimate or our own reading"),
        "unverified": voice.say("said once and not confirmed"),
        "english": voice.say("Texts in italics stand in English: nobody has translated them yet."),
        "label": voice.say("Who may read this"),
        "entries": voice.say("Entries of the register"),
        "head": voice.say("Seal of its last entry"),
        "on": voice.say("As known on"),
    }


def render_pack(pack: Pack) -> str:
    """The page as text."""
    template = _environment().get_template("pack.html.j2")
    return template.render(pack=pack, style=_text("style/page.css") + _text("style/pack.css"), marks=MARKS)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    loader = FunctionLoader(lambda name: _text(f"templates/{name}"))
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.tests["table"] = lambda block: isinstance(block, Table)
    environment.tests["points"] = lambda block: isinstance(block, Points)
    environment.tests["whole"] = lambda cell: _whole(str(cell))
    environment.tests["long"] = lambda cell: _columns(str(cell)) > FIGURE
    environment.tests["words"] = lambda cell: isinstance(cell, Words)
    return environment


def _columns(text: str) -> int:
    """How wide a text stands, in letters: those of Chinese characters, kana and hangul are two wide.

    >>> _columns("2026-08-26"), _columns("2026年8月26日")
    (10, 13)
    """
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def _whole(text: str) -> bool:
    """Whether a cell stays in one line."""
    return len(text) <= (DATE if any(letter.isdigit() for letter in text) else WORD)


def _text(name: str) -> str:
    return files("orepact.report").joinpath(name).read_text(encoding="utf-8")
