"""Gather the sentences of pages and bring the catalogues of each language in line with them.

    python -m tools.compile.catalogues

Sentences are the first words of ``say`` and ``count``, in code and in the templates of pages; ``plural``, ``sentence`` and
``said`` mark those that are looked up later. Titles of the code lists stand in sentences too. A sentence that is gone is dropped,
a new one is added without words; the test of the catalogues names what is still to be translated.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from orepact.chain import Scenario
from orepact.chain.scenario_files import shipped_scenarios
from orepact.facts.codes import Codes
from orepact.shock.events.reading import load_events, shipped_events
from orepact.shock.response.aid import TITLES as OPTIONS

ROOT = Path(__file__).resolve().parents[2]
#: Rooms that speak to people.
ROOMS = tuple(ROOT / "src/orepact" / room for room in ("report", "service/view", "web/pages"))
LOCALE = ROOT / "src/orepact/data/locale"
LANGUAGES = ("fr", "ja", "ko")
DOMAIN = "orepact"
#: Catalogues carry no day, so that the same words give the same file.
NO_DAY = datetime(2000, 1, 1, tzinfo=UTC)
#: What marks a sentence, and which of its arguments are words.
KEYWORDS = {"say": None, "guide": None, "sentence": None, "said": None, "count": (1, 2), "plural": (1, 2)}
#: How files are read: templates as their engine reads them, with line breaks as they stand there.
METHODS = [("**.py", "python"), ("**.j2", "jinja2")]


def sentences() -> Catalog:
    """Every sentence of the code, without words."""
    found = Catalog()
    for room in ROOMS:
        for _, _, words, _, _ in extract_from_dir(room, METHODS, keywords=KEYWORDS):
            found.add(words)
    for words in terms():
        found.add(words)
    return found


def terms() -> Iterator[str]:
    """Titles of the code lists that stand in sentences, without what is in brackets; of shipped events and scenarios, what
    scenarios say of themselves, and what may be done in a shock.
    """
    codes = Codes.shipped()
    for listed in (codes.elements, codes.stages, codes.commodities, codes.statuses):
        yield from (entry.title.partition(" (")[0] for entry in listed.values())
    yield from (entry.title for entry in codes.places.values() if entry.kind in {"province", "rest"})
    yield from (event.title for event in load_events(list(shipped_events())))
    yield from OPTIONS.values()
    for scenario in map(Scenario.load, shipped_scenarios()):
        yield from (scenario.title, scenario.description.strip())


def folder(language: str) -> Path:
    """Where the catalogue of a language stands."""
    return LOCALE / language / "LC_MESSAGES"


def read(language: str) -> Catalog:
    """The catalogue of a language; an empty one where there is none."""
    file = folder(language) / f"{DOMAIN}.po"
    if not file.exists():
        return Catalog(locale=language, domain=DOMAIN)
    with file.open("rb") as source:
        return read_po(source, locale=language, domain=DOMAIN)


def in_line(language: str) -> Catalog:
    """The catalogue with exactly the sentences of the code."""
    old, new = read(language), Catalog(locale=language, domain=DOMAIN, project="orepact", fuzzy=False)
    for message in sentences():
        if message.id:
            known = old.get(message.id)
            new.add(message.id, known.string if known else "", flags=message.flags)
    return new


def as_po(catalogue: Catalog) -> bytes:
    """The catalogue as people edit it, in the order of the sentences, the same each time."""
    out = BytesIO()
    write_po(out, catalogue, omit_header=True, sort_output=True, width=120)
    head = f'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Language: {catalogue.locale_identifier}\\n"\n'
    return f'{head}"Plural-Forms: {catalogue.plural_forms}\\n"\n\n'.encode() + out.getvalue()


def as_mo(po: bytes, language: str) -> bytes:
    """The catalogue as programs read it, the same each time."""
    catalogue = read_po(BytesIO(po), locale=language, domain=DOMAIN)
    fixed = Catalog(locale=language, domain=DOMAIN, fuzzy=False, creation_date=NO_DAY, revision_date=NO_DAY)
    for message in catalogue:
        if message.id:
            fixed.add(message.id, message.string)
    out = BytesIO()
    write_mo(out, fixed)
    return out.getvalue()


def main() -> None:
    """Write all catalogues."""
    for language in LANGUAGES:
        catalogue = in_line(language)
        po = as_po(catalogue)
        folder(language).mkdir(parents=True, exist_ok=True)
        (folder(language) / f"{DOMAIN}.po").write_bytes(po)
        (folder(language) / f"{DOMAIN}.mo").write_bytes(as_mo(po, language))
        missing = sum(1 for message in catalogue if message.id and not _told(message.string))
        print(f"{language}: {len(catalogue)} sentences, {missing} without words")


def _told(words: object) -> bool:
    return bool(words) and (isinstance(words, str) or all(words))  # type: ignore[arg-type]  # a text or a tuple of texts


if __name__ == "__main__":
    main()
