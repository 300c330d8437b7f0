"""The pages on sharing and on feeds: the sums of the example are what is told, and what is named holds."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sharing_world import Clock, put

from orepact.pact.records.readers import PUBLIC
from orepact.pact.records.reading import read_values
from orepact.pact.supply.stocks import Stock
from orepact.service.pact.desk import Desk
from orepact.service.sharing import addresses, delivering, feeds, leaving, links, pool_share, pool_today, posting
from orepact.store.store import open_store

DOCS = Path(__file__).parents[2] / "docs"
COUNTRIES = {"Canada": "CAN", "Japan": "JPN", "Korea": "KOR"}


def tables(page: str) -> list[list[list[str]]]:
    """The cells of each table of a page, without its head."""
    found = re.findall(r"((?:^\|.*\|\n)+)", (DOCS / page).read_text(encoding="utf-8"), re.MULTILINE)
    return [[[cell.strip() for cell in row.strip("|").split("|")] for row in table.splitlines()[2:]] for table in found]


def test_the_sums_of_the_example_are_what_is_told(own: Path, clock: Clock, tmp_path: Path) -> None:
    """Of the register that comes with the package, where two of the owners are of one government."""
    text = (DOCS / "sharing.md").read_text(encoding="utf-8")
    _, block = re.findall(r"^```yaml\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    (tmp_path / "stock.yaml").write_text(block, encoding="utf-8")
    first = dict(read_values(tmp_path / "stock.yaml")["records"][0])
    del first["kind"]
    _, given, told = tables("sharing.md")
    records = []
    for owner, country, tonnes, lithium in given:
        code, amount = COUNTRIES[country], float(tonnes.replace(",", ""))
        values = {"id": f"{owner}.carbonate-{code.lower()}", "organisation": owner, "country": code}
        level = [{"on": "2026-10-31", "quantity": amount}]
        records.append(Stock.model_validate({**first, **values, "levels": level, "label": f"TLP:AMBER+STRICT/{owner}"}))
        assert round(amount * 0.18785) == int(lithium)
    example = Stock.model_validate(first)
    assert example.levels[-1].quantity == records[0].levels[0].quantity
    store = open_store(str(own), clock=clock)
    clock.now = datetime(2026, 11, 24, 12, tzinfo=UTC)
    put(store, *records)
    assert len(pool_share("lithium_stocks", Desk(store), organisation="meti").data) == 2
    clock.turn(days=1)
    shown = pool_today("lithium_stocks", Desk(store, PUBLIC)).for_people()
    rows = shown.astype(str).to_numpy().tolist()
    assert [row for row in rows if set(row[1:]) != {"0"}] == told
    store.close()


@pytest.mark.parametrize(
    "said",
    [
        f"The {feeds.MOST} that moved last",
        f"within {posting.WHOLE_S:.0f} seconds",
        f"after {delivering.FIRST_S:.0f} seconds, then four times as long each time",
        f"{posting.MOST_READ // 1024} KiB are read",
        f"`{addresses.LOOPBACK}=1`",
        "It ends after a year at most",
    ],
)
def test_the_page_names_what_holds(said: str) -> None:
    assert said in " ".join((DOCS / "feeds.md").read_text(encoding="utf-8").split())
    assert (delivering.FACTOR, links.LONGEST_DAYS, leaving.OPEN.name) == (4.0, 366, "GREEN")
