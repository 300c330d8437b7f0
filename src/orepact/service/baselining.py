"""Use case: the balanced baseline of a past year, from the facts or from a network package with observations."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from orepact.chain.whole_folder import demand_target, folder_in_place
from orepact.errors import NotFound
from orepact.service.flowing import USUAL_YEAR, Report, silent
from orepact.service.opening import SAID_OF_SOURCES, manifest_of
from orepact.service.planning import cut
from orepact.service.result import Result, plain
from orepact.wording import field

if TYPE_CHECKING:
    from orepact.baseline import BaselineResult
    from orepact.chain import Network
    from orepact.chain.reference.observations import LeftOut
    from orepact.facts import Ledger

#: Tables that a baseline can show as ``data`` and that ``--output`` writes.
TABLES = ("flows", "observations", "disagreements", "uncertainty", "summary", "left_out")
FILES = (*(f"{name}.csv" for name in TABLES), "baseline.json")
#: A residual above this many standard deviations is worth a word.
FAR = 2.0
#: Observations are firm whose standard deviation is below this part of the value.
FIRM = 0.3
CODE_DIGITS = 6
#: How the note of a claim begins that repeats a shipment under another code.
DOUBLE_REPORT = "possible_double_report"
#: Reasons for what is left out that a warning lists.
MOST_REASONS = 8


def baseline_reference(
    ledger: Ledger,
    year: int | None = None,
    *,
    rows: str | None = None,
    output: Path | None = None,
    overwrite: bool = False,
    report: Report = silent,
    **only: Any,
) -> Result:
    """The balanced baseline of a past year (default 2024) on the facts; see ``answer``.

    Raises ``BadInput`` (a year without data names those that have some) or ``NotFound``; with ``output``, writes every table
    there, or nothing.
    """
    from orepact.chain.reference import baseline_case

    demand_request(rows, output, overwrite=overwrite)
    asked = USUAL_YEAR if year is None else year
    report(f"gathering what sources say about {asked}", 0.02)
    case = baseline_case(ledger, asked)
    network = case.network
    solved = fit(network, asked, report)
    facts = {"manifest": manifest_of(ledger), "sources": sources_of(ledger, network)}
    left_out = case.left_out
    return answer(solved, facts, left_out, rows=rows, output=output, overwrite=overwrite, **only)


def baseline_package(
    folder: Path,
    year: int | None = None,
    *,
    rows: str | None = None,
    output: Path | None = None,
    overwrite: bool = False,
    report: Report = silent,
    **only: Any,
) -> Result:
    """The baseline of a network package with an ``observations.csv``; see ``baseline_reference``."""
    from orepact.chain import Network

    demand_request(rows, output, overwrite=overwrite)
    report("reading the network", 0.02)
    network = Network.from_package(folder)
    return answer(fit(network, year, report), {}, (), rows=rows, output=output, overwrite=overwrite, **only)


def fit(network: Network, year: int | None, report: Report = silent, *, spread: bool = True) -> BaselineResult:
    """The fit, told on as the rest of the work; without ``spread`` not how sure each flow is."""
    from orepact import baseline

    return baseline.fit(network, year, report=lambda step, fraction: report(step, 0.15 + 0.85 * fraction), spread=spread)


def demand_request(rows: str | None, output: Path | None, *, overwrite: bool) -> None:
    """Refuse an unknown table or a bad output folder before any work is done."""
    if rows is not None and rows not in TABLES:
        raise NotFound("table of a baseline", rows, TABLES)
    if output is not None:
        demand_target(output, FILES, overwrite=overwrite)


def answer(
    solved: BaselineResult,
    facts: Mapping[str, Any],
    left_out: Iterable[LeftOut] = (),
    *,
    rows: str | None = None,
    output: Path | None = None,
    overwrite: bool = False,
    commodity: str | None = None,
    place: str | None = None,
) -> Result:
    """A baseline as a result.

    ``data`` is one of ``TABLES`` (default: the flows, of which a person is shown the disagreements), cut to ``commodity`` and
    ``place`` where asked. ``meta`` holds the figures of the fit, the twenty largest disagreements in words and what was left out.
    """
    network, omitted = solved.flows.network, list(left_out)
    tables = baseline_tables(solved, omitted)
    chosen = {name: cut_baseline(name, table, network, commodity, place) for name, table in tables.items()}
    figures = figures_of(solved)
    meta: dict[str, Any] = {
        "title": f"{network.title}: {rows or 'flows'}",
        **figures,
        "disagreements": plain(chosen["disagreements"].to_dict("records")),
        "manifest": {
            **facts.get("manifest", {}),
            **{name: value for name, value in solved.manifest.as_dict().items() if name != "created" and value not in {"", None}},
        },
        "units": {"quantity": "the unit of each row", "standard_deviation": "the unit of each row"},
        "sources": facts.get("sources", []),
        "warnings": warnings_of(solved, omitted),
    }
    if output is not None:
        write(tables, meta, output, overwrite=overwrite)
        meta["written"] = str(output)
    data = chosen[rows or "flows"]
    shown = _for_people(chosen["disagreements"]) if rows in {None, "disagreements"} else None
    return Result(data, meta, {"status": solved.status, "year": solved.flows.years[0]}, shown=shown)


def baseline_tables(solved: BaselineResult, left_out: Iterable[LeftOut] = ()) -> dict[str, pd.DataFrame]:
    """The tables of a baseline by name."""
    flows = flows_table(solved)
    return {
        "flows": flows,
        "observations": solved.observations,
        "disagreements": solved.disagreements,
        "uncertainty": uncertainty(flows),
        "summary": summary(flows, solved),
        "left_out": pd.DataFrame([(x.what, x.reason, x.quantity) for x in left_out], columns=["what", "reason", "quantity"]),
    }


def flows_table(solved: BaselineResult) -> pd.DataFrame:
    """The flows with how sure each of them is."""
    quality = solved.flows.quality
    frame = solved.flows.frame
    return frame if quality is None else pd.concat([frame, quality], axis=1)


def uncertainty(flows: pd.DataFrame) -> pd.DataFrame:
    """By kind and commodity: total, its largest and usual relative spread, and the parts reported, derived and estimated."""
    rows = []
    for (kind, commodity, unit), part in flows.groupby(["kind", "commodity", "unit"], sort=True):
        total = float(part["quantity"].sum())
        by = part.groupby("confidence")["quantity"].sum()
        shares = [float(by.get(name, 0.0)) / total if total else 0.0 for name in ("reported", "derived", "estimated")]
        spread = float((part["standard_deviation"] * part["quantity"]).sum() / (part["quantity"] ** 2).sum()) if total else 0.0
        rows.append([kind, commodity, total, unit, len(part), spread, *shares])
    names = ["kind", "commodity", "quantity", "unit", "rows", "usual_relative_spread"]
    return pd.DataFrame(rows, columns=[*names, "reported_share", "derived_share", "estimated_share"])


def summary(flows: pd.DataFrame, solved: BaselineResult) -> pd.DataFrame:
    """By commodity: made (co-products too), moved between places, used at the end, into and out of stock; units a year."""
    keys = ["commodity", "unit"]
    kinds = {"demand": "demand", "route": "moved", "stock_in": "stock_in", "stock_out": "stock_out"}
    wide = flows.pivot_table(index=keys, columns="kind", values="quantity", aggfunc="sum", fill_value=0.0, observed=True)
    table = wide.reindex(columns=list(kinds), fill_value=0.0).rename(columns=kinds)
    made = solved.flows.production.groupby(keys, observed=True)["quantity"].sum()
    table.insert(0, "made", made.reindex(table.index, fill_value=0.0))
    largest = solved.flows.production.groupby([*keys, "place"], observed=True)["quantity"].sum().reset_index()
    first = largest.sort_values("quantity", ascending=False).drop_duplicates("commodity").set_index(keys)
    table["largest_maker"] = first["place"].reindex(table.index).fillna("")
    table["largest_maker_share"] = (first["quantity"].reindex(table.index) / table["made"].where(table["made"] > 0)).fillna(0.0)
    return table.reset_index().rename_axis(columns=None)


def cut_baseline(name: str, table: pd.DataFrame, network: Network, commodity: str | None, place: str | None) -> pd.DataFrame:
    """The rows of one table about a commodity (or an element or a stage) and a place or group; ``NotFound`` for unknown names."""
    if commodity is None and place is None:
        return table
    if name in {"observations", "disagreements"}:
        return _about(table, network, commodity, place)
    from orepact.service.naming import commodities_named

    if commodity is not None and "commodity" in table:
        table = table[table["commodity"].isin(commodities_named(network, commodity))]
    return cut(table, network, place=place)


def _about(table: pd.DataFrame, network: Network, commodity: str | None, place: str | None) -> pd.DataFrame:
    """Observations that have a term about the commodity and the place."""
    from orepact.service.naming import commodities_named

    terms = network.observations
    made = terms["site"].map(network.sites["process"]).astype("str").fillna("")
    made = made.where(made != "", terms["process"]).map(network.main_output).astype("str").fillna("")
    stands = terms["site"].map(network.sites["place"]).astype("str").fillna("")
    fits = pd.Series(True, index=terms.index)
    if commodity is not None:
        fits &= terms["commodity"].where(terms["commodity"] != "", made).isin(commodities_named(network, commodity))
    if place is not None:
        wanted = {place, *network.members(place)}
        wanted |= {name for name, members in network.groups.items() if set(members) <= wanted}
        ends = (terms["place"].where(terms["place"] != "", stands), terms["origin"], terms["destination"])
        fits &= pd.concat(ends, axis=1).isin(wanted).any(axis=1)
    ids = set(terms.loc[fits, "observation"])
    column = "observation" if "observation" in table else "observations"
    return table[[bool(ids & set(str(cell).split(", "))) for cell in table[column]]].reset_index(drop=True)


# Figures and words -----------------------------------------------------------------------------------


def figures_of(solved: BaselineResult) -> dict[str, Any]:
    """The fit in figures: observations, those that count, how many are far off, the worst, and how much is known."""
    seen = solved.observations
    counted = seen[seen["counts"].astype(bool)]
    told = counted[counted["source"] != ""]
    size = told["standardised"].abs()
    frame = flows_table(solved)
    moved = frame[frame["kind"].isin(["activity", "route"])]
    shares = {} if "confidence" not in moved else (moved["confidence"].value_counts(normalize=True)).to_dict()
    return {
        "status": solved.status,
        "observations": len(seen),
        "observations_that_count": len(counted),
        "observations_measured": len(told),
        "observations_within_two_deviations_share": float((size <= FAR).mean()) if len(size) else 1.0,
        "root_mean_square_of_standardised_residuals": float((size**2).mean() ** 0.5) if len(size) else 0.0,
        "root_mean_square_by_kind": _root_mean_squares(told),
        "worst_standardised_residual": float(size.max()) if len(size) else 0.0,
        "flows": len(frame),
        **{f"flows_{name}_share": float(shares.get(name, 0.0)) for name in ("reported", "derived", "estimated")},
    }


def _root_mean_squares(told: pd.DataFrame) -> dict[str, dict[str, float]]:
    """How well each kind of observation fits: count and root mean square of the standardised residuals.

    ``firm`` are those of all kinds whose standard deviation is below ``FIRM`` of the value: loose ones fit anything, so the
    share within two deviations says little without them.
    """
    kinds = told["observation"].astype("str").str.partition(":")[0].where(told["observation"].str.contains(":"), "other")
    firm = told["standard_deviation"] < FIRM * told["quantity"].abs()
    parts = [(str(kind), rows["standardised"]) for kind, rows in told.groupby(kinds, sort=True)]
    parts.append(("firm", told.loc[firm, "standardised"]))
    return {
        name: {"observations": len(values), "root_mean_square": float((values**2).mean() ** 0.5) if len(values) else 0.0}
        for name, values in parts
    }


def warnings_of(solved: BaselineResult, left_out: list[LeftOut]) -> list[str]:
    """What a reader must know: statements that are not observed, by reason, and those that do not count."""
    out = []
    reasons = Counter(item.reason for item in left_out)
    for reason, count in reasons.most_common(MOST_REASONS):
        things = Counter(item.what.split(" from ")[0] for item in left_out if item.reason == reason)
        named = ", ".join(name for name, _ in things.most_common(4))
        out.append(f"{count} statements are left out: {reason} ({named}{', ...' if len(things) > 4 else ''})")
    if len(reasons) > MOST_REASONS:
        rest = sum(reasons.values()) - sum(count for _, count in reasons.most_common(MOST_REASONS))
        out.append(
            f"{rest} more statements are left out for {len(reasons) - MOST_REASONS} other reasons: "
            f"{field('rows', 'left_out')} lists all"
        )
    if left_out and not solved.observations["observation"].str.startswith("trade_").any():
        out.append(f"no customs table of {solved.flows.years[0]} is in these facts: what moved where rests on the prior")
    out += double_reports(solved)
    silent_ones = int((~solved.observations["counts"].astype(bool)).sum())
    if silent_ones:
        out.append(f"{silent_ones} observations are shown and do not count: superseded, unverified, or the sum of others")
    return out


def double_reports(solved: BaselineResult) -> list[str]:
    """In words, each flow that sources report twice under two customs codes: one shipment, counted once."""
    seen = solved.observations
    doubted = seen[seen["note"].str.contains(DOUBLE_REPORT, regex=False)]
    out, apart = [], 0
    for words, rows in doubted.groupby("words", sort=False):
        flow = seen[(seen["words"] == words) & ~seen["observation"].isin(rows["observation"])]
        if not len(flow):
            apart += len(rows)
            continue
        both = pd.concat([flow, rows])
        said = zip(both["quantity"], both["source"].astype(str), both["observation"].astype(str), strict=True)
        told = "; ".join(f"{quantity:,.0f} t ({_under(name)}{source})" for quantity, source, name in said)
        verdict = "both count as asked for" if rows["counts"].all() else f"counted once, {flow['fitted'].iloc[0]:,.0f} t"
        out.append(f"{words}: reported as {told}: one shipment under two customs codes, {verdict}")
    if apart:
        out.append(f"{apart} reports of cargo to places of transit repeat what arrives elsewhere under another code: not counted")
    return out


def _under(observation: str) -> str:
    """The customs code with which the id of an observation ends, in words; "" for none.

    >>> _under("trade_quantity:COD>CHN/cobalt_hydroxide:baci_hs92_810510")
    'HS 810510, '
    """
    code = observation.rpartition("_")[2]
    return f"HS {code}, " if len(code) == CODE_DIGITS and code.isdigit() else ""


def sources_of(ledger: Ledger, network: Network) -> list[dict[str, Any]]:
    """The sources behind the observations, by id, with the confidence of what they said and how many observations are theirs."""
    rows = network.observations[network.observations["source"] != ""]
    known, out = ledger.sources, []
    for name, part in rows.groupby("source", sort=True):
        entry: dict[str, Any] = {"source": str(name)}
        if name in known.index:
            entry |= {key: str(known[key][name]) for key in SAID_OF_SOURCES}
        out.append(entry | {"confidence": sorted(set(part["confidence"])), "observations": len(part)})
    return out


def _for_people(disagreements: pd.DataFrame) -> pd.DataFrame:
    table = disagreements[["words"]].rename(columns={"words": "largest disagreements"})
    table.insert(0, "deviations", disagreements["standardised"].abs().round(1))
    return table


def write(tables: Mapping[str, pd.DataFrame], meta: Mapping[str, Any], output: Path, *, overwrite: bool) -> None:
    """Write every table and ``baseline.json`` to a folder, or nothing."""
    with folder_in_place(output, FILES, overwrite=overwrite) as draft:
        for name, table in tables.items():
            table.to_csv(draft / f"{name}.csv", index=False, lineterminator="\n", encoding="utf-8")
        text = json.dumps(plain(meta), indent=2, ensure_ascii=False, allow_nan=False)
        (draft / "baseline.json").write_text(text + "\n", encoding="utf-8")
