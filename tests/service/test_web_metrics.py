"""What Prometheus is told, read by its own parser: right, of bounded size, of nobody, and all of it documented."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from time import monotonic, sleep

import httpx2
import pytest
from faces import Known
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from orepact.pact.records.readers import Reader
from orepact.service import access
from orepact.service.access import New
from orepact.service.jobs import submit_run
from orepact.service.pact.desk import Desk
from orepact.store import outbox
from orepact.store.canonical import instant
from orepact.store.outbox import Message, Subscription
from orepact.store.queue import clock_of
from orepact.web.edge import gauges
from orepact.web.edge.gauges import Behind, registry_of
from orepact.web.edge.house import House
from orepact.web.edge.metrics import Metrics

PAGE = Path(__file__).parents[2] / "docs" / "operate.md"
ADA = Reader.holding("nrcan", account="ada", person="ada", roles=("editor",), community=True)
TOY = Path(__file__).parents[1] / "networks" / "toy"


def read(registry: CollectorRegistry) -> dict[str, dict[tuple[tuple[str, str], ...], float]]:
    """Samples by name and labels, as Prometheus reads them."""
    found: dict[str, dict[tuple[tuple[str, str], ...], float]] = {}
    for family in text_string_to_metric_families(generate_latest(registry).decode()):
        for sample in family.samples:
            found.setdefault(sample.name, {})[tuple(sorted(sample.labels.items()))] = sample.value
    return found


def test_requests_are_counted_by_route_method_and_status(
    make_house: Callable[..., House], client_of: Callable[..., httpx2.Client]
) -> None:
    house = make_house(anonymous_rate=4)
    house.metrics = Metrics()
    client = client_of(house)
    for name in ("ca-jp-battery-dialogue", "nobody-knows"):
        client.get(f"/api/v1/records/body/{name}")
    for method in ("PROPFIND", "MKCOL"):
        client.request(method, "/api/v1/records")
    for _ in range(12):
        client.get("/nowhere")
    end = monotonic() + 20  # a request is counted a moment after it was answered
    while sum((found := read(house.metrics.registry))["orepact_http_requests_total"].values()) < 16 and monotonic() < end:
        sleep(0.02)
    requests = {tuple(value for _, value in key): number for key, number in found["orepact_http_requests_total"].items()}
    record = "/api/v1/records/{kind}/{name}"
    assert requests[("GET", record, "200")] == requests[("GET", record, "404")] == 1
    assert {method for method, *_ in requests} == {"GET", "other"}
    assert {route for _, route, _ in requests} <= {record, "none", "/api/v1/records"}
    assert found["orepact_http_rate_limited_total"][()] == requests[("GET", "none", "429")] > 0
    assert found["orepact_http_requests_in_flight"][()] == 0
    assert found["orepact_http_request_seconds_count"][(("route", record),)] == 2
    assert sum(requests.values()) == 16


def test_the_database_is_told_of_by_whole_numbers(make_house: Callable[..., House], tmp_path: Path) -> None:
    house = make_house()
    asked = {"network": {file.name: file.read_text() for file in TOY.iterdir()}}
    submit_run("plan", asked, Desk(house.store))
    (tmp_path / "old.zip").touch()
    found = read(registry_of(house.settings.database, tmp_path))
    assert found["orepact_database_up"][()] == 1
    assert found["orepact_register_entries"][()] == house.store.head().seq
    assert {key[0][1]: number for key, number in found["orepact_runs"].items()} == {
        "queued": 1, "running": 0, "done": 0, "failed": 0, "cancelled": 0, "timed_out": 0,
    }  # fmt: skip
    assert 0 <= found["orepact_runs_oldest_waiting_seconds"][()] < 600
    assert 0 <= found["orepact_backup_age_seconds"][()] < 600
    assert found["process_resident_memory_bytes"]


def test_what_webhooks_have_to_send_is_told_of(make_house: Callable[..., House]) -> None:
    """How many messages wait, and for how long the first of them: a receiver that is away is seen before it is given up."""
    house = make_house()
    waiting, oldest = "orepact_webhook_messages_waiting", "orepact_webhook_messages_oldest_waiting_seconds"

    def told() -> tuple[float, float]:
        found = read(registry_of(house.settings.database, None))
        return found[waiting][()], found[oldest][()]

    assert told() == (0, 0)
    access.add_account(New("ada", "Ada", organisation="nrcan", roles=("reader",)), house.settings.database)
    with house.store.database.writing() as connection:
        outbox.add(connection, Subscription("hook1", "ada", "nrcan", "chat", "https://chat.example/", "", "secret"))
        for seconds in (90, 4000, 5):
            moment = instant(clock_of(connection) - timedelta(seconds=seconds))
            outbox.put(connection, Message(outbox.new_id(), "hook1", 1, moment))
    number, seconds = told()
    assert number == 3
    assert 4000 <= seconds < 4600


def test_a_database_that_is_gone_is_told_of_and_asked_again_later(make_house: Callable[..., House]) -> None:
    house, moment = make_house(), [0.0]
    file = Path(house.settings.database or "")
    behind = Behind(str(file), None, clock=lambda: moment[0])
    registry = CollectorRegistry()
    registry.register(behind)
    away = file.with_suffix(".away")
    file.rename(away)
    gone = read(registry)
    assert gone["orepact_database_up"][()] == 0
    assert "orepact_register_entries" not in gone
    away.rename(file)
    assert read(registry)["orepact_database_up"][()] == 0, "it is not asked at each question"
    moment[0] = gauges.KEPT_S
    assert read(registry)["orepact_database_up"][()] == 1


def test_nothing_is_told_of_anybody(make_house: Callable[..., House], client_of: Callable[..., httpx2.Client]) -> None:
    """Labels come from the program, never from a request or the register; none of it is on the port of the service."""
    house = make_house()
    house.metrics = Metrics()
    assert isinstance(house.accounts, Known)
    client = client_of(house)
    bearer = {"Authorization": f"Bearer {house.accounts.token(ADA)}"}
    client.get("/api/v1/records/organisation/nrcan?search=lithium", headers=bearer)
    told = generate_latest(house.metrics.registry).decode() + generate_latest(registry_of(house.settings.database, None)).decode()
    for word in ("nrcan", "ada", "lithium", str(house.settings.database)):
        assert word not in told
    assert client.get("/metrics").status_code == 404


def test_every_metric_is_in_the_page_for_operators(make_house: Callable[..., House], tmp_path: Path) -> None:
    house = make_house()
    (tmp_path / "one.zip").touch()
    families = [*Metrics().registry.collect(), *registry_of(house.settings.database, tmp_path).collect()]
    names = {family.name + ("_total" if family.type == "counter" else "") for family in families}
    documented = set(re.findall(r"^\| `((?:orepact|process)_\w+)`", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE))
    assert documented == names


@pytest.mark.parametrize("status", [200, 429])
def test_a_request_leaves_nothing_in_flight(status: int) -> None:
    metrics = Metrics()
    metrics.begin()
    assert read(metrics.registry)["orepact_http_requests_in_flight"][()] == 1
    metrics.end("/x", "GET", status, 0.1)
    found = read(metrics.registry)
    assert found["orepact_http_requests_in_flight"][()] == 0
    assert found["orepact_http_rate_limited_total"][()] == (status == 429)
