"""``form``: a record of a kind as a file to fill in: every field with what it takes and means, and an example that is filled.

The comments are read from the types; the examples stand in ``data/forms/examples.yaml``.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orepact.pact.records.codes import known
from orepact.pact.records.kinds import kind_of
from orepact.pact.records.reading import loader, read_values
from orepact.pact.records.slots import Slot, gist, meaning, slots
from orepact.wording import deed

if TYPE_CHECKING:
    from pydantic import BaseModel

    from orepact.pact.records.register import Register

#: Letters of a line of a form.
WIDTH = 120


@cache
def examples() -> Mapping[str, Mapping[str, Any]]:
    """The filled example of each kind: its fields as plain values, without the kind."""
    found = read_values(Path(str(files("orepact") / "data" / "forms" / "examples.yaml")))["records"]
    return {item["kind"]: {name: value for name, value in item.items() if name != "kind"} for item in found}


def form(kind: str, register: Register) -> str:
    """The form of a kind as YAML that can be kept as it is; lists of codes are as this register has them.

    Raises ``NotFound`` with near names for a kind that there is not.
    """
    record, filled = kind_of(kind), examples()[kind]
    head = [
        f"# {kind}: {gist(record)}",
        f"# Change what is filled in, take out what is not known, and keep it with {deed('pact.record_values')}.",
        "records:",
        f"- kind: {kind}",
    ]
    told: dict[type[BaseModel], str] = {}
    body = [line for slot in slots(record) for line in (*_told(record, slot, register, told), *_filled(slot.name, filled))]
    return "\n".join([*head, *textwrap.indent("\n".join(body), "  ").splitlines()]) + "\n"


def _told(
    part: type[BaseModel], slot: Slot, register: Register, told: dict[type[BaseModel], str], depth: int = 0
) -> Iterator[str]:
    """What a field is, as comments; the fields of its parts below it, those of a part that came before by naming where."""
    must = "required" if slot.required else "optional"
    yield from _comment(f"{slot.name}, {must}: {takes(slot, register)}. {meaning(part, slot.name)}", depth)
    for inner in slot.parts:
        if inner in told:
            yield from _comment(f"with the keys of {told[inner]}", depth + 1)
            continue
        told[inner] = slot.name
        if len(slot.parts) > 1:
            yield from _comment(f"either: {gist(inner)}", depth + 1)
        for each in slots(inner):
            yield from _told(inner, each, register, told, depth + 1 + (len(slot.parts) > 1))


def takes(slot: Slot, register: Register) -> str:
    """What a field takes, with the entries of its list where it takes one of a list."""
    return f"{slot.takes} ({', '.join(sorted(known(register, slot.codes)))})" if slot.codes else slot.takes


def _comment(text: str, depth: int) -> list[str]:
    space = "  " * depth
    return textwrap.wrap(text, WIDTH, initial_indent=f"# {space}", subsequent_indent=f"# {space}    ", break_on_hyphens=False)


def _filled(name: str, filled: Mapping[str, Any]) -> list[str]:
    import yaml

    if name not in filled:
        return []
    flow = None if isinstance(filled[name], dict | list) else False  # short parts on one line; no braces around one value
    text = yaml.dump(
        {name: filled[name]}, Dumper=_dumper(), allow_unicode=True, sort_keys=False, default_flow_style=flow, width=WIDTH
    )
    return str(text).splitlines()


@cache
def _dumper() -> Any:
    """YAML as it is written here: quotes only where reading it needs them."""
    import yaml

    class Dumper(yaml.SafeDumper):
        yaml_implicit_resolvers = loader().yaml_implicit_resolvers

    return Dumper
