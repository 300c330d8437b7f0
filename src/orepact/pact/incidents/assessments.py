"""``Assessment``: what a shock costs each party and what help would save, computed from one frozen scenario and sealed.

The figures come as plain values from whoever ran the shock. Three hashes keep them what they were: that of the manifest says
which facts, network, rules and events they come from, that of each event which text it had, and the seal that no figure was
changed since.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from orepact.errors import Problem
from orepact.pact.dates.moments import iso
from orepact.pact.dates.past import PastMoment
from orepact.pact.incidents.incident import Incident, text_hash
from orepact.pact.records.changes import kept
from orepact.pact.records.record import Entry, Identifier, Part, Record, Text
from orepact.pact.records.references import AssessmentId, IncidentId, OrganisationId

if TYPE_CHECKING:
    from orepact.pact.records.register import Register

#: What differs by less counts as the same when options are ranked, USD.
SAME_USD = 1.0
#: Fields that the seal covers.
SEALED = (
    "incident",
    "made_at",
    "made_by",
    "engine",
    "manifest_hash",
    "events",
    "losses",
    "aid",
    "cooperation",
    "units",
    "warnings",
)


def _plain(value: Any) -> Any:
    """Values as JSON has them, texts in one form; raises ``ValueError`` for anything else."""
    if isinstance(value, Mapping):
        return {unicodedata.normalize("NFC", str(key)): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if value is None or isinstance(value, bool | int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    raise ValueError(f"{value!r} is no plain value: text, a finite number, true, false or nothing")


Plain = Annotated[Mapping[str, Any], AfterValidator(_plain)]
Usd = Annotated[float, Field(allow_inf_nan=False)]


class FrozenEvent(Part):
    """An event as it was when the shock was run: ``text`` is its whole content as JSON, ``hash`` the SHA-256 of that text."""

    id: Text = Field(min_length=1)
    title: Text = Field(min_length=1)
    text: Text
    hash: Text

    @field_validator("hash")
    @classmethod
    def _fits(cls, stated: str, info: ValidationInfo) -> str:
        text = info.data.get("text")
        if text is not None and text_hash(text) != stated:
            raise ValueError("the SHA-256 of the text of the event: another event was run")
        return stated


class Option(Part):
    """One way to help: what it saves and costs against a market without it, USD. ``saved_per_usd`` is empty at no cost."""

    option: Text = Field(min_length=1)
    title: Text = Field(min_length=1)
    net_saving_usd: Usd
    saved_usd: Usd
    cost_usd: Usd
    saved_per_usd: Usd | None = None
    saved_vehicles: Usd | None = None
    saved_gwh_storage: Usd | None = None
    loss_usd: Usd | None = None
    market_loss_usd: Usd | None = None


class Assessment(Record):
    """What an event costs each party and what help would save, sealed. The best option of aid stands first.

    ``units``: unit of each column of the rows. ``supersedes``: the assessment that this one is made in place of.
    """

    kind: ClassVar[str] = "assessment"

    incident: IncidentId
    made_at: PastMoment
    made_by: OrganisationId
    engine: Identifier = "shock"
    manifest: Plain
    manifest_hash: Text
    events: tuple[FrozenEvent, ...] = Field(min_length=1)
    losses: tuple[Plain, ...] = Field(min_length=1)
    aid: tuple[Option, ...] = ()
    cooperation: tuple[Plain, ...] = ()
    units: Mapping[Text, Text] = {}
    warnings: tuple[Text, ...] = ()
    supersedes: AssessmentId | None = None
    seal: Text

    @classmethod
    def sealed(cls, **fields: Any) -> Assessment:
        """An assessment of these fields, with its seal; ``manifest_hash`` is as whoever computed the figures states it.

        Raises ``BadInput`` with every problem.
        """
        from pydantic import ValidationError

        from orepact.errors import BadInput
        from orepact.facts.typed_problems import problems_of

        try:
            draft = cls.model_validate({**fields, "seal": ""}, context={"draft": True})
        except ValidationError as error:
            raise BadInput(problems_of(error, "assessment", fields, cls)) from error
        return draft.model_copy(update={"seal": _seal({name: getattr(draft, name) for name in SEALED})})

    @field_validator("manifest_hash")
    @classmethod
    def _of_manifest(cls, stated: str, info: ValidationInfo) -> str:
        from orepact.chain.manifest import hash_value

        manifest = info.data.get("manifest")
        if manifest is not None and hash_value(manifest) != stated:
            raise ValueError(f"the hash of the manifest, {hash_value(manifest)}: the figures come from another scenario")
        return stated

    @field_validator("events")
    @classmethod
    def _in_manifest(cls, events: tuple[FrozenEvent, ...], info: ValidationInfo) -> tuple[FrozenEvent, ...]:
        run = info.data.get("manifest", {}).get("events")
        if run is not None and {event.id: event.hash for event in events} != run:
            raise ValueError(f"the events of the manifest with their hashes: {', '.join(sorted(run)) or 'none'}")
        return events

    @field_validator("seal")
    @classmethod
    def _whole(cls, stated: str, info: ValidationInfo) -> str:
        complete = all(name in info.data for name in SEALED)
        if complete and not (info.context or {}).get("draft") and _seal(info.data) != stated:
            raise ValueError("the seal of these figures: some were changed after it was put on")
        return stated

    def forbidden(self, before: Record | None) -> Iterator[Problem]:
        """Other figures than were sealed."""
        if isinstance(before, Assessment):
            names, mend = (*SEALED, "manifest"), "make a new assessment that supersedes this one"
            yield from kept(before, self, names, "figures as they were sealed", mend)

    def entry(self) -> Entry:
        """Its state is how it helps to decide: with options or without."""
        return Entry(self.title, "options" if self.aid else "no options", self.made_by)

    @property
    def options(self) -> tuple[str, ...]:
        """The names of its options, the best first."""
        return tuple(option.option for option in self.aid)

    def option(self, name: str) -> Option | None:
        """The option of that name; None for no aid and for names that are not there."""
        return next((option for option in self.aid if option.option == name), None)

    def problems(self, register: Register) -> Iterator[Problem]:
        """Options said twice or out of their order, an assessment before the request or in place of one of another incident."""
        where = f"assessment {self.id}"
        names = self.options
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield Problem(f"{where}, aid", "each option once", f"{name} {names.count(name)} times", "keep one of them")
        for better, worse in zip(self.aid, self.aid[1:], strict=False):
            if worse.net_saving_usd > better.net_saving_usd + SAME_USD:
                found = f"{worse.option} ({worse.net_saving_usd:,.0f}) after {better.option} ({better.net_saving_usd:,.0f})"
                yield Problem(f"{where}, aid", "what saves most net of its cost first", found, "rank the options anew")
        incident = register.records.get((Incident.kind, self.incident))
        asked = incident.request.received_at if isinstance(incident, Incident) and incident.request else None
        if asked is not None and self.made_at < asked:
            yield Problem(f"{where}, made_at", f"after the request ({iso(asked)})", iso(self.made_at), "mend one of the moments")
        earlier = register.records.get((Assessment.kind, self.supersedes or ""))
        if isinstance(earlier, Assessment) and (earlier.incident != self.incident or earlier.made_at >= self.made_at):
            expected = f"an earlier assessment of {self.incident}"
            yield Problem(f"{where}, supersedes", expected, f"{earlier.id} of {earlier.incident}", "mend the id")


def _seal(fields: Mapping[str, Any]) -> str:
    """SHA-256 over the fields that the seal covers."""
    from orepact.chain.manifest import hash_value

    return hash_value({name: _dumped(fields[name]) for name in SEALED})


def _dumped(value: Any) -> Any:
    if isinstance(value, Part):
        return value.model_dump(mode="json")
    if isinstance(value, tuple | list):
        return [_dumped(item) for item in value]
    return iso(value) if hasattr(value, "tzinfo") else value
