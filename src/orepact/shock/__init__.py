"""The shock engine: what breaks, for how long stocks last, what each response loses, and what help is worth.

- ``case_of(flows)`` turns a year's flows into a usual week, ``Disruption.of(case, [Event.load(name)])`` lays events on it;
- ``respond(case, disruption, response)`` says what a response loses, ``respond_all`` what several do;
- ``value_of_cooperation`` and ``aid_options`` say what acting together and what each help saves;
- ``expose(Aggregate.of_network(network), breaks)`` gives the exposure, with the breaks of ``read_recovery`` or ``every_break``;
- ``run_members`` draws the years of a ``Study`` at random, from a ``hazard_book``; ``insurance_table`` compares options;
- ``WatchRules``, ``import_signals`` and ``alarm_of`` warn early.

``orepact.service.shock`` has the same as whole use cases. Names are imported when they are first used.
"""

from __future__ import annotations

from orepact._lazy import lazy, listing

_HOME = {
    "ShockCase": "case.case",
    "CaseRules": "case.rules",
    "case_of": "case.building",
    "Event": "events.event",
    "Disruption": "events.disruption",
    "Outcome": "outcome.outcome",
    "Aggregate": "exposure.aggregate",
    "every_break": "exposure.recovery_times",
    "expose": "exposure.exposing",
    "Study": "ensemble.study",
    "run_members": "ensemble.ensemble",
    "hazard_book": "ensemble.book",
    "insurance_book": "ensemble.book",
    "insurance_table": "ensemble.insuring",
    "WatchRules": "watch.rules",
    "import_signals": "watch.imports",
    "alarm_of": "watch.signals",
    "read_recovery": "exposure.recovery_file",
    "respond": "response.responding",
    "respond_all": "response.responding",
    "aid_options": "response.aid",
    "value_of_cooperation": "outcome.compare",
}

__all__ = [*sorted(_HOME)]  # noqa: PLE0604  the names of the table above

__getattr__ = lazy(__name__, _HOME)
__dir__ = listing(__all__)
