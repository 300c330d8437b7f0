"""``orepact shock events``: the library of events, and one of them in words."""

from __future__ import annotations

from typing import Annotated

import typer

from orepact.cli.options import Facts, Format, NetworkFolder, OutputFormat


def events(
    name: Annotated[
        str | None, typer.Argument(metavar="[EVENT]", help="An event of the library, or an event file (YAML). Default: list all.")
    ] = None,
    *,
    network: NetworkFolder = None,
    facts: Facts = None,
    form: Format = OutputFormat.table,
) -> None:
    """List the events of the library, or show one in words.

    Each with its dates, what breaks and how sure that is. An own event is a YAML file in the same form; `orepact shock events
    FILE` checks it and tells every mistake at once, and names that the network does not know with the nearest ones.

    Example: `orepact shock events`

    Example: `orepact shock events drc_cobalt_ban_2025`
    """
    from orepact import service
    from orepact.cli.output import emit
    from orepact.cli.progress import progress
    from orepact.shock.events.reading import shipped_events

    if name is None or name in shipped_events():
        emit(service.shock.list_events() if name is None else service.shock.show_event(name), form)
        return
    with progress() as report:
        report("looking up its names in the network", 0.1)
        ledger = service.open_ledger(facts=facts) if network is None else None
        found = service.shock.show_event(name, ledger=ledger, network=network)
    emit(found, form)
