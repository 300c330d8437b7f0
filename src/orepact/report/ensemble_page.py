"""The page of an ensemble: ``ensemble.html``, how much a year may lose, from what, and what insurance buys."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from orepact.chain.whole_folder import files_in_place
from orepact.report.brief import CONFIDENCES, Basis, Block, Brief, Column, Finding, Picture, Row, Section, Table
from orepact.report.figures import GREEN
from orepact.report.page import render_page
from orepact.report.provenance import weakest
from orepact.report.risk_figures import exceeded, paired_bars
from orepact.report.scope import thing_title, title_of
from orepact.report.shock_figures import ranked_bars
from orepact.report.words import dollars, number, scale_of

if TYPE_CHECKING:
    from orepact.facts import Codes

FILE = "ensemble.html"
MODEL = "orepact_ensemble"
#: Causes, elements and parties that a picture shows, and rows of its table.
MOST, MOST_ROWS = 15, 60
EXPECTED, WORST = "expected a year", "in the worst 5 % of years"


def write_ensemble_page(
    folder: Path | str, tables: Mapping[str, pd.DataFrame], meta: Mapping[str, Any], *, codes: Codes | None = None
) -> Path:
    """Write ``ensemble.html`` into ``folder`` and return its path; other files stay.

    ``tables``: those of an ensemble by name: ``members, summary, distribution, causes, elements, parties, insurance`` (missing
    or empty ones are left out). ``meta``: of the reply. ``codes``: names of places where known; leave it out for packages.
    """
    text = render_page(ensemble_brief(tables, meta, codes))
    with files_in_place(Path(folder), (FILE,)) as draft:
        (draft / FILE).write_text(text, encoding="utf-8")
    return Path(folder) / FILE


def ensemble_brief(tables: Mapping[str, pd.DataFrame], meta: Mapping[str, Any], codes: Codes | None = None) -> Brief:
    """Everything that the page shows, as plain data."""
    basis = _basis(meta)
    sections = [_distribution(tables, basis)]
    for name, make in (("causes", _causes), ("parties", _parties), ("insurance", _insurance)):
        if name in tables and len(tables[name]):
            sections.append(make(tables, basis, codes))
    done = f"{meta.get('members_done', len(tables['members'])):,} sampled years, seed {meta.get('seed', '')}"
    return Brief(
        title=f"What may break in a year: {meta.get('network', '')}".rstrip(": "),
        subtitle=f"{done}; each year loses what nobody can replace, whatever anybody does.",
        findings=tuple(_findings(tables, basis)),
        sections=tuple(sections),
        sources=_sources(meta),
        manifest={k: v for k, v in meta.get("manifest", {}).items() if not isinstance(v, (dict, list))},
        caveats=tuple(str(words) for words in meta.get("warnings", ())),
        house="orepact shock ensemble",
        beside="The tables of the reply stand as CSV beside this page.",
    )


def _basis(meta: Mapping[str, Any]) -> Basis:
    names = [str(said["source"]) for said in meta.get("sources", ())]
    weak = weakest(str(name) for said in meta.get("sources", ()) for name in said.get("confidence", ()))
    method = f"events sampled from hazard rates, the weakest of which is {weak}"
    return Basis((MODEL, *names), str(meta.get("manifest", {}).get("created", ""))[:10], "modelled", method)


def _sources(meta: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    own = {"producer": "orepact", "title": "Shock ensemble: sampled years of events in aggregate form", "grade": "D"}
    found = {MODEL: own}
    for said in meta.get("sources", ()):
        confidence = ", ".join(said.get("confidence", ()))
        found[str(said["source"])] = {"title": str(said.get("title", "")), "edition": confidence, "producer": str(said["source"])}
    return found


def _findings(tables: Mapping[str, pd.DataFrame], basis: Basis) -> list[Finding]:
    summary = tables["summary"].set_index("measure")["value_usd"]
    errors = tables["summary"].set_index("measure")["standard_error_usd"]
    found = []
    said = {
        "mean": ("expected loss a year", "In the long run a year loses that much"),
        "value at risk 95%": ("exceeded in one year of twenty", "A bad year"),
        "conditional value at risk 95%": ("mean of the worst twentieth of years", "The worst years"),
    }
    for measure, (label, title) in said.items():
        if measure in summary:
            give = f"Standard error of the sample: {dollars(float(errors[measure]))}." if np.isfinite(errors[measure]) else ""
            found.append(Finding(dollars(float(summary[measure])), label, title, give, basis, "distribution"))
    causes = tables.get("causes")
    if causes is not None and len(causes) and causes["loss_usd"].iloc[0] > 0:
        first = causes.iloc[0]
        words = f"{first['hazard']}: {100 * first['loss_share']:.0f} % of the expected loss."
        found.append(Finding(dollars(float(first["loss_usd"])), "a year", "The largest cause", words, basis, "causes"))
    insurance = tables.get("insurance")
    if insurance is not None and len(insurance) and insurance["saved_per_dollar"].iloc[0] > 0:
        best = insurance.iloc[0]
        words = (
            f"{best['title']}: saves {dollars(float(best['saved_usd']))} a year for {dollars(float(best['cost_usd_per_year']))}."
        )
        figure = f"${number(float(best['saved_per_dollar']))}"
        found.append(Finding(figure, "saved for each dollar", "The insurance that buys most", words, basis, "insurance"))
    return found


def _distribution(tables: Mapping[str, pd.DataFrame], basis: Basis) -> Section:
    losses = tables["members"]["loss_usd"].to_numpy(dtype=float)
    unit, factor = scale_of(float(losses.max(initial=0.0)))
    summary = tables["summary"].set_index("measure")["value_usd"]
    marks = {str(name): float(value) * factor for name, value in summary.items() if name != "largest"}
    rows = [
        Row(
            {"measure": said["measure"], "value": said["value_usd"] * factor, "error": said["standard_error_usd"] * factor}, basis
        )
        for said in tables["summary"].to_dict("records")
    ]
    columns = (
        Column("measure", "Measure"),
        Column("value", "Loss", unit, "number"),
        Column("error", "Standard error", unit, "number"),
    )
    twin = Table("measures", "Mean and tail", columns, tuple(rows))
    picture = Picture(
        "exceeded",
        "How often a loss is exceeded",
        "A falling line: the share of years that lose as much or more",
        {"Loss": exceeded(losses * factor, unit, marks)},
        basis,
        "The share of years on a logarithmic scale.",
        twin,
        wide=True,
    )
    idle = float((losses <= 0).mean()) if len(losses) else 1.0
    words = f"{100 * idle:.0f} % of years lose nothing that stocks and other suppliers could not bear."
    return Section("distribution", "How much a year may lose", "How likely is which loss?", (words,), (picture,), basis)


def _causes(tables: Mapping[str, pd.DataFrame], basis: Basis, codes: Codes | None) -> Section:
    blocks: list[Block] = [_pair_picture("causes_chart", "By cause", tables["causes"], ["hazard"], basis)]
    if "elements" in tables and len(tables["elements"]):
        elements = _named(tables["elements"], ["element", "place"], codes)
        blocks.append(_pair_picture("elements_chart", "By element", elements, ["hazard", "element", "place"], basis))
    words = "Each event is laid the part of the loss that falls away without it; the parts add up to the loss."
    return Section(
        "causes",
        "What it comes from",
        "Which hazards and which elements does the loss come from?",
        (words,),
        tuple(blocks),
        basis,
    )


def _parties(tables: Mapping[str, pd.DataFrame], basis: Basis, codes: Codes | None) -> Section:
    blocks: list[Block] = [
        _pair_picture("parties_chart", "By party", _named(tables["parties"], ["party"], codes), ["party"], basis)
    ]
    if "commodities" in tables and len(tables["commodities"]):
        goods = _named(tables["commodities"], ["commodity"], codes)
        blocks.append(_pair_picture("goods_chart", "By good", goods, ["commodity"], basis))
    return Section("parties", "Who loses", "Who goes without, and what?", (), tuple(blocks), basis)


def _pair_picture(name: str, title: str, table: pd.DataFrame, keys: list[str], basis: Basis) -> Picture:
    shown = table[table["loss_usd"] > 0]
    unit, factor = scale_of(float(shown[["loss_usd", "tail_loss_usd"]].to_numpy().max(initial=0.0)))
    words = [", ".join(dict.fromkeys(part for part in row if part)) for row in shown[keys].astype(str).to_numpy().tolist()]
    pairs = {EXPECTED: (shown["loss_usd"] * factor).tolist()[:MOST], WORST: (shown["tail_loss_usd"] * factor).tolist()[:MOST]}
    columns = (Column("name", title), Column("loss", EXPECTED, unit, "number"), Column("tail", WORST, unit, "number"))
    both = zip(words, shown["loss_usd"], shown["tail_loss_usd"], strict=True)
    rows = [Row({"name": said, "loss": loss * factor, "tail": tail * factor}, basis) for said, loss, tail in both]
    twin = Table(name.replace("chart", "table"), title.lower(), columns, tuple(rows[:MOST_ROWS]), folded=True)
    height = 80 + 34 * len(words[:MOST])
    legend = ((EXPECTED, "#0072B2", False), (WORST, "#E69F00", False))
    figures = {title: paired_bars(words[:MOST], pairs, unit)}
    return Picture(name, title, "Bars of loss", figures, basis, "", twin, legend=legend, height=height)


def _named(table: pd.DataFrame, columns: list[str], codes: Codes | None) -> pd.DataFrame:
    """The table with places and goods in words, where the code lists know them."""
    if codes is None:
        return table
    return table.assign(**{name: [thing_title(codes, title_of(codes, str(value))) for value in table[name]] for name in columns})


def _insurance(tables: Mapping[str, pd.DataFrame], basis: Basis, codes: Codes | None) -> Section:
    del codes
    table = tables["insurance"]
    unit, factor = scale_of(float(table[["cost_usd_per_year", "saved_usd", "saved_tail_usd"]].abs().to_numpy().max()))
    columns = (
        Column("title", "Option"),
        Column("cost", "Cost a year", unit, "number"),
        Column("saved", "Saved a year", unit, "number"),
        Column("error", "Standard error", unit, "number"),
        Column("ratio", "Saved for each dollar", "USD", "number"),
        Column("tail", "Saved in the worst years", unit, "number"),
        Column("note", "Note"),
    )
    rows = []
    for said in table.to_dict("records"):
        weak = said["confidence"] if said["confidence"] in CONFIDENCES else "estimated"
        cells = {
            "title": said["title"],
            "cost": said["cost_usd_per_year"] * factor,
            "saved": said["saved_usd"] * factor,
            "error": said["saved_standard_error_usd"] * factor,
            "ratio": said["saved_per_dollar"],
            "tail": said["saved_tail_usd"] * factor,
            "note": "" if pd.isna(said["note"]) else str(said["note"]),
        }
        rows.append(Row(cells, basis, own={"cost": Basis((), "", str(weak), "data/shock/insurance.yaml")}))
    ratios = {
        str(said["title"]): float(said["saved_per_dollar"]) for said in table.to_dict("records") if said["saved_per_dollar"] > 0
    }
    blocks: list[Block] = [Table("insurance", "What each option saves", columns, tuple(rows), long=True)]
    if ratios:
        figures = {"ratio": ranked_bars(ratios, "USD for each dollar", dict.fromkeys(ratios, GREEN))}
        height = 80 + 34 * len(ratios)
        blocks.insert(0, Picture("insurance_chart", "Saved for each dollar", "Ranked bars", figures, basis, height=height))
    words = "The same years strike with and without each option. One dollar saved for each dollar spent pays for itself."
    return Section(
        "insurance", "Which insurance buys most", "What does each option save by dollar?", (words,), tuple(blocks), basis
    )
