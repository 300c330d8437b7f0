"""Outcomes of the same event side by side, and what acting together is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from orepact.shock.outcome.tables import PARTIES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orepact.shock.outcome.outcome import Outcome

#: Columns of ``value_of_cooperation``.
COOPERATION = (
    "party",
    "against",
    "loss_usd",
    "pact_loss_usd",
    "value_usd",
    "total_usd",
    "pact_total_usd",
    "total_value_usd",
)
#: What responses are compared by: what buyers go without, and everything, emptied stocks included.
USD = ("loss_usd", "total_usd")
#: Party of the row that adds all of them up.
ALL = "all"


def summary(outcomes: Mapping[str, Outcome]) -> pd.DataFrame:
    """What is lost under each response (``tables.PARTIES``): ``all`` parties together, then party by party, the worst hit first.

    A party that loses under one response has a row for each.
    """
    known = [outcome.parties.set_index("party") for outcome in outcomes.values()]
    names = pd.Index(sorted({str(name) for table in known for name in table.index}), name="party")
    rows = [
        table.drop(columns="response").reindex(names, fill_value=0.0).assign(response=name)
        for name, table in zip(outcomes, known, strict=True)
    ]
    table = pd.concat(rows).reset_index() if rows else pd.DataFrame(columns=list(PARTIES))
    worst = table.groupby("party")["loss_usd"].transform("max")
    order = table["response"].map({name: at for at, name in enumerate(outcomes)})
    table = table.assign(worst=worst, order=order).sort_values(["worst", "party", "order"], ascending=[False, True, True])
    total = table.groupby("response", sort=False).sum(numeric_only=True)
    total = total.reindex(pd.Index(list(outcomes), name="response"), fill_value=0.0).reset_index().assign(party=ALL)
    return pd.concat([total, table], ignore_index=True)[list(PARTIES)]


def value_of_cooperation(outcomes: Mapping[str, Outcome]) -> pd.DataFrame:
    """Loss under each other response less the loss under the pact, by party (``COOPERATION``); the row ``all`` adds them up.

    ``value_usd`` compares losses alone, ``total_value_usd`` everything: a response that empties stocks puts a loss off.
    A negative value is what a party gives up for the others. Empty without a pact to compare.
    """
    if "pact" not in outcomes:
        return pd.DataFrame(columns=list(COOPERATION))
    table = summary(outcomes)
    loss, whole = (table.pivot_table(index="party", columns="response", values=name, aggfunc="sum", sort=False) for name in USD)
    rows = [
        pd.DataFrame(
            {
                "against": name,
                "loss_usd": loss[name],
                "pact_loss_usd": loss["pact"],
                "value_usd": loss[name] - loss["pact"],
                "total_usd": whole[name],
                "pact_total_usd": whole["pact"],
                "total_value_usd": whole[name] - whole["pact"],
            }
        )
        for name in outcomes
        if name != "pact"
    ]
    if not rows:
        return pd.DataFrame(columns=list(COOPERATION))
    return pd.concat(rows).reset_index()[list(COOPERATION)]
