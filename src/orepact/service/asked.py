"""The types of what may be asked: ids, days, words, numbers, each within its bounds; whoever lets somebody ask takes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, GetCoreSchemaHandler, GetJsonSchemaHandler, StringConstraints
from pydantic_core import CoreSchema, core_schema

ID = r"^[a-z0-9]+([-_.:][a-z0-9]+)*$"
CODE = r"^[A-Za-z0-9]+([-_.:+][A-Za-z0-9]+)*$"
SUBJECT = r"^[A-Za-z0-9]+([-_.:/>@][A-Za-z0-9]+)*$"
DAY = r"^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
MOMENT = r"^(19|20|21)[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9](:[0-5][0-9])?(Z|[+-][0-2][0-9]:[0-5][0-9])$"
#: Text without control characters but for those that part lines.
PLAIN = r"^[^\x00-\x08\x0B\x0C\x0E-\x1F\x7F]*$"
#: A name of what an organisation keeps, and a version of it.
VERSION = r"^[a-z0-9][a-z0-9_-]{0,59}(@[1-9][0-9]{0,5})?$"
MOST_WORDS = 8
#: How a complaint of ``Expects`` is known.
UNFIT = "unfit"


@dataclass(frozen=True, slots=True)
class Expects:
    """What people are told that a value must be, in place of how that is checked: words, and an example of one that fits.

    It stands last in an ``Annotated`` type: whatever the checks before it find wrong is said in these words, and the schema of
    the type has the example. A complaint is of the type ``UNFIT``; it brings ``expected``, and ``example`` if there is one.
    """

    words: str
    example: Any = None

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        said = {"expected": self.words} | ({"example": str(self.example)} if self.example is not None else {})
        return core_schema.custom_error_schema(
            handler(source), UNFIT, custom_error_message="{expected}", custom_error_context=said
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        found = handler(schema)
        return found | ({"examples": [self.example]} if self.example is not None else {})


def _day(text: str) -> str:
    date.fromisoformat(text)
    return text


def _moment(text: str) -> str:
    datetime.fromisoformat(text)
    return text


def _few(text: str) -> str:
    if len(text.split()) > MOST_WORDS:
        raise ValueError(f"at most {MOST_WORDS} words")
    return text


def text_of(most: int, least: int = 0, example: str = "") -> Expects:
    """What is said of text that people write: at least and at most so many characters."""
    size = f"{least} to {most}" if least else f"at most {most}"
    return Expects(f"text of {size} characters, without control characters", example or None)


Id = Annotated[
    str, StringConstraints(pattern=ID, max_length=120),
    Expects("an id of at most 120 small letters and digits, joined by - _ . or :", "ca-jp-battery-dialogue"),
]  # fmt: skip
Code = Annotated[
    str, StringConstraints(pattern=CODE, max_length=120),
    Expects("a name of at most 120 letters and digits, joined by - _ . : or +", "lithium_hydroxide"),
]  # fmt: skip
Day = Annotated[
    str, StringConstraints(pattern=DAY), AfterValidator(_day), Field(json_schema_extra={"format": "date"}),
    Expects("a day of the calendar, YYYY-MM-DD, from 1900 to 2199", "2026-06-30"),
]  # fmt: skip
Moment = Annotated[
    str, StringConstraints(pattern=MOMENT), AfterValidator(_moment),
    Expects("a moment, YYYY-MM-DDTHH:MM, with what it is ahead of UTC", "2026-02-18T09:00-05:00"),
]  # fmt: skip
Subject = Annotated[
    str, StringConstraints(pattern=SUBJECT, max_length=120),
    Expects("what a claim is about: at most 120 letters and digits, joined by - _ . : / > or @", "CAN/lithium"),
]  # fmt: skip
Words = Annotated[
    str, StringConstraints(pattern=PLAIN, max_length=200), AfterValidator(_few),
    Expects(f"at most {MOST_WORDS} words of at most 200 characters, without control characters", "battery dialogue"),
]  # fmt: skip
Line = Annotated[str, StringConstraints(pattern=PLAIN, min_length=1, max_length=200), text_of(200, 1, "Strike at a port")]
Text = Annotated[str, StringConstraints(pattern=PLAIN, min_length=1, max_length=2000), text_of(2000, 1, "as agreed in May")]
LongText = Annotated[str, StringConstraints(pattern=PLAIN, max_length=20_000), text_of(20_000)]
ShortText = Annotated[str, StringConstraints(pattern=PLAIN, max_length=60), text_of(60)]
LabelText = Annotated[
    str, StringConstraints(pattern=r"^TLP:[A-Z+]{3,12}(/[A-Za-z0-9][A-Za-z0-9_.-]*)?$", max_length=140),
    Expects("a label of the Traffic Light Protocol, with its owner where it is closed", "TLP:AMBER/nrcan"),
]  # fmt: skip
#: Marks of pages of records are letters and digits, those of the log name an entry: kind/id=version.
Mark = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9_=:./-]*$", max_length=4000),
    Expects("the mark of a page, as the page before gave it (meta.after)"),
]  # fmt: skip
State = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9 ,_-]*$", max_length=60),
    Expects("a state as it is written down: at most 60 small letters, digits, spaces and , _ -", "in_operation"),
]  # fmt: skip
VersionName = Annotated[
    str, StringConstraints(pattern=VERSION),
    Expects("a name of at most 60 small letters, digits, _ and -, and if need be @ and a version", "prices@2"),
]  # fmt: skip
WebAddress = Annotated[
    str, StringConstraints(pattern=r"^https?://[!-~]+$", max_length=500),
    Expects("an address of at most 500 characters that begins with https://", "https://example.org/hook"),
]  # fmt: skip
RunId = Annotated[
    str, StringConstraints(pattern=r"^run-[0-9a-f]{16}$"),
    Expects("the id of a run, run- and 16 digits or letters from a to f", "run-0123456789abcdef"),
]  # fmt: skip
Year = Annotated[int, Field(ge=1900, le=2199), Expects("a year from 1900 to 2199", 2030)]
Number = Annotated[float, Field(ge=-1e15, le=1e15, allow_inf_nan=False), Expects("a number from -1e15 to 1e15", 1200.5)]
Language = Literal["en", "fr", "ja", "ko"]
