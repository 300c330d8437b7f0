"""The page of an ensemble: ``ensemble.html``, how much a year may lose, from what, and what insurance buys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from orepact.chain.whole_folder import files_in_place
from orepact.report.brief import CONFIDENCES, Basis, Block, Brief, Column, Picture, Row, Section, Table
from orepact.report.ensemble_findings import ensemble_findings, hazard_title, is_clear
from orepact.report.figures import GREEN
from orepact.report.page import render_page
from orepact.report.provenance import weakest
from orepact.report.risk_figures import exceeded, paired_bars
from orepact.report.scope import thing_title, title_of
from orepact.report.shock_figures import ranked_bars, wrapped
from orepact.report.words import scale_of

if TYPE_CHECKING:
    from orepact.facts import Codes

FILE = "ensemble.html"
MODEL = "orepact_ensemble"
#: Causes, elements and parties that a picture shows, and rows of its table.
MOST, MOST_ROWS = 15, 60
EXPECTED, WORST = "in a year on average", "in the worst 5 % of years"
#: Causes, elements and parties below this part of the largest are not drawn: their bars would be too thin to see.
THIN_BAR = 0.002
#: What the measures are called, and what they say.
MEASURES = {
    "median": ("Half of the years lose no more (median)", "median"),
    "mean": ("Mean of all years", "mean"),
    "value at risk 95%": ("Exceeded in one year of 20 (value at risk 95 %)", "1 year in 20"),
    "conditional value at risk 95%": ("Mean of the worst 1 in 20 years (conditional value at risk 95 %)", "mean of worst 5 %"),
    "value at risk 99%": ("Exceeded in one year of 100 (value at risk 99 %)", "1 year in 100"),
    "conditional value at risk 99%": ("Mean of the worst 1 in 100 years (conditional value at risk 99 %)", "mean of worst 1 %"),
    "largest": ("Largest of all sampled years", "largest"),
}


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
    titles = {str(name): str(title) for name, title in meta.get("hazards", {}).items()}
    sections = [_distribution(tables, basis)]
    if "causes" in tables and len(tables["causes"]):
        sections.append(_causes(tables, basis, codes, titles))
    if "parties" in tables and len(tables["parties"]):
        sections.append(_parties(tables, basis, codes))
    if "insurance" in tables and len(tables["insurance"]):
        sections.append(_insurance(tables, basis))
    done = f"{meta.get('members_done', len(tables['members'])):,} sampled years, seed {meta.get('seed', '')}"
    return Brief(
        title=f"What may break in a year: {meta.get('network', '')}".rstrip(": "),
        subtitle=f"{done}; each year loses what nobody can replace, whatever anybody does.",
        findings=tuple(ensemble_findings(tables, basis, titles)),
        sections=tuple(sections),
        sources=_sources(meta),
        manifest={k: v for k, v in meta.get("manifest", {}).items() if not isinstance(v, (dict, list))},
        caveats=tuple(str(words) for words in meta.get("warnings", ())),
        house="orepact shock ensemble",
        beside="The tables of the reply stand as CSV beside this page.",
    )


def _basis(meta: Mapping[str, Any]) -> Basis:
    weak = weakest(str(name) for said in meta.get("sources", ()) for name in said.get("confidence", ()))
    method = f"events sampled from hazard rates, the weakest of which is {weak}"
    return Basis((MODEL,), str(meta.get("manifest", {}).get("created", ""))[:10], "modelled", method)


def _sources(meta: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    own = {"producer": "orepact", "title": "Shock ensemble: sampled years of events in aggregate form", "grade": "D"}
    found = {MODEL: own}
    for said in meta.get("sources", ()):
        confidence = ", ".join(said.get("confidence", ()))
        found[str(said["source"])] = {"title": str(said.get("title", "")), "edition": confidence, "producer": str(said["source"])}
    return found


def _distribution(tables: Mapping[str, pd.DataFrame], basis: Basis) -> Section:
    losses = tables["members"]["loss_usd"].to_numpy(dtype=float)
    unit, factor = scale_of(float(losses.max(initial=0.0)))
    summary = tables["summary"].set_index("measure")["value_usd"]
    marks = {MEASURES[str(name)][1]: float(value) * factor for name, value in summary.items() if name in MEASURES}
    marks.pop("largest", None)
    seen = summary[summary > 0]
    money, times = scale_of(float(seen.min()) if len(seen) else 0.0)
    rows = [
        Row(
            {
                "measure": MEASURES.get(said["measure"], (said["measure"],))[0],
                "value": said["value_usd"] * times,
                "error": said["standard_error_usd"] * times,
                "note": said.get("note", ""),
            },
            basis,
        )
        for said in tables["summary"].to_dict("records")
    ]
    columns = (
        Column("measure", "Measure"),
        Column("value", "Loss", money, "number"),
        Column("error", "Standard error", money, "number"),
        Column("note", "How sure"),
    )
    twin = Table("measures", "Middle, mean and tail", columns, tuple(rows))
    picture = Picture(
        "exceeded",
        "How often a loss is exceeded",
        "A falling line: the share of years that lose as much or more",
        {"Loss": exceeded(losses * factor, unit, marks)},
        basis,
        "How to read it: go to a loss below; the line says which share of years loses that much or more. Each step below is ten "
        "times the last; losses below a millionth of the largest are left out.",
        twin,
    )
    idle = float((losses <= 0).mean()) if len(losses) else 1.0
    words = f"{100 * idle:.0f} % of years lose nothing: stocks and other suppliers bear all that breaks in them."
    return Section("distribution", "How much a year may lose", "How likely is which loss?", (words,), (picture,), basis)


def _causes(tables: Mapping[str, pd.DataFrame], basis: Basis, codes: Codes | None, titles: Mapping[str, str]) -> Section:
    def called(table: pd.DataFrame) -> pd.DataFrame:
        sources = [f"hazard {name}" for name in table["hazard"]]
        return table.assign(hazard=[hazard_title(str(name), titles) for name in table["hazard"]], source=sources)

    blocks: list[Block] = [_pair_picture("causes_chart", "By cause", called(tables["causes"]), ["hazard"], basis)]
    if "elements" in tables and len(tables["elements"]):
        elements = called(_elements_named(tables["elements"], codes))
        blocks.append(_pair_picture("elements_chart", "By what was struck", elements, ["element", "hazard"], basis))
    words = "The loss of events that overlap is shared by what each would lose alone, so that the parts add up to the whole."
    return Section(
        "causes",
        "What it comes from",
        "Which hazards does the loss come from, and what do they strike?",
        (words,),
        tuple(blocks),
        basis,
    )


def _elements_named(table: pd.DataFrame, codes: Codes | None) -> pd.DataFrame:
    """What was struck in words: a site, a place, or a thing of a place (``CHN/graphite``)."""
    pairs = zip(table["element"].astype(str), table["place"].astype(str), strict=True)
    return table.assign(element=[element_title(element, place, codes) for element, place in pairs])


def element_title(element: str, place: str, codes: Codes | None) -> str:
    """An element of a hazard in words.

    >>> from orepact.facts import Codes
    >>> element_title("IDN/nickel_ore", "IDN", Codes.shipped()), element_title("plant", "HOME", None)
    ('Laterite nickel ore, Indonesia', 'plant, HOME')
    """
    if codes is None:
        return element if element == place else f"{element}, {place}"
    where, _, thing = element.partition("/")
    if thing:
        named = thing_title(codes, thing)
        return f"{named if named != thing else thing.replace('_', ' ').capitalize()}, {title_of(codes, where)}"
    if element == place:
        return title_of(codes, place)
    words = element.replace("__", ", ").replace("_", " ")
    return f"{words[:1].upper()}{words[1:]}, {title_of(codes, place)}"


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
    largest = float(shown[["loss_usd", "tail_loss_usd"]].to_numpy().max(initial=0.0))
    unit, factor = scale_of(largest)
    thick = shown[shown[["loss_usd", "tail_loss_usd"]].max(axis=1) >= THIN_BAR * largest][:MOST]
    words = [": ".join(dict.fromkeys(part for part in row if part)) for row in shown[keys].astype(str).to_numpy().tolist()]
    pairs = {EXPECTED: (thick["loss_usd"] * factor).tolist(), WORST: (thick["tail_loss_usd"] * factor).tolist()}
    columns = (Column("name", title), Column("loss", EXPECTED, unit, "number"), Column("tail", WORST, unit, "number"))
    sources = shown["source"] if "source" in shown else [""] * len(shown)
    both = zip(words, shown["loss_usd"], shown["tail_loss_usd"], sources, strict=True)
    rows = [
        Row(
            {"name": said, "loss": loss * factor, "tail": tail * factor},
            replace(basis, sources=(MODEL, source)) if source else basis,
        )
        for said, loss, tail, source in both
    ]
    twin = Table(name.replace("chart", "table"), title.lower(), columns, tuple(rows[:MOST_ROWS]), folded=True)
    legend = ((EXPECTED, "#0072B2", False), (WORST, "#E69F00", False))
    names = words[: len(thick)]
    figures = {title: paired_bars(names, pairs, unit)}
    left = len(shown) - len(thick)
    caption = f"{left} smaller ones stand in the table only." if left else ""
    height = 90 + 40 * len(names)
    return Picture(name, title, "Pairs of bars of loss", figures, basis, caption, twin, legend=legend, height=height)


def _named(table: pd.DataFrame, columns: list[str], codes: Codes | None) -> pd.DataFrame:
    """The table with places and goods in words, where the code lists know them."""
    if codes is None:
        return table
    return table.assign(**{name: [thing_title(codes, title_of(codes, str(value))) for value in table[name]] for name in columns})


def _insurance(tables: Mapping[str, pd.DataFrame], basis: Basis) -> Section:
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
    clear = is_clear(table)
    ratios = {wrapped(str(said["title"])): float(said["saved_per_dollar"]) for said in table[clear].to_dict("records")}
    blocks: list[Block] = [Table("insurance", "What each option saves", columns, tuple(rows), long=True)]
    if len(ratios) > 1:
        figures = {"ratio": ranked_bars(ratios, "USD for each dollar", dict.fromkeys(ratios, GREEN))}
        height = 80 + 40 * len(ratios)
        blocks.insert(0, Picture("insurance_chart", "Saved for each dollar", "Ranked bars", figures, basis, height=height))
    words = ["The same years strike with and without each option. One dollar saved for each dollar spent pays for itself."]
    if not clear.all():
        unsure = int((~clear).sum())
        words.append(
            f"Of {unsure} of {len(table)} options these years cannot tell whether they save anything: they stand in the table "
            "with a note, and are recommended nowhere."
        )
    return Section(
        "insurance", "Which insurance buys most", "What does each option save by dollar?", tuple(words), tuple(blocks), basis
    )
