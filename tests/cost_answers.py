"""Runs of landed cost and eligibility with answers that were not computed: those that are kept, some of them changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pandas as pd

from orepact.facts import Ledger
from orepact.service.jobs.working import answer_of, packed
from orepact.service.result import Result
from orepact.service.view import costs, verdicts
from orepact.service.view.sides import Question
from orepact.store import answers, queue
from orepact.store.store import Store

HEAD = "subject,attribute,value,unit,year,valid_from,valid_to,source,as_of,confidence,label,note\n"
#: What a company knows of the cost of running a converter: reported, where the package has a median of studies.
PAID = (
    HEAD
    + "hydroxide_from_spodumene,variable_cost,{value},USD_per_t,,,,own_desk,2026-06-30,reported,TLP:{level}/{owner},our bid\n"
)
DESK = (
    "source,producer,title,edition,published,licence,attribution,address,grade,ships\n"
    "own_desk,Our desk,What we were offered,2026,2026-06,own,Our desk,nowhere.example,A,no\n"
)


def costs_found(asked: Question, factors: Mapping[str, float]) -> Result:
    """The kept landed costs, production of some sources times a factor."""
    kept = costs.kept_costs(asked, Ledger.shipped())
    rows, parts = kept.rows.copy(), kept.parts.copy()
    by = rows["origin"].map(dict(factors)).fillna(1.0)
    rows["total_usd"] += rows["production_usd"] * (by - 1.0)
    rows["production_usd"] *= by
    rows["difference_usd"] = rows["total_usd"] - rows["total_usd"].min()
    made = ~parts["component"].isin(["delivery", "import_duty", "credit", "total"])
    parts.loc[made, "usd_per_unit"] *= parts["origin"].map(dict(factors)).fillna(1.0)[made]
    totals = {(row["origin"], row["rules"]): row["total_usd"] for row in rows.to_dict("records")}
    whole = parts["component"] == "total"
    parts.loc[whole, "usd_per_unit"] = [totals[key] for key in zip(parts["origin"][whole], parts["rules"][whole], strict=True)]
    meta = {"title": "own", "manifest": {"data_edition": "own"}, "sources": list(kept.sources)}
    return Result(parts, meta, {"paths": rows.sort_values("total_usd").to_dict("records")})


def verdicts_found(asked: Question, turned: Mapping[str, str]) -> Result:
    """The kept verdicts, some rule sets with another one."""
    kept = verdicts.kept_verdicts(asked, Ledger.shipped())
    rows = kept.rows.assign(moves=[json.dumps(each) for each in kept.rows["moves"]])
    other = rows["rules"].isin(list(turned))
    rows.loc[other, "verdict"] = rows.loc[other, "rules"].map(dict(turned))
    rows.loc[other, "why"] = "what the company alone knows"
    return Result(rows, {"title": "own", "manifest": {"data_edition": "own"}, "sources": list(kept.sources)})


def plant(store: Store, found: Result, own: Mapping[str, str] | None = None) -> str:
    """Let the next run in line end with an answer; its id."""
    with store.database.writing() as connection:
        job = queue.take(connection, "a worker", 60)
        assert job is not None, "a run was asked for"
        parts: dict[str, Any] = {answers.ANSWER: packed(answer_of(found, own))}
        assert queue.end(connection, job, queue.DONE, progress=1000, request_hash=job.request_hash)
        answers.keep(connection, job.organisation, job.request_hash, answers.Found(parts, "{}", "x", 1))
    return str(job.id)


def numbers(rows: list[dict[str, Any]], *keys: str) -> pd.DataFrame:
    """Rows of a table for programs, by keys."""
    return pd.DataFrame(rows).set_index([*keys])
