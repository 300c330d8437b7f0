"""The shipped organisations and people by themselves, as one register."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import orepact
from orepact.pact.records.reading import read_all
from orepact.pact.records.register import Register

FOLDER = Path(orepact.__file__).parent / "data" / "pact"


@cache
def people() -> Register:
    names = ("codes", "organisations", "companies", "nations", "people")
    return read_all((f"{name}.yaml", FOLDER / f"{name}.yaml") for name in names).check()
