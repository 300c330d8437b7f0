"""The sheet of one project: its states, plans, contracts, permits, support and engagement, as one reader may see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from orepact.pact.instruments.instrument import Instrument
from orepact.pact.organisations.engagement import Engagement
from orepact.pact.projects.contracts import Contract
from orepact.pact.projects.project import NOT_KNOWN, Project
from orepact.service.pact.contracting import quantity_words
from orepact.service.pact.desk import Desk, asked
from orepact.service.rules import day_of
from orepact.service.view.chains import chain_of
from orepact.service.view.incident_words import code
from orepact.service.view.project_pipeline import lines_of
from orepact.service.view.said import Named
from orepact.service.view.tower_party import name_of
from orepact.service.view.tower_steps import titles

if TYPE_CHECKING:
    from datetime import date

    from orepact.facts import Ledger
    from orepact.pact.projects.project import PartyOf, Status
    from orepact.pact.records.register import Register
    from orepact.service.pact.desk import Where
    from orepact.service.view.project_pipeline import Line


@dataclass(frozen=True, slots=True)
class Tie:
    """A contract of a project as it stands."""

    id: str
    title: str
    kind: Named
    status: str
    sellers: str
    buyers: str
    commodity: str
    quantity: str


@dataclass(frozen=True, slots=True)
class Theirs:
    """A record of engagement of the Nation of who asks: hidden from others now or not, approved for publication or not."""

    id: str
    title: str
    hidden: bool
    approved_on: str


@dataclass(frozen=True, slots=True)
class Served:
    """An article that a project serves: where it stands (``ref``, "" where the text numbers none) in which instrument."""

    instrument: str
    title: Named
    article: str
    ref: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A project on a day. ``states``: those reported by then, the last first; ``engagement``: by Nation; ``theirs``: what the
    organisation of who asks may hide or release.
    """

    project: Project
    line: Line
    on: date
    states: tuple[Status, ...]
    parties: tuple[PartyOf, ...]
    serves: tuple[Served, ...]
    contracts: tuple[Tie, ...]
    nations: tuple[tuple[Engagement, Named], ...]
    theirs: tuple[Theirs, ...]
    confidence: str


def sheet(project: str, ledger: Ledger, db: Where = None, *, on: str | None = None) -> Sheet:
    """The sheet of a project on a day; raises ``NotFound``."""
    from orepact.pact.dates.days import Span, happened

    day = day_of(on)
    own = db.reader.organisation if isinstance(db, Desk) and db.reader is not None else ""
    with asked(db) as (store, register):
        found = register.get(Project, project)
        line = lines_of([found], chain_of(ledger, store, register, day), register, day)[0]
        known = (one for one in found.statuses if happened(one.date, day))
        states = sorted(known, key=lambda one: Span.of(one.date), reverse=True)
        engaged = [one for one in register.all(Engagement) if one.project == project]
        return Sheet(
            found, line, day, tuple(states), found.parties,
            tuple(_served(register, one.instrument, one.article) for one in found.serves),
            tuple(_ties(found, register, day)), tuple((one, name_of(register, one.nation)) for one in engaged),
            tuple(_theirs(one, day) for one in engaged if one.nation == own), found.confidence,
        )  # fmt: skip


def _ties(project: Project, register: Register, on: date) -> list[Tie]:
    site = project.site or "no site"
    every = [one for one in register.all(Contract) if project.id in one.projects or site in (one.site, one.buyer_site)]
    return [_tie(one, register, on) for one in sorted(every, key=lambda one: one.id) if one.standing(on).status != NOT_KNOWN]


def _tie(one: Contract, register: Register, on: date) -> Tie:
    version = one.version(on)
    kind = code(register, "contract_kind", one.contract_kind)
    amount = quantity_words(version.quantity) if version else ""
    sellers, buyers = (", ".join(each.name for each in side) for side in (one.sellers, one.buyers))
    return Tie(one.id, one.title, kind, one.standing(on).status, sellers, buyers, one.commodity or "", amount)


def _served(register: Register, instrument: str, article: str) -> Served:
    found = register.records.get((Instrument.kind, instrument))
    if not isinstance(found, Instrument):
        return Served(instrument, Named(instrument), article, "")
    known = found.by_id.get(article)
    return Served(instrument, Named(found.title, titles(found.titles)), article, known.ref if known else "")


def _theirs(one: Engagement, on: date) -> Theirs:
    approved = one.approved_for_publication_on
    return Theirs(one.id, one.title, one.hidden(on), approved.isoformat() if approved else "")
