"""Goods under every rule set as their page shows them: kept with the program or found by a run, and two answers side by side."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pandas as pd

from orepact.service.jobs.questions import ALL_RULES
from orepact.service.view.dependence import known
from orepact.service.view.kept_results import kept, stale
from orepact.service.view.sides import Answer, Question, differs

if TYPE_CHECKING:
    from orepact.facts import Ledger
    from orepact.service.result import Result

TABLE = "eligibility"
KEYS = ["product", "place", "rules"]
#: What an overlay may change of an answer.
TOLD = ["verdict", "why", "change", "moves", "extra_usd_per_kwh"]


def places() -> list[str]:
    """Where goods are made whose answers are kept."""
    return [str(each) for each in kept(TABLE).frame["place"].unique()]


def question(product: str, place: str = "", **site: Any) -> Question:
    """The question of a good made at a place, or at each of ``places()``; raises ``BadInput`` for others."""
    table = kept(TABLE).frame
    good = known("product", product, table["product"])
    at = [known("place", place, table["place"])] if place else places()
    day = str(kept(TABLE).manifest["rules_day"])
    command = f"orepact measure eligibility --product {good} --place {','.join(at)} --rules {ALL_RULES} --date {day}"
    asked = {"product": good, "place": at[0], "rules": ALL_RULES, "places": at[1:], "day": day}
    return Question("eligibility", asked, command, **site)


def kept_verdicts(asked: Question, ledger: Ledger) -> Answer:
    """The answer that is kept with the program; a warning where the facts of the reader are others."""
    table, manifest = kept(TABLE).frame, kept(TABLE).manifest
    at = [asked.arguments["place"], *asked.arguments["places"]]
    rows = table[(table["product"] == asked.arguments["product"]) & table["place"].isin(at)]
    told = {name: manifest[name] for name in ("name", "data_edition", "scenario", "scenario_hash", "sha256")}
    return Answer(_read(rows), rows.iloc[:0], manifest["sources"], told, stale(ledger, [TABLE]))


def verdicts_of_run(found: Result) -> Answer:
    """The answer of a run that is done."""
    rows = found.data.assign(extra_usd_per_kwh=pd.to_numeric(found.data["extra_usd_per_kwh"]))
    run = str(found.top["run"]["run"])
    return Answer(_read(rows), rows.iloc[:0], found.meta["sources"], found.meta["manifest"], (), run)


def _read(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with moves as plain values."""
    return rows.assign(moves=[json.loads(text) for text in rows["moves"]]).reset_index(drop=True)


def beside(shared: Answer, own: Answer) -> pd.DataFrame:
    """Both answers by place and rule set: ``TOLD`` of the shared one, of the own as ``own_...``, and what differs: ``turned``
    (the verdict), ``changed`` (the verdict, the reason, the fix or what it costs).
    """
    theirs = own.rows[[*KEYS, "title", *TOLD]].rename(columns={name: f"own_{name}" for name in ["title", *TOLD]})
    both = shared.rows[[*KEYS, "title", *TOLD]].merge(theirs, on=KEYS, how="outer", sort=False)
    both["title"] = both["title"].fillna(both.pop("own_title"))
    both["turned"] = both["verdict"].fillna("") != both["own_verdict"].fillna("")
    words = (both[name].fillna("") != both[f"own_{name}"].fillna("") for name in ("why", "change"))
    other_fix = differs(both["extra_usd_per_kwh"], both["own_extra_usd_per_kwh"])
    both["changed"] = both["turned"] | other_fix
    for each in words:
        both["changed"] |= each
    order = {key: at for at, key in enumerate(zip(*(shared.rows[name] for name in KEYS), strict=True))}
    place = [order.get(key, len(order)) for key in zip(*(both[name] for name in KEYS), strict=True)]
    return both.assign(at=place).sort_values(["at", *KEYS], kind="stable", ignore_index=True).drop(columns="at")
