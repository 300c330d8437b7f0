"""Events on a small chain that can be checked on paper."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from orepact.errors import BadInput
from orepact.shock.events.disruption import Disruption
from orepact.shock.events.event import Event
from shock_networks import chain_case

HEAD = {"id": "event", "title": "An event", "start": "2025-01-06", "weeks": 4}


def event(*breaks: dict[str, Any], **head: Any) -> Event:
    return Event.from_mapping({**HEAD, **head, "breaks": list(breaks)})


def laid(*breaks: dict[str, Any], weeks: int = 6, **head: Any) -> Disruption:
    return Disruption.of(chain_case(), [event(*breaks, **head)], weeks=weeks)


def problems(*breaks: dict[str, Any], **head: Any) -> list[str]:
    with pytest.raises(BadInput) as caught:
        laid(*breaks, **head)
    return [str(problem) for problem in caught.value.problems]


def test_a_site_stops_for_its_weeks() -> None:
    """Sites x weeks; the others work on; it is over in week 4 and nobody knew."""
    found = laid({"site": "mine_near", "share_left": 0.25})
    assert found.site_share[0].tolist() == [0.25] * 4 + [1.0] * 2
    assert (found.site_share[1:] == 1).all()
    assert (found.route_share == 1).all()
    assert (found.start, found.end_week, found.end_known_week) == (date(2025, 1, 6), 4, 4)
    assert found.warnings == ()


def test_a_part_of_a_week_counts_as_that_part() -> None:
    """Ten days are a week and three sevenths."""
    found = laid({"site": "mine_near", "share_left": 0, "until": "2025-01-16"})
    np.testing.assert_allclose(found.site_share[0], [0, 4 / 7, 1, 1, 1, 1])


def test_an_export_quota_counts_what_crosses_the_border() -> None:
    """Ore to HOME crosses a border from NEAR and FAR; a year's quota is spread over 52 weeks."""
    quota = {"quantity": 2600, "unit": "t", "per": "year"}
    found = laid({"commodity": "ore", "exports": True, "quota": quota})
    (limit,) = found.quotas
    assert limit.routes.tolist() == [0, 1]
    assert limit.factor.tolist() == [1, 1]
    assert limit.most_per_week.tolist() == [50] * 4 + [np.inf] * 2


def test_unknown_names_are_told_together_with_the_nearest() -> None:
    found = problems({"site": "mine_nar", "share_left": 0}, {"place": "HOMER", "share_left": 0}, {"demand": "cra", "factor": 2})
    assert found == [
        "event.breaks.0.site: expected a known site, found 'mine_nar'; did you mean mine_near or mine_far?",
        "event.breaks.1.place: expected a known place, group or party, found 'HOMER'; did you mean HOME?",
        "event.breaks.2.demand: expected a known commodity, stage or element, found 'cra'; did you mean car?",
    ]
