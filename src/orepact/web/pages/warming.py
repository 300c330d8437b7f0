"""What the first reader would wait for, read before he comes: the templates, and the towers of the states."""

from __future__ import annotations

import logging
from threading import Thread
from typing import TYPE_CHECKING

from orepact.errors import OrepactError
from orepact.pact.records.readers import PUBLIC
from orepact.service.pact.desk import Desk
from orepact.service.view.tower import tower
from orepact.web.pages import assets
from orepact.web.pages.render import environment
from orepact.web.pages.table import PAGES
from orepact.web.pages.tower_pages import STATES

if TYPE_CHECKING:
    from orepact.web.edge.house import House

log = logging.getLogger("orepact.web")


def warm(house: House) -> None:
    """Begin to read it, beside the server, which answers meanwhile."""
    Thread(target=_read, args=(house,), name="orepact-warm", daemon=True).start()


def _read(house: House) -> None:
    try:
        for page in PAGES:
            environment().get_template(page.template)
        assets.edition()
        for state in STATES:
            tower(state, house.ledger(PUBLIC), Desk(house.store, PUBLIC))
    except OrepactError as fault:  # whoever comes first is told
        log.warning("not all was read before the first reader: %s", type(fault).__name__)
