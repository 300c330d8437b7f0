"""Read the table of tariffs: shipped data, with a person's own measures laid over it; every mistake at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files
from itertools import combinations
from pathlib import Path
from typing import Any

from orepact.chain.tables import near
from orepact.errors import BadInput, Problem, ProblemCollector
from orepact.facts.dates import period
from orepact.facts.yaml_bounds import demand_bounds
from orepact.measure.costing.tariffs import ALWAYS, ANY, CONFIDENCES, NEVER, Regime, TariffMeasure, TariffTable

KINDS = ("duty", "preference", "surtax")
SECTIONS = ("headings_note", "headings", "territories", "free_on_board", "regimes", "measures", "credits", "sources")
OF_REGIME = ("title", "kind", "condition", "rules", "test", "relieves", "excludes")
OF_MEASURE = (
    "regime",
    "importer",
    "exporter",
    "rate",
    "all_in",
    "headings",
    "commodities",
    "from",
    "to",
    "source",
    "confidence",
    "note",
)
HIGHEST = 10.0


@cache
def shipped() -> Mapping[str, Any]:
    """The shipped file as it stands: headings, territories, regimes, measures, credits, sources."""
    return _parsed(files("orepact.data").joinpath("tariffs/tariffs.yaml").read_text(encoding="utf-8"), "tariffs.yaml")


def read_tariffs(
    own: Path | None = None,
    *,
    headings: Mapping[str, str] | None = None,
    country: Callable[[str], str] = str,
    places: Iterable[str] | None = None,
) -> tuple[TariffTable, dict[str, dict[str, Any]]]:
    """The table, and its sources by id.

    ``own`` is a YAML file with sections like the shipped one; an entry of the same id replaces the shipped one.
    ``headings`` are customs headings by commodity that the file need not repeat. ``places``: names that may stand as importer and
    exporter beside the territories. Raises ``BadInput`` with every mistake, two measures that hold at once included.
    """
    raw: dict[str, Any] = {name: dict(value) for name, value in shipped().items() if isinstance(value, Mapping)}
    raw["free_on_board"] = list(shipped()["free_on_board"])
    name = "tariffs.yaml"
    if own is not None:
        name = own.name
        _lay_over(raw, _own(own), name)
    table = _table(raw, name, dict(headings or {}), country, None if places is None else set(places))
    return table, {str(key): {"source": str(key), **value} for key, value in raw["sources"].items()}


def _own(path: Path) -> Mapping[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        found = "no such file" if isinstance(error, FileNotFoundError) else type(error).__name__
        raise BadInput(
            [Problem("tariffs", "a YAML file of tariff measures", found, "name a readable file", str(path))]
        ) from error
    return _parsed(text, path.name)


def _parsed(text: str, name: str) -> Mapping[str, Any]:
    """The file as plain values; days stay text, so that a day that does not exist is told with the other mistakes."""
    import yaml

    demand_bounds(text, name, aliases=True)
    found = ProblemCollector(name)
    loader = _loader()(text)
    try:
        node = loader.get_single_node()
        _demand_single_keys(node, (), found)
        raw = None if node is None else loader.construct_document(node)
    except yaml.YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        found.add("file", "YAML", str(getattr(error, "problem", None) or error), "mend the syntax", row=line and line + 1)
        raw = {}
    finally:
        loader.dispose()
    if not isinstance(raw, Mapping):
        found.add("file", "sections with their names", type(raw).__name__, "write `measures:` and its entries")
    found.raise_if_any()
    return raw if isinstance(raw, Mapping) else {}


@cache
def _loader() -> Any:
    """A safe loader that leaves days as text."""
    import yaml

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    rules = {
        first: [(tag, pattern) for tag, pattern in listed if not tag.endswith(":timestamp")]
        for first, listed in loader.yaml_implicit_resolvers.items()
    }
    return type("PlainLoader", (loader,), {"yaml_implicit_resolvers": rules})


def _demand_single_keys(node: Any, path: tuple[str, ...], found: ProblemCollector) -> None:
    """A key that stands twice is a problem, since YAML would drop the first."""
    if getattr(node, "id", "") != "mapping":
        return
    seen: set[str] = set()
    for key, value in node.value:
        name = str(key.value)
        if name in seen:
            where, row = ", ".join([*path, name]), key.start_mark.line + 1
            found.add(where, "each id once", f"{name} twice", "remove or rename one", row=row)
        seen.add(name)
        _demand_single_keys(value, (*path, name), found)


def _lay_over(raw: dict[str, Any], own: Mapping[str, Any], name: str) -> None:
    found = ProblemCollector(name)
    for section, value in own.items():
        if section not in SECTIONS:
            found.add(str(section), f"one of {', '.join(SECTIONS)}", "an unknown section", near(str(section), SECTIONS))
        elif section == "free_on_board":
            raw[section] = list(value) if isinstance(value, list) else []
        elif section != "headings_note" and not isinstance(value, Mapping):
            found.add(str(section), "entries by id", type(value).__name__, "write `id: {...}` lines")
        elif section != "headings_note":
            raw[section].update(value)
    found.raise_if_any()


def _table(
    raw: Mapping[str, Any], name: str, headings: dict[str, str], country: Callable[[str], str], places: set[str] | None
) -> TariffTable:
    found = ProblemCollector(name)
    regimes = {str(key): _regime(str(key), entry, found) for key, entry in raw["regimes"].items()}
    for regime in regimes.values():
        for other in (*regime.relieves, *regime.excludes):
            if other not in regimes:
                found.add(f"regimes, {regime.id}", "names of regimes", repr(other), near(other, regimes))
    known = None if places is None else {*places, *raw["territories"], ANY}
    measures = []
    for key, entry in raw["measures"].items():
        before = len(found)
        measure = _measure(str(key), entry, found)
        if len(found) == before and measure is not None:
            _demand_names(measure, regimes, raw["sources"], known, found)
            measures.append(measure)
    _overlaps(measures, found)
    found.raise_if_any()
    own = {str(commodity): str(code) for code, listed in raw["headings"].items() for commodity in listed}
    territories = {str(key): frozenset(map(str, members)) for key, members in raw["territories"].items()}
    free = frozenset(map(str, raw["free_on_board"]))
    return TariffTable(regimes, tuple(measures), {**headings, **own}, territories, free, country)


def _regime(key: str, entry: Any, found: ProblemCollector) -> Regime:
    where = f"regimes, {key}"
    if not isinstance(entry, Mapping):
        found.add(where, "title and kind", repr(entry), "write `{title: ..., kind: surtax}`")
        return Regime(key, key, "surtax")
    for name in entry:
        if name not in OF_REGIME:
            found.add(f"{where}, {name}", f"one of {', '.join(OF_REGIME)}", "an unknown key", near(str(name), OF_REGIME))
    kind = str(entry.get("kind", ""))
    if kind not in KINDS:
        found.add(f"{where}, kind", f"one of {', '.join(KINDS)}", repr(kind), near(kind, KINDS))
    lists: dict[str, Any] = {name: _texts(entry.get(name)) for name in ("rules", "relieves", "excludes")}
    lists |= {name: str(entry.get(name, "")) for name in ("condition", "test")}
    return Regime(key, str(entry.get("title", key)), kind, **lists)


def _measure(key: str, entry: Any, found: ProblemCollector) -> TariffMeasure | None:
    where = f"measures, {key}"
    if not isinstance(entry, Mapping):
        found.add(where, "a measure", repr(entry), "write `{regime: mfn, importer: USA, exporter: any, rate: 0.034, ...}`")
        return None
    for name in entry:
        if name not in OF_MEASURE:
            found.add(f"{where}, {name}", f"one of {', '.join(OF_MEASURE)}", "an unknown key", near(str(name), OF_MEASURE))
    for name in ("regime", "importer", "exporter", "source"):
        if not entry.get(name):
            found.add(f"{where}, {name}", "a name", "nothing", f"add `{name}: ...`")
    start, end = _day(entry, "from", where, found, last=False), _day(entry, "to", where, found, last=True)
    if end < start:
        found.add(f"{where}, to", "a day not before `from`", str(entry["to"]), "swap or correct the days")
    confidence = str(entry.get("confidence", "reported"))
    if confidence not in CONFIDENCES:
        found.add(f"{where}, confidence", f"one of {', '.join(CONFIDENCES)}", repr(confidence), near(confidence, CONFIDENCES))
    rate, total = _rate(entry, "rate", where, found), _rate(entry, "all_in", where, found)
    if rate is not None and total is not None:
        found.add(f"{where}, all_in", "a rate or a total", "both", "keep one of them")
    for code in _texts(entry.get("headings")):
        if not code.isdigit() or not 2 <= len(code) <= 6:
            mend = "write it in quotes, without dots"
            found.add(f"{where}, headings", "customs headings of two to six digits", repr(code), mend)
    names: dict[str, Any] = {name: str(entry.get(name, "")) for name in ("regime", "importer", "exporter", "source", "note")}
    names |= {name: _texts(entry.get(name)) for name in ("headings", "commodities")}
    return TariffMeasure(id=key, rate=rate, all_in=total, start=start, end=end, confidence=confidence, **names)


def _demand_names(
    measure: TariffMeasure,
    regimes: Mapping[str, Regime],
    sources: Mapping[str, Any],
    places: set[str] | None,
    found: ProblemCollector,
) -> None:
    where = f"measures, {measure.id}"
    checks: list[tuple[str, str, Iterable[str] | None]] = [
        ("regime", measure.regime, regimes),
        ("source", measure.source, sources),
        ("importer", measure.importer, places),
        ("exporter", measure.exporter, places),
    ]
    for column, name, known in checks:
        if known is not None and name not in known:
            found.add(f"{where}, {column}", f"a known {column}", repr(name), near(name, known))


def _overlaps(measures: Iterable[TariffMeasure], found: ProblemCollector) -> None:
    """Measures of one regime that name the same ends and the same goods and hold on the same day."""
    groups: dict[tuple[str, str, str, str], list[TariffMeasure]] = {}
    for measure in measures:
        for good in (*measure.headings, *measure.commodities) or ("",):
            groups.setdefault((measure.regime, measure.importer, measure.exporter, good), []).append(measure)
    said = set()
    for rivals in groups.values():
        for one, other in combinations(rivals, 2):
            both = (one.id, other.id)
            if one.id != other.id and both not in said and one.start <= other.end and other.start <= one.end:
                said.add(both)
                text = f"{one.id} holds on the same days for the same goods"
                found.add(f"measures, {other.id}", "one measure at a time", text, "end the earlier one before the later begins")


def _day(entry: Mapping[str, Any], column: str, where: str, found: ProblemCollector, *, last: bool) -> int:
    if entry.get(column) in (None, ""):
        return ALWAYS if last else NEVER
    read = period(str(entry[column]))
    if read is None:
        found.add(f"{where}, {column}", "a day as YYYY-MM-DD", repr(str(entry[column])), "write an ISO date")
        return ALWAYS if last else NEVER
    return read[1] if last else read[0]


def _rate(entry: Mapping[str, Any], column: str, where: str, found: ProblemCollector) -> float | None:
    value = entry.get(column)
    if value is None:
        return None
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not number or not 0 <= float(value) <= HIGHEST:
        found.add(f"{where}, {column}", "a share of the value, 1 = 100 %", repr(value), "write 0.25 for 25 %, or leave it out")
        return None
    return float(value)


def _texts(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    return tuple(str(item) for item in value) if isinstance(value, (list, tuple)) else (str(value),)


def known_by(table: TariffTable, sources: Mapping[str, Mapping[str, Any]], day: int | None) -> TariffTable:
    """The table as it was known on a day (``yyyymmdd``; None: all of it): measures whose source was published by then."""
    if day is None:
        return table
    said = {name: period(str(source.get("published", ""))) for name, source in sources.items()}
    known = {name for name, span in said.items() if span is not None and span[1] <= day}
    return replace(table, measures=tuple(measure for measure in table.measures if measure.source in known))
