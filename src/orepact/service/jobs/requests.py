"""``Request``: a question with all that its answer depends on, as a job keeps it and as its child process is told it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from orepact.chain.manifest import hash_value
from orepact.errors import NotFound
from orepact.facts.labels import Audience
from orepact.service.jobs import marks
from orepact.service.jobs.catalogue import kind_of, question_of

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from orepact.service.jobs.assessments import Begun
    from orepact.service.jobs.questions import Asked, Assessment
    from orepact.store.networks import Kept
    from orepact.store.overlays import Overlay
    from orepact.store.store import Store


@dataclass(frozen=True)
class Request:
    """A question of an organisation ("": of the holder of the database), who reads the facts, the overlay that it names, and what
    an assessment begins with.
    """

    use_case: str
    question: Asked
    organisation: str
    audience: Audience | None
    overlay: Overlay | None = None
    begun: Begun | None = None
    network: Kept | None = None

    @property
    def own(self) -> dict[str, str] | None:
        """What of its organisation's own the answer rests on: ``what, ref, sha256, label``."""
        for what, one in (("overlay", self.overlay), ("network", self.network)):
            if one is not None:
                return {"what": what, "ref": one.ref, "sha256": one.sha256, "label": one.label}
        return None

    @property
    def label(self) -> str:
        """Who may read the answer: its organisation alone, and with what is its own, those who may see that."""
        if self.own is not None:
            return self.own["label"]
        return f"TLP:AMBER+STRICT/{self.organisation}" if self.organisation else ""

    @property
    def arguments(self) -> dict[str, Any]:
        """The question as plain values; what is its organisation's own by name and version."""
        found = self.question.model_dump(mode="json")
        named = {"network": self.network.ref} if self.network else {}
        return found | {"overlay": self.overlay.ref if self.overlay else None} | named

    def text(self) -> str:
        """As a job keeps it: JSON without any character beyond ASCII, which every database takes."""
        return json.dumps({"use_case": self.use_case, "arguments": self.arguments}, sort_keys=True)

    def hash(self, now: datetime) -> str:
        """SHA-256 of all that the answer depends on; no network is built for it."""
        dated = kind_of(self.use_case).dated and getattr(self.question, "day", None) is None
        depends_on: dict[str, Any] = {
            "use_case": self.use_case, "arguments": self.arguments, "program": marks.program_mark(),
            "facts": marks.facts_mark(self.audience), "audience": audience_values(self.audience), "own": self.own,
            "day": now.astimezone(UTC).date().isoformat() if dated else "",
        }  # fmt: skip
        if self.begun is not None:
            depends_on |= {"event": self.begun.event, "after": self.begun.after, "label": self.begun.label}
        return hash_value(depends_on)


def audience_values(audience: Audience | None) -> dict[str, Any] | None:
    """An audience as plain values."""
    if audience is None:
        return None
    clients = sorted(audience.client_of)
    values = {"organisation": audience.organisation, "community": audience.community, "client_of": clients}
    return values | {"steward": audience.steward}


def request_of(store: Store, use_case: str, arguments: Mapping[str, Any], organisation: str, *, again: bool = False) -> Request:
    """The request that somebody makes for an organisation; ``again``: one that was made before, whatever has ended since.

    Claims for stewards alone (``TLP:RED``) count where the answer is for them alone. Raises ``BadInput`` with every problem,
    ``NotFound``, ``Forbidden``.
    """
    question = question_of(use_case, arguments)
    overlay = network = None
    with store.database.reading() as connection:
        audience = audience_of(store, connection, organisation)
        steward = audience is None or audience.steward
        if question.overlay is not None:
            overlay = named("overlay", connection, question.overlay, organisation, steward=steward, ended=again)
        if isinstance(question.network, str):
            network = named("network", connection, question.network, organisation, steward=steward, ended=again)
    if audience is not None:
        closed = any(one is not None and one.closed for one in (overlay, network))
        audience = replace(audience, steward=audience.steward and closed)
        if kind_of(use_case).leaves:  # what others have shared with their client for reading stays
            audience = replace(audience, client_of=frozenset())
    found = Request(use_case, question, organisation, audience, overlay, None, network)
    return found if not kind_of(use_case).writes else _assessing(store, found)


def _assessing(store: Store, request: Request) -> Request:
    """The same with what an assessment rests on, and the facts as those may see them who read it."""
    from orepact.service.jobs.assessments import begun

    asked = cast("Assessment", request.question)
    found = begun(store, asked, request.organisation, own=request.label if request.own else "")
    return replace(request, begun=found, audience=found.audience(request.organisation, request.audience))


def audience_of(store: Store, connection: Connection, organisation: str) -> Audience | None:
    """Who reads the facts: the account's organisation; the holder of the database asks for one as its steward would."""
    from orepact.service.access.standing import lasts
    from orepact.store import people

    if store.reader is not None:
        return store.reader.audience
    if not organisation:
        return None
    today = store.clock().astimezone(UTC).date()
    shares = (one.owner for one in people.clients_of(connection, organisation=organisation) if lasts(one.until, today))
    return Audience(organisation, people.in_community(connection, organisation), frozenset(shares))


def named(what: str, connection: Connection, ref: str, owner: str, *, steward: bool, ended: bool = False) -> Any:
    """An overlay or a network of an organisation by its name, the last version unless one is named (``NAME@VERSION``).

    What is for its stewards is not there for others. Raises ``NotFound``; ``ended``: also for runs that were asked before.
    """
    from orepact.store import networks, overlays

    rows: Any = {"overlay": overlays.versions, "network": networks.versions}[what]
    name, _, version = ref.partition("@")
    found = rows.version_of(connection, owner, name, int(version)) if version else rows.last(connection, owner, name)
    if found is None or not owner or (found.ended_at and not ended) or (found.closed and not steward):
        raise NotFound(what, ref)
    return found
