"""One server and one browser for the journeys of a module: a seeded register, and the people that it names."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

sys.path.append(str(Path(__file__).parents[1] / "service"))

from town import Town, Walker, town_of


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """Debian's chromium."""
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture(scope="module")
def town(filled: Path, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Town]:
    """The control tower, served on a register that the module may change; ``PEOPLE`` of the module have accounts."""
    with town_of(filled, tmp_path_factory.mktemp("town"), getattr(request.module, "PEOPLE", {})) as found:
        yield found


@pytest.fixture
def enter(browser: Browser, town: Town) -> Iterator[Callable[..., Walker]]:
    """Somebody opens a browser of his own; at the end no request had left the machine and no browser had complained."""
    walkers: list[Walker] = []

    def begin(path: str, name: str = "", **how: object) -> Walker:
        walkers.append(Walker(town.tab(browser, name, **how), town.place))
        walkers[-1].go(path)
        return walkers[-1]

    yield begin
    wrong = [each for walker in walkers for each in walker.wrong]
    for walker in walkers:
        walker.page.context.close()
    assert wrong == []
