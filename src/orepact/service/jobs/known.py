"""What of a question can be known to be wrong before anything is computed: names that no code list has, years without an answer.

A network package has names and years of its own: where one is asked, only the run itself can tell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import cache

from pydantic import ValidationInfo
from pydantic_core import PydanticCustomError

from orepact.errors import nearest
from orepact.service.asked import UNFIT
from orepact.service.flowing import REFERENCE, USUAL_YEAR


def _unfit(expected: str, mend: str) -> PydanticCustomError:
    return PydanticCustomError(UNFIT, "{expected}", {"expected": expected, "mend": mend})


def _of_facts(info: ValidationInfo) -> bool:
    """Whether the question is asked of the facts; no where its network is wrong itself."""
    return info.data.get("network", "wrong") is None


def _listed(name: str, kind: str, known: Iterable[str], where: str) -> PydanticCustomError:
    near = nearest(name, known)
    mend = f"did you mean {' or '.join(near)}?" if near else f"use a name of {where}"
    return _unfit(f"a known {kind}", mend)


@cache
def things() -> frozenset[str]:
    """Commodities, stages and elements of the code lists, in small letters."""
    from orepact.facts.codes import Codes

    codes = Codes.shipped()
    return frozenset(name.casefold() for name in (*codes.commodities, *codes.stages, *codes.elements))


@cache
def places() -> frozenset[str]:
    """Places and groups of places of the code lists."""
    from orepact.facts.codes import Codes

    codes = Codes.shipped()
    return frozenset((*codes.places, *codes.groups))


def known_thing(name: str, info: ValidationInfo) -> str:
    """A commodity, stage or element, as far as that can be known."""
    if _of_facts(info) and name.strip().casefold() not in things():
        raise _listed(name, "commodity, stage or element", things(), "the list of commodities")
    return name


def known_place(name: str, info: ValidationInfo) -> str:
    """A place or a group of places, as far as that can be known."""
    if _of_facts(info) and name not in places():
        raise _listed(name, "place or group of places", places(), "the list of places")
    return name


def past_year(year: int, info: ValidationInfo) -> int:
    """A year that is not ahead, of which there can be statistics."""
    now = datetime.now(tz=UTC).year
    if _of_facts(info) and year > now:
        raise _unfit(f"a past year, up to {now}", f"ask for {USUAL_YEAR}, or for a plan of that year")
    return year


def answered_year(year: int, info: ValidationInfo) -> int:
    """A past year that is balanced, or a model year of the scenario that is asked."""
    from orepact.chain.scenario_files import load_scenario

    if not _of_facts(info) or "scenario" not in info.data:
        return year
    chosen = load_scenario(info.data["scenario"] or REFERENCE)
    last = max(USUAL_YEAR, chosen.reference.base_year)
    if year > last and year not in chosen.years:
        listed = ", ".join(map(str, chosen.years))
        raise _unfit(f"a past year up to {last}, or a model year of {chosen.id}: {listed}", "ask for one of them")
    return year


def name_of(kind: str, known: Callable[[], Iterable[str]]) -> Callable[[str], str]:
    """A check that a name is one of those that come with the package: another one would be read as that of a file."""

    def check(name: str) -> str:
        names = [*known()]
        if name not in names:
            near = nearest(name, names)
            expected = f"{'an' if kind[0] in 'aeiou' else 'a'} {kind} of the package"
            raise _unfit(expected, f"did you mean {' or '.join(near)}?" if near else f"use one of {', '.join(names)}")
        return name

    return check
