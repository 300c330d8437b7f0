"""What came of a shock as words, charts and tables of its page."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd

from orepact.report.sentences import Said, said, sentence
from orepact.service.view.followed import ALL, DUST, RESPONSES, Followed
from orepact.service.view.said import Amount, Term
from orepact.web.pages import run_figures, run_names
from orepact.web.pages.shock_verdicts import CELLS, MILLION, money
from orepact.web.pages.shown import Column, Figure, Number, Table

if TYPE_CHECKING:
    from orepact.facts import Codes, Ledger
    from orepact.web.pages.visit import Visit

#: So many parties are drawn, and so many parties, plants and options stand in tables on a page.
DRAWN, LISTED, PLANTS, OPTIONS = 8, 20, 15, 20
#: What the engine calls public stocks of one party.
STOCKS = re.compile(r"Public stocks of ([A-Z-]+) are released")
#: Stages of what is left over.
SCRAP = frozenset({"collect", "recycle"})
MODELLED = sentence("computed by following the goods week by week")
LOSS_HEAD, CELLS_HEAD = sentence("{response}: loss"), sentence("{response}: cells not made")


def losses(found: Followed, codes: Codes) -> Table:
    """By party: what is lost under each response."""
    columns = [
        Column("party", sentence("Party")),
        *(Column(f"loss_{name}", _head(LOSS_HEAD, name), "USD", "number") for name in found.responses),
    ]
    columns += (
        [Column("worth_contracts", sentence("Saved against contracts"), "USD", "number")] if "pact" in found.responses else []
    )
    columns += (
        [Column("worth_market", sentence("Saved against the market"), "USD", "number")] if "pact" in found.responses else []
    )
    columns += [Column(f"cells_{name}", _head(CELLS_HEAD, name), "GWh", "number") for name in found.responses]
    rows = []
    for party in [ALL, *found.parties]:
        row: dict[str, Any] = {"party": run_names.place(codes, party)}
        for name in found.responses:
            row[f"loss_{name}"] = _computed(found.of(party, name), "USD")
            row[f"cells_{name}"] = _computed(found.of(party, name, CELLS), "GWh")
        if "pact" in found.responses:
            row |= {
                f"worth_{name}": _computed(found.worth(party, name), "USD")
                for name in ("contracts", "market")
                if name in found.responses
            }
        rows.append(row)
    note = sentence(
        "Loss: what buyers go without, at list prices. GWh: cells that the party's plants do not make, net of what others of "
        "them make more."
    )
    return Table("losses", sentence("What it costs each party"), columns, rows, note=note, most=LISTED)


def _head(text: str, response: str) -> Said:
    return said(text, response=Term(run_names.RESPONSES[response], first=True))


def _computed(value: float | None, unit: str) -> Number:
    return Number(value, unit, confidence="modelled", note=MODELLED)


def weeks(visit: Visit, found: Followed, party: str) -> tuple[Figure, Table] | None:
    """GWh that plants of a party (everybody for ``ALL``) do not make, by week and response, and how many plants are hit."""
    frame = found.table("gwh")
    if frame is None or not len(frame):
        return None
    chosen = frame if party == ALL else frame[frame["party"] == party]
    both = chosen.groupby(["week", "response"])[["not_made_gwh", "plants_hit"]].sum().unstack("response").fillna(0.0)
    both = both.reindex(range(int(found.meta.get("weeks", 52))), fill_value=0.0)
    start = date.fromisoformat(str(found.meta["start"]))
    names = [name for name in RESPONSES if name in both.columns.get_level_values(1)]
    table = _still(pd.DataFrame(both["not_made_gwh"])[names])
    if not table.to_numpy().any():
        return None
    plot = run_figures.response_weeks(visit.voice, table, start, visit.voice.say("GWh a week"), (0, int(found.meta["end_week"])))
    worst = {name: float(table[name].max()) for name in names}
    first = max(worst, key=lambda name: worst[name]) if worst else ""
    summary = said(
        "At worst {gwh} GWh of cells and packs a week are not made ({response}); {plants} plants then make less than half of "
        "the usual.",
        gwh=Amount(worst.get(first, 0.0)),
        response=visit.voice.translated(run_names.RESPONSES.get(first, "")),
        plants=int(both["plants_hit"][first].max()) if first else 0,
    )
    columns = [Column("week", sentence("Week of"), how="day")]
    columns += [Column(f"gwh_{name}", run_names.RESPONSES[name], "GWh", "number") for name in names]
    columns += [Column(f"plants_{name}", run_names.RESPONSES[name], visit.voice.say("plants hit"), "number") for name in names]
    rows = [
        {"week": (start + timedelta(weeks=week)).isoformat()}
        | {f"gwh_{name}": float(f"{table[name][week]:.4g}") for name in names}
        | {f"plants_{name}": int(row["plants_hit"][name]) for name in names}
        for week, row in zip(map(int, both.index), (row for _, row in both.iterrows()), strict=True)
        if table.loc[week].any() or row["plants_hit"].any()
    ]
    title = said("GWh not made, {party}", party=run_names.place(visit.ledger().codes, party))
    told = Table("weeks", title, columns, rows, empty=sentence("No plant of batteries is hit."))
    return Figure("weeks", title, plot, summary, table="weeks", height=360), told


def _still(table: pd.DataFrame) -> pd.DataFrame:
    """A table without what arithmetic leaves over: small parts of its largest value are 0."""
    return table.where(table.abs() > DUST * float(table.abs().max().max()), 0.0)


def cover_goods(found: Followed, codes: Codes, party: str) -> list[str]:
    """Goods of which a party holds stocks that move, those that run down most first; what is scrap comes last."""
    frame = found.table("cover")
    if frame is None or not len(frame):
        return []
    rows = frame[(frame["party"] == party) & (frame["response"] == found.responses[0])]
    days = rows.groupby("commodity")["cover_days"].agg(["first", "min"])
    drop = (days["first"] - days["min"]) / days["first"].clip(lower=1.0)
    scrap = {name for name, entry in codes.commodities.items() if entry.stage in SCRAP}
    ranked = drop.sort_values(ascending=False, kind="stable").index
    return sorted((str(name) for name in ranked), key=lambda name: name in scrap)


def cover(visit: Visit, found: Followed, party: str, good: str) -> tuple[Figure, Table] | None:
    """Days for which stocks of a good last, by week and response."""
    frame = found.table("cover")
    if frame is None or not good:
        return None
    rows = frame[(frame["party"] == party) & (frame["commodity"] == good)]
    if not len(rows):
        return None
    table = rows.pivot_table(index="week", columns="response", values="cover_days", aggfunc="sum")
    start = date.fromisoformat(str(found.meta["start"]))
    names = [name for name in RESPONSES if name in table]
    codes = visit.ledger().codes
    plot = run_figures.response_weeks(
        visit.voice, table[names], start, visit.voice.say("days"), (0, int(found.meta["end_week"])), steps=False
    )
    title = said("Days of cover: {good}, {party}", good=run_names.good(codes, good), party=run_names.place(codes, party))
    least = {name: float(table[name].min()) for name in names}
    words = ", ".join(
        f"{visit.voice.translated(run_names.RESPONSES[name])}: {visit.voice.number(round(value, 1))}"
        for name, value in least.items()
    )
    summary = said("Fewest days for which stocks last: {words}.", words=words)
    columns = [
        Column("week", sentence("Week of"), how="day"),
        *(Column(name, run_names.RESPONSES[name], visit.voice.say("days"), "number") for name in names),
    ]
    told = [
        {"week": (start + timedelta(weeks=week)).isoformat(), **{name: _rounded(row[name]) for name in names}}
        for week, row in zip(map(int, table.index), (row for _, row in table.iterrows()), strict=True)
    ]
    return Figure("cover", title, plot, summary, table="cover", height=340), Table("cover", title, columns, told)


def _rounded(value: float) -> float | None:
    return None if value != value else round(float(value), 1)  # noqa: PLR0124  not a number is not itself


def plants(found: Followed, ledger: Ledger, party: str) -> Table | None:
    """Plants of a party (of everybody for ``ALL``) that fall below half of the usual, those that lose most first: for how many
    weeks under each response.
    """
    frame, codes = found.table("plants"), ledger.codes
    if frame is None:
        return None
    frame = frame if party == ALL else frame[frame["party"] == party]
    keys = ["site", "party", "commodity"]
    wide = (
        frame.assign(size=frame["not_made_gwh"].fillna(0.0))
        .groupby(keys)["size"]
        .max()
        .sort_values(ascending=False, kind="stable")
    )
    below = frame.pivot_table(index=keys, columns="response", values="below_half_weeks", aggfunc="sum").reindex(wide.index)
    names = [name for name in RESPONSES if name in below]
    weeks_words = sentence("weeks below half")
    columns = (
        Column("site", sentence("Plant")),
        Column("party", sentence("Party")),
        Column("commodity", sentence("Makes")),
        *(Column(name, run_names.RESPONSES[name], how="number") for name in names),
        Column("not_made", sentence("Not made at worst"), "GWh", "number"),
    )
    by_plant: dict[Any, dict[Any, Any]] = below.to_dict("index")
    rows = []
    for (site, owner, made), size in zip(wide.index.to_list(), wide, strict=True):
        weeks = by_plant[site, owner, made]
        row = {
            "site": run_names.plant(ledger, site),
            "party": run_names.place(codes, owner),
            "commodity": run_names.good(codes, made),
        }
        rows.append({**row, **{name: _whole(weeks[name]) for name in names}, "not_made": _computed(float(size), "GWh")})
    title = said("Plants that are hit: {words}", words=Term(weeks_words))
    return Table("plants", title, columns, rows, empty=sentence("No plant falls below half."), most=PLANTS)


def _whole(value: float) -> int:
    return 0 if value != value else int(value)  # noqa: PLR0124  not a number is not itself


def aid(visit: Visit, found: Followed) -> Table | None:
    """Options of aid, the one that saves most first."""
    frame = found.table("aid")
    if frame is None:
        return None
    columns = (
        Column("title", sentence("Option")),
        Column("net_saving_usd", sentence("Saves, less its cost"), "USD", "number"),
        Column("saved_usd", sentence("Loss that it spares"), "USD", "number"),
        Column("cost_usd", sentence("Costs"), "USD", "number"),
        Column("saved_gwh_storage", sentence("Storage spared"), "GWh", "number"),
        Column("saved_vehicles", sentence("Vehicles spared"), how="number"),
    )
    counted = {"net_saving_usd": "loss_usd", "saved_usd": "loss_usd", "cost_usd": "loss_usd"}
    counted |= {"saved_gwh_storage": "lost_gwh_storage", "saved_vehicles": "lost_vehicles"}
    units = {column.key: column.unit for column in columns}
    rows: list[dict[Any, Any]] = [
        {**row, "title": _option(visit, str(row["title"]))}
        | {name: _computed(found.clean(float(row[name]), like), units[name]) for name, like in counted.items()}
        for row in frame.to_dict("records")
    ]
    note = sentence(
        "Each option alone, against buying on the market where all know the end, so less is lost than above. "
        "A negative cost: it spares costs of making and moving goods too."
    )
    return Table("aid", sentence("What help saves, ranked"), columns, rows, note=note, most=OPTIONS)


def _option(visit: Visit, title: str) -> str:
    """What an option is called; of public stocks, whose."""
    found = STOCKS.fullmatch(title)
    if found is None:
        return visit.voice.translated(title)
    return said("Public stocks of {place} are released", place=run_names.place(visit.ledger().codes, found[1])).in_voice(
        visit.voice
    )


def bars(visit: Visit, found: Followed, codes: Codes) -> Figure:
    """What the parties lose that lose most, by response."""
    parties = found.parties[:DRAWN]
    named = [run_names.spoken(visit.voice, run_names.place(codes, name)) for name in parties]
    values = {each: [float(f"{found.of(name, each) / MILLION:.4g}") for name in parties] for each in found.responses}
    plot = run_figures.party_bars(visit.voice, values, named, visit.voice.unit("m USD"))
    return Figure(
        "losses",
        sentence("Loss by party and response"),
        plot,
        _summary(found, codes),
        table="losses",
        height=120 + 52 * len(parties),
    )


def _summary(found: Followed, codes: Codes) -> Said:
    worst = max(found.parties, key=lambda name: max(found.of(name, each) for each in found.responses), default=ALL)
    first = found.responses[0]
    return said(
        "{party} loses most: {money} ({response}).",
        party=run_names.place(codes, worst),
        money=money(found.of(worst, first)),
        response=Term(run_names.RESPONSES[first]),
    )
