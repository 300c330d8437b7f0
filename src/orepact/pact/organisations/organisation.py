"""``Organisation``: ministries, companies, associations and nations, with names that change over time and those they became."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from orepact.errors import BadInput, NotFound, Problem
from orepact.facts.labels import Label
from orepact.pact.dates.days import DateText, Span, happened
from orepact.pact.dates.lasting import Lasting, at_once, holding, shared
from orepact.pact.organisations.ownership import Owner, Tree, above_one, cycles, ultimate
from orepact.pact.records.codes import unknown
from orepact.pact.records.fields import Takes
from orepact.pact.records.folding import folded
from orepact.pact.records.record import Confidence, Entry, Identifier, Language, Part, Record, Text
from orepact.pact.records.references import OrganisationId, OrganisationKindCode

if TYPE_CHECKING:
    from orepact.pact.records.register import Register

#: ``legal``: in law; ``applied``: in use; ``short``: an abbreviation; ``alias``: another way in which sources write it.
Form = Literal["legal", "applied", "short", "alias"]
#: What stands in for a form that an organisation has no name of.
INSTEAD: Mapping[str, tuple[Form, ...]] = {
    "legal": ("legal", "applied"),
    "applied": ("applied", "legal"),
    "short": ("short", "applied", "legal"),
    "alias": ("alias",),
}
_COUNTRY, _PLACE = re.compile(r"[A-Z]{3}"), re.compile(r"[A-Z]{3}|[A-Z]{2}-[A-Z0-9]{1,3}")


def _country(text: str) -> str:
    if text and not _COUNTRY.fullmatch(text):
        raise ValueError("a country as three capital letters, such as CAN")
    return text


def _place(text: str) -> str:
    if text and not _PLACE.fullmatch(text):
        raise ValueError("a place such as CAN or CA-ON")
    return text


Country = Annotated[str, AfterValidator(_country), Takes("a country as three capital letters, such as CAN")]
PlaceText = Annotated[str, AfterValidator(_place), Takes("a place such as CAN or CA-ON")]


class Name(Lasting):
    """A name in a language, and when it holds."""

    text: Text = Field(min_length=1)
    language: Language = "en"
    form: Form = "applied"
    confidence: Confidence = "reported"


class Change(Part):
    """How an organisation passed to others: a ``merger`` or ``takeover`` ends it, a ``split`` may leave a part of it."""

    how: Literal["merger", "takeover", "split"]
    on: DateText
    into: tuple[OrganisationId, ...] = Field(min_length=1)
    confidence: Confidence = "reported"
    source: Text = ""


class Membership(Lasting):
    """A member of an association, a group or an alliance."""

    organisation: OrganisationId
    confidence: Confidence = "reported"


class Organisation(Record):
    """Who can be a party, an owner or an employer.

    ``country``: where it is at home (three capital letters, "" where nobody said); ``place``: the province, for its authorities;
    ``company``: its id in the code list of companies, by which facts know it; ``side``: whose side it sits on where that is not
    its country. ``products``, ``needs``: commodities. What it can make stands with its sites.
    """

    kind: ClassVar[str] = "organisation"

    names: tuple[Name, ...] = ()
    organisation_kind: OrganisationKindCode
    country: Country = ""
    place: PlaceText = ""
    side: Country = ""
    company: Text = ""
    parent: OrganisationId | None = None
    owners: tuple[Owner, ...] = ()
    members: tuple[Membership, ...] = ()
    began: DateText | None = None
    ended: DateText | None = None
    ended_reason: Text = ""
    changes: tuple[Change, ...] = ()
    products: tuple[Identifier, ...] = ()
    needs: tuple[Identifier, ...] = ()
    tags: tuple[Identifier, ...] = ()

    def entry(self) -> Entry:
        """Its state is its kind, or that it ended."""
        return Entry(self.title, state="ended" if self.ended else self.organisation_kind, owner=self.parent or "")

    def name_on(self, day: date, language: str = "en", form: Form = "applied") -> str:
        """Its name on a day: in the language, else in English, else its title; in the form, else the one nearest to it."""
        for spoken in dict.fromkeys((language, "en")):
            found = self._name(day, spoken, form)
            if found:
                return found
        return self.title_in(language)

    def _name(self, day: date, language: str, form: Form) -> str:
        valid = holding(self._spoken(language), day)
        return next((name.text for kind in INSTEAD[form] for name in valid if name.form == kind), "")

    def _spoken(self, language: str) -> list[Name]:
        """Its names in a language; the title is the one applied where no other is."""
        found = [name for name in self.names if name.language == language]
        titles = {"en": self.title, **{str(spoken): words for spoken, words in self.titles.items()}}
        if language in titles and not any(name.form == "applied" for name in found):
            found.append(Name(text=titles[language]))
        return found

    def called(self) -> Iterator[str]:
        """Every name it has or had, in any language."""
        yield from dict.fromkeys((self.title, *self.titles.values(), *(name.text for name in self.names)))

    def ended_by(self, day: date) -> bool:
        """Whether it is surely over on a day."""
        return self.ended is not None and happened(self.ended, day)

    def members_on(self, day: date) -> tuple[str, ...]:
        """Ids of its members on a day, as far as they are on record: those to whom an association passes a call."""
        return tuple(member.organisation for member in holding(self.members, day))

    def forbidden(self, before: Record | None) -> Iterator[Problem]:
        """A new id with a dot: what stands before a dot in an id is the organisation that keeps the record closed."""
        keeper, dot, _ = self.id.partition(".")
        label = Label.parse(self.label)
        if before is None and dot and (label is None or label.owner.casefold() != keeper):
            expected = f"an id without a dot, or a label of which {keeper} is the owner"
            yield Problem(f"organisation {self.id}, id", expected, self.label, "join the words by - instead")

    def problems(self, register: Register) -> Iterator[Problem]:
        """Dates that contradict, two names at once, shares above one, cycles of owners or parents, a kind that no list knows."""
        where = f"organisation {self.id}"
        yield from unknown(register, f"{where}, organisation_kind", "organisation_kind", self.organisation_kind)
        yield from self._time_problems(where)
        yield from self._name_problems(where)
        yield from self._owner_problems(where, register)
        yield from self._parent_problems(where, register)

    def _time_problems(self, where: str) -> Iterator[Problem]:
        if self.began and self.ended and Span.of(self.ended).surely_before(Span.of(self.began)):
            yield Problem(f"{where}, ended", f"a date not before began ({self.began})", self.ended, "mend one of the dates")
        if self.ended and not self.ended_reason:
            yield Problem(f"{where}, ended_reason", "why it ended", "nothing", "add ended_reason")
        for change in self.changes:
            if change.how != "split" and (self.ended is None or not shared(Span.of(change.on), Span.of(self.ended))):
                expected = f"the end that a {change.how} is, {change.on}"
                yield Problem(f"{where}, ended", expected, self.ended or "nothing", f"write ended: {change.on}")
            if self.id in change.into and change.how != "split":
                yield Problem(f"{where}, changes", "others that it passed to", self.id, "leave its own id out")

    def _name_problems(self, where: str) -> Iterator[Problem]:
        by_language: dict[str, list[Name]] = {}
        for name in self.names:
            if name.form == "applied":
                by_language.setdefault(name.language, []).append(name)
        for language, names in by_language.items():
            for one, other in at_once(names):
                expected, found = f"one applied name in {language} at a time", f"{one.text!r} and {other.text!r}"
                yield Problem(f"{where}, names", expected, found, "end one, or call it an alias")

    def _owner_problems(self, where: str, register: Register) -> Iterator[Problem]:
        for day, total in above_one(self.owners):
            since = "" if day == date.min else f" from {day}"
            yield Problem(f"{where}, owners", "shares that sum to at most 1", f"{total:.6g}{since}", "mend shares or dates")
        for path, _ in cycles(register.once(tree), self.id):
            found = " -> ".join(path)
            yield Problem(f"{where}, owners", "owners without a cycle", found, "end or correct one of these holdings")

    def _parent_problems(self, where: str, register: Register) -> Iterator[Problem]:
        path = [self.id]
        parent = self.parent
        while parent is not None and ("organisation", parent) in register:
            path.append(parent)
            if parent == self.id:
                yield Problem(f"{where}, parent", "a parent above it", " -> ".join(path), "correct one of these parents")
            if parent in path[:-1]:
                return
            parent = register.get(Organisation, parent).parent


def tree(register: Register) -> Tree:
    """The owners of every organisation that has some."""
    return {found.id: found.owners for found in register.all(Organisation) if found.owners}


def homes(register: Register, company: str, on: date) -> dict[str, float]:
    """Share of a company by home country of its ultimate owners on a day, largest first; "" for what is not known.

    A company without owners on record is its own owner. Raises ``NotFound`` for a company that the register does not have.
    """
    found = ultimate(register.once(tree), register.get(Organisation, company).id, on)
    if not found.stakes and not found.unstated:
        return {register.get(Organisation, company).country: 1.0}
    shares: dict[str, float] = {"": found.unknown} if found.unknown else {}
    for stake in found.stakes:
        known = ("organisation", stake.holder) in register
        country = register.get(Organisation, stake.holder).country if known else ""
        shares[country] = shares.get(country, 0.0) + stake.share
    return dict(sorted(shares.items(), key=lambda item: (item[0] == "", -item[1], item[0])))


def heirs(register: Register, name: str, on: date) -> tuple[str, ...]:
    """Who an organisation is on a day: itself while it lasts, else those it passed to, and so on.

    >>> from orepact.pact.records.register import Register
    >>> old = Organisation(id="kores", title="KORES", organisation_kind="agency", ended="2021-09-10", ended_reason="merged",
    ...                    changes=[Change(how="merger", on="2021-09-10", into=["komir"])])
    >>> both = Register.of([old, Organisation(id="komir", title="KOMIR", organisation_kind="agency")])
    >>> heirs(both, "kores", date(2021, 9, 1)), heirs(both, "kores", date(2022, 1, 1))
    (('kores',), ('komir',))
    """
    found: dict[str, None] = {}
    waiting, seen = [name], set[str]()
    while waiting:
        current = register.get(Organisation, waiting.pop(0))
        if current.id in seen:
            continue
        seen.add(current.id)
        passed = [heir for change in current.changes if change.how != "split" or happened(change.on, on) for heir in change.into]
        if not current.ended_by(on):
            found[current.id] = None
        waiting.extend(passed if current.ended_by(on) else [])
    return tuple(found)


def search(register: Register, words: str) -> list[Organisation]:
    """Organisations of which some name, past or present, holds these words; those called exactly so first."""
    wanted = folded(words)
    if not wanted:
        return []
    ranked = []
    for found in register.all(Organisation):
        names = [folded(name) for name in (*found.called(), found.id)]
        if any(wanted in name for name in names):
            ranked.append((wanted not in names, found.id, found))
    return [found for _, _, found in sorted(ranked, key=lambda item: item[:2])]


def organisation(register: Register, words: str) -> Organisation:
    """The organisation of that id, or of exactly that name in any language, case or width, now or earlier.

    Raises ``NotFound`` with the nearest names, and ``BadInput`` when several are called so.
    """
    known = register.records.get(("organisation", words))
    if isinstance(known, Organisation):
        return known
    wanted = folded(words)
    named = {found.id: [*found.called(), found.id] for found in register.all(Organisation)}
    matching = [name for name, texts in named.items() if wanted and wanted in map(folded, texts)]
    if not matching:
        raise NotFound("organisation", words, [text for texts in named.values() for text in texts])
    if len(matching) > 1:
        found = f"{words!r} of {', '.join(matching)}"
        raise BadInput([Problem("organisation", "the name of one organisation", found, "write one of these ids")])
    return register.get(Organisation, matching[0])
