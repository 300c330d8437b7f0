"""From an account by its token to what its organisation may see, on both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from access_world import closed

from orepact.errors import NotFound
from orepact.pact.records.readers import PUBLIC
from orepact.service.access import change_community, give_role, make_token, reader_of, share_with_client
from orepact.service.pact.desk import Desk
from orepact.service.pact.listing import list_records
from orepact.service.pact.showing import show_record

if TYPE_CHECKING:
    from access_world import House

OPEN, GREEN = {"open"}, {"open", "of-all"}
MEMBER = {"open", "of-all", "nrcan.amber", "nrcan.strict"}


def seen(desk: Desk) -> set[str]:
    """The commitments that somebody is shown."""
    return set(list_records(["commitment"], desk).data["id"])


def test_from_an_account_by_its_token_to_what_it_sees(house: House) -> None:
    """The public what is clear, a member what is its organisation's, a steward what is red, a person what names him."""
    house.add("eva", "nrcan", "reader")
    house.add("sam", "nrcan", "steward", person="ana")
    house.add("ben", "meti", "reader", person="ben")
    assert seen(house.door) == OPEN
    assert seen(house.desk("eva", "nrcan")) == MEMBER - {"of-all"}
    assert seen(house.desk("sam", "nrcan")) == MEMBER - {"of-all"} | {"nrcan.red.stock", "nrcan.red.named"}
    assert seen(house.desk("ben", "meti")) == OPEN | {"nrcan.red.named"}
    assert seen(house.desk("ben")) == OPEN | {"nrcan.red.named"}
    assert seen(house.holder) == {*MEMBER, "nrcan.red.stock", "nrcan.red.named"}
    with pytest.raises(NotFound, match=r"did you mean nrcan\.red\.named\?"):
        show_record("commitment", "nrcan.strict", house.desk("ben", "meti"))


def test_the_community_and_clients_see_what_is_shared_with_them(house: House) -> None:
    """From the moment on at which they are taken in, and no longer than that."""
    house.add("ben", "meti", "reader")
    desk = house.desk("ben", "meti")
    assert seen(desk) == OPEN
    change_community("meti", house.holder)
    share_with_client("nrcan", "meti", house.holder, until="2026-11-24")
    assert seen(house.desk("ben", "meti")) == GREEN | {"nrcan.amber"}
    change_community("meti", house.holder, leaves=True)
    house.store.clock.turn(days=1, hours=11)  # the last hour of the last day
    assert seen(house.desk("ben", "meti")) == OPEN | {"nrcan.amber"}
    house.store.clock.turn(hours=1)
    assert seen(house.desk("ben", "meti")) == OPEN


def test_a_role_ends_with_its_day_and_so_does_its_token(house: House) -> None:
    """What was handed out before opens nothing afterwards."""
    from orepact.errors import Unauthorised

    house.add("eva", "meti", "reader")
    give_role("eva", "nrcan", "reader", house.holder, until="2026-11-23")
    token = make_token("eva", house.holder, name="nightly", organisation="nrcan").text
    assert reader_of(house.door, token=token).organisation == "nrcan"
    house.store.clock.turn(hours=12)
    with pytest.raises(Unauthorised):
        reader_of(house.door, token=token)


def test_members_of_a_body_see_what_names_it(house: House) -> None:
    """Those who sit in it on the day, for the organisation for which they sit there."""
    from orepact.pact.bodies.body import Body
    from orepact.pact.organisations.people import Person

    term = {"role": "Chair", "organisation": "meti", "body": "board", "valid_from": "2026-01-01", "valid_to": "2026-11-23"}
    with house.store.write("ana", "a board") as unit:
        unit.put(Body.model_validate({"id": "board", "title": "Board", "body_kind": "committee"}))
        unit.put(Person.model_validate({"id": "dee", "title": "Dee", "terms": [term]}))
        unit.put(closed("nrcan.board", "TLP:AMBER+STRICT/nrcan", readers=[{"body": "board"}]))
    house.add("dee", "meti", "reader", person="dee")
    assert "nrcan.board" in seen(house.desk("dee", "meti"))
    give_role("dee", "metis", "reader", house.holder)
    assert "nrcan.board" not in seen(house.desk("dee", "metis"))
    house.store.clock.turn(days=1)
    assert "nrcan.board" not in seen(house.desk("dee", "meti"))


def test_a_guest_sees_what_names_him_until_his_end(house: House) -> None:
    """He is of no organisation, not of the community, and gone on the day after his last."""
    from orepact.errors import Unauthorised

    change_community("metis", house.holder)
    house.add("guest", person="cho", guest=True, until="2026-11-24")
    with house.store.write("ana", "for a guest") as unit:
        unit.put(closed("nrcan.shown", "TLP:AMBER+STRICT/nrcan", readers=[{"person": "cho"}]))
    token = make_token("guest", house.holder, name="guest").text
    assert seen(Desk(house.store, reader_of(house.door, token=token))) == OPEN | {"nrcan.shown"}
    house.store.clock.turn(days=2)
    with pytest.raises(Unauthorised):
        reader_of(house.door, token=token)
    assert reader_of(house.door).tokens == PUBLIC.tokens
