"""Connections that are kept: one for each thread of a server, opened once."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack

import pytest
from sqlalchemy import event

from orepact.store.store import open_store, upgrade_store
from orepact.web.settings import Settings


@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
def test_as_many_as_a_server_has_threads_are_opened_once(make_url: Callable[[str], str], backend: str) -> None:
    url = make_url(backend)
    upgrade_store(url, create=True).close()
    store = open_store(url)
    opened: list[object] = []
    event.listen(store.database.engine, "connect", lambda connection, _: opened.append(connection))
    for _ in range(3):
        with ExitStack() as stack:
            for _ in range(2 * Settings().threads):
                stack.enter_context(store.database.reading())
    assert len(opened) <= 2 * Settings().threads
    assert len(opened) >= 2 * Settings().threads - 1, "one was open since the store was"
    store.close()
