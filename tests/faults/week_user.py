"""A user of the week: does one thing after the other, notes in a ledger what he is told, and whatever he must not have seen."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from queue import Queue
from threading import Lock
from time import monotonic, sleep
from typing import Any

import httpx2
from week_clock import MONDAY, Clock
from week_people import LABELS, MARK, ORGANISATIONS, Person, Written

#: Seconds, of the wall, in which everything that is asked must have come to an end.
PATIENCE_S = 600


@dataclass
class Ledger:
    """What users were told: written, seen and asked for, and every wrong that they noticed."""

    written: list[Written] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    runs: dict[str, tuple[Person, str]] = field(default_factory=dict)
    answers: dict[str, bytes] = field(default_factory=dict)
    wrongs: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    lock: Lock = field(default_factory=Lock)

    def by_mark(self) -> dict[str, Written]:
        """Records by what gives them away."""
        with self.lock:
            return {one.mark: one for one in self.written}


@dataclass
class User:
    """Somebody who does one thing after the other, and notes what he is told."""

    who: Person
    ledger: Ledger
    clock: Clock
    addresses: list[str]
    draw: random.Random
    deeds: Queue[tuple[int, str] | None] = field(default_factory=Queue)
    mine: list[Written] = field(default_factory=list)
    begun: float | None = None

    def live(self) -> None:
        """Do what comes until nothing more does."""
        with httpx2.Client(timeout=30) as self.client:
            while (deed := self.deeds.get()) is not None:
                number, name = deed
                self.begun = self.clock.seconds
                try:
                    getattr(self, name)(number)
                except Exception as error:  # noqa: BLE001  told at the end
                    self.wrong(f"{name} {number}: {type(error).__name__} {error}")
                self.begun = None

    def wrong(self, words: str) -> None:
        """Note what must not be."""
        with self.ledger.lock:
            self.ledger.wrongs.append(f"{self.who.name or 'anybody'}: {words}")

    def ask(self, method: str, path: str, *, key: str = "", **sent: Any) -> httpx2.Response:
        """Ask, and ask again, of one server after the other, as long as the service cannot answer."""
        headers = {"Authorization": f"Bearer {self.who.token}"} if self.who.token else {}
        headers |= {"Idempotency-Key": key} if key else {}
        end = monotonic() + PATIENCE_S
        while monotonic() < end:
            address = self.addresses[self.draw.randrange(len(self.addresses))]
            try:
                found = self.client.request(method, f"{address}/api/v1{path}", headers=headers, **sent)
            except httpx2.HTTPError:
                self.ledger.counts["broken connections"] += 1
                sleep(0.3)
                continue
            if found.status_code == 503 or (found.status_code == 409 and "Idempotency-Key" in found.text):
                self.ledger.counts["not now"] += 1
                sleep(0.2)
                continue
            self.ledger.counts["answers"] += 1
            self.check(found, f"{path} {json.dumps(sent)}")
            return found
        raise AssertionError(f"no answer to {method} {path} within {PATIENCE_S} s")

    def check(self, found: httpx2.Response, sent: str) -> None:
        """Nothing in an answer is of a record that he may not see, but for what he said himself."""
        if found.status_code >= 500:
            self.wrong(f"{found.status_code} to {sent[:200]}")
        now, known = self.clock.seconds, self.ledger.by_mark()
        said = set(MARK.findall(sent))
        for mark in set(MARK.findall(found.text + str(found.headers))) - said:
            if not known[mark].seen_by(self.who, now):
                self.wrong(f"was shown {mark} ({known[mark].label} of {known[mark].owner}) by {sent[:100]}")

    def write(self, number: int) -> None:
        """A new record, or another version of one of his."""
        if self.mine and self.draw.random() < 0.4:
            one = self.draw.choice(self.mine)
        else:
            label = self.draw.choice(LABELS if self.who.steward else LABELS[:-1])
            opens = self.clock.seconds + self.draw.uniform(0, 2 * 86_400) if self.draw.random() < 0.2 else 0.0
            named = self.draw.random() < 0.3 and label in {"TLP:AMBER", "TLP:AMBER+STRICT"}
            readers = (self.draw.choice([name for name in ORGANISATIONS if name != self.who.organisation]),) if named else ()
            one = Written(number, self.who.organisation, label, round(opens), readers)
            with self.ledger.lock:
                self.ledger.written.append(one)  # before it is sent: others may see it before he is told
            self.mine.append(one)
        self._keep(one, f"note {number}.")

    def _keep(self, one: Written, words: str) -> None:
        sent: dict[str, Any] = {"records": [_record(one, words, self.clock)], "reason": "a week of use"}
        if one.version:
            sent["versions"] = {f"commitment/{one.id}": one.version}
        found = self.ask("POST", "/records", key=f"key-{self.who.name}-{words.split()[1][:-1]:0>8}", json=sent)
        if found.status_code == 200:
            one.version += 1
            one.acknowledged.append(words)
            if [row["version"] for row in found.json()["data"]] != [one.version]:
                self.wrong(f"{one.id}: told {found.text[:200]}, not version {one.version}")
            self.ledger.counts["writes"] += 1
        else:
            self.wrong(f"{one.id}: {found.status_code} {found.text[:300]}")

    def stale(self, number: int) -> None:
        """A change of a version that does not stand any more: refused, and nothing of it kept."""
        changed = [one for one in self.mine if one.version > 1]
        if not changed:
            return
        one, words = self.draw.choice(changed), f"note {number}."
        sent = {
            "records": [_record(one, words, self.clock)], "reason": "late", "versions": {f"commitment/{one.id}": one.version - 1},
        }  # fmt: skip
        found = self.ask("POST", "/records", key=f"key-{self.who.name}-{number:0>8}", json=sent)
        if found.status_code != 409:
            self.wrong(f"a stale change of {one.id}: {found.status_code}")
        self.ledger.refused.append(words)
        self.ledger.counts["refused changes"] += 1

    def read(self, number: int) -> None:
        """A list, a search, counts, the log, or a record that he may see or may not."""
        known = [*self.ledger.by_mark().values()]
        one = self.draw.choice(known) if known else None
        ways: list[Callable[[], Any]] = [
            lambda: self.ask("GET", "/records", params={"kind": "commitment", "limit": 100, "order": "changed_at"}),
            lambda: self.ask("GET", "/search", params={"search": "week", "kind": "commitment"}),
            lambda: self.ask("GET", "/counts", params={"by": "owner"}),
            lambda: self.ask("GET", "/audit", params={"limit": 100}),
            lambda: self._look(one, number),
            lambda: self._look(one, number),
        ]
        ways[self.draw.randrange(len(ways))]()
        self.ledger.counts["reads"] += 1

    def _look(self, one: Written | None, number: int) -> None:
        if one is None:
            return
        before, there = self.clock.seconds, one.version > 0  # who writes it may be told of it while this is under way
        found = self.ask("GET", f"/records/commitment/{one.id}{'/history' if number % 3 == 0 else ''}")
        if found.status_code == 200 and not one.seen_by(self.who, self.clock.seconds):
            self.wrong(f"opened {one.id} ({one.label})")
        seen = one.seen_by(self.who, before - 60) and before - 60 >= one.opens
        if found.status_code != 200 and seen and there:
            self.wrong(f"did not find {one.id} ({one.label}): {found.status_code}")

    def run(self, number: int) -> None:
        """Ask for a run, or look how one of his stands."""
        if not self.who.token:
            return
        words = f"run {number}"
        network = {"network.yaml": f"title: {words}\nseconds: {self.draw.uniform(0.1, 1.0):.2f}\n"}
        found = self.ask("POST", "/plans", json={"network": network})
        if found.status_code not in {200, 202}:
            self.wrong(f"{words}: {found.status_code} {found.text[:200]}")
            return
        name = found.json()["data"][0]["run"]
        with self.ledger.lock:
            self.ledger.runs[name] = (self.who, words)
        self.ledger.counts["runs"] += 1
        own = [run for run, (who, _) in self.ledger.runs.items() if who is self.who]
        self.look_at(self.draw.choice(own))

    def look_at(self, name: str) -> str:
        """How a run stands; an answer that was given once stays what it was."""
        found = self.ask("GET", f"/runs/{name}")
        state = str(found.json().get("run", {}).get("state", found.text[:200]))
        if state == "done":
            content = json.dumps(found.json()["data"]).encode()
            if self.ledger.answers.setdefault(name, content) != content:
                self.wrong(f"{name} was answered twice: {content!r}")
        return state


def _record(one: Written, words: str, clock: Clock) -> dict[str, Any]:
    """A record of the week as it is sent."""
    found: dict[str, Any] = {
        "kind": "commitment", "id": one.id, "title": f"{one.mark} of the week", "owner": one.owner, "made": "2026-01",
        "projects": ["pit"], "label": f"{one.label}/{one.owner}", "note": words,
    }  # fmt: skip
    if one.label == "TLP:GREEN":
        found["label"] = "TLP:GREEN/" + one.owner
    if one.opens:
        found["opens"] = (MONDAY + timedelta(seconds=one.opens)).isoformat()
    if one.readers:
        found["readers"] = [{"organisation": name} for name in one.readers]
    return found
