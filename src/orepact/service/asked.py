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
LABEL = r"^TLP:[A-Z+]{3,12}(/[A-Za-z0-9][A-Za-z0-9_.-]*)?$"
MARK = r"^[A-Za-z0-9_=:./-]*$"
STATE = r"^[a-z0-9][a-z0-9 ,_-]*$"
MOST_WORDS = 8
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
#: How a complaint of ``Expects`` is known.
UNFIT = "unfit"


@dataclass(frozen=True, slots=True)
class Expects:
    """What people are told that a value must be, in place of how that is checked: words, and an example of one that fits.

    It stands last in an ``Annotated`` type: whatever the checks before it find wrong is said in these words, and the schema of
    the type has the example. A complaint is of the type ``UNFIT``; what it says is ``expected``.
    """

    words: str
    example: Any = None

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        told = self.words if self.example is None or " such as " in self.words else f"{self.words}, such as {self.example}"
        said = {"expected": told}
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
    Expects(SHAPES[ID], "nmg-matawinie"),
]  # fmt: skip
Code = Annotated[
    str, StringConstraints(pattern=CODE, max_length=120),
    Expects(SHAPES[CODE], "lithium_hydroxide"),
]  # fmt: skip
Day = Annotated[
    str, StringConstraints(pattern=DAY), AfterValidator(_day), Field(json_schema_extra={"format": "date"}),
    Expects(SHAPES[DAY], "2026-06-30"),
]  # fmt: skip
Moment = Annotated[
    str, StringConstraints(pattern=MOMENT), AfterValidator(_moment),
    Expects(SHAPES[MOMENT], "2026-06-30T09:00Z"),
]  # fmt: skip
Subject = Annotated[
    str, StringConstraints(pattern=SUBJECT, max_length=120),
    Expects(SHAPES[SUBJECT], "KOR/graphite"),
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
    str, StringConstraints(pattern=LABEL, max_length=140),
    Expects(SHAPES[LABEL], "TLP:AMBER/nrcan"),
]  # fmt: skip
#: Marks of pages of records are letters and digits, those of the log name an entry: kind/id=version.
Mark = Annotated[
    str, StringConstraints(pattern=MARK, max_length=4000),
    Expects(SHAPES[MARK]),
]  # fmt: skip
State = Annotated[
    str, StringConstraints(pattern=STATE, max_length=60),
    Expects(SHAPES[STATE], "in_force"),
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
PasswordText = Annotated[
    str, StringConstraints(min_length=1, max_length=1000), Expects("a password of 1 to 1000 characters")
]  # fmt: skip
#: What the link of an invitation or a feed carries.
LinkSecret = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{20,100}$"), Expects("the secret as it was told")]
Year = Annotated[int, Field(ge=1900, le=2199), Expects("a year from 1900 to 2199", 2030)]
Number = Annotated[float, Field(ge=-1e15, le=1e15, allow_inf_nan=False), Expects("a number from -1e15 to 1e15", 1200.5)]
Language = Literal["en", "fr", "ja", "ko"]
