"""The table: each row can be asked, says what can come of it, and is served as it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from orepact.service.access.may import DEEDS
from orepact.web.api.parameters import vocabulary
from orepact.web.api.routes import VIEW, Asks, Does, Route
from orepact.web.api.table import ROUTES

#: Arguments that could be files, and are checked to be names of what comes with the package, or values.
ONE_OF_THE_LIBRARY = {"shock.show_event": {"name"}, "pact.open_incident": {"request"}, "show_pool": {"pool"}}


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.id)
def test_each_row_fits_its_use_case(route: Route) -> None:
    from inspect import Parameter, signature

    arguments = signature(route.call()).parameters
    given = set(route.given()) - set(VIEW)
    assert given <= set(arguments)
    assert route.deed in DEEDS
    sent = set(route.body.model_fields) if route.body else set()
    sent = {"new"} if route.use_case == "access.add_account" else sent  # its fields are those of one argument
    sent = {route.whole} if route.whole else sent
    sent |= {name for name, _ in route.fixed}
    mine = {name for name, _ in route.mine}
    own = {"db"} if route.asks in {Asks.register, Asks.both} else set()
    own |= {"ledger"} if route.asks in {Asks.facts, Asks.both} else set()
    own |= {"version"} if route.versioned else set()
    rest = {name for name, one in arguments.items() if one.kind is Parameter.VAR_KEYWORD}  # the use case checks what it takes
    assert rest or sent | mine <= set(arguments)
    assert not sent & mine
    required = {name for name, one in arguments.items() if one.default is Parameter.empty}
    assert required - rest <= given | sent | mine | own, "what must be given cannot be"


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.id)
def test_no_row_takes_the_name_of_a_file(route: Route) -> None:
    """A name that comes over HTTP is an id; paths, folders and who asks are never among what is sent."""
    from inspect import signature

    names = {*route.given(), *(route.body.model_fields if route.body else ())}
    arguments = signature(route.call()).parameters
    files = {name for name in names & set(arguments) if "Path" in str(arguments[name].annotation)}
    assert files <= ONE_OF_THE_LIBRARY.get(route.use_case, set())
    mine = {name for name, _ in route.mine}
    assert not names & {"actor", "organisations", "sender", "session", "db", "ledger", *mine}


def test_rows_have_names_of_their_own_and_changes_say_who_made_them() -> None:
    assert len({route.id for route in ROUTES}) == len(ROUTES)
    assert len({(route.method, route.path) for route in ROUTES}) == len(ROUTES)
    for route in ROUTES:
        assert (route.method == "GET") == (route.does is Does.reads)
        checks = route.use_case == "pact.check_values"
        assert (route.does is Does.changes or checks) == (("actor", "account") in route.mine)
        assert not route.large or not route.in_path, "the edge knows uploads by their path"
        assert not route.noted or route.deed == "export"
        assert not (route.does is Does.changes and DEEDS[route.deed].anybody)


def test_every_word_of_the_vocabulary_is_used() -> None:
    used = {key for route in ROUTES for key, _ in route.given().values()}
    assert used == set(vocabulary())


def test_what_http_refuses_has_codes_that_are_written_down() -> None:
    """Each code and status that the edge refuses with stands in ``CODES``, which the page of errors shows, and no other."""
    from orepact.web.edge.refusals import CODES

    web = Path(__file__).parents[2] / "src" / "orepact" / "web"
    texts = "".join(file.read_text("utf-8") for file in web.rglob("*.py"))
    found = set(re.findall(r'(?:Refused|_end)\(\s*(\d{3}), "([a-z_]+)"', texts))
    written = {(str(status), code) for code, (statuses, _) in CODES.items() for status in statuses}
    assert found - {("404", "not_found")} <= written
    assert {code for _, code in written} <= {code for _, code in found} | {"too_slow"}
