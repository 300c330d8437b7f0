"""The command line's words for what messages tell somebody to give or to ask: options and commands."""

from __future__ import annotations

from collections.abc import Mapping

#: Options that are not named as the field is, with what they take.
OPTIONS: Mapping[str, str] = {
    "acting_for": "--for",
    "as_of": "--as-of DATE",
    "event": "--event EVENT",
    "journal": "--journal FILE",
    "network": "--network DIR",
    "recovery": "--recovery FILE",
    "supply_contract": "--supply-contract FILE",
}
#: By use case, the words after ``orepact``; what is given fills the places, a place that nothing fills is named in capitals.
COMMANDS: Mapping[str, str] = {
    "access.invite": "account invite {account}",
    "import_facts": "facts import {file}",
    "jobs.show_run": "jobs show {run}",
    "list_facts": "facts list",
    "list_rules": "rules list",
    "measure_origin": "measure origin",
    "pact.assess_incident": "pact incident assess {incident}",
    "pact.init_register": "db init",
    "pact.list_kinds": "pact form",
    "pact.promise_delivery": "pact incident deliver",
    "pact.put_record": "pact record {file}",
    "pact.record_history": "pact history {kind} {name}",
    "pact.record_values": "pact record {file} --reason TEXT",
    "pact.seed_register": "db seed",
    "pact.show_form": "pact form {kind}",
    "pact.show_record": "pact show {kind} {name}",
    "pact.upgrade_register": "db upgrade",
    "pact.verify_audit": "audit verify",
    "sharing.put_overlay": "overlay put",
    "shock.list_events": "shock events",
    "shock.respond_to": "shock {event}",
    "shock.show_event": "shock events {event}",
}


class _Places(dict[str, str]):
    """What fills the places of a command; what is used is noted, so that the rest becomes options."""

    def __init__(self, given: Mapping[str, str]) -> None:
        super().__init__(given)
        self.used: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.used.add(name)
        return self.get(name) or name.upper()


class OnTheCommandLine:
    """Options with their dashes, commands as they are typed."""

    def field(self, name: str, value: str) -> str:
        """An option.

        >>> OnTheCommandLine().field("include_unverified", ""), OnTheCommandLine().field("basis", "owner")
        ('--include-unverified', '--basis owner')
        """
        option = OPTIONS.get(name, f"--{name.replace('_', '-')}")
        return f"{option.partition(' ')[0]} {value}" if value else option

    def deed(self, name: str, given: Mapping[str, str]) -> str:
        """A command in backticks, what it has no place for as options.

        >>> OnTheCommandLine().deed("pact.show_record", {"kind": "body", "output": "FILE"})
        '`orepact pact show body NAME --output FILE`'
        """
        places = _Places(given)
        words = COMMANDS[name].format_map(places)
        options = [self.field(key, value) for key, value in given.items() if key not in places.used]
        return f"`{' '.join(['orepact', words, *options])}`"


FACE = OnTheCommandLine()
