"""Who controls a site: names of owners as sources write them, and the home countries of the companies behind."""

from __future__ import annotations

import re
from functools import cache

from tools.compile._sites import code_list
from tools.compile.place_names import folded

Owner = tuple[str, float]
"""Name and share; the share is NaN when it is not stated."""


def owners_of(text: str) -> list[Owner]:
    """Owners and shares of a text such as ``A Ltd. [75%]; B [25%]``.

    >>> owners_of("Glencore Plc [69%]; Fleurette Properties Ltd. [31%]")
    [('Glencore Plc', 0.69), ('Fleurette Properties Ltd.', 0.31)]
    """
    found = []
    for part in text.replace("<null>", "").split(";"):
        share = re.search(r"\[([\d.]+)%\]", part)
        name = re.sub(r"\s*\[[^\]]*\]+", "", part).strip()
        if name:
            found.append((name, float(share[1]) / 100 if share else float("nan")))
    return found


def home_of(name: str) -> str:
    """The home country of the company that a name means, ``unknown`` when no company of the list fits.

    >>> home_of("La Générale des Carrières et des Mines SA (Gécamines)"), home_of("Nobody Ltd.")
    ('COD', 'unknown')
    """
    text = f" {folded(name)} "
    return next((home for alias, home in _aliases() if f" {alias}" in text), "unknown")


@cache
def _aliases() -> tuple[tuple[str, str], ...]:
    """Folded aliases with their homes, the longest first so that the most telling one wins."""
    companies = code_list("companies")
    pairs = {folded(alias): str(company["home"]) for company in companies.values() for alias in company["aliases"]}
    return tuple(sorted(pairs.items(), key=lambda pair: (-len(pair[0]), pair[0])))


def controlling_home(owners: list[Owner], operator: str) -> str:
    """Home of the owner with the largest share; of the first-named when shares are equal or missing; else of the operator.

    >>> controlling_home([("China Molybdenum Co. Ltd.", 0.8), ("Gécamines", 0.2)], ""), controlling_home([], "Boss Mining SPRL")
    ('CHN', 'KAZ')
    """
    if owners:
        name = max(owners, key=lambda owner: owner[1] if owner[1] == owner[1] else 0.0)[0]
        if home_of(name) != "unknown":
            return home_of(name)
    return home_of(operator)


def shares_by_home(owners: list[Owner]) -> str:
    """Shares as ``COUNTRY:fraction`` pairs, the unknown part left out.

    >>> shares_by_home([("Glencore Plc", 0.75), ("Gécamines", 0.25)])
    'CHE:0.75; COD:0.25'
    """
    totals: dict[str, float] = {}
    for name, share in owners:
        if share == share and share > 0 and home_of(name) != "unknown":  # noqa: PLR0124
            totals[home_of(name)] = totals.get(home_of(name), 0.0) + share
    return "; ".join(f"{home}:{share:.4g}" for home, share in totals.items())
