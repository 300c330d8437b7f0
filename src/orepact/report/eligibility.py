"""Which cells would qualify under which rules, why not, and the cheapest change of sources that would do."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from orepact.report.brief import Basis, Column, Row, Table
from orepact.report.scope import thing_title, title_of
from orepact.report.words import counted, listed, share, the, uncapped

if TYPE_CHECKING:
    from orepact.facts import Codes

PASS, FAIL, OPEN = "pass", "fail", "undetermined"
#: Status of a cheapest change that exists.
CHANGE = "change"
#: Moves of less than this part of a material are not told.
SMALL = 0.005
#: Short heading of each rule set of the matrix.
HEADINGS = {
    "us-45x-2026": "US 45X 2026",
    "us-45x-2030": "US 45X 2030",
    "ckfta": "Canada– Korea FTA",
    "cptpp": "CPTPP",
    "cusma-core": "CUSMA core part",
    "eu-battery-2031": "EU recycled 2031",
    "eu-battery-2036": "EU recycled 2036",
    "concern-25": "Concern, owner 25\N{NO-BREAK SPACE}%",
    "concern-40": "Concern, owners 40\N{NO-BREAK SPACE}%",
    "concern-control": "Concern, control",
    "cn-controls-extended": "China: stays suspended",
    "cn-controls-lapsed": "China: lapsed",
    "cn-controls-in-force": "China: all in force",
}
#: What the headings stand for.
LEGEND = (
    "US 45X: production credit, material-assistance ratio included. CUSMA: core part of a car. EU recycled: content from 2031 "
    "and 2036. "
    "Concern: neither the maker nor any maker of a direct material is owned (one holder of 25 %, all together 40 %) or "
    "controlled from a covered nation. China: no direct material needs a Chinese export licence, if the suspension of "
    "October 2025 stays, lapses, or never was."
)
_WORD = re.compile(r"\b[A-Za-z][A-Za-z0-9_]*(?:-[A-Z]{2}\b)?")


@dataclass(frozen=True, slots=True)
class Move:
    """A source whose share in one material changes."""

    material: str
    place: str
    owner_country: str
    share_from: float
    share_to: float


@dataclass(frozen=True, slots=True)
class Assessed:
    """One product made at a place under one rule set: the verdict, the test that decides it, and the cheapest change.

    ``low`` and ``high`` bound what was measured, a fraction where ``unit`` is "1". ``unverified`` are rules that were used
    though no source was read, ``unread`` says what else of the law was not read.
    """

    product: str
    place: str
    rules: str
    title: str
    verdict: str
    why: str
    test: str = ""
    measured: str = ""
    low: float = float("nan")
    high: float = float("nan")
    unit: str = ""
    threshold: float = float("nan")
    rule: str = ""
    provision: str = ""
    change: str = ""
    moves: tuple[Move, ...] = ()
    extra_usd_per_kwh: float = float("nan")
    hypothetical: bool = False
    unverified: tuple[str, ...] = field(default_factory=tuple)
    unread: tuple[str, ...] = field(default_factory=tuple)


@dataclass(frozen=True, eq=False)
class Eligibility:
    """The matrix of products made at places by rule sets. ``day`` is that of rules without a date of their own."""

    found: tuple[Assessed, ...]
    codes: Codes
    basis: Basis
    day: str

    @cached_property
    def rules(self) -> tuple[str, ...]:
        """Rule sets in order."""
        return tuple(dict.fromkeys(item.rules for item in self.found))

    @cached_property
    def made(self) -> tuple[tuple[str, str], ...]:
        """Products and places in order."""
        return tuple(dict.fromkeys((item.product, item.place) for item in self.found))

    def of(self, product: str, place: str, rules: str) -> Assessed | None:
        """The answer of one cell of the matrix."""
        return self._by_key.get((product, place, rules))

    @cached_property
    def _by_key(self) -> dict[tuple[str, str, str], Assessed]:
        return {(item.product, item.place, item.rules): item for item in self.found}

    @property
    def unread(self) -> list[str]:
        """What was not read of the law."""
        return list(dict.fromkeys(words for item in self.found for words in item.unread))

    @cached_property
    def mendable(self) -> list[Assessed]:
        """Answers that are no pass today but would surely be one after a change of sources, the cheapest first."""
        return sorted(
            (item for item in self.found if item.verdict != PASS and item.change == CHANGE and item.moves),
            key=lambda item: item.extra_usd_per_kwh,
        )

    def sentences(self) -> tuple[str, ...]:
        """How many pass, what stands in the way most, and what it means."""
        if not self.found:
            return ("No product of the base year can be held against the rules.",)
        count = {verdict: sum(item.verdict == verdict for item in self.found) for verdict in (PASS, FAIL, OPEN)}
        words = [
            (
                f"Of {counted(len(self.found), 'case')} (a cell, a place, a set of rules) {count[PASS]} pass, {count[FAIL]} fail "
                f"and {count[OPEN]} stay undetermined because facts or the text of a rule are missing."
            )
        ]
        mendable = self.mendable
        if mendable:
            middle = mendable[len(mendable) // 2].extra_usd_per_kwh
            words.append(
                f"{counted(len(mendable), 'case')} would pass with other sources of direct materials: half of them at an extra "
                f"cost of at most {_dollars(middle)} per kWh of cell, the dearest at {_dollars(mendable[-1].extra_usd_per_kwh)}, "
                "at listed prices."
            )
        words.append(
            "This is a computation on public data and summaries of law, not legal advice; what only a maker knows (officers, "
            "debts, contracts) is taken as not declared."
        )
        unverified = sorted({name for item in self.found for name in item.unverified})
        if unverified:
            words.append(f"Unverified, and therefore never deciding: {', '.join(unverified)}.")
        return tuple(words)

    # Tables --------------------------------------------------------------------------------------

    def matrix(self) -> Table:
        """Products by rule sets: pass, fail or undetermined; the reason on hover."""
        columns = [Column("product", "Cell"), Column("place", "Made in")]
        columns += [Column(_key(name), self.heading(name), "", "verdict") for name in self.rules]
        rows = tuple(self._row(product, place) for product, place in self.made)
        note = (
            "✓ pass: every test passes. ✗ fail: at least one fails. ○ open: undetermined, the facts leave both answers possible. "
            f"Point at an answer for the test that decides it. Rules as on {self.day}, or on the day that a set names. "
            f"* nobody made the cell there: a plant on paper, fed as its country is. {LEGEND} {' '.join(self.unread)}"
        )
        return Table("eligibility_matrix", "Would the cell qualify?", tuple(columns), rows, note)

    def heading(self, rules: str) -> str:
        """Short words for a rule set."""
        return HEADINGS.get(rules, rules)

    def _row(self, product: str, place: str) -> Row:
        answers = {name: item for name in self.rules if (item := self.of(product, place, name)) is not None}
        paper = "*" if any(item.hypothetical for item in answers.values()) else ""
        cells = {"product": _short(thing_title(self.codes, product)), "place": title_of(self.codes, place) + paper}
        cells |= {_key(name): item.verdict for name, item in answers.items()}
        own = {_key(name): self.basis.having(f"{item.title}. {self.reason(item)}") for name, item in answers.items()}
        return Row(cells, self.basis, own)

    def reason(self, item: Assessed) -> str:
        """Why, with names instead of ids."""
        return plain_words(self.codes, item.why)

    def reasons_table(self) -> Table:
        """One row for each answer: the deciding test, what was measured, the threshold, the rule, why, and the change."""
        rows = tuple(Row(self._reason_cells(item), self.basis) for item in self.found)
        columns = (
            Column("product", "Cell"),
            Column("place", "Made in"),
            Column("rules", "Rules"),
            Column("verdict", "Answer", "", "verdict"),
            Column("test", "Deciding test"),
            Column("low", "At least", "", "share"),
            Column("high", "At most", "", "share"),
            Column("threshold", "Asked", "", "share"),
            Column("rule", "Rule"),
            Column("why", "Why"),
            Column("change", "Cheapest change"),
            Column("extra", "Extra cost", "USD per kWh", "number"),
        )
        note = "What was measured lies between the two bounds where makers or origins are not known."
        title = "Every answer with its reason"
        return Table("eligibility_reasons", title, columns, rows, note, folded=True, long=True)

    def _reason_cells(self, item: Assessed) -> dict[str, object]:
        shares = item.unit == "1"
        return {
            "product": _short(thing_title(self.codes, item.product)),
            "place": title_of(self.codes, item.place) + ("*" if item.hypothetical else ""),
            "rules": self.heading(item.rules),
            "verdict": item.verdict,
            "test": item.test,
            "low": item.low if shares else None,
            "high": item.high if shares else None,
            "threshold": item.threshold if shares else None,
            "rule": item.rule,
            "why": self.reason(item),
            "change": self.change_words(item) if item.change == CHANGE and item.moves else "",
            "extra": item.extra_usd_per_kwh if item.change == CHANGE and item.moves else None,
        }

    def costs_table(self) -> Table:
        """Products by rule sets: the least extra cost at which the cell would surely pass; what to buy on hover."""
        rules = [name for name in self.rules if any(item.rules == name for item in self.mendable)]
        columns = [Column("product", "Cell"), Column("place", "Made in")]
        columns += [Column(_key(name), self.heading(name), "", "number", 2) for name in rules]
        rows = []
        for product, place in self.made:
            found = {item.rules: item for item in self.mendable if (item.product, item.place) == (product, place)}
            paper = "*" if any(item.hypothetical for item in self.found if (item.product, item.place) == (product, place)) else ""
            cells: dict[str, object] = {"product": _short(thing_title(self.codes, product))}
            cells["place"] = title_of(self.codes, place) + paper
            cells |= {_key(name): item.extra_usd_per_kwh for name, item in found.items()}
            own = {_key(name): self.basis.having(self.change_words(item)) for name, item in found.items()}
            rows.append(Row(cells, self.basis, own))
        note = (
            "USD per kWh of cell: the least extra cost of other sources of direct materials with which every test surely passes, "
            "at listed prices with freight and duty. Below zero the other source is cheaper on paper. A dash: no change "
            "of sources is known to be enough. Point at a number for what to buy."
        )
        return Table("eligibility_costs", "What passing would cost with other sources", tuple(columns), tuple(rows), note)

    def changes_table(self) -> Table:
        """The cheapest changes that would do: rule sets that the same change mends stand together."""
        together: dict[tuple[str, str, str], list[Assessed]] = {}
        for item in self.found:
            if item in self.mendable:
                together.setdefault((item.product, item.place, self.change_words(item)), []).append(item)
        rows = []
        for (product, place, words), items in together.items():
            cells = {
                "product": _short(thing_title(self.codes, product)),
                "place": title_of(self.codes, place) + ("*" if items[0].hypothetical else ""),
                "rules": listed(self.heading(item.rules) for item in items),
                "change": words,
                "extra": max(item.extra_usd_per_kwh for item in items),
            }
            rows.append(Row(cells, self.basis))
        columns = (
            Column("product", "Cell"),
            Column("place", "Made in"),
            Column("rules", "Would then pass"),
            Column("change", "Buy instead"),
            Column("extra", "Extra cost", "USD per kWh", "number", 2),
        )
        note = "Largest moves first; no source delivers more than it makes."
        title = "What would have to be bought elsewhere"
        return Table("eligibility_changes", title, columns, tuple(rows), note, folded=True, long=True)

    def change_words(self, item: Assessed, most: int = 3) -> str:
        """How much of each material moves from which countries to which, the largest moves first."""
        found = sorted((self._moved(item, name) for name in dict.fromkeys(move.material for move in item.moves)), reverse=True)
        parts = [words for part, words in found if part > SMALL]
        rest = len(parts) - most
        return "; ".join([*parts[:most], *([counted(rest, "smaller move")] if rest > 0 else [])])

    def _moved(self, item: Assessed, material: str) -> tuple[float, str]:
        """The part of a material that moves, and the move in words."""
        by: dict[str, float] = {}
        for move in (move for move in item.moves if move.material == material):
            name = _maker(self.codes, move)
            by[name] = by.get(name, 0.0) + move.share_to - move.share_from
        less = [the(name) for name, part in sorted(by.items(), key=lambda entry: entry[1]) if part < -SMALL]
        more = [the(name) for name, part in sorted(by.items(), key=lambda entry: -entry[1]) if part > SMALL]
        part = sum(change for change in by.values() if change > 0)
        title = uncapped(thing_title(self.codes, material)).partition(" (")[0]
        return (
            part if less and more else 0.0,
            f"{share(part)} of the {title} from {listed(more[:2])} instead of {listed(less[:2])}",
        )


def _maker(codes: Codes, move: Move) -> str:
    """The country of the maker; with its owner where that is another one."""
    place, owner = title_of(codes, move.place), title_of(codes, move.owner_country)
    known = move.owner_country in codes.places and codes.places[move.owner_country].id != move.place
    same = move.place in codes.places and codes.country(move.place) == move.owner_country
    return f"{place} ({owner}-owned)" if known and not same else place


def plain_words(codes: Codes, text: str) -> str:
    """A text with titles instead of the ids of commodities and places.

    >>> from orepact.facts import Codes
    >>> plain_words(Codes.shipped(), "made in CA-ON; synthetic_graphite of CHN-owned makers")
    'made in Ontario; synthetic graphite anode material of China-owned makers'
    """

    def said(match: re.Match[str]) -> str:
        word = match[0]
        if word in codes.places:
            return codes.places[word].title
        return uncapped(codes.commodities[word].title) if "_" in word and word in codes.commodities else word

    return _WORD.sub(said, text)


def _short(title: str) -> str:
    return title.removesuffix(" cell")


def _key(rules: str) -> str:
    return rules.replace("-", "_")


def _dollars(usd: float) -> str:
    return f"{'−' if usd < 0 else ''}${abs(usd):,.2f}"
