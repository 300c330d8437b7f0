"""How closed a record about an incident is: as the incident itself, whoever writes it."""

from __future__ import annotations

from collections.abc import Collection
from itertools import count
from typing import TYPE_CHECKING, Any

from orepact.facts.labels import Label, Tlp

if TYPE_CHECKING:
    from orepact.pact.incidents.incident import Incident


def sharing_like(matter: Incident, by: str) -> dict[str, Any]:
    """The label, readers and embargo of what an organisation writes about an incident.

    A label names who writes, as nobody writes in the name of another. What is closed is read, besides, by who asked for help, by
    who was asked, and by all others whom the incident names.
    """
    label = Label.parse(matter.label)
    if label is None or by in {"", label.owner} or not label.owner:
        return {"label": matter.label, "readers": matter.readers, "opens": matter.opens}
    if label.level <= Tlp.GREEN:
        return {"label": str(Label(label.level, by)), "readers": matter.readers, "opens": matter.opens}
    parties = (label.owner, *((matter.request.by, *matter.request.asked) if matter.request else ()))
    named = {one.organisation for one in matter.readers}
    told = [{"organisation": one} for one in dict.fromkeys(parties) if one not in {*named, by}]
    others = [one for one in matter.readers if one.organisation != by]
    return {"label": str(Label(label.level, by)), "readers": [*told, *others], "opens": matter.opens}


def child_id(matter: str, by: str, ending: str, taken: Collection[str] = ()) -> str:
    """The id of a record about an incident: its own and an ending; of a closed one (``OWNER.name``) after who writes it.

    ``taken``: ids of those that are there for who writes; the first number that is free follows.

    >>> child_id("moa", "meti", "aid-1"), child_id("nrcan.moa", "meti", "aid-1")
    ('moa-aid-1', 'meti.moa-aid-1')
    >>> child_id("moa", "meti", "review", {"moa-review"}), child_id("moa", "meti", "aid", {"moa-aid", "moa-aid-2"})
    ('moa-review-2', 'moa-aid-3')
    """
    _, dot, rest = matter.partition(".")
    stem = f"{by}.{rest}-{ending}" if dot and by else f"{matter}-{ending}"
    return stem if stem not in taken else next(f"{stem}-{n}" for n in count(2) if f"{stem}-{n}" not in taken)
