"""Numbers and names as people read them: three digits that count, plain units, lists with "and"."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from orepact.report.brief import Column

THIN = "\N{NARROW NO-BREAK SPACE}"
DASH = "–"
#: How the answers of a test are shown: a sign and a word, so that no colour is needed.
VERDICTS = {"pass": "✓ pass", "fail": "✗ fail", "undetermined": "○ open"}
MINUS = "\N{MINUS SIGN}"
#: Beside the largest number of a column, a number below this share of it is what is left of arithmetic.
NOISE = 1e-9


def number(value: float | None) -> str:
    """Three digits that count, thousands apart; a dash for nothing.

    >>> number(1234567.0).replace(THIN, " "), number(0.04567), number(None), number(12.34)
    ('1 230 000', '0.0457', '–', '12.3')
    """
    if value is None or math.isnan(value):
        return DASH
    if math.isinf(value):
        return "unlimited"
    if value == 0:
        return "0"
    rounded = float(f"{value:.2e}")
    digits = 2 - math.floor(math.log10(abs(rounded)))
    return f"{rounded:,.{max(digits, 0)}f}".replace(",", THIN)


def fixed(value: float | None, digits: int) -> str:
    """A number with that many decimals.

    >>> fixed(0.0004, 1), fixed(1234.56, 1).replace(THIN, " ")
    ('0.0', '1 234.6')
    """
    return DASH if value is None or math.isnan(value) else f"{value:,.{digits}f}".replace(",", THIN)


def share(value: float | None) -> str:
    """A fraction in per cent; small ones with one digit.

    >>> share(0.7361).replace(THIN, " "), share(0.004).replace(THIN, " "), share(None)
    ('74 %', '0.4 %', '–')
    """
    if value is None or math.isnan(value):
        return DASH
    percent = 100 * value
    exact = abs(percent) >= 10 or percent == 0
    return f"{percent:.0f}{THIN}%" if exact else f"{percent:.1f}{THIN}%"


def signed_points(value: float) -> str:
    """A change of a fraction in per cent with its sign.

    >>> signed_points(0.021).replace(THIN, " "), signed_points(-0.13).replace(THIN, " ")
    ('+2.1 %', '−13 %')
    """
    return f"{'+' if value >= 0 else MINUS}{share(abs(value))}"


def reliance(value: float | None) -> str:
    """Net import reliance in per cent; below zero more leaves than arrives.

    >>> reliance(-0.4), reliance(0.95).replace(THIN, " ")
    ('net exporter', '95 %')
    """
    return "net exporter" if value is not None and value < 0 else share(value)


def least_of(values: Iterable[Any]) -> float:
    """What counts as 0 beside these values: ``NOISE`` of the largest of them.

    >>> least_of([5e6, None, 1e-12]), least_of(["-"])
    (0.005, 0.0)
    """
    sizes = [abs(float(value)) for value in values if isinstance(value, (int, float)) and math.isfinite(value)]
    return NOISE * max(sizes, default=0.0)


def shown(value: Any, column: Column, least: float = 0.0) -> str:
    """A cell of a column as people read it; an empty text for text that is missing, a dash for a missing number.

    A number smaller than ``least`` is what is left of arithmetic, and shown as 0.
    """
    if column.kind == "number" and value is not None and abs(value) < least:
        value = 0.0
    if column.kind == "share":
        return share(value)
    if column.kind == "reliance":
        return reliance(value)
    if column.kind == "number":
        return number(value) if column.digits is None else fixed(value, column.digits)
    if column.kind == "verdict":
        return VERDICTS.get(str(value), "" if value is None else str(value))
    return "" if value is None else str(value)


def money(usd: float) -> str:
    """Dollars in billions or millions.

    >>> money(1.234e12), money(4.56e9), money(7.8e6)
    ('$1,230 billion', '$4.56 billion', '$7.80 million')
    """
    size, word = (1e9, "billion") if abs(usd) >= 1e9 else (1e6, "million")
    return f"${number(usd / size).replace(THIN, ',')} {word}"


def dollars(usd: float) -> str:
    """Dollars in billions, millions, or as they are below a million.

    >>> dollars(4.56e9), dollars(-7.8e6), dollars(80_000.0), dollars(0.0)
    ('$4.56 billion', '−$7.80 million', '$80,000', '$0')
    """
    sign, size = (MINUS if usd <= -0.5 else ""), abs(usd)
    return sign + (money(size) if size >= 1e6 else f"${size:,.0f}")


def scale_of(usd: float) -> tuple[str, float]:
    """Unit of money that shows ``usd`` with few digits, and the factor to it.

    >>> scale_of(3.2e9), scale_of(5e4), scale_of(0.0)
    (('billion USD', 1e-09), ('thousand USD', 0.001), ('USD', 1.0))
    """
    steps = ((1e9, "billion USD"), (1e6, "million USD"), (1e4, "thousand USD"))
    found = next(((size, name) for size, name in steps if abs(usd) >= size), None)
    return ("USD", 1.0) if found is None else (found[1], 1.0 / (1e3 if found[1].startswith("thousand") else found[0]))


def scale_of_rows(values: Iterable[float]) -> tuple[str, float]:
    """Unit and factor for a table of money: as its middle row needs it, but no unit a thousand times smaller than its largest.

    >>> scale_of_rows([3.2e9, 2e7, 4e5, 3e5, 0.0]), scale_of_rows([3.2e9, 2.1e9]), scale_of_rows([])
    (('million USD', 1e-06), ('billion USD', 1e-09), ('USD', 1.0))
    """
    sizes = sorted(abs(value) for value in values if value and math.isfinite(value))
    return scale_of(max(sizes[len(sizes) // 2], sizes[-1] / 1e3) if sizes else 0.0)


def listed(names: Iterable[str]) -> str:
    """Names as a phrase.

    >>> listed(["lithium", "nickel", "cobalt"]), listed(["copper"])
    ('lithium, nickel and cobalt', 'copper')
    """
    parts = list(names)
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else "none"


def the(title: str) -> str:
    """A country inside a sentence, with its article where it has one.

    >>> the("United States"), the("Korea")
    ('the United States', 'Korea')
    """
    return f"the {title}" if title.startswith("United ") or title == "Rest of the world" else title


def uncapped(title: str) -> str:
    """A title inside a sentence: the first letter small, abbreviations as they are.

    >>> uncapped("Electric car with LFP battery"), uncapped("LFP cell")
    ('electric car with LFP battery', 'LFP cell')
    """
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def counted(count: int, one: str, many: str = "") -> str:
    """A count with its noun.

    >>> counted(1, "project"), counted(3, "project")
    ('1 project', '3 projects')
    """
    return f"{count} {one if count == 1 else many or one + 's'}"


def plain(value: Any) -> Any:
    """A value as JSON and CSV know it: NaN and infinities become None, numpy numbers plain ones."""
    if hasattr(value, "item") and not isinstance(value, (str, bytes)):
        value = value.item()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value
