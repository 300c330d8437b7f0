"""What an answer depends on beside what was asked, so that it is kept for as long as it holds and told to nobody else.

An answer about the register depends on all that a reader holds, and on the state of the register. That state changes when
somebody writes, at the begin of a day, and when a record opens or closes by itself; ``LASTING`` names the use cases of which
nothing else is true. Others may look at times of earlier versions, and their answers hold for a minute. Facts depend on for whom
they are opened, and on the day.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from orepact.pact.records.readers import PUBLIC, taking
from orepact.web.api.routes import Asks, Does

if TYPE_CHECKING:
    from orepact.web.api.serving import Asked
    from orepact.web.edge.gate import Scope
    from orepact.web.edge.house import House

#: Use cases that look at records as they stand, on a day, and at no earlier version.
LASTING = frozenset({
    "pact.list_records", "pact.search_records", "pact.count_records", "pact.show_record", "pact.show_scoreboard",
    "pact.list_articles", "pact.list_instruments", "pact.show_instrument", "pact.show_ending", "pact.list_bodies",
    "pact.draft_agenda", "pact.list_chairs", "pact.list_guests", "pact.list_queues", "pact.list_roles", "pact.list_late",
    "pact.list_slips", "pact.count_realised", "pact.permit_clocks", "pact.support_account", "pact.list_owners",
    "pact.list_members", "pact.names_of", "pact.find_cascade", "pact.compare_sites",
})  # fmt: skip
#: What asks for an earlier version.
OF_VERSIONS = frozenset({"revision"})


def question(house: House, asked: Asked, head: str) -> Hashable:
    """All that an answer depends on, in a state of the register that ends with ``head``."""
    time = house.spans.of(house.store, head, asked.moment) if lasts(asked) else (head, asked.reader.now)
    return asked.what, for_whom(house, asked), time if of_register(asked) else date.today()  # noqa: DTZ011  as use cases ask


def known_question(house: House, asked: Asked, head: str) -> Hashable | None:
    """The same without asking the register; None where it must be asked."""
    if not of_register(asked):
        return question(house, asked, head)
    time = house.spans.known(head, asked.moment) if lasts(asked) else (head, asked.reader.now)
    return None if time is None else (asked.what, for_whom(house, asked), time)


def for_whom(house: House, asked: Asked) -> Hashable:
    """What of a reader an answer depends on."""
    reader = asked.reader
    if asked.route.asks is Asks.nothing:
        return ()
    if asked.route.asks is Asks.facts:  # what leaves holds less of what is others', and is another answer
        return house.audience(taking(reader) if asked.route.noted else reader)
    return reader.tokens, reader.organisation, reader.person, reader.roles


def of_register(asked: Asked) -> bool:
    """Whether an answer depends on the register."""
    return asked.route.asks in {Asks.register, Asks.both}


def lasts(asked: Asked) -> bool:
    """Whether an answer of the register holds until something is written, opens or closes."""
    return asked.route.use_case in LASTING and not OF_VERSIONS & asked.arguments.keys()


def remember(house: House, scope: Scope, asked: Asked) -> None:
    """Remember what an address asks, where that follows from it alone, and where nothing is written down of the asking."""
    if asked.route.does is Does.reads and asked.route.kept and not (asked.route.mine or asked.route.noted):
        house.remembered.note(scope, replace(asked, reader=PUBLIC, head=""))
