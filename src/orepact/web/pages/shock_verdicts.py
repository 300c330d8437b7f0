"""What a shock means for parties, in words: what each loses, what acting together is worth, and where it does worse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orepact.report.sentences import Said, said, sentence
from orepact.service.view.followed import ALL, Followed
from orepact.service.view.said import Amount
from orepact.web.pages import run_names

if TYPE_CHECKING:
    from orepact.facts import Codes

#: So many parties are told of in words.
TOLD = 3
BILLION, MILLION = 1e9, 1e6
CELLS = "not_made_gwh_cells"
#: Less than this part more is no worse.
WORSE = 0.01
#: So little of a week is not worth a word.
LEAST_GWH = 0.01


def money(value: float) -> Amount:
    """Dollars as people say them: in billions or millions."""
    if abs(value) >= BILLION:
        return Amount(value / BILLION, "bn USD")
    return Amount(value / MILLION, "m USD") if abs(value) >= MILLION else Amount(float(f"{value:.3g}"), "USD")


def verdicts(found: Followed, codes: Codes) -> list[dict[str, Any]]:
    """For parties of the pact and the world: what they lose under each response, and what acting together is worth, in words."""
    named = [*found.parties[:TOLD], ALL]
    return [
        {
            "id": name,
            "name": run_names.place(codes, name),
            "worth": _worth(found, name),
            "losses": [
                (run_names.RESPONSES[each], money(found.of(name, each)), Amount(found.of(name, each, CELLS), "GWh"))
                for each in found.responses
            ],
        }
        for name in dict.fromkeys(named)
    ]


def _worth(found: Followed, party: str) -> list[Said]:
    """What acting together saves a party against each other response, in words."""
    out: list[Said] = []
    if "pact" not in found.responses:
        return out
    if "contracts" in found.responses:
        value = found.worth(party, "contracts")
        if value > 0:
            out.append(said("Against contracts alone, acting together saves {money}.", money=money(value)))
        elif value < 0:
            out.append(said("Against contracts alone, acting together costs {money}.", money=money(-value)))
        else:
            out.append(said("Against contracts alone, acting together changes nothing that counts."))
    if "market" in found.responses:
        value = found.worth(party, "market")
        if value > 0:
            out.append(said("Where everybody may buy anew on the market, it still saves {money}.", money=money(value)))
        elif value < 0:
            out.append(
                said(
                    "Where everybody may buy anew on the market, it costs {money} more, for the good of the others.",
                    money=money(-value),
                )
            )
        else:
            out.append(said("Where everybody may buy anew on the market, it adds nothing that counts."))
    return out


def worse(found: Followed, codes: Codes) -> list[Said]:
    """Where parties do worse together than if everybody buys anew: in all weeks, in single ones, in stocks at the end."""
    if not {"market", "pact"} <= {*found.responses}:
        return []
    pact = [name for name in found.meta.get("parties_of_the_pact", ()) if name in found.parties]
    out: list[Said] = []
    for name in pact:
        party = run_names.place(codes, name)
        market, together = (found.of(name, each, CELLS) for each in ("market", "pact"))
        if together > market + WORSE * max(market, together):
            text = sentence(
                "{party}: its plants make {gwh} GWh of cells less over all weeks than if everybody bought anew ({market} GWh)."
            )
            out.append(said(text, party=party, gwh=Amount(together - market), market=Amount(market)))
        out += [*_worse_weeks(found, name, party), *_worse_end(found, name, party)]
    return out


def _worse_weeks(found: Followed, name: str, party: Any) -> list[Said]:
    """The weeks in which more is not made together."""
    frame = found.table("gwh")
    rows = None if frame is None else frame[frame["party"] == name]
    if rows is None or not len(rows):
        return []
    wide = rows.pivot_table(index="week", columns="response", values="not_made_gwh", aggfunc="sum").fillna(0.0)
    wide = wide.reindex(columns=["market", "pact"], fill_value=0.0)
    more = wide["pact"] - wide["market"]
    behind = more[more > max(WORSE * float(wide.max().max()), LEAST_GWH)]
    if not len(behind):
        return []
    text = sentence("{party}: in {n} of {all} weeks less is made together, in the worst of them by {gwh} GWh of cells and packs.")
    return [said(text, party=party, n=len(behind), all=int(found.meta.get("weeks", 52)), gwh=Amount(float(behind.max())))]


def _worse_end(found: Followed, name: str, party: Any) -> list[Said]:
    """What is missing at the end in stocks and under way, where that makes acting together the dearer one."""
    market, together = (found.of(name, each, "total_usd") for each in ("market", "pact"))
    if together <= market + WORSE * max(market, together):
        return []
    text = sentence(
        "{party}: with stocks that are not filled again and goods that are not under way, it is {money} worse off at the end."
    )
    return [said(text, party=party, money=money(together - market))]


def why_little(found: Followed) -> list[Said]:
    """Why acting together adds next to nothing to buying anew, by the figures of the shock; empty where it adds something."""
    pact = [name for name in found.meta.get("parties_of_the_pact", ()) if name in found.parties]
    if not pact or not {"market", "pact"} <= {*found.responses} or any(found.worth(name, "market") for name in pact):
        return []
    made = {each: sum(found.of(name, each, "not_made_gwh_cells") for name in pact) for each in ("market", "pact")}
    if not made["market"] > 0:
        return []
    out = [
        said(
            "Plants of the parties do not make {market} GWh of cells if everybody buys anew, and {pact} GWh if the parties "
            "act together: what they can do for each other reaches so far.",
            market=Amount(made["market"]),
            pact=Amount(made["pact"]),
        ),
        said(
            "Their buyers go without only {gwh} GWh of storage and {vehicles} vehicles: what own plants do not make comes as "
            "finished cells and cars from abroad. So money is spared, and dependence moves from the material to the cells.",
            gwh=Amount(sum(found.of(name, "market", "lost_gwh_storage") for name in pact)),
            vehicles=Amount(round(sum(found.of(name, "market", "lost_vehicles") for name in pact))),
        ),
    ]
    aid_rows = found.table("aid")
    stocks = None if aid_rows is None else aid_rows[aid_rows["option"].astype(str).str.startswith("stockpiles")]
    if stocks is not None and len(stocks) and not (stocks["saved_usd"].abs() > 0).any():
        out.append(said("The public stocks that are known of hold nothing of what stops: releasing them spares nothing."))
    return out
