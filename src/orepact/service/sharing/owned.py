"""What an organisation keeps for its own runs, overlays and networks alike: whose it is, how it is named, who sees it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from orepact.errors import BadInput, Problem
from orepact.facts.labels import Label, Tlp
from orepact.service.access.may import may
from orepact.wording import field

if TYPE_CHECKING:
    from orepact.store.store import Store
    from orepact.store.versions import Version

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
#: What names of things for stewards alone begin with.
RED = "red-"
#: Labels that it can have, all of its owner.
LEVELS = (Tlp.AMBER, Tlp.AMBER_STRICT, Tlp.RED)


def owner_of(store: Store, named: str) -> str:
    """Whose things are asked for: of an account those of its organisation, of others none, whatever was named."""
    if store.reader is None:
        if not named:
            raise BadInput([Problem("organisation", "the organisation whose it is", "none", f"name it: {field('acting_for')}")])
        store.get("organisation", named)
        return named
    if named and named != store.reader.organisation:
        may(store.reader, "put_overlay", organisation=named)
    if not store.reader.organisation:
        raise BadInput([Problem("organisation", "an organisation for which the account acts", "none", "act for one")])
    return store.reader.organisation


def is_steward(store: Store) -> bool:
    """Whether somebody sees what is for stewards alone."""
    return store.reader is None or "steward" in store.reader.roles


def sees(store: Store, one: Version) -> bool:
    """Whether somebody of its organisation sees it."""
    return is_steward(store) or not one.closed


def parted(ref: str) -> tuple[str, int | None]:
    """Name and version of ``NAME@VERSION``, None for the last one; -1 for what is no number of a version."""
    name, at, version = ref.partition("@")
    if not at:
        return name, None
    return name, int(version) if version.isdecimal() and len(version) < 7 else -1


def demand_name(what: str, name: str) -> None:
    """Raise ``BadInput`` for what cannot be a name."""
    if not NAME.fullmatch(name):
        expected = "lower-case letters and digits, joined by - or _, at most 60"
        raise BadInput([Problem(what, expected, repr(name)[:80], "write another name")])


def demand_apart(what: str, name: str, mark: str) -> None:
    """Raise ``BadInput`` unless what is for stewards alone has a name of its own: among versions of what others see it would
    leave a gap in their numbers, and a name that is taken would tell of it.
    """
    closed = mark.startswith("TLP:RED")
    if closed != name.startswith(RED):
        expected = f"a name that begins with {RED} for what is TLP:RED" if closed else f"a name that does not begin with {RED}"
        mend = f"name it {RED}{name}" if closed else "write another name, or label it TLP:RED"
        raise BadInput([Problem(what, expected, repr(name)[:80], mend)])


def label_of(text: str, owner: str, *, steward: bool) -> str:
    """Its label; raises ``BadInput`` for one that opens it to others, or closes it to who puts it."""
    found = Label.parse(text or f"TLP:AMBER+STRICT/{owner}")
    if found is None or found.owner != owner or found.level not in LEVELS:
        expected = " or ".join(str(Label(level, owner)) for level in LEVELS)
        raise BadInput([Problem("label", expected, repr(text)[:80], "use one of them")])
    if found.level is Tlp.RED and not steward:
        raise BadInput([Problem("label", "a label that lets you see it", str(found), "let a steward put it")])
    return str(found)
