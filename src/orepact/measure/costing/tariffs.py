"""What is paid at a border: dated measures, and which of them apply to one shipment.

A shipment pays one base duty (``mfn``), or a preference in its place where the good originates under an agreement, and every
surtax in force on top. Of the measures of one regime the one with the narrowest goods counts, then the one that names the
exporter most closely, then the one that names the importer most closely. A rate that nobody states is ``unknown``, never 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

ANY = "any"
BASE = "mfn"
HOME = "domestic"
NEVER, ALWAYS = 0, 99_999_999
CONFIDENCES = ("reported", "derived", "estimated", "unverified")


@dataclass(frozen=True, slots=True)
class Regime:
    """A law or agreement that sets duties: ``duty``, ``preference`` or ``surtax``.

    ``rules`` are the keys of the rules it hangs on, ``test`` is the rule set that asks whether a product passes them.
    """

    id: str
    title: str
    kind: str
    condition: str = ""
    rules: tuple[str, ...] = ()
    test: str = ""
    relieves: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TariffMeasure:
    """One dated rate. ``rate`` None: it applies and nobody says at which rate. ``all_in``: fills the duty up to this total.

    Days are ``yyyymmdd``, both ends included. Without headings and commodities it holds for all goods.
    """

    id: str
    regime: str
    importer: str
    exporter: str
    rate: float | None = None
    all_in: float | None = None
    headings: tuple[str, ...] = ()
    commodities: tuple[str, ...] = ()
    start: int = NEVER
    end: int = ALWAYS
    source: str = ""
    confidence: str = "reported"
    note: str = ""

    def covers(self, commodity: str, heading: str) -> int:
        """How narrowly it names the good: 0 all goods, the length of the heading, 9 the commodity; -1 where it does not."""
        if commodity in self.commodities:
            return 9
        fits = [len(prefix) for prefix in self.headings if heading.startswith(prefix)] if heading else []
        if fits:
            return max(fits)
        return -1 if self.headings or self.commodities else 0


@dataclass(frozen=True, slots=True)
class TariffPart:
    """One measure in the rate of a shipment; ``rate`` None where it is not known."""

    measure: TariffMeasure
    rate: float | None


@dataclass(frozen=True, slots=True)
class TariffOption:
    """What a shipment pays under one rule set: the sum of ``parts`` that are known, and the names of those that are not."""

    rules: str
    parts: tuple[TariffPart, ...]
    condition: str = ""
    base_known: bool = True

    @property
    def rate(self) -> float:
        """Known ad-valorem rate; NaN where not even the base duty is known."""
        known = sum(part.rate for part in self.parts if part.rate is not None)
        return float(known) if self.base_known else float("nan")

    @property
    def unknown(self) -> tuple[str, ...]:
        """Regimes whose rate is not known."""
        missing = tuple(part.measure.regime for part in self.parts if part.rate is None)
        return missing if self.base_known or missing else (BASE,)

    @property
    def confidence(self) -> str:
        """The weakest confidence of the parts; ``unknown`` where a rate is missing."""
        if self.unknown:
            return "unknown"
        said = [part.measure.confidence for part in self.parts if part.measure.confidence in CONFIDENCES]
        return max(said, key=CONFIDENCES.index, default="")


@dataclass(frozen=True, eq=False)
class TariffTable:
    """All measures; ``names`` gives the names under which a place may stand (itself, its country, territories), closest first."""

    regimes: Mapping[str, Regime]
    measures: tuple[TariffMeasure, ...]
    headings: Mapping[str, str] = field(default_factory=dict)
    territories: Mapping[str, frozenset[str]] = field(default_factory=dict)
    free_on_board: frozenset[str] = frozenset()
    country: Callable[[str], str] = str

    def names(self, place: str) -> tuple[str, ...]:
        """The place, its country, the territories that hold it, and ``any``: from the closest."""
        country = self.country(place)
        within = [name for name, members in self.territories.items() if country in members or place in members]
        return tuple(dict.fromkeys([place, country, *within, ANY]))

    def at_home(self, exporter: str, importer: str) -> bool:
        """Whether no customs lie between two places: one country or one customs territory."""
        shared = set(self.names(exporter)[1:-1]) & set(self.names(importer)[1:-1])
        return exporter == importer or self.country(exporter) == self.country(importer) or bool(shared)

    def adds_freight(self, importer: str) -> bool:
        """Whether duty is charged on the value with freight (CIF) and not free on board."""
        return not set(self.names(importer)) & self.free_on_board

    def options(
        self, exporter: str, importer: str, commodity: str, day: int, *, include_unverified: bool = False
    ) -> tuple[TariffOption, ...]:
        """Every rule set under which the shipment can enter on a day (``yyyymmdd``), the base first.

        Within one customs territory the only option is ``domestic``, without duty.
        """
        if self.at_home(exporter, importer):
            return (TariffOption(HOME, ()),)
        found = self._applying(exporter, importer, commodity, day, include_unverified=include_unverified)
        surtaxes = _standing({name: item for name, item in found.items() if self.regimes[name].kind == "surtax"}, self.regimes)
        duty = found.get(BASE)
        base = (TariffPart(duty, duty.rate),) if duty is not None else ()
        out = [self._option(BASE, base, surtaxes, ())]
        for name, measure in found.items():
            regime = self.regimes[name]
            if regime.kind == "preference" and measure.rate is not None:
                out.append(self._option(name, (TariffPart(measure, measure.rate),), surtaxes, regime.relieves))
        return tuple(out)

    def _option(
        self, name: str, base: tuple[TariffPart, ...], surtaxes: Iterable[TariffMeasure], relieved: tuple[str, ...]
    ) -> TariffOption:
        duty = base[0].rate if base else None
        parts = [*base, *(TariffPart(m, _surtax_rate(m, duty)) for m in surtaxes if m.regime not in relieved)]
        return TariffOption(name, tuple(parts), self.regimes[name].condition, base_known=duty is not None)

    def _applying(
        self, exporter: str, importer: str, commodity: str, day: int, *, include_unverified: bool
    ) -> dict[str, TariffMeasure]:
        """The one measure of each regime that counts, in the order of the regimes."""
        origins, goals = self.names(exporter), self.names(importer)
        heading = self.headings.get(commodity, "")
        best: dict[str, tuple[tuple[int, int, int, int], TariffMeasure]] = {}
        for measure in self._by_importer(goals):
            cover = measure.covers(commodity, heading)
            admitted = include_unverified or measure.confidence != "unverified"
            if cover < 0 or not admitted or measure.exporter not in origins or not measure.start <= day <= measure.end:
                continue
            rank = (cover, -origins.index(measure.exporter), -goals.index(measure.importer), measure.start)
            if measure.regime not in best or rank > best[measure.regime][0]:
                best[measure.regime] = (rank, measure)
        return {name: best[name][1] for name in self.regimes if name in best}

    def _by_importer(self, goals: tuple[str, ...]) -> list[TariffMeasure]:
        return [measure for name in goals for measure in self._importers.get(name, [])]

    @cached_property
    def _importers(self) -> dict[str, list[TariffMeasure]]:
        out: dict[str, list[TariffMeasure]] = {}
        for measure in self.measures:
            out.setdefault(measure.importer, []).append(measure)
        return out


def cheapest(options: Iterable[TariffOption]) -> TariffOption:
    """The option with the lowest rate; one that is known in full goes before one that is not, the base wins a tie."""
    return min(options, key=lambda option: (not option.base_known, bool(option.unknown), option.rate, option.rules != BASE))


def _standing(surtaxes: Mapping[str, TariffMeasure], regimes: Mapping[str, Regime]) -> list[TariffMeasure]:
    """Surtaxes that remain when those excluded by another one in force are taken out."""
    gone = {name for active in surtaxes for name in regimes[active].excludes}
    return [measure for name, measure in surtaxes.items() if name not in gone]


def _surtax_rate(measure: TariffMeasure, duty: float | None) -> float | None:
    if measure.all_in is None:
        return measure.rate
    return None if duty is None else max(0.0, measure.all_in - duty)
