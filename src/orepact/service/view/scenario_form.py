"""A scenario of one's own as a form made from its JSON Schema: every field with its bounds; what is left empty is the parent's.

One policy limit of each kind can be stated beside those of the parent, which can be switched off by name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from orepact.errors import BadInput, Problem
from orepact.report.sentences import sentence
from orepact.service.view.event_form import listed, own_id

if TYPE_CHECKING:
    from orepact.chain import Scenario

#: What fields are called; one that is not listed is called by its name in the schema.
WORDS = {
    "title": sentence("Title"),
    "description": sentence("Description"),
    "years": sentence("Model years"),
    "discount_rate": sentence("Discount rate"),
    "status_probability": sentence("Probability of announced plants by status"),
    "restrictions": sentence("Closed sea passages"),
    "base_year": sentence("Base year"),
    "ev_projection": sentence("Car sales follow"),
    "use_projection": sentence("Other uses follow"),
    "lfp_share_shift_per_year": sentence("Yearly shift to LFP"),
    "lfp_share_maximum": sentence("Highest share of LFP"),
    "consumer_electronics_growth_per_year": sentence("Growth of consumer electronics a year"),
    "bulk_use_growth_per_year": sentence("Growth of other uses a year"),
    "shortage_cost_multiple": sentence("Cost of a missing unit, times its cost"),
    "expansion_per_year": sentence("Plants may grow each year by"),
    "mine_expansion_per_year": sentence("Mines may grow each year by"),
    "newcomer_share_per_year": sentence("Newcomers may add each year"),
    "routes_per_destination": sentence("Routes to each destination"),
    "owner_country": sentence("Country of the owners"),
    "commodities": sentence("Goods"),
    "minimum": sentence("Least capacity a year"),
    "from_year": sentence("First year"),
    "to_year": sentence("Last year"),
    "shortfall_cost_usd": sentence("Cost of a missing unit, USD"),
    "places": sentence("Places"),
    "by": sentence("Whose share"),
    "max_share": sentence("Largest share of one supplier"),
    "exempt": sentence("Suppliers that are not bound"),
    "name": sentence("Name of the limit"),
}
KINDS = {
    "LargestSupplierShare": sentence("No supplier above a share"),
    "CapacityTarget": sentence("Capacity that a country's companies own"),
}
#: Keys that the form states by itself.
OWN = frozenset({"id", "parent", "limits", "reference", "kind", "enabled"})
#: What schemas call numbers.
NUMBERS = {"number", "integer"}


@dataclass(frozen=True, slots=True)
class Field:
    """A field: its name in the form, the keys under which its value stands in a scenario, its words, its kind (text, number,
    list, pairs or one of ``choices``; ``many``: several of them), what the schema says of it, its bounds in words.
    """

    name: str
    path: tuple[str, ...]
    words: str
    kind: str
    says: str
    choices: tuple[str, ...] = ()
    many: bool = False
    bounds: str = ""


@cache
def schema() -> dict[str, Any]:
    """The JSON Schema of a scenario."""
    found: dict[str, Any] = json.loads((files("orepact") / "data/schemas/scenario.schema.json").read_text(encoding="utf-8"))
    return found


@cache
def sections() -> dict[str, tuple[Field, ...]]:
    """Fields by section: of the scenario, of the reference network, of each kind of limit."""
    whole = schema()
    found = {"scenario": _fields(whole, (), ""), "reference": _fields(whole["$defs"]["ReferenceSettings"], ("reference",), "")}
    return found | {kind: _fields(whole["$defs"][kind], (kind,), f"{_snake(kind)}_") for kind in KINDS}


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def _fields(part: Mapping[str, Any], path: tuple[str, ...], prefix: str) -> tuple[Field, ...]:
    names = [name for name in part["properties"] if name not in OWN]
    return tuple(_field(prefix + name, (*path, name), part["properties"][name]) for name in names)


def _field(name: str, path: tuple[str, ...], said: Mapping[str, Any]) -> Field:
    own = next((one for one in said.get("anyOf", ()) if one.get("type") in NUMBERS), said)
    types = {own.get("type"), *(one.get("type") for one in said.get("anyOf", ()))}
    items = said.get("items", {})
    kind = "number" if types & NUMBERS else "list" if "array" in types else "pairs" if "object" in types else "text"
    choices = tuple(said.get("enum") or items.get("enum") or ())
    words = WORDS.get(path[-1], str(said.get("title", path[-1])))
    least, most = own.get("minimum", own.get("exclusiveMinimum")), own.get("maximum", own.get("exclusiveMaximum"))
    bounds = f"{least} – {most}" if least is not None and most is not None else f"≥ {least}" if least is not None else ""
    return Field(name, path, words, kind, str(said.get("description", "")), choices, bool(items.get("enum")), bounds)


def names() -> dict[str, Field]:
    """Every field by its name."""
    return {field.name: field for fields in sections().values() for field in fields}


def of_parent(parent: Scenario) -> dict[str, str]:
    """What the parent states, as texts, by field."""
    content = parent.model_dump(mode="json")
    found = {}
    for section in ("scenario", "reference"):
        for field in sections()[section]:
            value: Any = content
            for key in field.path:
                value = value.get(key) if isinstance(value, Mapping) else None
            found[field.name] = _text(value)
    return found


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {each}" for key, each in value.items())
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else "" if value is None else str(value)


def changes_of(typed: Mapping[str, Sequence[str]], parent: Scenario) -> dict[str, Any]:
    """What a form states differently from the parent, as the file of a scenario would say it.

    Raises ``BadInput`` with every value that cannot be read and everything that the scenario itself refuses, at its field.
    """
    problems: list[Problem] = []
    content: dict[str, Any] = {"id": own_id(" ".join(typed.get("title", ())))}
    limits: dict[str, dict[str, Any]] = {}
    for field in names().values():
        given = [value for value in typed.get(field.name, ()) if value.strip()]
        if not given:
            continue
        try:
            value = _value(field, given)
        except ValueError:
            problems.append(Problem(field.name, _expected(field), repr(given[0])[:60], "write it so"))
            continue
        if field.path[0] in KINDS:
            limits.setdefault(field.path[0], {})[field.path[1]] = value
        else:
            _lay(content, field.path, value)
    listed_limits = [_limit(kind, found) for kind, found in limits.items()]
    listed_limits += [
        {"name": name, "enabled": False} for name in typed.get("off", ()) if name in {one.name for one in parent.limits}
    ]
    if listed_limits:
        content["limits"] = listed_limits
    _check(content, parent, problems, limits)
    return content


def _limit(kind: str, found: Mapping[str, Any]) -> dict[str, Any]:
    return {"kind": _snake(kind), "name": f"own_{_snake(kind)}", **found}


def _lay(content: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    for key in path[:-1]:
        content = content.setdefault(key, {})
    content[path[-1]] = value


def _value(field: Field, given: Sequence[str]) -> Any:
    text = given[0].strip()
    if field.many:
        return [*given]
    if field.kind == "number":
        return int(text) if re.fullmatch(r"-?\d+", text) else float(text.replace(",", "."))
    if field.kind == "pairs":
        return {name.strip(): float(part) for name, part in (each.split(":") for each in listed(text))}
    if field.kind == "list":
        return [int(part) if field.name == "years" else part for part in listed(text)]
    return text


def _expected(field: Field) -> str:
    return {"number": "a number", "pairs": "pairs, name: number", "list": "whole years, apart by commas"}.get(
        field.kind, "a text"
    )


def _check(content: Mapping[str, Any], parent: Scenario, problems: list[Problem], limits: Mapping[str, Any]) -> None:
    from orepact.chain.scenario_files import child_of

    try:
        child_of(parent.id, content)
    except BadInput as error:
        problems += at_fields(error.problems, len(parent.limits), [*limits])
    if problems:
        raise BadInput(problems)


def at_fields(problems: Iterable[Problem], inherited: int, kinds: Sequence[str]) -> list[Problem]:
    """Problems of a scenario, each with the field of the form; limits of one's own come after those that are inherited."""
    found = []
    for one in problems:
        parts = re.split(r"[.\[\]]+", one.column)
        name = next((part for part in reversed(parts) if part and not part.isdigit()), "form")
        if parts[0] == "limits":
            at = next((int(part) for part in parts if part.isdigit()), 0) - inherited
            kind = kinds[at] if 0 <= at < len(kinds) else kinds[0] if kinds else ""
            name = f"{_snake(kind)}_{name}" if kind and name != "limits" else "form"
        found.append(replace(one, column=name if name in names() else "form", file=""))
    return found
