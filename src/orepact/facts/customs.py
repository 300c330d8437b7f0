"""Customs codes by edition of the Harmonized System: which commodities of the chain a code covers.

The code lists give codes from the edition on in which they first stood: ``hs: {HS1992: ["810510"], HS2002: ["810520"]}`` means
810510 in the editions of 1992 and 1996 and 810520 from 2002 on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from orepact.errors import BadInput, Problem

#: Every edition there has been, oldest first.
EDITIONS = ("HS1992", "HS1996", "HS2002", "HS2007", "HS2012", "HS2017", "HS2022")
_CODE = re.compile(r"\bHS(?P<year>\d{4})? (?P<code>\d{6})\b")


def demand_edition(edition: str) -> None:
    """Raise ``BadInput`` unless there is such an edition of the Harmonized System."""
    if edition not in EDITIONS:
        raise BadInput([Problem("hs", f"one of {', '.join(EDITIONS)}", repr(edition), "name the edition of the customs codes")])


def codes_in(listed: Mapping[str, Iterable[str]], edition: str) -> tuple[str, ...]:
    """The customs codes that hold in an edition: those of the latest listed edition that is not younger.

    >>> codes_in({"HS1992": ["810510"], "HS2002": ["810520"]}, "HS1996"), codes_in({"HS2017": ["850760"]}, "HS2012")
    (('810510',), ())
    """
    demand_edition(edition)
    known = [name for name in EDITIONS[: EDITIONS.index(edition) + 1] if name in listed]
    return tuple(listed[known[-1]]) if known else ()


def code_of_note(note: str) -> tuple[str, str]:
    """Edition and customs code that the note of a trade claim names first, "" where it names none.

    >>> code_of_note("HS 282200; all cobalt oxides"), code_of_note("HS2017 283329; imported")
    (('', '282200'), ('HS2017', '283329'))
    """
    found = _CODE.search(note)
    if found is None:
        return "", ""
    return (f"HS{found['year']}" if found["year"] else ""), found["code"]
