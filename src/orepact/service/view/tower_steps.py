"""Who agreed to act on an alarm: the articles, stocks, bodies, commitments and contracts that bear on it, the nearest first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Literal

from orepact.facts.rules import RuleBook
from orepact.pact.bodies.body import Body
from orepact.pact.briefing.overview import body_line, instruments
from orepact.pact.instruments.commitments import Commitment, Progress, progress
from orepact.pact.organisations.organisation import Organisation
from orepact.pact.projects.contracts import Contract
from orepact.pact.projects.project import ENDED, PartyOf
from orepact.pact.records.record import Language
from orepact.service.rules import day_of
from orepact.service.view.said import Amount, Day, Named, Said, Several, Term, say
from orepact.service.view.tower_grid import rows_of
from orepact.service.view.tower_party import name_of
from orepact.service.view.tower_reasons import good, place
from orepact.shock.watch.stocks import stocks_held
from orepact.store.listing import Filter

if TYPE_CHECKING:
    from orepact.facts import Ledger
    from orepact.pact.briefing.overview import InstrumentLine
    from orepact.pact.instruments.articles import Article
    from orepact.pact.records.register import Register
    from orepact.service.view.tower_alarms import Ringing
    from orepact.service.view.tower_party import Party
    from orepact.service.view.tower_rules import Bearing, TowerRules
    from orepact.store.store import Store

Sort = Literal["article", "stockpile", "body", "commitment", "contract"]
#: States in which an instrument is nobody's ground to act on.
OVER = frozenset({"ended", "stub"})


@dataclass(frozen=True, slots=True)
class Step:
    """Something that was agreed and bears on an alarm: what (``kind`` and ``id`` of a record, or the id of a rule), in words, who
    acts (ids of organisations), by when ("" for no date).
    """

    alarm: str
    sort: Sort
    kind: str
    id: str
    said: Said
    who: tuple[str, ...] = ()
    due: str = ""


@dataclass(frozen=True, eq=False)
class Pacts:
    """What a party agreed to, as known on a day."""

    party: Party
    store: Store
    register: Register
    rules: TowerRules
    ledger: Ledger
    on: date

    def steps(self, alarm: Ringing) -> tuple[Step, ...]:
        """What bears on an alarm, the nearest first; never more than the rules say."""
        articles = [*islice(self._articles(alarm), self.rules.most.articles)]
        chosen = {article.id for _, article in articles}
        found = [
            *(self._article(alarm, *one) for one in articles[:1]),
            *self._stockpiles(alarm),
            *(self._article(alarm, *one) for one in articles[1:]),
            *islice(self._bodies(alarm, {line.instrument.id for line, _ in articles}), self.rules.most.bodies),
            *self._commitments(alarm, chosen),
            *self._contracts(alarm),
        ]
        return tuple(found[: self.rules.most.steps])

    @cached_property
    def lines(self) -> list[InstrumentLine]:
        """Instruments of the party that stand on the day."""
        every = instruments(self.register, self.on)
        return [line for line in every if self._own(line) and line.standing.stage not in OVER]

    def _own(self, line: InstrumentLine) -> bool:
        parties = line.instrument.parties
        if {party.organisation for party in parties} & set(self.party.organisations):
            return True
        return bool(({party.side for party in parties} | set(line.instrument.countries)) & self.party.sides)

    def _articles(self, alarm: Ringing) -> Iterator[tuple[InstrumentLine, Article]]:
        """Articles that bear on an alarm, in the order of the rules; each once."""
        told: set[str] = set()
        for bearing in self.rules.bears:
            for line in self.lines if _applies(bearing, alarm) else ():
                for article in line.instrument.articles_on(self.on):
                    if article.id not in told and _speaks(bearing, article, alarm):
                        told.add(article.id)
                        yield line, article

    def _article(self, alarm: Ringing, line: InstrumentLine, article: Article) -> Step:
        one = line.instrument
        title, words = Named(one.title, titles(one.titles)), Named(article.text, titles(article.texts))
        others = [party.organisation for party in one.parties if party.side not in self.party.sides]
        who = tuple(party.organisation for party in one.parties)
        if any(letter.isdigit() for letter in article.ref):
            said = say("{instrument}, {ref}: {text}", instrument=title, ref=Named(article.ref), text=words)
        else:
            said = say("{instrument}: {text}", instrument=title, text=words)
        said = said + say("To be asked: {others}.", others=self.names(others)) if others else said
        return Step(alarm.id, "article", "instrument", article.id, said, who)

    def _stockpiles(self, alarm: Ringing) -> Iterator[Step]:
        book, unverified = RuleBook.shipped(), self.ledger.view.include_unverified
        told: set[str] = set()
        for name in alarm.goods:
            for entry in stocks_held(self.party.place, name, book, self.on, include_unverified=unverified):
                key = str(entry["rule"])
                if key in told:
                    continue
                told.add(key)
                yield Step(alarm.id, "stockpile", "rule", key, say(
                    "The public stock of {place} ({rule}) holds about {days} days of use of {good}.",
                    place=place(self.ledger.codes, self.party.place), rule=Named(key), days=Amount(float(entry["days"])),
                    good=good(self.ledger.codes, name),
                ))  # fmt: skip

    def _bodies(self, alarm: Ringing, chosen: set[str]) -> Iterator[Step]:
        """The body of an instrument that bears on it: where it can be brought up."""
        for body in self._all_bodies:
            if body.instrument in chosen:
                line = body_line(body, self.register, self.on)
                name = Named(body.title, titles(body.titles))
                who = tuple(dict.fromkeys(member for side in body.sides for member in side.members))
                if line.due.day is not None:
                    due = line.due.day.isoformat()
                    yield Step(alarm.id, "body", "body", body.id, say(
                        "Bring it up in {body}: the next meeting is due by {day}.", body=name, day=Day(due)
                    ), who, due)  # fmt: skip
                else:
                    yield Step(alarm.id, "body", "body", body.id, say("Bring it up in {body}: no date is set.", body=name), who)

    @cached_property
    def _all_bodies(self) -> list[Body]:
        known = [body for body in self.register.all(Body) if not (body.ended)]
        return sorted(known, key=lambda body: (body.meets is None, body.id))

    def _commitments(self, alarm: Ringing, chosen: set[str]) -> Iterator[Step]:
        """Commitments of the party under those articles that are not settled."""
        owed = {one.id: (one, stand) for name in sorted(chosen) for one, stand in self._owed(name)}
        for one, stand in owed.values():
            who, title = (one.owner, *one.partners), Named(one.title, titles(one.titles))
            owner = self.names([one.owner])
            said = say("{owner} undertook: {title}.", owner=owner, title=title)
            if stand.due:
                said = say("{owner} undertook: {title}, by {day}.", owner=owner, title=title, day=Day(stand.due))
            yield Step(alarm.id, "commitment", "commitment", one.id, said, who, stand.due or "")

    def _owed(self, article: str) -> list[tuple[Commitment, Progress]]:
        """Commitments of the party under an article that are not settled on the day; looked up once."""
        if article not in self._found:
            asked = Filter(kinds=(Commitment.kind,), article=article, states=("open",) if self.on >= day_of(None) else ())
            lines = self.store.list(asked, order="due", limit=self.rules.most.duties).lines
            own = [self.register.get(Commitment, line.id) for line in lines if line.owner in self.party.organisations]
            stood = [(one, progress(one, self.on)) for one in own]
            self._found[article] = [(one, stand) for one, stand in stood if stand.state in {"open", "overdue"}]
        return self._found[article]

    @cached_property
    def _found(self) -> dict[str, list[tuple[Commitment, Progress]]]:
        return {}

    def _contracts(self, alarm: Ringing) -> Iterator[Step]:
        """Contracts of buyers of the party for one of the goods, which a state can help along."""
        mine = [one for one in self._sold if self._helps(one, alarm) and self._of_party(one.buyers)]
        for one in mine[: self.rules.most.contracts]:
            yield Step(alarm.id, "contract", "contract", one.id, say(
                "{seller} has agreed to sell {good} to {buyer} ({state}).", seller=several(one.sellers),
                good=good(self.ledger.codes, str(one.commodity)), buyer=several(one.buyers), state=self._status(one),
            ))  # fmt: skip

    def _helps(self, contract: Contract, alarm: Ringing) -> bool:
        """Whether a contract is for one of the goods, or for one of the same element."""
        rows = rows_of(self.ledger.codes, self.rules, str(contract.commodity))
        return contract.commodity in alarm.goods or bool(set(rows) & set(alarm.elements))

    @cached_property
    def _sold(self) -> list[Contract]:
        every = [one for one in self.register.all(Contract) if one.commodity in self.ledger.codes.commodities]
        return [one for one in every if one.standing(self.on).status not in ENDED | {"unknown"}]

    def _status(self, contract: Contract) -> Term:
        known = self.ledger.codes.statuses.get(contract.standing(self.on).status)
        return Term(known.title if known else contract.standing(self.on).status)

    def _of_party(self, buyers: tuple[PartyOf, ...]) -> bool:
        return any(self._country(buyer.organisation) in self.party.sides for buyer in buyers if buyer.organisation)

    def _country(self, name: str | None) -> str:
        found = self.register.records.get((Organisation.kind, name)) if name else None
        return (found.side or found.country) if isinstance(found, Organisation) else ""

    def names(self, ids: list[str]) -> Several:
        """Organisations by name; one that is not there for who asks by its id."""
        return Several(tuple(name_of(self.register, name) for name in ids))


def several(parties: tuple[PartyOf, ...]) -> Several:
    """The parties of a contract, by name."""
    return Several(tuple(Named(one.name) for one in parties))


def titles(words: Mapping[Language, str]) -> dict[str, str]:
    """Texts by language."""
    return {str(language): text for language, text in words.items()}


def _applies(bearing: Bearing, alarm: Ringing) -> bool:
    return (
        (not bearing.lights or alarm.light in bearing.lights)
        and (not bearing.indicators or bool(set(bearing.indicators) & set(alarm.indicators)))
        and (not bearing.stages or alarm.stage in bearing.stages)
    )


def _speaks(bearing: Bearing, article: Article, alarm: Ringing) -> bool:
    """Whether an article is the one meant, and names no elements but those of the alarm."""
    meant = article.id == bearing.article if bearing.article else bearing.area in article.areas
    return meant and (not article.commodities or bool(set(article.commodities) & {*alarm.elements, *alarm.goods}))
