"""The words of HTTP for what messages tell somebody to give or to ask: names of fields, methods and addresses."""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter
from urllib.parse import quote, urlencode

#: Where the service asks from on.
PREFIX = "/api/v1"
#: What is said where a field of another name, or none, is meant; ``{value}``: what is to be given.
FIELDS: Mapping[str, str] = {
    "acting_for": "an account of {value}",
    "rows": "the table `{value}`",
}
#: By use case, the route that asks it. What only the holder of the machine does is said in words.
ROUTES: Mapping[str, str] = {
    "access.invite": "POST /accounts/{account}/invitation",
    "import_facts": "POST /overlays",
    "jobs.show_run": "GET /runs/{run}",
    "list_facts": "GET /facts",
    "list_rules": "GET /rules-in-force",
    "measure_origin": "POST /measures/origin",
    "pact.assess_incident": "POST /incidents/{incident}/assessments",
    "pact.list_kinds": "GET /kinds",
    "pact.promise_delivery": "POST /deliveries",
    "pact.put_record": "PUT /records/{kind}/{name}",
    "pact.record_history": "GET /records/{kind}/{name}/history",
    "pact.record_values": "POST /records",
    "pact.show_form": "GET /kinds/{kind}",
    "pact.show_record": "GET /records/{kind}/{name}",
    "pact.verify_audit": "GET /audit/verify",
    "sharing.put_overlay": "POST /overlays",
    "shock.list_events": "GET /events",
    "shock.respond_to": "POST /shocks",
    "shock.show_event": "GET /events/{event}",
}
OF_THE_OPERATOR: Mapping[str, str] = {
    "pact.init_register": "the operator",
    "pact.seed_register": "the operator",
    "pact.upgrade_register": "the operator",
}


class OverHttp:
    """Names as bodies and addresses have them, use cases as routes."""

    def field(self, name: str, value: str) -> str:
        """The name of a field in backticks.

        >>> OverHttp().field("as_of", ""), OverHttp().field("basis", "owner"), OverHttp().field("acting_for", "nrcan")
        ('`as_of`', '`basis=owner`', 'an account of nrcan')
        """
        return FIELDS[name].format(value=value) if name in FIELDS else f"`{name}={value}`" if value else f"`{name}`"

    def deed(self, name: str, given: Mapping[str, str]) -> str:
        """A method and an address in backticks.

        >>> OverHttp().deed("list_facts", {"year": "2024"}), OverHttp().deed("shock.show_event", {})
        ('`GET /api/v1/facts?year=2024`', '`GET /api/v1/events/{event}`')
        """
        if name in OF_THE_OPERATOR:
            return OF_THE_OPERATOR[name]
        method, _, path = ROUTES[name].partition(" ")
        places = [place for _, place, _, _ in Formatter().parse(path) if place]
        named = {place: quote(given[place], safe=":@") if place in given else f"{{{place}}}" for place in places}
        besides = {key: value for key, value in given.items() if key not in places}
        query = f"?{urlencode(besides)}" if besides and method == "GET" else ""
        return f"`{method} {PREFIX}{path.format_map(named)}{query}`"


FACE = OverHttp()
