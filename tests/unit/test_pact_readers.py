"""Who may know of a record: every label against every kind of reader, embargo, names with an end, fields, what a Nation hides."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from orepact.pact.dates.moments import Moment
from orepact.pact.organisations.engagement import Engagement
from orepact.pact.records.codes import Code
from orepact.pact.records.readers import (
    EARLIEST,
    LATEST,
    NOBODY,
    PUBLIC,
    Grant,
    Reader,
    admitted,
    carried,
    closed_paths,
    grants_of,
    redacted,
)  # fmt: skip
from orepact.pact.records.reading import seed
from orepact.pact.records.record import Record
from orepact.store.canonical import digest
from orepact.store.derived import content_of

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def code(label: str, **sharing: Any) -> Code:
    """A record of the plainest kind."""
    return Code.model_validate({"id": "nrcan.stock", "title": "Stock", "list": "area", "label": label, **sharing})


def reader(organisation: str = "", **holds: Any) -> Reader:
    """Who asks now."""
    return Reader.holding(organisation, now=holds.pop("now", NOW), **holds)


READERS = {
    "anybody": reader(),
    "guest": reader("visitor"),
    "member": reader("meti", community=True),
    "client": reader("meti", community=True, client_of=["nrcan"]),
    "owner": reader("nrcan", community=True),
    "owner outside": reader("nrcan"),
    "steward": reader("nrcan", community=True, roles=["steward"]),
    "steward of another": reader("meti", community=True, roles=["steward"]),
}
SEEN = {
    "TLP:CLEAR": [*READERS],
    "TLP:CLEAR/nrcan": [*READERS],
    "TLP:GREEN": ["member", "client", "owner", "steward", "steward of another"],
    "TLP:GREEN/nrcan": ["member", "client", "owner", "owner outside", "steward", "steward of another"],
    "TLP:AMBER/nrcan": ["client", "owner", "owner outside", "steward"],
    "TLP:AMBER+STRICT/nrcan": ["owner", "owner outside", "steward"],
    "TLP:RED/nrcan": ["steward"],
}


@pytest.mark.parametrize(("label", "who"), [(label, who) for label in SEEN for who in READERS])
def test_a_label_admits(label: str, who: str) -> None:
    """By the table of the labels; who holds the database is no reader and sees all."""
    assert admitted(code(label), READERS[who]) == (who in SEEN[label])
    assert admitted(code(label), None)
    assert not admitted(code(label), NOBODY)


def test_the_reader_and_his_audience_agree() -> None:
    """Of facts he sees what he sees of records: RED ones are for stewards alone."""
    from orepact.facts.labels import Label

    for who, one in READERS.items():
        for label, seen in SEEN.items():
            parsed = Label.parse(label)
            assert parsed is not None
            assert one.audience.admits(parsed) == (who in seen), (who, label)


def test_what_the_holder_hands_out_is_what_any_of_them_may_see() -> None:
    """The public where he names nobody; with the role of a steward, as he holds all; on the day that he names."""
    day = NOW.date()
    public, one = Reader.on_behalf((), day), Reader.on_behalf(["NRCan"], day)
    both = Reader.on_behalf(["nrcan", "meti"], day)
    assert [label for label in SEEN if admitted(code(label), public)] == ["TLP:CLEAR", "TLP:CLEAR/nrcan"]
    assert all(admitted(code(label), one) and admitted(code(label), both) for label in SEEN)
    assert (one.audience.organisation, one.audience.steward) == ("NRCan", True)
    assert (both.audience.organisation, both.audience.community, public.audience.community) == ("", True, False)
    held = code("TLP:CLEAR/nrcan", opens=datetime(2026, 11, 23, tzinfo=UTC))
    assert admitted(held, public)
    assert not admitted(held, Reader.on_behalf((), day - timedelta(days=1)))


@pytest.mark.parametrize("label", [label for label in SEEN if "/" in label])
def test_an_embargo_holds_back_all_but_the_owner(label: str) -> None:
    """Until the moment; from it on the label holds."""
    opens = NOW + timedelta(hours=1)
    held = code(label, opens=opens)
    owners = {"steward"} if "RED" in label else {"owner", "owner outside", "steward"}
    assert {who for who, one in READERS.items() if admitted(held, one)} == owners
    later = {who: Reader.holding(one.organisation, community="community" in one.tokens, roles=one.roles, now=opens,
             client_of=one.audience.client_of) for who, one in READERS.items()}  # fmt: skip
    assert [who for who, one in later.items() if admitted(held, one)] == SEEN[label]


@pytest.mark.parametrize(
    ("named", "one", "until_red"),
    [
        ({"organisation": "visitor"}, {"organisation": "visitor"}, False),
        ({"person": "ana"}, {"organisation": "visitor", "person": "ana"}, True),
        ({"body": "board"}, {"bodies": ["board"]}, False),
    ],
)
def test_who_is_named_sees_until_the_end_of_a_day(named: dict[str, str], one: dict[str, Any], until_red: bool) -> None:
    """In UTC, the last day whole; RED is for named persons, not for all of an organisation or a body."""
    last = NOW.date()
    for label, sees in (("TLP:AMBER+STRICT/nrcan", True), ("TLP:RED/nrcan", until_red)):
        item = code(label, readers=[{**named, "until": last}])
        end = datetime(2026, 11, 24, tzinfo=UTC)
        asked = {moment: admitted(item, reader(**one, now=moment)) for moment in (NOW, end - timedelta(microseconds=1), end)}
        assert [*asked.values()] == [sees, sees, False]
    assert not admitted(item, reader("someone", person="ben", bodies=["other"]))


def test_an_id_is_not_of_two_kinds() -> None:
    """A person who is called as an organisation is not that organisation."""
    item = code("TLP:RED/nrcan", readers=[{"person": "meti"}])
    assert not admitted(item, reader("meti", community=True))
    assert not admitted(item, reader(bodies=["meti"]))


def test_an_embargo_holds_back_who_is_named_too() -> None:
    """And a name whose day ends before it never sees."""
    opens = NOW + timedelta(days=2)
    item = code("TLP:AMBER/nrcan", opens=opens, readers=[{"organisation": "x"}, {"organisation": "y", "until": NOW.date()}])
    assert Grant("of:x", opens) in grants_of(item)
    assert not any(grant.token == "of:y" for grant in grants_of(item))


def test_times_of_one_token_are_joined() -> None:
    """The later end of two holds."""
    days = [date(2026, 12, 1), date(2026, 12, 31)]
    item = code("TLP:AMBER/nrcan", readers=[{"organisation": "x", "until": day} for day in days])
    assert [grant for grant in grants_of(item) if grant.token == "of:x"] == [
        Grant("of:x", EARLIEST, datetime(2027, 1, 1, tzinfo=UTC))
    ]
    endless = code("TLP:AMBER/nrcan", readers=[{"organisation": "x", "until": date.max}])
    assert Grant("of:x", EARLIEST, LATEST) in grants_of(endless)


def engagement(label: str = "TLP:CLEAR", **values: Any) -> Engagement:
    """With a Nation."""
    return Engagement.model_validate(
        {"id": "first.one", "title": "One", "nation": "first", "project": "mine", "label": label, **values}
    )


@pytest.mark.parametrize("label", ["TLP:CLEAR", "TLP:GREEN", "TLP:AMBER/first", "TLP:RED/first"])
def test_what_a_nation_hides_is_there_for_it_alone(label: str) -> None:
    """From a day to another, by the moment of asking; clients, stewards of others and who is named are left out too."""
    showing = [
        {"since": "2026-11-10", "hidden": True},
        {"since": "2026-11-20", "hidden": False},
        {"since": "2026-12-01", "hidden": True},
    ]
    sharing = {"readers": [{"organisation": "y"}, {"person": "ana"}]} if "/" in label else {}
    item = engagement(label, showing=showing, **sharing)
    for day, hidden in ((9, False), (10, True), (19, True), (20, False), (30, False)):
        now = datetime(2026, 11, day, 12, tzinfo=UTC)
        nation = reader("first", community=True, roles=["steward"], now=now)
        others = [
            reader(now=now), reader("meti", community=True, client_of=["first"], now=now), reader("y", now=now),
            reader("z", person="ana", now=now),
        ]  # fmt: skip
        open_ = [admitted(engagement(label, **sharing), other) for other in others]
        assert any(open_)
        assert admitted(item, nation), day
        assert [admitted(item, other) for other in others] == ([False] * 4 if hidden else open_)
    assert not admitted(item, reader("meti", community=True, now=datetime(2030, 1, 1, tzinfo=UTC)))


def project(**values: Any) -> Record:
    """A record with parts in lists."""
    from orepact.pact.projects.contracts import Contract

    return Contract.model_validate(values)


def test_a_labelled_field_stands_at_its_default() -> None:
    """For who is not admitted to it; the owner is shown also with whom the record is shared."""
    item = code("TLP:CLEAR/nrcan", note="12 t", sources=["a"], labels={"note": "TLP:AMBER/nrcan"}, pools=["stocks"])
    public = redacted(item, PUBLIC)
    assert (public.note, public.sources, dict(public.labels), public.pools) == ("", ("a",), {}, ())
    client = redacted(item, reader("x", client_of=["nrcan"]))
    assert (client.note, dict(client.labels)) == ("12 t", {})
    assert redacted(item, reader("nrcan")) == item == redacted(item, None)
    assert closed_paths(item, PUBLIC) == ("note", "readers", "opens", "labels", "pools")


def test_a_field_within_a_list() -> None:
    """Each of its parts loses it."""
    item = engagement("TLP:CLEAR/first", contacts=[
        {"date": "2026-01", "contact_kind": "meeting", "text": "A", "source": "s1"},
        {"date": "2026-02", "contact_kind": "meeting", "text": "B", "source": "s2"},
    ], labels={"contacts.source": "TLP:AMBER+STRICT/first"})  # fmt: skip
    assert [one.source for one in redacted(item, PUBLIC).contacts] == ["", ""]
    assert [one.source for one in redacted(item, reader("first")).contacts] == ["s1", "s2"]


def test_a_field_that_cannot_be_left_out_has_no_label() -> None:
    """Nor has one that is not there, nor the label itself; and without an owner nothing is shared."""
    for path in ("title", "id", "label", "readers", "nothing", "note.x", "titles.en"):
        with pytest.raises(ValidationError, match="give what is closed a record of its own"):
            code("TLP:CLEAR/nrcan", labels={path: "TLP:RED/nrcan"})
    with pytest.raises(ValidationError, match="only the owner shares"):
        code("TLP:CLEAR", pools=["stocks"])
    with pytest.raises(ValidationError, match="one of organisation, person and body"):
        code("TLP:AMBER/nrcan", readers=[{"organisation": "x", "person": "y"}])
    with pytest.raises(ValidationError, match="timezone"):
        code("TLP:AMBER/nrcan", opens="2026-12-01T00:00")
    for moment in ("9999-12-31T23:59-05:00", "0001-01-01T00:00+05:00", "1500-01-01T00:00Z", "2500-01-01T00:00Z"):
        with pytest.raises(ValidationError, match="between 1500 and 2500"):
            code("TLP:AMBER/nrcan", opens=moment)
        with pytest.raises(ValidationError, match="between 1500 and 2500"):
            TypeAdapter(Moment).validate_python(moment)


def test_nobody_erases_what_he_was_not_shown() -> None:
    """What was written in place of a record keeps the fields that are closed to the writer."""
    contacts = [
        {"date": "2026-01", "contact_kind": "meeting", "text": "A", "source": "s1"},
        {"date": "2026-02", "contact_kind": "meeting", "text": "B", "source": "s2"},
    ]
    labels = {"note": "TLP:RED/first", "contacts.source": "TLP:RED/first"}
    before = engagement("TLP:CLEAR/first", note="ours", labels=labels, contacts=contacts)
    shown = redacted(before, PUBLIC)
    assert carried(shown, before, PUBLIC) == before
    turned = shown.model_copy(update={"contacts": shown.contacts[::-1], "title": "Two"})
    kept = carried(turned, before, PUBLIC)
    assert ([one.source for one in kept.contacts], kept.title, kept.note) == (["s2", "s1"], "Two", "ours")
    changed = shown.model_copy(update={"contacts": (shown.contacts[0].model_copy(update={"text": "C"}), shown.contacts[1])})
    assert [one.source for one in carried(changed, before, PUBLIC).contacts] == ["s1", "s2"]
    shorter = shown.model_copy(update={"contacts": shown.contacts[1:]})
    assert [one.source for one in carried(shorter, before, PUBLIC).contacts] == ["s2"]
    assert carried(before.model_copy(update={"note": ""}), before, None).note == ""


def test_what_stands_in_the_register_is_written_as_before() -> None:
    """The new fields are left out where they are as usual: no hash of what is kept changes."""
    for item in seed().records.values():
        assert not {"readers", "opens", "labels", "pools"} & item.content().keys()
    assert digest(content_of(code("TLP:CLEAR"))) == digest('{"id":"nrcan.stock","list":"area","title":"Stock"}')


def test_when_a_nation_hid_its_record_is_for_the_nation_alone() -> None:
    """What was hidden, and is shown again, leaves no sign for others; nobody else's change takes it away."""
    turns = [{"since": "2026-01-05", "hidden": True, "by": "nat"}, {"since": "2026-02-01", "hidden": False}]
    whole = Engagement.model_validate(
        {"id": "talks", "title": "Talks", "nation": "our-nation", "project": "pit", "label": "TLP:CLEAR", "showing": turns}
    )
    nation = Reader(account="nat", organisation="our-nation", tokens=frozenset({"all", "of:our-nation"}))
    other = Reader(account="ada", organisation="nrcan", tokens=frozenset({"all", "of:nrcan"}))
    assert redacted(whole, nation) == whole
    assert redacted(whole, other) == redacted(whole, PUBLIC) == whole.model_copy(update={"showing": ()})
    assert carried(redacted(whole, other), whole, other) == whole
