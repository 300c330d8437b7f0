"""Folders of the operator's facts that differ by closed claims alone: whatever asks facts answers the same bytes to who may not
see them: claims, rivals, sources, measures, matches, files that are taken out, and the hashes in their manifests.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pytest
from leak_asking import Said, Service
from leak_facts import ATTRIBUTES, LATE, LONG, MANY, Asking, askings, claims_of, folder_of, of_facts
from leak_people import NOW
from leak_worlds import opened_world

from orepact.facts import Ledger
from orepact.store.store import Store
from orepact.web.api.routes import Asks, Route

#: Who is shown none of the claims; the last two only where all are for stewards alone.
OTHERS = ("public", "member", "formerclient", "guest", "nation", "auditor")
OF_ONE = (*OTHERS, "client", "reader")
#: Rows of which an answer is no other for who sees the closed claims: they are about other facts than are closed here.
UNMOVED = ("/cascade",)


@dataclass
class Pair:
    """The service with closed claims among its facts, by two processes, and without; the claims."""

    whole: Service
    again: Service
    none: Service
    claims: list[dict[str, str]]

    def same(self, asking: Asking, who: str) -> Said:
        """What each of them says to somebody."""
        found, again, none = (
            each.ask(asking.path, who, method=asking.method, body=asking.body) for each in (self.whole, self.again, self.none)
        )
        assert found == none, (who, asking)
        assert found == again, (who, asking)
        return found


@cache
def shipped() -> Ledger:
    """The facts of the package, read once."""
    return Ledger.shipped()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A register; facts are what differs."""
    with opened_world(tmp_path_factory.mktemp("facts"), []) as found:
        yield replace(found, clock=lambda: NOW)


def paired(folder: Path, store: Store, claims: list[dict[str, str]], besides: list[dict[str, str]]) -> Pair:
    """A pair that differs by some claims; ``besides``: claims that both have. Where there are none, the second has no folder."""
    closed = folder_of(folder / "whole", [*besides, *claims], ["open", "closed"] if besides else ["closed"])
    without = folder_of(folder / "none", besides, ["open"]) if besides else None
    whole, none = Service.on(store, shared=folder / "answers.db", facts=closed), Service.on(store, facts=without)
    if without is None:
        none.house.__dict__["facts"] = shipped()
    return Pair(whole, whole.beside(), none, claims)


@pytest.fixture(scope="module")
def many(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Pair:
    """Closed claims of many attributes, beside one that is open and one of the community."""
    claims = [row for attribute in ATTRIBUTES for row in claims_of(attribute, shipped())]
    first, second = (
        {"subject": f"NOR/{thing}", "attribute": "mine_production", "value": "7", "unit": "t", "year": "2024", "valid_from": "",
         "valid_to": "", "source": "open", "as_of": LATE, "confidence": "reported", "label": label, "note": ""}
        for thing, label in (("nickel", "TLP:CLEAR"), ("cobalt", "TLP:GREEN"))
    )  # fmt: skip
    return paired(tmp_path_factory.mktemp("many"), store, claims, [first, second])


@pytest.fixture(scope="module", params=ATTRIBUTES if LONG else ["mine_production"])
def one(store: Store, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Pair:
    """One closed claim and its source; without it the operator has no facts of his own."""
    (claim,) = claims_of(request.param, shipped(), many=1)
    return paired(tmp_path_factory.mktemp("one"), store, [claim | {"label": "TLP:RED/nrcan"}], [])


@pytest.mark.parametrize("route", of_facts(), ids=lambda route: route.id)
def test_closed_claims_change_no_byte_of_any_row(route: Route, many: Pair) -> None:
    """After a steward of their owner was told of them by the same process; ``OREPACT_LONG=1`` asks all that can be asked."""
    plain, about = askings(route, many.claims[::MANY])
    every = [*plain, *about] if LONG else [*plain[:2], *about[:: 1 if route.id == "get_facts_why" else 5]]
    moved = 0
    for number, asking in enumerate(every):
        found = many.same(asking, "member")
        assert found.status < 500, found
        if number in {0, 1, len(every) - 1}:
            moved += found.body != many.whole.ask(asking.path, "steward", method=asking.method, body=asking.body).body
            assert many.same(asking, "public").status < 500
    for who in OTHERS[2:] if LONG or route.asks is Asks.facts else ():  # of these what is shown the same is worked out once
        assert many.same(every[0], who).status < 500
    assert (moved > 0) == (route.path not in UNMOVED), "nothing that is closed bears on this row: the test could not fail"


@pytest.mark.parametrize("route", of_facts(), ids=lambda route: route.id)
def test_one_closed_claim_changes_no_byte_of_any_row(route: Route, one: Pair) -> None:
    """Nor the edition of the facts, which is that of the package."""
    plain, about = askings(route, one.claims)
    for asking in (*plain[:1], *about[-1:]):
        one.whole.ask(asking.path, "steward", method=asking.method, body=asking.body)
        for who in OF_ONE if LONG or route.asks is Asks.facts else ("public", "client", "reader"):
            one.same(asking, who)
