"""The types of what may be asked: ids, days, words, numbers, each within its bounds; whoever lets somebody ask takes them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

ID = r"^[a-z0-9]+([-_.:][a-z0-9]+)*$"
CODE = r"^[A-Za-z0-9]+([-_.:+][A-Za-z0-9]+)*$"
SUBJECT = r"^[A-Za-z0-9]+([-_.:/>@][A-Za-z0-9]+)*$"
DAY = r"^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
MOMENT = r"^(19|20|21)[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9](:[0-5][0-9])?(Z|[+-][0-2][0-9]:[0-5][0-9])$"
#: Text without control characters but for those that part lines.
PLAIN = r"^[^\x00-\x08\x0B\x0C\x0E-\x1F\x7F]*$"
MOST_WORDS = 8
LABEL = r"^TLP:[A-Z+]{3,12}(/[A-Za-z0-9][A-Za-z0-9_.-]*)?$"
MARK = r"^[A-Za-z0-9_=:./-]*$"
STATE = r"^[a-z0-9][a-z0-9 ,_-]*$"
#: What each shape is in words, with an example: for whoever gave something else.
SHAPES = {
    ID: "an id of small letters and digits, such as nmg-matawinie",
    CODE: "a code of letters and digits, such as KOR or lithium_hydroxide",
    SUBJECT: "what a claim is about, such as KOR/graphite or site:becancour",
    DAY: "a day as year-month-day, such as 2026-06-30",
    MOMENT: "a moment with its zone, such as 2026-06-30T09:00Z",
    PLAIN: "text without control characters",
    LABEL: "a label of the Traffic Light Protocol, such as TLP:GREEN or TLP:AMBER/nrcan",
    MARK: "the mark of a page as its link gives it",
    STATE: "a state in small letters, such as in_force",
}


def _real(text: str) -> str:
    try:
        date.fromisoformat(text)
    except ValueError:
        raise ValueError(SHAPES[DAY]) from None  # there is no such day, such as 31 February
    return text


def _few(text: str) -> str:
    if len(text.split()) > MOST_WORDS:
        raise ValueError(f"at most {MOST_WORDS} words")
    return text


Id = Annotated[str, StringConstraints(pattern=ID, max_length=120)]
Code = Annotated[str, StringConstraints(pattern=CODE, max_length=120)]
Day = Annotated[str, StringConstraints(pattern=DAY), AfterValidator(_real), Field(json_schema_extra={"format": "date"})]
Moment = Annotated[str, StringConstraints(pattern=MOMENT)]
Subject = Annotated[str, StringConstraints(pattern=SUBJECT, max_length=120)]
Words = Annotated[str, StringConstraints(pattern=PLAIN, max_length=200), AfterValidator(_few)]
Line = Annotated[str, StringConstraints(pattern=PLAIN, min_length=1, max_length=200)]
Text = Annotated[str, StringConstraints(pattern=PLAIN, min_length=1, max_length=2000)]
LabelText = Annotated[str, StringConstraints(pattern=LABEL, max_length=140)]
#: Marks of pages of records are letters and digits, those of the log name an entry: kind/id=version.
Mark = Annotated[str, StringConstraints(pattern=MARK, max_length=4000)]
State = Annotated[str, StringConstraints(pattern=STATE, max_length=60)]
Year = Annotated[int, Field(ge=1900, le=2199)]
Number = Annotated[float, Field(ge=-1e15, le=1e15, allow_inf_nan=False)]
Language = Literal["en", "fr", "ja", "ko"]
