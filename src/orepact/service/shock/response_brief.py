"""A shock on one screen: who loses how much under each response, and which goods are missing most."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from orepact.shock.outcome.outcome import Outcome

#: Parties with a row of their own; the rest are added up.
MOST_PARTIES = 10
#: Goods named as missing most.
MOST_GOODS = 5
WORST = ("worst_commodity", "worst_lost_quantity", "worst_unit")


def party_table(summary: pd.DataFrame, responses: Sequence[str], named: Collection[str] = ()) -> pd.DataFrame:
    """One row by party, from the table ``summary``: ``party``, ``<response>_usd`` of each response, ``<first>_worst_*`` of the
    first response.

    ``all`` parties first, then the worst hit, those ``named`` among them in any case, then the sum of the others: the rows
    below ``all`` add up to it. Other figures of the summary are in its other forms.
    """
    from orepact.shock.outcome.compare import ALL

    loss = summary.pivot_table(index="party", columns="response", values="loss_usd", aggfunc="sum", sort=False).fillna(0.0)
    loss = loss[[*responses]].add_suffix("_usd")
    worst = summary[summary["response"] == responses[0]].set_index("party")[list(WORST)].reindex(loss.index)
    worst = worst.add_prefix(f"{responses[0]}_")
    each = [name for name in loss.index if name != ALL]
    own = {name for name in each if name in named}
    own |= set([name for name in each if name not in own][: max(MOST_PARTIES - len(own), 0)])
    rest = [name for name in each if name not in own]
    table = loss.join(worst).loc[[ALL, *(name for name in each if name in own)]].reset_index()
    if rest:
        others = pd.DataFrame([{"party": f"{len(rest)} others", **loss.loc[rest].sum().to_dict()}])
        table = pd.concat([table, others], ignore_index=True)
    words = [f"{responses[0]}_{name}" for name in ("worst_commodity", "worst_unit")]
    return table.rename_axis(columns=None).fillna(dict.fromkeys(words, ""))


def missing_most(outcomes: Mapping[str, Outcome]) -> list[dict[str, Any]]:
    """What the losses come from: the goods missing most by worth, the largest loss under any response first.

    Of each ``commodity, unit``, and by response ``<response>`` (units) and ``<response>_usd``.
    """
    from orepact.report.shock_noise import quiet, rounded

    goods = {name: _goods(quiet(one.lost, "lost", one)) for name, one in outcomes.items()}
    usd = pd.DataFrame({name: table["loss_usd"] for name, table in goods.items()}).fillna(0.0)
    units = pd.DataFrame({name: table["quantity"] for name, table in goods.items()}).fillna(0.0)
    order = usd.max(axis=1).sort_values(ascending=False, kind="stable").index[:MOST_GOODS]
    table = units.join(usd.add_suffix("_usd")).loc[order].rename_axis(["commodity", "unit"]).reset_index()
    return [{str(name): value for name, value in row.items()} for row in rounded(table).to_dict("records")]


def _goods(lost: pd.DataFrame) -> pd.DataFrame:
    """What is missing of each good in all, in units and in USD, by commodity and unit."""
    return lost.groupby(["commodity", "unit"])[["quantity", "loss_usd"]].sum()
