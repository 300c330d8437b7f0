"""What the names of the atlas are called: places, owners, goods, stages, elements, measures; each to be said in a language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orepact.report.sentences import Said, said, sentence
from orepact.service.view.said import Place, Term

if TYPE_CHECKING:
    import pandas as pd

    from orepact.facts import Codes
    from orepact.report.sentences import Spoken

#: Ends that are no place.
OTHERS = {
    "Rest": sentence("Others"),
    "others": sentence("Others"),
    "ROW": sentence("Rest of the world"),
    "unknown": sentence("Unknown"),
    "stock": sentence("From stock"),
    "recycled": sentence("Recycled"),
    "outside the chain": sentence("Outside the chain"),
    "": sentence("Unknown"),
}
GROUPS = {
    "europe": sentence("Europe"),
    "corridor": sentence("Canada, Korea and Japan"),
    "allied": sentence("Allied and partner places"),
    "concern": sentence("Places of concern in United States law"),
    "north_america": sentence("North America"),
    "southeast_asia": sentence("Southeast Asia"),
    "latin_america": sentence("Latin America"),
    "africa": sentence("Africa"),
    "world": sentence("World"),
}
#: Stages that no code list has.
ENDS = {"final use": sentence("Final use"), "stock": sentence("Stock"), "transport": sentence("Transport")}
MEASURES = {
    "contained": sentence("Contained metal"),
    "mass": sentence("Mass"),
    "value": sentence("Value"),
    "gwh": sentence("Energy of cells"),
}
#: What one unit of each measure is called.
UNITS = {
    "contained": sentence("tonnes of the element a year"),
    "mass": sentence("tonnes a year"),
    "value": sentence("US dollars a year"),
    "gwh": sentence("GWh a year"),
}


def end(codes: Codes, name: str) -> Spoken:
    """A place, a group, the home of an owner, or what stands in its place."""
    if name in OTHERS:
        return said(OTHERS[name])
    if name in GROUPS:
        return said(GROUPS[name])
    found = codes.places.get(name) or codes.groups.get(name)
    return Place(name, found.title if found else name)


def good(codes: Codes, name: str) -> Spoken:
    """A good, or a stage that stands for its goods."""
    found = codes.commodities.get(name)
    return Term(found.title, first=True) if found and name not in codes.stages else stage(codes, name)


def stage(codes: Codes, name: str) -> Spoken:
    """A stage of the chain."""
    if name in ENDS:
        return said(ENDS[name])
    found = codes.stages.get(name)
    return Term(found.title, first=True) if found else said("{name}", name=name.replace("_", " "))


def element(codes: Codes, name: str) -> Spoken:
    """An element; all of them."""
    if name == "all":
        return said(sentence("All elements"))
    found = codes.elements.get(name)
    return Term(found.title, first=True) if found else said("{name}", name=name)


def points(codes: Codes, names: dict[str, str]) -> pd.DataFrame:
    """Where places lie, by id: ``name`` (as given), ``longitude, latitude``."""
    import pandas as pd

    rows = {}
    for each, name in names.items():
        entry = codes.places.get(each) or codes.groups.get(each)
        longitude, latitude = getattr(entry, "longitude", None), getattr(entry, "latitude", None)
        if longitude is not None and latitude is not None and each != "ROW":
            rows[each] = {"name": name, "longitude": float(longitude), "latitude": float(latitude)}
    if not rows:  # an index of ids all the same
        return pd.DataFrame({"name": [], "longitude": [], "latitude": []}, index=pd.Index([], dtype="str"))
    return pd.DataFrame.from_dict(rows, orient="index", columns=["name", "longitude", "latitude"])


__all__ = ["ENDS", "GROUPS", "MEASURES", "OTHERS", "UNITS", "Said", "element", "end", "good", "points", "stage"]
