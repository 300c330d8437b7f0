"""``respond``: one event, one response, what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orepact.shock.response.contracts import keep_contracts
from orepact.shock.response.planned import plan_response
from orepact.shock.response.rules import ResponseRules

if TYPE_CHECKING:
    from collections.abc import Callable

    from orepact.shock.case.case import ShockCase
    from orepact.shock.events.disruption import Disruption
    from orepact.shock.response.outcome import Outcome

#: The responses, each of which may do whatever the one before may.
RESPONSES = ("contracts", "market", "pact")


def respond(
    case: ShockCase,
    disruption: Disruption,
    response: str = "market",
    *,
    rules: Any = None,
    foresight: str = "rolling",
    report: Callable[[str, float], None] | None = None,
) -> Outcome:
    """What becomes of an event under a response; ``contracts`` does not look ahead.

    Raises ``NotFound`` for a response that is none.
    """
    if response == "contracts":
        rate = ResponseRules.of(rules).empty_shelf_per_week.value
        return keep_contracts(case, disruption, empty_shelf=rate, report=report)
    return plan_response(case, disruption, response, rules=rules, foresight=foresight, report=report)
