"""What the first reader would wait for, read before he comes: the templates and the towers of the states before anybody is
listened to, what the other pages stand on beside the first answers.
"""

from __future__ import annotations

import logging
from threading import Thread
from typing import TYPE_CHECKING

from orepact.errors import OrepactError
from orepact.pact.records.readers import PUBLIC
from orepact.service.pact.desk import Desk
from orepact.service.view.tower_glance import states
from orepact.web.edge.callers import NOBODY, at
from orepact.web.edge.refusals import Refused
from orepact.web.pages import assets
from orepact.web.pages.page import Elsewhere
from orepact.web.pages.reading import asked_of, place_of
from orepact.web.pages.render import environment
from orepact.web.pages.serve import answer
from orepact.web.pages.table import PAGES
from orepact.web.pages.visit import Visit
from orepact.web.pages.words import voice_of

if TYPE_CHECKING:
    from orepact.web.edge.house import House
    from orepact.web.pages.page import Page

log = logging.getLogger("orepact.web")
#: The entries of a register's log beyond which its pages are read when somebody asks for them: ahead of all, they would take
#: seconds each from those who ask for something else, and hold for a minute.
SMALL = 20_000


def warm(house: House) -> None:
    """Read what the first page needs, about two seconds; then begin, beside the server, to read what the others do."""
    try:
        for page in PAGES:
            environment().get_template(page.template)
        assets.edition()
        states(house.ledger(PUBLIC), Desk(house.store, PUBLIC))
    except OrepactError as fault:  # whoever comes first is told
        log.warning("not all was read before the first reader: %s", type(fault).__name__)
    Thread(target=read_others, args=(house,), name="orepact-warm", daemon=True).start()


def read_others(house: House) -> None:
    """Read what the pages stand on that anybody may open without naming anything."""
    small = house.store.head().seq <= SMALL
    for page in PAGES:
        if page.deed == "read" and page.kept and not page.in_path and (page.alike or small):
            try:
                place = place_of(page.path)
                assert place is not None, "it is a row of the table"
                answer(house, visit_of(house, page), place)
            except (OrepactError, Refused, Elsewhere):  # it asks for more than its address
                continue
            except Exception:  # whoever comes first is told; the server answers all else
                log.exception("the page %s could not be read before its first reader", page.name)


def visit_of(house: House, page: Page) -> Visit:
    """The visit of a stranger who names nothing; raises ``BadInput`` where a page must be told something."""
    place = place_of(page.path)
    assert place is not None, "it is a row of the table"
    asked, _, _ = asked_of(place, [])
    caller = at(NOBODY, house.clock(), whole_minute=True)
    return Visit(house=house, caller=caller, voice=voice_of("en"), page=page, path=page.path, asked=asked)
