"""Overlays: versions that stay, claims checked as facts are, for their organisation alone."""

from __future__ import annotations

from typing import Any

import pytest
from jobs_world import HEAD, OWN_PRICE, OWN_SOURCE, SOURCE_HEAD, desk_of

from orepact.errors import BadInput, Forbidden, NotFound
from orepact.pact.records.readers import PUBLIC
from orepact.service.access import access_log
from orepact.service.jobs import list_runs, show_run, submit_run
from orepact.service.pact.desk import Desk
from orepact.service.sharing import end_overlay, list_overlays, put_overlay, show_overlay
from orepact.store.store import Store


def put(desk: Desk, claims: str = OWN_PRICE, name: str = "prices", **options: Any) -> str:
    """Name and version of an overlay that was put."""
    return str(put_overlay(name, claims, desk, **{"sources": OWN_SOURCE, **options}).top["overlay"])


def versions(desk: Desk) -> list[tuple[str, int]]:
    """What somebody is told of."""
    data = list_overlays(desk).data
    return [*zip(data["overlay"], data["version"], strict=True)]


def test_each_change_is_a_version_and_the_same_again_is_none(small: Store) -> None:
    """In another order of rows they are the same claims; what was kept stays; ending and putting goes on with the numbers."""
    ana = desk_of(small, "ana", "nrcan")
    second = OWN_PRICE + OWN_PRICE.removeprefix(HEAD).replace("30000", "29000").replace("2026,,", "2025,,")
    assert put(ana) == "prices@1"
    assert put(ana, second) == "prices@2"
    rows = second.splitlines()
    assert put(ana, "\n".join([rows[0], rows[2], rows[1]])) == "prices@2"
    assert [*show_overlay("prices@1", ana).data["value"]] == ["30000"]
    shown = show_overlay("prices", ana)
    assert [*shown.data["value"]] == ["29000", "30000"]
    assert shown.top["sources"] == OWN_SOURCE
    assert (shown.meta["label"], len(shown.top["sha256"])) == ("TLP:AMBER+STRICT/nrcan", 64)
    end_overlay("prices", ana)
    with pytest.raises(NotFound):
        submit_run("watch", {"overlay": "prices"}, ana)
    assert put(ana, second) == "prices@3"
    assert versions(ana) == [("prices", 1), ("prices", 2), ("prices", 3)]
    assert [bool(text) for text in list_overlays(ana).data["ended_at"]] == [True, True, False]
    log = access_log(Desk(small)).data
    done = log[log["use_case"].str.contains("overlay")]
    assert [*done["key"]] == ["nrcan/prices@1", "nrcan/prices@2", "nrcan/prices", "nrcan/prices@3"]


def test_nobody_else_is_told_of_it(small: Store) -> None:
    """Another organisation may have one of the same name; a name that it does not have reads the same, there or not."""
    ana, ben = desk_of(small, "ana", "nrcan"), desk_of(small, "ben", "meti")
    put(ana)
    refusals = set()
    for name in ("prices", "prices@1", "nothing"):
        for ask in (show_overlay, end_overlay, lambda ref, desk: submit_run("watch", {"overlay": ref}, desk)):
            with pytest.raises(NotFound) as hidden:
                ask(name, ben)
            refusals.add(str(hidden.value).replace(repr(name), "X"))
    assert refusals == {"overlay X is not known"}
    assert versions(ben) == []
    theirs = OWN_PRICE.replace("AMBER+STRICT/nrcan", "CLEAR")
    assert put(ben, theirs) == "prices@1"
    assert versions(ana) == versions(ben) == [("prices", 1)]
    with pytest.raises(Forbidden, match="for those who act for the organisation whose it is"):
        put(ben, organisation="nrcan")
    with pytest.raises(Forbidden):
        list_overlays(Desk(small, PUBLIC))


def test_what_is_for_stewards_is_for_them_alone(small: Store) -> None:
    """Claims, runs on them and their answers."""
    eve, sam = desk_of(small, "eve", "nrcan"), desk_of(small, "sam", "nrcan", "steward")
    red = OWN_PRICE.replace("AMBER+STRICT", "RED")
    with pytest.raises(BadInput, match="let a steward put it"):
        put(eve, red, label="TLP:RED/nrcan")
    put(sam, red, name="red-prices", label="TLP:RED/nrcan")
    assert versions(eve) == []
    assert versions(sam) == [("red-prices", 1)]
    with pytest.raises(NotFound):
        submit_run("watch", {"overlay": "red-prices"}, eve)
    run = submit_run("watch", {"overlay": "red-prices"}, sam).top["run"]
    assert [*list_runs(sam).data["run"]] == [run]
    assert not len(list_runs(eve).data)
    with pytest.raises(NotFound):
        show_run(run, eve)


def test_who_only_reads_does_not_put(small: Store) -> None:
    """Nor end."""
    put(desk_of(small, "ana", "nrcan"))
    eve = desk_of(small, "eve", "nrcan", "reader")
    for change in (lambda: put(eve), lambda: end_overlay("prices", eve)):
        with pytest.raises(Forbidden, match="takes the role editor or steward"):
            change()


@pytest.mark.parametrize(
    ("claims", "options", "column"),
    [
        ("", {}, "file"),
        (HEAD, {}, "claims"),
        (OWN_PRICE.replace("nickel_class1", "nikel"), {}, "subject"),
        (OWN_PRICE.replace("own_desk", "nobody"), {}, "source"),
        (OWN_PRICE.replace("STRICT/nrcan", "STRICT/meti"), {}, "label"),
        (OWN_PRICE.replace("what we pay", "\udc80"), {}, "file"),
        (OWN_PRICE, {"sources": "source\nown_desk\n"}, "producer"),
        (OWN_PRICE, {"sources": OWN_SOURCE.replace("own_desk", "worldbank_pinksheet_2026")}, "source"),
        (OWN_PRICE, {"sources": ""}, "source"),
        (OWN_PRICE.replace("AMBER+STRICT", "RED"), {}, "label"),
        (OWN_PRICE, {"label": "TLP:CLEAR"}, "label"),
        (OWN_PRICE, {"label": "TLP:AMBER/meti"}, "label"),
        (OWN_PRICE, {"label": "secret"}, "label"),
        (OWN_PRICE, {"name": "../../etc"}, "overlay"),
        ("x" * (16 * 2**20 + 1), {}, "claims"),
    ],
)
def test_what_is_wrong_with_it_is_told(small: Store, claims: str, options: dict[str, Any], column: str) -> None:
    """By row and column, without folders of this machine; nothing is kept."""
    ana = desk_of(small, "ana", "nrcan")
    with pytest.raises(BadInput) as refused:
        put(ana, claims, **options)
    assert column in {problem.column for problem in refused.value.problems}
    assert "/tmp" not in str(refused.value)
    assert versions(ana) == []


def test_trade_is_kept_with_the_other_claims(small: Store) -> None:
    """Both in one table, whatever they are kept in between."""
    ana = desk_of(small, "ana", "nrcan")
    trade = "CAN>JPN/nickel_class1,trade_quantity,12,t,2024,,,own_desk,2026-06-30,reported,TLP:AMBER+STRICT/nrcan,\n"
    put(ana, OWN_PRICE + trade)
    assert {*show_overlay("prices", ana).data["attribute"]} == {"price", "trade_quantity"}
    assert SOURCE_HEAD in show_overlay("prices", ana).top["sources"]
