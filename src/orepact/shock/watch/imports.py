"""``Imports``: what a party buys of a commodity in two years, from whom; and what that signals."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from orepact.shock.watch.levels import Level
from orepact.shock.watch.rules import WatchRules
from orepact.shock.watch.signals import Signal, rung

NAN = float("nan")
#: All places without an entry of their own: many sellers, never the largest.
REST = "ROW"


@dataclass(frozen=True)
class Imports:
    """Imports of one commodity by one party: quantities by seller in ``year`` and the year before (None: not in the same table).

    ``exports``, ``world`` and ``world_before`` are quantities in ``unit`` too; ``counted`` is False where no customs table holds
    the commodity or the party, and then everything else is empty and ``silence`` may say why. ``provisional``: the party's own
    reports of the year are not all in.
    """

    place: str
    commodity: str
    year: int
    now: Mapping[str, float]
    before: Mapping[str, float] | None
    exports: float = 0.0
    world: float = NAN
    world_before: float = NAN
    unit: str = "t"
    sources: tuple[str, ...] = ()
    confidence: str = "reported"
    counted: bool = True
    silence: str = ""
    made_of: str = "imports"
    titles: Mapping[str, str] = field(default_factory=dict)
    provisional: bool = False

    @property
    def total(self) -> float:
        """Imports of the year."""
        return math.fsum(self.now.values())

    @property
    def total_before(self) -> float:
        """Imports of the year before; NaN when not known."""
        return NAN if self.before is None else math.fsum(self.before.values())

    @property
    def change(self) -> float:
        """Total over total of the year before, less 1; NaN without a year before or when it had none."""
        return self.total / self.total_before - 1 if self.total_before > 0 else NAN

    @property
    def largest(self) -> str:
        """The seller of most; "" when nobody sells. Of equal ones the first by name."""
        named = {seller: quantity for seller, quantity in self.now.items() if seller != REST and quantity > 0}
        return min(named, key=lambda seller: (-named[seller], seller), default="")

    @property
    def weight(self) -> float:
        """Share of the world's trade, in the larger of the two years; NaN when the world's trade is not known."""
        now = self.total / self.world if self.world > 0 else NAN
        before = self.total_before / self.world_before if self.world_before > 0 else NAN
        return max((share for share in (now, before) if not math.isnan(share)), default=NAN)

    def share(self, seller: str, *, before: bool = False) -> float:
        """Part of the imports that a seller sends; NaN without imports."""
        amounts, total = (self.before or {}, self.total_before) if before else (self.now, self.total)
        return amounts.get(seller, 0.0) / total if total > 0 else NAN

    @property
    def most_lost(self) -> tuple[str, float]:
        """The seller whose share fell most, and by how much (0 when none fell); ("", NaN) when a year is missing."""
        if not (self.total > 0 and self.total_before > 0):
            return "", NAN
        falls = {seller: self.share(seller, before=True) - self.share(seller) for seller in {**self.now, **(self.before or {})}}
        falls.pop(REST, None)
        if not falls:
            return "", 0.0
        seller = min(falls, key=lambda name: (-falls[name], name))
        return seller, max(0.0, falls[seller])

    def counted_as(self, commodity: str) -> Imports:
        """The same figures for a good that customs count together with this one; said in every reason."""
        if commodity == self.commodity:
            return self
        return replace(self, commodity=commodity, made_of=f"imports (with {self.commodity})")

    def named(self, seller: str) -> str:
        """A seller as people call it."""
        return self.titles.get(seller, seller)


def import_signals(imports: Imports, rules: WatchRules, governance: Mapping[str, float] | None = None) -> list[Signal]:
    """The signals that imports alone can give, in the order of the rules.

    ``governance`` maps places to their risk (0 best to 10 worst); empty or None: no data.
    """
    told = {
        "import_volume_change": _volume(imports),
        "dependence_change": _growing(imports),
        "seller_lost": _lost(imports),
        "dependence": _dependence(imports),
        "supplier_governance": _governance(imports, rules, governance or {}),
    }
    return [_signal(imports, rules, name, *told[name]) for name in rules.indicators if name in told]


def _signal(imports: Imports, rules: WatchRules, name: str, value: float, reason: str) -> Signal:
    nothing = imports.silence or f"no customs table of these facts holds {imports.commodity}"
    blank = Signal(imports.place, imports.commodity, name, NAN, None, nothing)
    if not imports.counted:
        return blank
    least = rules.reading.least_share_of_world_trade.value
    level = rung(rules, name, value)
    if imports.weight < least:
        words = f"too little to ring: {100 * imports.weight:.2g} % of the world's trade, under {100 * least:.2g} %"
        level, reason = Level.calm, f"{reason}; {words}"
    read = replace(blank, value=value, level=level, reason=reason, year=imports.year)
    read = held(replace(read, sources=imports.sources, confidence=imports.confidence), imports, rules)
    return _provisional(read, rules) if imports.provisional else read


def _provisional(signal: Signal, rules: WatchRules) -> Signal:
    """What a year says of which the reports are not all in, at no more than the rules let it."""
    most = rules.reading.reports_in.level
    said = replace(signal, reason=f"{signal.reason}; provisional: not all of its own reports of {signal.year} are in")
    return said.at_most(most, f"held at {most.name} until they are")


def held(signal: Signal, imports: Imports, rules: WatchRules) -> Signal:
    """The signal of who buys next to nothing, or sells more than it buys, at no more than the rules let it."""
    little, exporter = rules.reading.least_share_of_world_trade, rules.reading.net_exporter_most
    if imports.weight < little.value:
        signal = signal.at_most(little.level, f"held at {little.level.name}: too little is bought")
    if imports.exports > imports.total:
        signal = signal.at_most(exporter.level, f"held at {exporter.level.name}: more is sold than bought")
    return signal


def _volume(found: Imports) -> tuple[float, str]:
    if math.isnan(found.total_before):
        return NAN, f"{found.made_of} of {found.year - 1} are not in the table of {found.year}"
    if not found.total_before > 0:
        return NAN, f"no {found.made_of} in {found.year - 1}"
    amounts = f"from {found.total_before:,.0f} to {found.total:,.0f} {found.unit}"
    return found.change, f"{found.made_of} {moved(found.change)} in {found.year}, {amounts}"


def _growing(found: Imports) -> tuple[float, str]:
    now, before = found.share(found.largest), found.share(found.largest, before=True)
    if math.isnan(now) or math.isnan(before):
        return NAN, f"no shares of {found.year - 1} and {found.year} to compare"
    words = f"from {100 * before:.0f} to {100 * now:.0f} % of {found.made_of} in {found.year}"
    return now - before, f"the largest seller, {found.named(found.largest)}, went {words}"


def _lost(found: Imports) -> tuple[float, str]:
    seller, lost = found.most_lost
    if math.isnan(lost):
        return NAN, f"no shares of {found.year - 1} and {found.year} to compare"
    if not lost > 0:
        return 0.0, f"no seller lost a share of {found.made_of} in {found.year}"
    before, now = 100 * found.share(seller, before=True), 100 * found.share(seller)
    return lost, f"{found.named(seller)} fell from {before:.0f} to {now:.0f} % of {found.made_of} in {found.year}"


def _dependence(found: Imports) -> tuple[float, str]:
    share = found.share(found.largest)
    if math.isnan(share):
        return NAN, f"no {found.made_of} in {found.year}"
    return share, f"{100 * share:.0f} % of {found.made_of} of {found.year} came from {found.named(found.largest)}"


def _governance(found: Imports, rules: WatchRules, governance: Mapping[str, float]) -> tuple[float, str]:
    """The sum of share x risk over the sellers with an estimate / sum of their shares."""
    shares = {seller: found.share(seller) for seller in found.now if seller in governance}
    known = math.fsum(shares.values()) if found.total > 0 else NAN
    if not known >= rules.reading.governance_known_share.value:
        told = 0.0 if math.isnan(known) else known
        return NAN, f"governance is known for {100 * told:.0f} % of {found.made_of} only"
    risk = math.fsum(share * governance[seller] for seller, share in shares.items()) / known
    return risk, f"the sellers' governance risk is {risk:.1f} of 10, weighted by {found.made_of} of {found.year}"


def moved(change: float) -> str:
    """A relative change in words.

    >>> moved(-0.443), moved(0.27), moved(0.001)
    ('fell by 44 %', 'rose by 27 %', 'stayed as they were')
    """
    if abs(change) < 0.005:
        return "stayed as they were"
    return f"{'rose' if change > 0 else 'fell'} by {100 * abs(change):.0f} %"
