"""How a question is answered: the use case is asked as the caller, its result becomes bytes; a change with a key is done once."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from contextlib import nullcontext, suppress
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from time import thread_time
from typing import TYPE_CHECKING, Any

from orepact.errors import BadInput, Conflict, NotFound, Problem, StoreUnavailable
from orepact.pact.records.readers import moment_of, taking
from orepact.service.access.inviting import Invitation
from orepact.service.access.noting import note_export
from orepact.service.access.sessions import LoggedIn
from orepact.service.access.tokens import Made
from orepact.service.pact.desk import Desk
from orepact.service.result import Result
from orepact.service.sharing.handed import Handed
from orepact.service.sharing.links import MadeLink
from orepact.service.sharing.webhooks import MadeWebhook
from orepact.store import repeats
from orepact.web.api import unknown
from orepact.web.api.lasting import of_register, question
from orepact.web.api.routes import PREFIX, VIEW, Asks, Does, Route
from orepact.web.api.sheets import CSV, as_csv, label_of
from orepact.web.edge.answers import Answer
from orepact.web.edge.house import House
from orepact.web.edge.refusals import Refused, stale
from orepact.web.edge.tags import tag_of
from orepact.web.edge.wording import FACE
from orepact.wording import worded

if TYPE_CHECKING:
    from datetime import datetime

    from orepact.pact.records.readers import Reader
    from orepact.store.writing import Beside

#: What a manifest tells of the machine: where the register and folders of facts lie. Who asks is not told.
OF_THE_MACHINE = ("register", "overlays")
AGAIN = "this was done before, with the same Idempotency-Key; what was answered then is lost, what was written is below"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: the route, who asks, with which arguments; of a change also its key, and the bytes that were sent; ``form``:
    how the answer is to be told, ``json`` or ``csv``; ``head``: the hash with which the log of the register ended when who asks
    was met.
    """

    route: Route
    reader: Reader
    arguments: Mapping[str, Any]
    key: str | None = None
    body: bytes = b""
    form: str = "json"
    head: str = ""

    @property
    def what(self) -> Hashable:
        """All that was asked, whoever asks."""
        values = sorted(self.arguments.items())
        return (
            self.route.id,
            self.form,
            tuple((name, tuple(value) if isinstance(value, list) else value) for name, value in values),
        )

    @property
    def moment(self) -> datetime:
        """When it is asked."""
        return moment_of(self.reader)

    @property
    def request(self) -> str:
        """The hash of all that was asked, without its key."""
        where = f"{self.route.id} {sorted((k, v) for k, v in self.arguments.items() if k in self.route.in_path)}"
        return sha256(b"\0".join([where.encode(), self.reader.organisation.encode(), self.body])).hexdigest()


def answer(house: House, asked: Asked) -> Answer:
    """The answer to a question; what leaves the register by it is written down first."""
    try:
        found = _answer(house, asked)
    except NotFound as error:
        raise unknown.told(asked, error) from error
    if asked.route.noted:
        said = ", ".join(f"{name}={value}" for name, value in sorted(asked.arguments.items()))
        note_export(asked.route.use_case, f"{asked.route.path} {said}", found.label, Desk(house.store, asked.reader))
    return found


def _answer(house: House, asked: Asked) -> Answer:
    """The answer, a kept one where the same was asked of the same state."""
    if asked.route.does is Does.reads and asked.route.kept:
        head = (asked.head or house.store.head().hash) if of_register(asked) else ""
        kept_as = question(house, asked, head)
        found = house.answers.get(kept_as)
        if found is None:
            found = _worked_out(house, asked)
            house.answers.keep(kept_as, found)
        return found
    if asked.route.does is not Does.changes:  # accounts have no versions, and their changes can be asked for again
        return _worked_out(house, asked)
    return _once(house, asked, asked.key) if asked.key is not None else _changed(house, asked)


def _worked_out(house: House, asked: Asked) -> Answer:
    began = thread_time()
    try:
        return answer_of(asked.route, ask(house, asked), asked.form)
    finally:
        house.lanes.took(asked.route.id, thread_time() - began)


def _once(house: House, asked: Asked, key: str) -> Answer:
    """A change that is done once for its key, however often it is sent."""
    account = asked.reader.account
    before = repeats.told(house.store, account, key)
    if before is not None:
        return _told_again(asked, before)
    try:
        found = _changed(house, asked, repeats.noting(account, key, asked.request, house.clock()))
    except (Conflict, Refused, BadInput):  # the first of two that were sent at once was kept meanwhile, and stands in the way
        before = repeats.told(house.store, account, key)
        if before is None:
            raise
        return _told_again(asked, before)
    with suppress(StoreUnavailable):  # the change is kept: its answer is told, if not again
        repeats.answered(house.store, account, key, found.status, found.body.decode())
    return found


