"""The section on help: what acting together is worth to whom, and what each single aid option saves by dollar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orepact.report.brief import Block, Column, Picture, Row, Section, Table
from orepact.report.figures import GREEN
from orepact.report.shock_figures import RESPONSE_TITLES, ranked_bars
from orepact.report.words import dollars, listed, scale_of, scale_of_rows, the

if TYPE_CHECKING:
    import pandas as pd

    from orepact.report.shock_story import ShockStory

QUESTION = "What is acting together worth, to whom, and which help saves most by dollar?"
#: Why a response that may do more can lose more: where the end is not known, and where it is.
BELIEF = "nobody knows the end, and what is released or bought in the belief of another one is missing later"
IN_VIEW = (
    "the end is known, but each decision looks only some weeks ahead and spares all costs together, of which this loss is a part"
)
#: The option that is all others together.
TOGETHER = "pact"
#: A difference below this part of all that is lost is none.
LEAST_SAVED = 1e-7
#: Parties and options that a picture shows.
MOST = 12


def help_section(story: ShockStory) -> Section | None:
    """The value of cooperation by party, and the single options ranked; None where neither was asked for."""
    blocks: list[Block] = []
    words: list[str] = []
    if "pact" in story.responses and len(story.responses) > 1:
        values = cooperation(story)
        words += _cooperation_words(story, values)
        blocks.append(cooperation_table(story, values))
    if story.aid is not None and len(story.aid):
        words += _aid_words(story)
        blocks += [picture for picture in [_aid_picture(story)] if picture is not None] or [aid_table(story)]
    if not blocks:
        return None
    basis = story.basis("loss without the option less loss with it, on the same event")
    return Section("help", "What help is worth", QUESTION, tuple(words), tuple(blocks), basis)


def cooperation(story: ShockStory) -> pd.DataFrame:
    """Loss in USD by party (rows) and response (columns), and what the pact saves against each other response."""
    wide = story.table("parties").pivot_table(index="party", columns="response", values="loss_usd", aggfunc="sum")
    wide = wide.reindex(columns=story.responses).fillna(0.0)
    for name in story.responses[:-1]:
        saved = wide[name] - wide["pact"]
        wide[f"saved_{name}"] = saved.where(saved.abs() >= LEAST_SAVED * wide[name].sum(), 0.0)
    first = f"saved_{story.responses[-2]}"
    return wide.sort_values([first, "pact"], ascending=False)


def _cooperation_words(story: ShockStory, values: pd.DataFrame) -> list[str]:
    against = [name for name in story.responses if name != "pact"][::-1]
    words = [f"Over all parties, the pact {listed(_against(values, name) for name in against)}."]
    if values[f"saved_{against[0]}"].sum() < 0:
        words.append(f"That it loses more is no error: {why_more(story)}.")
    worse = values[values[f"saved_{against[0]}"] < -1.0]
    if len(worse):
        names = listed(story.party(str(name)) for name in worse.index[::-1][:3])
        verb = "loses" if len(worse) == 1 else "lose"
        words.append(f"Not everybody gains: {names} {verb} more with the pact than in the market.")
    return words


def why_more(story: ShockStory) -> str:
    """Why the pact can lose more than a response that may do less, on these events."""
    known = story.disruption.end_known_week <= 0 or story.meta.get("foresight") == "perfect"
    return IN_VIEW if known else BELIEF


def _against(values: pd.DataFrame, name: str) -> str:
    saved, other = float(values[f"saved_{name}"].sum()), RESPONSE_TITLES[name].lower()
    return f"saves {dollars(saved)} against {other}" if saved >= 0 else f"loses {dollars(-saved)} more than {other}"


def cooperation_table(story: ShockStory, values: pd.DataFrame) -> Table:
    """Loss by party under each response, and what the pact saves."""
    unit, factor = scale_of_rows([*values[story.responses].to_numpy().ravel(), float(values.abs().sum().max())])
    columns = [Column("party", "Party")]
    columns += [Column(name, RESPONSE_TITLES[name], unit, "number") for name in story.responses]
    columns += [
        Column(f"saved_{name}", f"Pact saves against {RESPONSE_TITLES[name].lower()}", unit, "number")
        for name in story.responses[::-1]
        if name != "pact"
    ]
    basis = story.basis("difference of two losses")
    keys = [column.key for column in columns[1:]]
    shown = values[(values[keys].abs() > 0).any(axis=1)]
    rows = [
        Row({"party": story.party(str(party)), **{key: float(row[key]) * factor for key in keys}}, basis)
        for party, row in shown[:MOST].iterrows()
    ]
    total = {key: float(values[key].sum()) * factor for key in keys}
    rows.append(Row({"party": "All parties", **total}, basis, total=True))
    note = f"The {MOST} parties that gain most, and the sum over all." if len(shown) > MOST else ""
    return Table("cooperation", "Loss by party, and what acting together saves", tuple(columns), tuple(rows), note)


# Single options --------------------------------------------------------------------------------------


def _aid_words(story: ShockStory) -> list[str]:
    assert story.aid is not None
    useful = single_options(story.aid)
    if useful.empty:
        return ["No single option of the pact saves more than it costs on this event."]
    best = useful.iloc[0]
    name, net = option_title(story, best), dollars(best["net_saving_usd"])
    return [f"Net of its cost, most is saved by \u201c{name}\u201d: {net} ({saving_words(best)})."]


def single_options(aid: pd.DataFrame) -> pd.DataFrame:
    """The options that save more than they cost, the one with the largest net saving first, without that of all together."""
    useful = aid[(aid["net_saving_usd"] > 0) & (aid["option"] != TOGETHER)]
    return useful.sort_values("net_saving_usd", ascending=False, kind="stable")


def saving_words(option: pd.Series) -> str:
    """What an option saves, and what it costs or spares elsewhere, in words."""
    saved, cost = dollars(option["saved_usd"]), float(option["cost_usd"])
    if cost <= 0:
        return f"{saved}, and other costs fall by {dollars(-cost)}"
    return f"{saved} for {dollars(cost)}"


def option_title(story: ShockStory, row: pd.Series) -> str:
    """What an option is called; the code of the party whose it is, at the end of its id, in words."""
    title, owner = str(row.get("title") or row["option"]), str(row["option"]).rpartition("_")[2]
    return title.replace(f" {owner} ", f" {the(story.party(owner))} ") if owner else title


def _aid_picture(story: ShockStory) -> Picture | None:
    assert story.aid is not None
    useful = single_options(story.aid)[:MOST]
    if useful.empty:
        return None
    names = [option_title(story, row) for _, row in useful.iterrows()]
    unit, factor = scale_of(float(useful["net_saving_usd"].max()))
    saved = dict(zip(names, useful["net_saving_usd"] * factor, strict=True))
    figures = {"Net saving": ranked_bars(saved, unit, dict.fromkeys(names, GREEN))}
    basis = story.basis("market with this option alone against market without it")
    alt = "Bars of what single aid options save net of their cost"
    title = "Single aid options: what buyers and idle plants are saved, less cost"
    return Picture("aid_chart", title, alt, figures, basis, "", aid_table(story), height=90 + 34 * len(names))


def aid_table(story: ShockStory) -> Table:
    """Every option: net saving, by which it is ranked, what it saves, what it costs, and saved for each dollar.

    All of them together, no single option and not the sum of these, stand last.
    """
    assert story.aid is not None
    names = {"net": "net_saving_usd", "saved": "saved_usd", "cost": "cost_usd"}
    unit, factor = scale_of_rows(story.aid[[*names.values()]].to_numpy().ravel())
    columns = (
        Column("option", "Option"),
        Column("net", "Net saving", unit, "number"),
        Column("saved", "Saved", unit, "number"),
        Column("cost", "Cost", unit, "number"),
        Column("ratio", "Saved for each dollar", "USD", "number"),
    )
    basis = story.basis("market with this option alone against market without it")
    rows = [
        Row(
            {
                "option": option_title(story, row),
                **{key: float(row[name]) * factor for key, name in names.items()},
                "ratio": float(row["saved_per_usd"]),
            },
            basis,
            total=bool(row["option"] == TOGETHER),
        )
        for _, row in _by_net(story.aid).iterrows()
    ]
    rows.sort(key=lambda row: row.total)
    note = "The last row is no sum: options share what they save." if any(row.total for row in rows) else ""
    return Table("aid", "Single aid options, by net saving", columns, tuple(rows), note)


def _by_net(aid: pd.DataFrame) -> pd.DataFrame:
    return aid.sort_values("net_saving_usd", ascending=False, kind="stable")
