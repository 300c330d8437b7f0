"""Words of incidents: names of organisations and of code entries, and what a step of an incident says of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orepact.pact.decisions.decision import AidChoice
from orepact.pact.records.codes import known
from orepact.report.sentences import Said, said, sentence
from orepact.service.view.said import Named, Several
from orepact.service.view.tower_party import name_of
from orepact.service.view.tower_steps import titles

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from orepact.pact.incidents.progress import Casefile, Step
    from orepact.pact.records.register import Register

STEPS = {
    "event": sentence("Event"),
    "alert": sentence("Alert"),
    "request": sentence("Request"),
    "assessment": sentence("Assessment"),
    "options": sentence("Options"),
    "decision": sentence("Decision"),
    "tracking": sentence("Deliveries"),
    "review": sentence("Review"),
    "closed": sentence("Closed"),
    "done": sentence("Done"),
}
STATES = {
    "done": sentence("done"),
    "open": sentence("now"),
    "waiting": sentence("later"),
    "left_out": sentence("left out"),
}
MISSING = {
    "event": sentence("No event is named."),
    "alert": sentence("No alert is on record."),
    "request": sentence("No party has asked for help yet."),
    "assessment": sentence("Nothing is assessed yet."),
    "options": sentence("No options are ranked yet."),
    "decision": sentence("Nobody has asked the sides to decide yet."),
    "tracking": sentence("No delivery is promised yet."),
    "review": sentence("No review is held yet."),
}


def names(register: Register, organisations: Iterable[str]) -> Several:
    """Organisations as a phrase."""
    return Several(tuple(name_of(register, each) for each in organisations))


def code(register: Register, list_: str, name: str) -> Named:
    """An entry of a list by its name, or the name where the list has none."""
    found = known(register, list_).get(name)
    return Named(found.title, titles(found.titles)) if found else Named(name.replace("_", " "))


def _taken(file: Casefile) -> Iterator[str]:
    """The options that are in force, as their assessments call them."""
    for one in file.in_force:
        if isinstance(one.subject, AidChoice):
            sealed = file.by_id.get(one.subject.assessment)
            found = sealed.option(one.subject.option) if sealed else None
            yield found.title if found else one.subject.option


def step_words(step: Step, file: Casefile) -> str | Said | Named:  # noqa: PLR0911  one line for each step
    """What a step rests on, or why there is nothing yet."""
    if step.state != "done":
        return _not_done(step, file)
    incident, last = file.incident, file.assessment
    if step.name == "event" and incident.event:
        return Named(incident.event.title)
    if step.name == "alert" and incident.alert:
        thing = incident.alert.commodity.replace("_", " ")
        level = code(file.register, "alert_level", incident.alert.level)
        return said("{place}, {thing}: {level}", place=incident.alert.place, thing=thing, level=level)
    if step.name == "request" and incident.request:
        by, asked = name_of(file.register, incident.request.by), names(file.register, incident.request.asked)
        return said("{by} asked {asked}.", by=by, asked=asked)
    if step.name == "assessment" and last:
        return said("Made and sealed by {by}.", by=name_of(file.register, last.made_by))
    if step.name == "options" and last and last.aid:
        return said("{n} ranked; first: {option}", n=len(last.aid), option=last.aid[0].title)
    if step.name == "decision":
        return said("Approved: {options}", options=", ".join(_taken(file)))
    if step.name == "tracking":
        return said("{n} promised", n=len(file.deliveries))
    return Named(step.words)


def _not_done(step: Step, file: Casefile) -> str | Said:
    if step.name == "decision" and file.decisions and step.state == "open":
        last = file.decisions[-1].outcome_on(file.on)
        return said("Keys still to be turned: {sides}", sides=", ".join(last.missing)) if last.missing else MISSING["decision"]
    if step.name == "tracking" and file.deliveries:
        return said("{n} promised", n=len(file.deliveries))
    return MISSING[step.name]
