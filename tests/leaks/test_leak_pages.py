"""Every page of the tower, on the package's register with hidden records of every kind: to the byte as if there were none.

As page, as JSON and as CSV, in two languages, with all header fields and the tag; and every form that names what is hidden. A
page that is new is asked too. Two things of a page are of the one who reads, not of the register: the token of his session, which
who shows a token of a program has not, and the key that makes a form count once, which is drawn at random and constant here.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest
from leak_asking import Said, Service
from leak_people import NOW, SECRET
from leak_register import first, seen_kinds

from copies import copied
from cost_answers import DESK, PAID, costs_found, plant
from orepact.service.access import reader_of
from orepact.service.jobs import submit_run
from orepact.service.pact.desk import Desk
from orepact.service.sharing import put_overlay
from orepact.service.view import costs
from orepact.store.store import Store, open_store
from orepact.web.pages import heads
from orepact.web.pages.page import Form, Page
from orepact.web.pages.table import PAGES
from page_questions import forms, paths, questions
from route_questions import NONE

LONG = os.environ.get("OREPACT_LONG") == "1"
#: So many addresses of a page are asked, about; all of them in a long run.
MANY = 4
#: As the questions of pages name one.
OVERLAY = "prices"
RUN = re.compile(r"run-[0-9a-f]{16}")
FORMS = [(page, form) for page in PAGES for form in page.forms]
#: They take minutes of the processor to say no, or let nobody in by what a register holds.
WITHOUT = {"login", "choose"}


@pytest.fixture(scope="module")
def services(registers: dict[str, Store], tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Service]]:
    """The service on a copy of each of the registers: what forms change is gone with it."""
    folder = tmp_path_factory.mktemp("pages")
    found: dict[str, Service] = {}
    for name, store in registers.items():
        file = store.database.address.file
        assert file is not None
        copied(file, folder / f"{name}.db")
        found[name] = Service.on(replace(open_store(str(folder / f"{name}.db")), clock=lambda: NOW))
    for each in found.values():
        each.house.__dict__["facts"] = found["all"].house.facts
    overlaid(found["all"].house.store)
    yield found
    for each in found.values():
        each.house.store.close()
        each.close()


def overlaid(store: Store) -> None:
    """An overlay of nrcan, and what was computed with it: in one register alone, of which nobody else is told."""
    claims = PAID.format(value=2600, level="AMBER+STRICT", owner="nrcan")
    put_overlay(OVERLAY, claims, Desk(store), sources=DESK, organisation="nrcan")
    steward = Desk(store, reader_of(Desk(store), token=f"ore_steward_{SECRET}"))
    asked = costs.question("lithium_hydroxide", "KOR")
    submit_run(asked.use_case, asked.asked(OVERLAY), steward)
    plant(store, costs_found(asked, {"CA-QC": 0.9}))


@pytest.fixture(scope="module")
def ids(registers: dict[str, Store]) -> Mapping[str, tuple[str, ...]]:
    """By kind an id that all see, one that is hidden, and one of nothing."""
    told = {*registers["none"].register().records}
    hidden = {kind: name for kind, name in sorted(registers["all"].register().records, reverse=True) if (kind, name) not in told}
    return {kind: (first(kind), *([hidden[kind]] if kind in hidden else []), NONE) for kind in seen_kinds()}


@pytest.fixture(autouse=True)
def _same_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heads, "token_urlsafe", lambda _: "drawn-at-random")


def asked(page: Page, ids: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Addresses of a page: always the first three, which name what is hidden too, of the rest some."""
    every = list(dict.fromkeys(questions(page, ids)))
    if LONG:
        return every
    return list(dict.fromkeys([*every[:3], *every[3 :: max(1, len(every) // (MANY - 3))]]))


def twin(path: str, ending: str) -> str:
    """The address of the tables of a page."""
    before, mark, query = path.partition("?")
    return f"{before}.{ending}{mark}{query}"


def same(services: dict[str, Service], path: str, who: str) -> Said:
    """What both registers say; one holds what he may not see."""
    found = services["all"].see(path, who)
    assert found == services["member's" if who == "member" else "none"].see(path, who), (who, path)
    assert found.status < 500, (who, path)
    return found


def unnamed(said: Said) -> Said:
    """An answer without the names of runs, which are drawn at random, and without its length and tag, which hang on them."""
    fields = tuple((name, RUN.sub("run", value)) for name, value in said.fields if name not in {"etag", "content-length"})
    return replace(said, fields=fields, body=RUN.sub("run", said.body.decode()).encode())


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_what_is_hidden_changes_no_byte_of_any_page(
    page: Page, services: dict[str, Service], ids: Mapping[str, tuple[str, ...]]
) -> None:
    """For the public with what can be asked, for a member with less; the steward asks first."""
    every = asked(page, ids)
    services["all"].see(every[0], "steward")  # what he is told is kept for nobody else
    for path in every:
        same(services, path, "public")
    told = same(services, twin(every[0], "json"), "public")
    same(services, f"/ko{every[0]}", "public")
    for table in list(json.loads(told.body).get("tables", {}))[:1] if told.status == 200 else ():
        mark = "&" if "?" in every[0] else "?"
        same(services, f"{twin(every[0], 'csv')}{mark}table={table}", "public")
    for path in every[:2]:
        same(services, path, "member")


@pytest.mark.parametrize(("page", "form"), FORMS, ids=[f"{page.name} {form.name}" for page, form in FORMS])
def test_a_form_that_names_what_is_hidden_is_answered_as_if_it_were_not_there(
    page: Page, form: Form, services: dict[str, Service], ids: Mapping[str, tuple[str, ...]]
) -> None:
    """In its path, and in each of its fields."""
    if form.name in WITHOUT:
        assert form.deed == "read"
        return
    to = list(paths(page, ids))
    sent = list(forms(form, ids))
    for path, content in [*((path, sent[0]) for path in to[:3]), *((to[0], each) for each in sent[1 : None if LONG else 6])]:
        found = unnamed(services["all"].see(path, "member", form=content))
        other = unnamed(services["member's"].see(path, "member", form=content))
        assert found == other, (path, content)
        assert found.status < 500, (path, content, found)


def test_the_hidden_records_are_on_pages(services: dict[str, Service], ids: Mapping[str, tuple[str, ...]]) -> None:
    """So that the tests can fail: their steward is shown those that others are told nothing of."""
    shown = {kind: services["all"].see(f"/records/{kind}/{names[1]}", "steward") for kind, names in ids.items() if len(names) > 2}
    there = [kind for kind, found in shown.items() if found.status == 200]
    assert len(there) > 20
    assert all(services["all"].see(f"/records/{kind}/{ids[kind][1]}").status == 404 for kind in there[:5])
    whole = {who: services["all"].see("/tower/KOR", who).body for who in ("public", "steward")}
    assert whole["public"] != whole["steward"]


def test_an_overlay_is_told_to_its_organisation_alone(services: dict[str, Service]) -> None:
    """So that the tests can fail: its steward sees both sides, at the address at which others see the shared facts."""
    path = f"/dependence/cost?overlay={OVERLAY}"
    assert b'id="table-compared"' in services["all"].see(path, "steward").body
    for who in ("public", "member"):
        told = same(services, path, who)
        assert b'id="table-compared"' not in told.body
        assert b"nrcan" not in told.body.replace(b"Natural Resources", b"").split(b"<main")[1].split(b'id="besides-title"')[0]
        same(services, twin(path, "json"), who)
        same(services, twin(path, "csv"), who)
