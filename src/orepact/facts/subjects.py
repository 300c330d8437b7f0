"""What a claim speaks of: the grammar of subjects, read for one text or a whole column at once.

===============  ==================================  =====================================
kind             example                             filled columns
===============  ==================================  =====================================
place            ``CHN``                             place
place_thing      ``CHN/cobalt``                      place, thing
flow             ``COD>CHN``                         place, partner
flow_thing       ``COD>CHN/cobalt_hydroxide``        place, partner, thing
thing            ``nickel_sulphate``                 thing
process          ``hpal``, ``hpal@IDN``              process, place (when given)
process_thing    ``hpal/cobalt_sulphate``            process, thing
site             ``site:nextstar_windsor``           entity
contract         ``contract:ot_nmg_panasonic``       entity
===============  ==================================  =====================================
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from orepact.facts.codes import Codes

SUBJECT_COLUMNS = ("kind", "place", "partner", "thing", "process", "entity")
_GRAMMAR = (
    r"^(?:(?P<register>site|contract):(?P<entity>[A-Za-z0-9_.-]+)"
    r"|(?P<head>[A-Za-z0-9_-]+)(?:>(?P<partner>[A-Za-z0-9_-]+))?(?:@(?P<at>[A-Za-z0-9_-]+))?(?:/(?P<thing>[a-z0-9_]+))?)$"
)


@dataclass(frozen=True, slots=True)
class Subject:
    """One parsed subject; parts that a kind does not have are empty, and ``kind`` is empty when the grammar is broken."""

    kind: str
    place: str = ""
    partner: str = ""
    thing: str = ""
    process: str = ""
    entity: str = ""


def parse_subject(text: str, codes: Codes) -> Subject:
    """The parts of one subject.

    >>> parse_subject("COD>CHN/cobalt_hydroxide", Codes.shipped()).kind
    'flow_thing'
    """
    row = parse_subjects(pd.Series([text], dtype="str"), codes).iloc[0]
    return Subject(**{column: str(row[column]) for column in SUBJECT_COLUMNS})


def parse_subjects(subjects: pd.Series, codes: Codes) -> pd.DataFrame:
    """The parts of a column of subjects as columns ``kind, place, partner, thing, process, entity`` (text, "" for none)."""
    positions, unique = pd.factorize(subjects)
    parsed = _parse_unique(pd.Series(unique, dtype="str"), codes)
    return parsed.take(positions).set_axis(subjects.index)


def _parse_unique(texts: pd.Series, codes: Codes) -> pd.DataFrame:
    parts = _parts(texts)
    is_place = parts["head"].isin({*codes.places, *codes.groups}) | parts["head"].str.match(r"^[A-Z]{2}")
    is_process = parts["head"].isin(set(codes.processes)) & ~is_place
    kind = _kinds(parts, is_place, is_process)
    with_process = kind.isin(["process", "process_thing"])
    return pd.DataFrame(
        {
            "kind": kind,
            "place": parts["head"].where(
                kind.isin(["place", "place_thing", "flow", "flow_thing"]), parts["at"].where(with_process, "")
            ),
            "partner": parts["partner"].where(kind != "", ""),
            "thing": parts["head"].where(kind == "thing", parts["thing"].where(kind != "", "")),
            "process": parts["head"].where(with_process, ""),
            "entity": parts["entity"],
        },
        dtype="str",
    )


def _parts(texts: pd.Series) -> pd.DataFrame:
    """The named groups of the grammar as text columns, "" where a part (or the whole) does not match."""
    import pyarrow as pa
    import pyarrow.compute as pc

    found = pc.extract_regex(pa.array(texts).cast(pa.string()), pattern=_GRAMMAR)
    names = ("register", "entity", "head", "partner", "at", "thing")
    columns = {name: pc.fill_null(pc.struct_field(found, name), "") for name in names}
    return pd.DataFrame({name: column.to_pandas() for name, column in columns.items()}, dtype="str")


def _kinds(parts: pd.DataFrame, is_place: pd.Series, is_process: pd.Series) -> pd.Series:
    """The kind by which parts are there: ``head[>partner][@at][/thing]``; "" for a mix that the grammar does not have."""
    partner, at, thing, head = (parts[name] != "" for name in ("partner", "at", "thing", "head"))
    kind = parts["register"].copy()
    bare = head & ~partner & ~at & ~thing
    kind = kind.mask(bare, "thing").mask(bare & is_process, "process").mask(bare & is_place, "place")
    kind = kind.mask(head & at & ~partner & ~is_place & ~thing, "process")
    kind = kind.mask(head & thing & ~partner & ~(at & is_place), "process_thing").mask(
        head & thing & ~partner & ~at & is_place, "place_thing"
    )
    kind = kind.mask(head & partner & ~at & is_place & ~thing, "flow")
    return kind.mask(head & partner & ~at & is_place & thing, "flow_thing")
