"""Dates and moments of what was done: ``ahead`` refuses those that lie after the moment of writing."""

from __future__ import annotations

from typing import Annotated

from orepact.pact.dates.days import DateText, Day
from orepact.pact.dates.moments import Moment
from orepact.pact.records.past import Past

PastDate = Annotated[DateText, Past()]
PastDay = Annotated[Day, Past()]
PastMoment = Annotated[Moment, Past()]
