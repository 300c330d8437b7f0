"""What the view ahead moves: the table of ``docs/why/response.md``, made with ``python tests/view_ahead.py``."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml

from orepact.service.opening import open_ledger
from orepact.service.shock.cases import case_for
from orepact.service.shock.events import disruption_for
from orepact.shock import Event, Outcome, ShockCase, respond
from orepact.shock.response.planned import plan_response
from orepact.shock.response.rules import ResponseRules

PAGE = Path(__file__).parent.parent / "docs" / "why" / "response.md"
#: Blocks of the view after four single weeks, in the order of the page; the first is shipped.
VIEWS = ((6, 12), (4, 6, 10), (4, 4, 12), (4, 8))
SINGLE = (1, 1, 1, 1)
NOT_COUNTED = "under_way"


def the_event() -> Event:
    """The made-up event that the page prints."""
    found = re.search(r"```yaml\n(id: no_graphite\n.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found, "the page has no event"
    return Event.model_validate(yaml.safe_load(found[1]))


@cache
def usual_week() -> ShockCase:
    """The usual week of 2024."""
    return case_for(open_ledger(), year=2024)


def answer(response: str, view: tuple[int, ...] = VIEWS[0]) -> Outcome:
    """What becomes of the event with these blocks in view."""
    case, shipped = usual_week(), ResponseRules.shipped()
    blocks = shipped.view_weeks.model_copy(update={"value": (*SINGLE, *view)})
    event = disruption_for(case, [the_event()], weeks=52)
    if response == "contracts":
        return respond(case, event, response)
    return plan_response(case, event, response, rules=shipped.model_copy(update={"view_weeks": blocks}))


def figures(found: Outcome) -> tuple[str, str]:
    """Loss and all costs above the usual week, in million USD."""
    total = sum(usd for kind, usd in found.costs_usd.items() if kind != NOT_COUNTED)
    return f"{found.costs_usd['loss'] / 1e6:,.0f}", f"{total / 1e6:,.0f}"


def printed() -> str:
    """The table in Markdown."""
    columns = {", ".join(map(str, view)): (sum(SINGLE) + sum(view), *figures(answer("market", view))) for view in VIEWS}
    columns["contracts, for comparison"] = ("", *figures(answer("contracts")))
    rows = [["blocks after the first four weeks", *columns], ["---"] * (len(columns) + 1)]
    for at, title in enumerate(("weeks in view", "loss", "all costs above the usual week")):
        rows.append([title, *(str(column[at]) for column in columns.values())])
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def written(page: str) -> str:
    """The page with the table as it comes out now."""
    before, mark, rest = page.partition("<!-- view ahead -->\n")
    assert mark, "the page has no mark"
    _, end, after = rest.partition("<!-- end -->")
    return before + mark + printed() + "\n" + end + after


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
