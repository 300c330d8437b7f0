"""Moments, kept in UTC, and the places whose calendar says on which day they fall."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, PlainSerializer

from orepact.pact.dates.days import YEARS
from orepact.pact.records.fields import Takes


def _stated(value: Any) -> Any:
    """Numbers are no moments, and a day without an hour is none either."""
    if isinstance(value, datetime) or (isinstance(value, str) and len(value) > len("2026-02-18")):
        return value
    raise ValueError(f"{value!r} is no moment: write a day, an hour and what it is ahead of UTC, as in 2026-02-18T09:00-05:00")


def _utc(value: datetime) -> datetime:
    if not YEARS[0] < value.year < YEARS[1]:  # elsewhere the calendar may have no such moment in UTC, or none a few days on
        raise ValueError(f"a moment between {YEARS[0]} and {YEARS[1]}")
    return value.astimezone(UTC)


def _zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError) as error:  # a folder of the list of zones is no zone
        raise ValueError("a place of the list of time zones, such as UTC, Asia/Tokyo or America/Toronto") from error
    return text


def iso(moment: datetime) -> str:
    """A moment as text, in UTC.

    >>> iso(datetime.fromisoformat("2026-02-18T09:00-05:00"))
    '2026-02-18T14:00:00Z'
    """
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


#: A point in time with what it is ahead of UTC; kept in UTC.
Moment = Annotated[
    AwareDatetime, BeforeValidator(_stated), AfterValidator(_utc), PlainSerializer(iso, return_type=str, when_used="json"),
    Takes("a moment with what it is ahead of UTC, such as 2026-02-18T09:00-05:00"),
]  # fmt: skip
#: The place whose calendar counts days, as in the list of time zones.
Zone = Annotated[str, AfterValidator(_zone), Takes("a time zone, such as UTC, Asia/Tokyo or America/Toronto")]


def local_day(moment: datetime, zone: str) -> date:
    """The day of a moment by the clock of a place.

    >>> local_day(datetime.fromisoformat("2023-05-16T23:30-04:00"), "Asia/Seoul")
    datetime.date(2023, 5, 17)
    """
    return moment.astimezone(ZoneInfo(zone)).date()
