"""One function per use case: explicit arguments in, a ``Result`` (rows and meta) out.

Names are imported when they are first used, so that ``import orepact.service`` stays light.
"""

from __future__ import annotations

from orepact._lazy import lazy, listing

_HOME = {
    "Result": "result",
    "open_ledger": "opening",
    "check_facts": "asking",
    "explain_fact": "asking",
    "list_facts": "asking",
    "list_sources": "asking",
    "import_facts": "importing",
    "measure_carbon": "carbon",
    "measure_carbon_of_package": "carbon",
    "measure_concentration": "concentrating",
    "measure_eligibility": "eligibility",
    "measure_every_rule": "law.qualifying",
    "measure_landed_cost": "landed_cost",
    "measure_criticality": "criticality",
    "measure_origin": "tracing",
    "measure_reliance": "relying",
    "measure_social": "social",
    "measure_social_of_package": "social",
    "plan_package": "planning",
    "plan_reference": "planning",
    "baseline_package": "baselining",
    "baseline_reference": "baselining",
    "flows_for": "flowing",
    "flows_of_package": "flowing",
    "list_rule_sets": "rules",
    "list_rules": "rules",
    "show_rules": "rules",
    "export_datapackage": "exporting",
    "export_claims": "interchange",
    "export_geojson": "interchange",
    "export_iamc": "interchange",
    "export_passport": "interchange",
    "export_pypsa": "interchange",
    "export_sdmx_csv": "interchange",
    "import_iamc": "interchange",
    "import_pypsa": "interchange",
    "import_sdmx_csv": "interchange",
    "list_pools": "sharing.pools",
    "show_pool": "sharing.pools",
    "run_pool": "sharing.pools",
    "run": "running",
    "view_atlas": "view.atlas",
    "view_calendar": "view.calendar",
    "view_cascade": "view.project_tables",
    "view_documents": "view.documents",
    "view_projects": "view.project_tables",
    "view_sources": "view.evidence",
    "view_states": "view.tower_glance",
    "view_tower": "view.tower_tables",
}

__all__ = [*sorted(_HOME)]  # noqa: PLE0604  the names of the table above

__getattr__ = lazy(__name__, _HOME | {"pact": "", "shock": "", "view": ""})
__dir__ = listing([*__all__, "pact", "shock", "view"])