def _told_again(asked: Asked, before: repeats.Told) -> Answer:
    if before.request != asked.request:
        expected = "a key of its own for each change"
        raise BadInput([Problem("Idempotency-Key", expected, "one that was sent with another", "make a new one")])
    if before.status:
        body = before.answer.encode()
        return Answer(body, tag_of(body), before.status)
    rows = [{"kind": kind, "id": name, "version": version} for kind, name, version in before.versions]
    envelope = _bare(rows)
    envelope["meta"]["warnings"] = [AGAIN]
    return Answer.of(envelope, status=asked.route.done)


def _changed(house: House, asked: Asked, beside: Beside | None = None) -> Answer:
    try:
        found = answer_of(asked.route, ask(house, asked, beside))
    except Conflict as conflict:
        if asked.route.versioned:
            raise stale(str(conflict)) from conflict
        raise
    made = asked.route.versioned and not asked.arguments.get("version")
    return replace(found, status=201) if made else found


def ask(house: House, asked: Asked, beside: Beside | None = None) -> Any:
    """What the use case of a route gives."""
    given = dict(asked.arguments)
    view = {name: given.pop(name) for name in VIEW if name in given}
    if asked.route.asks in {Asks.register, Asks.both}:
        given["db"] = Desk(house.store, asked.reader, beside)
    if asked.route.asks in {Asks.facts, Asks.both}:
        given["ledger"] = house.ledger(taking(asked.reader) if asked.route.noted else asked.reader, **view)
    reads = asked.route.does is Does.reads and "db" in given
    with house.store.database.steady() if reads else nullcontext():
        return asked.route.call()(**given)


def answer_of(route: Route, result: Any, form: str = "json") -> Answer:
    """A result as bytes; that of somebody who got in brings the secret of his session, for a cookie alone."""
    if isinstance(result, Result):
        return _of_result(route, result, form)
    if isinstance(result, Handed):
        return _of_file(route, result)
    if result is None:
        return Answer(b"", "", route.done, session="" if route.use_case == "access.log_out" else None)
    if isinstance(result, bytes):
        return Answer(result, tag_of(result), route.done, route.media)
    if isinstance(result, LoggedIn):
        reader = result.caller.reader
        row = {
            "account": reader.account,
            "organisation": reader.organisation,
            "csrf": result.caller.csrf,
            "ends_at": result.ends_at,
        }
        return replace(Answer.of(_bare([row]), status=route.done), session=result.secret)
    assert isinstance(result, Invitation | Made | MadeLink | MadeWebhook), f"no use case gives {type(result)}"
    row = asdict(result) | ({"token": result.text} if isinstance(result, Made) else {})  # as the command line calls it
    return Answer.of(_bare([row]), status=route.done)


def _of_file(route: Route, found: Handed) -> Answer:
    tag, left_out = tag_of(found.content), tuple(worded(each, FACE) for each in found.warnings)
    return Answer(
        found.content, tag, route.done, found.media, found.after, file=found.name, label=found.label, left_out=left_out
    )  # fmt: skip


def _of_result(route: Route, result: Result, form: str) -> Answer:
    meta = result.meta
    after = None if meta.get("after") is None else str(meta["after"])
    if form == "csv":
        content = as_csv(result)
        return Answer(content, tag_of(content), route.done, CSV, after, file=f"{route.tag}.csv", label=label_of(result))
    envelope = told(result)
    version = meta.get("version") if "record" in envelope else None
    found = Answer.of(envelope, status=route.done, version=version, mark=str(meta.get("mark", "")), after=after)
    return _taken_up(found, envelope) if route.done == 202 else found


def _taken_up(found: Answer, envelope: Mapping[str, Any]) -> Answer:
    """Of a run: where it is asked for; what was answered before is done."""
    return replace(found, place=f"{PREFIX}/runs/{envelope['run']}", status=200 if envelope["state"] == "done" else 202)


def _bare(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"data": rows, "meta": {"manifest": {}, "units": {}, "sources": [], "warnings": []}}


def told(result: Result) -> dict[str, Any]:
    """A result as it leaves the machine, in the words of HTTP."""
    said = result.in_words(FACE)
    manifest = {name: value for name, value in said.meta["manifest"].items() if name not in OF_THE_MACHINE}
    return {**said.bare(), "meta": {**said.meta, "manifest": manifest}}
