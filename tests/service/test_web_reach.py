"""Every use case of the service can be asked over HTTP, or stands below with the reason why not."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from orepact.web.api.table import ROUTES

ROOMS = ("", "access", "jobs", "pact", "sharing", "shock")
#: What is no use case: classes, and functions for who writes one.
PARTS = {
    "": ("Result", "open_ledger", "flows_for", "flows_of_package"),
    "access": ("Caller", "LoggedIn", "New", "caller_of", "csrf_fits", "csrf_of", "deeds_of", "deeds_on", "note_export",
               "reader_as", "reader_of"),
    "jobs": ("Times", "Worker"),
    "pact": ("calendar_of",),
    "sharing": ("Deliverer", "deliver_beside"),
    "shock": ("Question", "case_for", "case_of_package", "demand_exposure_target", "disruption_for"),
}  # fmt: skip
#: Those that wait for a solver: asked as a run, computed by a worker.
AS_A_RUN = {
    "": ("baseline_package", "baseline_reference", "export_datapackage", "export_geojson", "export_iamc", "export_passport",
         "export_pypsa", "measure_carbon", "measure_carbon_of_package", "measure_eligibility", "measure_every_rule",
         "measure_landed_cost",
         "measure_origin", "measure_social", "measure_social_of_package", "plan_package", "plan_reference", "run"),
    "pact": ("assess_incident",),
    "shock": ("ensemble", "exposure", "respond_to", "watch", "write_exposure"),
}  # fmt: skip
#: Those that take or write a file of the machine, and what is asked in their place.
BY_VALUE = {
    "export_claims": "sharing.export_claims_file", "export_sdmx_csv": "sharing.export_sdmx_file",
    "import_iamc": "sharing.take_iamc", "import_pypsa": "sharing.take_pypsa", "import_sdmx_csv": "sharing.take_sdmx",
    "pact.ask_for": "pact.ask_for_values", "pact.make_pack": "sharing.pack_page", "pact.record_file": "pact.record_values",
    "pact.request_help": "pact.request_values", "import_facts": "sharing.put_overlay",
}  # fmt: skip
#: Those of who holds the machine.
OF_THE_HOLDER = {
    "check_facts": "checks a folder of his",
    "run_pool": "reads amounts of others from a file of his",
    "pact.init_register": "makes the database",
    "pact.begin_register": "makes and fills the usual one where none is named",
    "pact.upgrade_register": "changes its form",
    "pact.seed_register": "fills it",
    "pact.back_up_register": "copies all of it",
    "pact.restore_register": "fills it from a copy",
    "pact.register_status": "tells how large it is, what is hidden included",
    "pact.alert_now": "computes a watch with his facts, and opens incidents of it",
    "sharing.seal_again": "changes the key that lies beside the database",
    "shock.check_event": "checks a file of his",
}
#: Those that another route does for who asks over HTTP.
ELSEWISE = {
    "jobs.find_run": "asking for the same run again, which is told of the one that there is",
    "jobs.follow_run": "asking GET /runs/{run} again",
    "sharing.readable_overlays": "GET /overlays",
    "jobs.list_asked": "GET /runs, with what each was asked in few words for the pages of plans and shocks",
    "jobs.assessments_under_way": "GET /runs, of which the room of an incident shows its own",
    "pact.set_showing": "PUT /records/engagement/{name} with one more entry of `showing`",
    "view_atlas": "the page of the atlas, which is told as JSON and CSV too: GET /atlas.json, for people and programs alike",
    "show_pool": "GET /pools/{pool}: rows and columns, with what may be told of each sum",
}


def names(listed: dict[str, tuple[str, ...]]) -> set[str]:
    """Names with those of their rooms."""
    return {f"{room}.{name}".lstrip(".") for room, found in listed.items() for name in found}


def use_cases() -> set[str]:
    """Every name that the service offers."""
    rooms = {room: import_module(f"orepact.service.{room}".rstrip(".")) for room in ROOMS}
    return {f"{room}.{name}".lstrip(".") for room, module in rooms.items() for name in module.__all__}


def test_every_use_case_is_in_the_table_or_named_here_with_its_reason() -> None:
    asked = {route.use_case for route in ROUTES}
    others = names(PARTS) | names(AS_A_RUN) | BY_VALUE.keys() | OF_THE_HOLDER.keys() | ELSEWISE.keys()
    assert use_cases() - asked == others
    assert set(BY_VALUE.values()) <= asked


def test_what_is_a_run_has_a_kind_and_each_kind_a_row() -> None:
    from orepact.service.jobs.catalogue import KINDS

    rows = {dict(route.fixed)["use_case"] for route in ROUTES if route.use_case == "jobs.submit_run"}
    others = {"jobs.submit_assessment": "assessment"}  # under its incident
    assert rows | {others[route.use_case] for route in ROUTES if route.use_case in others} == KINDS.keys()


def test_every_route_its_scope_and_its_statuses_stand_on_the_page_of_the_api() -> None:
    from orepact.service.access.may import DEEDS
    from orepact.web.api.routes import PREFIX

    page = (Path(__file__).parents[2] / "docs" / "reference" / "api.md").read_text()
    sections = {part.partition("\n")[0]: part for part in page.split("### ")[1:]}
    heads = {f"`{route.method} {PREFIX}{route.path}`": route for route in ROUTES}
    assert {head for head in sections if head.startswith("`")} == heads.keys()
    for head, route in heads.items():
        text = sections[head]
        assert f"scope `{DEEDS[route.deed].scope}`" in text, head
        assert f"Ends with {', '.join(map(str, route.statuses))}." in text, head
        assert route.says in text
        for form in {route.media, route.takes, *(["text/csv"] if route.tabular else [])} - {"application/json"}:
            assert f"`{form}`" in text, (head, form)
