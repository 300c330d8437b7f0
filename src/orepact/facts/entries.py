"""The entries of the code lists: what the words of the facts mean.

Each class is one kind of entry; ``entry_from`` builds one from its YAML mapping. Keys that no field takes are kept
in ``extra``, so that a data pack may carry more than the core reads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any

from orepact.units import TEXT, Unit


@dataclass(frozen=True, slots=True)
class Element:
    """A chemical element (or family) that is tracked through the chain."""

    id: str
    title: str
    symbol: str = ""
    description: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the chain; ``order`` counts in the direction in which material moves."""

    id: str
    title: str
    order: int = 0
    description: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Status:
    """A state of a site or contract: whether it ``operates`` (counts as capacity today) and whether its life ``ends``."""

    id: str
    title: str
    operates: bool = False
    ends: bool = False
    contract: bool = False
    description: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Commodity:
    """A thing in a form. ``contents`` is tonnes of element per unit; ``hs`` lists customs codes by edition."""

    id: str
    title: str
    stage: str
    unit: str
    contents: Mapping[str, float] = field(default_factory=dict)
    hs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    note: str = ""
    description: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def element(self) -> str:
        """The primary element: the first one in ``contents``, or "" for a commodity without tracked content."""
        return next(iter(self.contents), "")

    @property
    def element_t_per_unit(self) -> float:
        """Tonnes of the primary element in one unit (0 without tracked content)."""
        return self.contents.get(self.element, 0.0)


@dataclass(frozen=True, slots=True)
class Process:
    """What a site does: one main output, inputs and co-products (amounts are claims, not codes)."""

    id: str
    title: str
    stage: str
    output: str
    inputs: tuple[str, ...] = ()
    coproducts: tuple[str, ...] = ()
    description: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Port:
    """A port that the cargo of a place uses, WGS84 degrees."""

    name: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Place:
    """A leaf place of the model; the point stands where its industry sits (WGS84 degrees)."""

    id: str
    title: str
    kind: str
    parent: str = ""
    iso2: str = ""
    numeric: str = ""
    latitude: float = float("nan")
    longitude: float = float("nan")
    landmass: str = ""
    ports: tuple[Port, ...] = ()
    description: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Group:
    """A named set of places; members may be groups. A country of provinces is a group of kind ``country``."""

    id: str
    title: str
    members: tuple[str, ...]
    kind: str = "group"
    iso2: str = ""
    numeric: str = ""
    latitude: float = float("nan")
    longitude: float = float("nan")
    description: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Economy:
    """A country that statistics name and that has no place of its own in the chain: there it counts in ``ROW``."""

    id: str
    title: str
    description: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Material:
    """A raw material that studies assess, neither an element nor a commodity of the chain; ``members`` make a group.

    ``element`` names the element of the chain that the material belongs to, "" for none.
    """

    id: str
    title: str
    element: str = ""
    members: tuple[str, ...] = ()
    description: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mode:
    """A mode of transport that freight claims speak of."""

    id: str
    title: str
    description: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Attribute:
    """What a claim may say of a subject: kinds of subject, dimensions of unit, number or text, sign.

    ``values`` may name a code list (``statuses``, ``stages``, ``places``, ``processes``...) that a text value must come from.
    """

    id: str
    title: str
    dimension: tuple[str, ...]
    subject: tuple[str, ...]
    number: bool = True
    sign: str = "any"
    values: str = ""
    description: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_text(self) -> bool:
        """True when the value is a name, a status or a date."""
        return not self.number or self.dimension == (TEXT,)


Entry = Element | Stage | Status | Commodity | Process | Place | Group | Economy | Material | Mode | Attribute | Unit


def known_keys(kind: type[Any]) -> tuple[str, ...]:
    """The YAML keys that entries of this class read."""
    return tuple(item.name for item in fields(kind) if item.name not in _OWN)


def required_keys(kind: type[Any]) -> tuple[str, ...]:
    """The YAML keys that entries of this class cannot do without."""
    return tuple(
        item.name
        for item in fields(kind)
        if item.default is MISSING and item.default_factory is MISSING and item.name not in _OWN
    )


def entry_from(kind: type[Any], name: str, mapping: Mapping[str, Any]) -> Any:
    """One entry of class ``kind``; raises ``TypeError`` or ``ValueError`` saying which key holds what."""
    known = set(known_keys(kind))
    values = {key: _read(kind, key, value) for key, value in mapping.items() if key in known and value is not None}
    if kind is not Unit:
        values["extra"] = {key: value for key, value in mapping.items() if key not in known}
    make: Callable[..., Any] = kind
    return make(name, **values)


def _read(kind: type[Any], key: str, value: Any) -> Any:
    if kind is Unit and key == "dimension":
        return _text(key, value)
    reader: Callable[[str, Any], Any] = _READERS.get(key, _text)
    return reader(key, value)


def _text(key: str, value: Any) -> str:
    if isinstance(value, bool):
        raise TypeError(f"{key} reads as true or false: put it in quotes")
    if isinstance(value, (dict, list)):
        raise TypeError(f"{key} must be text, not {value!r}")
    return str(value)


def _flag(key: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{key} must be true or false, not {value!r}")
    return value


def _number(key: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{key} must be a number, not {value!r}")
    return float(value)


def _whole(key: str, value: Any) -> int:
    return int(_number(key, value))


def _names(key: str, value: Any) -> tuple[str, ...]:
    return tuple(_text(key, item) for item in (value if isinstance(value, list) else [value]))


def _mapping(key: str, value: Any) -> Mapping[Any, Any]:
    if not isinstance(value, dict):
        raise TypeError(f"{key} must be a mapping, not {value!r}")
    return value


def _contents(key: str, value: Any) -> dict[str, float]:
    return {_text(key, name): _number(f"contents of {name}", amount) for name, amount in _mapping(key, value).items()}


def _hs(key: str, value: Any) -> dict[str, tuple[str, ...]]:
    return {_text(key, edition): _names(f"hs of {edition}", codes) for edition, codes in _mapping(key, value).items()}


def _ports(key: str, value: Any) -> tuple[Port, ...]:
    if not isinstance(value, list):
        raise TypeError(f"{key} must be a list, not {value!r}")
    return tuple(_port(_mapping("port", port)) for port in value)


def _port(port: Mapping[Any, Any]) -> Port:
    missing = {"name", "latitude", "longitude"} - set(port)
    if missing:
        raise ValueError(f"a port needs {', '.join(sorted(missing))}")
    return Port(_text("name", port["name"]), _number("latitude", port["latitude"]), _number("longitude", port["longitude"]))


_OWN = {"id", "name", "extra"}
_READERS: dict[str, Callable[[str, Any], Any]] = {
    **dict.fromkeys(("latitude", "longitude", "factor"), _number),
    **dict.fromkeys(("operates", "ends", "contract", "number"), _flag),
    **dict.fromkeys(("inputs", "coproducts", "members", "dimension", "subject"), _names),
    "contents": _contents,
    "hs": _hs,
    "ports": _ports,
    "order": _whole,
}
