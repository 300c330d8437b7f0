"""Small records of a made-up kind, so that the store is tested whatever the real kinds become."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Annotated, ClassVar

import pytest

from orepact.errors import Problem
from orepact.pact.records import kinds
from orepact.pact.records.codes import Code
from orepact.pact.records.fields import Reference
from orepact.pact.records.record import Brief, Entry, Identifier, Part, Record, Text
from orepact.pact.records.register import Register

ThingId = Annotated[Identifier, Reference(("thing",))]


class Share(Part):
    """Part of a thing that belongs to another."""

    of: ThingId
    percent: float = 0.0


class ThingBrief(Brief):
    """What boards need of a thing."""

    kind: ClassVar[str] = "thing"

    shares: tuple[Share, ...] = ()
    state: str = "open"


class Thing(Record):
    """Something with a state, perhaps within another."""

    kind: ClassVar[str] = "thing"
    in_brief: ClassVar[type[Brief] | None] = ThingBrief

    within: ThingId | None = None
    shares: tuple[Share, ...] = ()
    state: Text = "open"
    owner: Text = ""
    instrument: Text = ""
    article: Text = ""
    articles: tuple[Text, ...] = ()
    due: date | None = None
    most: int | None = None

    def entry(self) -> Entry:
        return Entry(self.title, self.state, self.owner, self.instrument, (self.article,) if self.article else (), self.due)

    def problems(self, register: Register) -> Iterator[Problem]:
        """A thing holds no more than ``most`` others, and is not within itself."""
        inside = [item for item in register.all(Thing) if item.within == self.id]
        if self.most is not None and len(inside) > self.most:
            yield Problem(f"thing {self.id}, most", f"at most {self.most} within it", str(len(inside)), "take some out")
        if (
            self.within is not None
            and (("thing", self.within)) in register
            and register.get(Thing, self.within).state == "closed"
        ):
            yield Problem(f"thing {self.id}, within", "an open thing", self.within, "open it first")


class Leaf(Record):
    """Something that only refers to another of its kind: no rule asks for the others, so that many can be written fast."""

    kind: ClassVar[str] = "leaf"

    beside: Annotated[Identifier, Reference(("leaf",))] | None = None


def thing(name: str, title: str = "", **values: object) -> Thing:
    """A thing by its id."""
    return Thing.model_validate({"id": name, "title": title or name, **values})


def known_kinds() -> Mapping[str, type[Record]]:
    """The kinds of these tests."""
    return {"thing": Thing, "leaf": Leaf, "code": Code}


@pytest.fixture(autouse=True)
def thing_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    """The store knows things."""
    monkeypatch.setattr(kinds, "kinds", known_kinds)


def ticking(start: datetime = datetime(2026, 1, 1, tzinfo=UTC)) -> Callable[[], datetime]:
    """A clock that moves on by a second whenever it is read."""
    seconds = count()
    return lambda: start + timedelta(seconds=next(seconds))


def numbered() -> Callable[[], str]:
    """Salts that can be guessed."""
    numbers = count(1)
    return lambda: f"{next(numbers):032x}"
