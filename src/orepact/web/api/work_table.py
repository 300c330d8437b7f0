"""Rows of the API about long work, what organisations lay over the facts, and what goes out and comes in."""

from __future__ import annotations

from orepact.service.jobs import questions
from orepact.web.api import bodies
from orepact.web.api.routes import READ_FACTS, Asks, Does, Route


def _run(path: str, kind: str, says: str, asked: type[questions.Asked]) -> Route:
    """A kind of run that can be asked for."""
    return Route(
        "POST", path, "jobs.submit_run", says, ("priority", "time_limit_s"), body=asked, does=Does.manages, deed="run", done=202,
        fixed=(("use_case", kind),), whole="arguments", large=True,
    )  # fmt: skip


RUNS = (
    _run("/plans", "plan", "The build-out of least cost.", questions.Plan),
    _run("/baselines", "baseline", "The balanced flows of a past year.", questions.Baseline),
    _run("/shocks", "shock", "What events do to a usual week.", questions.Shock),
    _run("/ensembles", "ensemble", "Years of events, drawn from how often they happen.", questions.Ensemble),
    _run("/exposures", "exposure", "What each element of a network means when it breaks.", questions.Exposure),
    _run("/watches", "watch", "What is at a level of caution or worse.", questions.Watch),
    _run("/measures/carbon", "carbon", "The carbon footprint of a commodity.", questions.Carbon),
    _run("/measures/origin", "origin", "Where what a commodity holds of an element came from.", questions.Origin),
    _run("/measures/social", "social", "Labour and governance where elements came from.", questions.Social),
    _run("/measures/eligibility", "eligibility", "Whether a product qualifies under rules.", questions.Eligibility),
    _run("/measures/landed-cost", "landed_cost", "What a commodity costs at a place.", questions.LandedCost),
    _run("/exports", "export", "A network as files of another field, or a battery passport.", questions.Export),
    Route("GET", "/run-kinds", "jobs.list_run_kinds", "Every kind of run, and how long each may take.", asks=Asks.nothing),
    Route(
        "GET", "/runs", "jobs.list_runs", "Runs of your organisation, the last first.",
        ("state=run_state", "use_case=run_kind", "after", "limit"), deed="run", kept=False,
    ),
    Route("GET", "/runs/{run}", "jobs.show_run", "How a run stands and, when it is done, its answer.", deed="run", kept=False),
    Route("GET", "/runs/{run}/tables/{table}", "jobs.run_table", "A table beside its answer.", deed="run", kept=False),
    Route(
        "GET", "/runs/{run}/files", "sharing.run_files", "The files that it made, as a zip.", deed="export",
        kept=False, noted=True, media="application/zip",
    ),
    Route("POST", "/runs/{run}/cancel", "jobs.cancel_run", "End a run.", does=Does.manages, deed="run"),
    Route("GET", "/overlays", "sharing.list_overlays", "Every version of your organisation's overlays.", deed="run", kept=False),
    Route(
        "POST", "/overlays", "sharing.put_overlay", "Keep claims of your organisation as the next version of an overlay.",
        body=bodies.Overlay, does=Does.manages, deed="put_overlay", done=201, large=True,
    ),
    Route("GET", "/overlays/{overlay}", "sharing.show_overlay", "The claims of an overlay.", deed="run", kept=False),
    Route(
        "DELETE", "/overlays/{overlay}", "sharing.end_overlay", "Let no new run use it; nothing is removed.", does=Does.manages,
        deed="put_overlay",
    ),
)  # fmt: skip

EXCHANGE = (
    Route(
        "GET", "/exports/records", "sharing.export_records", "Records as a data package: what you may take out.",
        ("kinds", "states", "owner", "instrument", "search", "limit", "after"), deed="export", noted=True,
        media="application/zip",
    ),
    Route(
        "GET", "/exports/claims", "sharing.export_claims_file", "The claims that count, whole, as a data package.",
        ("attribute", "place", "thing", "year", *READ_FACTS), asks=Asks.facts, deed="export", noted=True,
        media="application/zip",
    ),
    Route(
        "GET", "/exports/sdmx-csv", "sharing.export_sdmx_file", "The claims that count and fit, as SDMX-CSV 2.0.",
        ("attribute", "place", "thing", "year", *READ_FACTS), asks=Asks.facts, deed="export", noted=True, media="text/csv",
    ),
    Route(
        "POST", "/imports/iamc", "sharing.take_iamc", "An IAMC table in our words; nothing is kept.", asks=Asks.nothing,
        does=Does.asks, deed="import", whole="content", takes="text/csv", large=True,
    ),
    Route(
        "POST", "/imports/sdmx-csv", "sharing.take_sdmx", "SDMX-CSV of claims as claims; nothing is kept.", asks=Asks.nothing,
        does=Does.asks, deed="import", whole="content", takes="text/csv", large=True,
    ),
    Route(
        "POST", "/imports/pypsa", "sharing.take_pypsa", "The network package of a PyPSA folder; nothing is kept.",
        asks=Asks.nothing, does=Does.asks, deed="import", whole="content", takes="application/zip", large=True,
        media="application/zip",
    ),
)  # fmt: skip
