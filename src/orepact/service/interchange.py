"""Use cases: give networks, plans, facts and footprints to programs of other fields, and take theirs in.

Every answer lists the files (``data``) and, in ``meta.warnings``, what the format could not carry; ``meta.label`` is the
strictest label of what went in.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from orepact.chain.manifest import hash_network
from orepact.chain.whole_folder import files_in_place, folder_in_place
from orepact.errors import BadInput, NotFound, Problem
from orepact.interchange import datapackage, geojson, iamc, passport, pypsa, pypsa_reading, sdmx_csv
from orepact.interchange.cells import csv_text, guarded, number_text, text_of
from orepact.interchange.made import CLEAR, Made, strictest
from orepact.service.opening import manifest_of, sources_used
from orepact.service.result import Result, plain
from orepact.wording import field

if TYPE_CHECKING:
    from orepact.chain import Network
    from orepact.facts import Ledger

#: What of a network an export in IAMC's form says.
WHAT = ("network", "plan")


def export_iamc(
    ledger: Ledger | None,
    output: Path,
    *,
    network: Path | None = None,
    scenario: str | Path = "reference",
    what: str = "network",
    overwrite: bool = False,
) -> Result:
    """Capacity and demand of a network (``what="network"``), or everything of its least-cost plan (``"plan"``), in IAMC's form.

    A network package is planned without a scenario. Raises ``NotFound``, ``BadInput``, ``NoFeasibleAnswer``.
    """
    if what not in WHAT:
        raise NotFound("content of an export", what, WHAT)
    _demand_file(output, overwrite=overwrite)
    found, meta = _network(ledger, network, scenario)
    named = "reference" if network is not None else Path(scenario).stem
    if what == "plan":
        from orepact.chain import Scenario
        from orepact.service.planning import solve

        solved = solve(found, None if network is not None else Scenario.load(scenario))
        rows, lost = iamc.of_flows(solved.flows, scenario=named)
    else:
        rows, lost = iamc.of_network(found, scenario=named)
    made = iamc.write(rows, label=meta["label"], name=output.name, warnings=tuple(lost))
    return _kept(made, output, meta, overwrite=overwrite)


def import_iamc(source: Path, output: Path | None = None, *, network: Path | None = None, overwrite: bool = False) -> Result:
    """The rows of an IAMC table, checked whole, in our words where we know theirs; ``output`` keeps them as CSV.

    What we understand must be in the unit of its commodity. With ``network`` (a package) regions and commodities must be of it,
    else those that the code lists do not have are named in the warnings.
    """
    if output is not None:
        _demand_file(output, overwrite=overwrite)
    words = _words(network)
    rows = iamc.read(text_of(source), file=source.name, words=words)
    kept = [name for name in ("variable", "model", "label") if name in rows]
    data = iamc.amounts(rows).join(rows[kept])
    foreign = int((data["kind"] == "").sum())
    warnings = [f"{foreign} rows have variables that orepact does not use: they stay as they are"] if foreign else []
    warnings += iamc.strangers(rows, words)
    label = strictest(rows["label"]) if "label" in rows else CLEAR
    if output is not None:
        columns = [data[name].map(number_text if name in {"year", "value"} else guarded).tolist() for name in data.columns]
        _write_file(output, csv_text(list(data.columns), zip(*columns, strict=True)), overwrite=overwrite)
    meta: dict[str, Any] = {"title": f"{len(data)} rows of {source.name}", "label": label, "warnings": warnings}
    return Result(data, meta | {"units": {"value": "the unit of each row"}} | ({"written": str(output)} if output else {}))


def export_geojson(
    ledger: Ledger | None,
    output: Path,
    *,
    network: Path | None = None,
    scenario: str | Path = "reference",
    overwrite: bool = False,
) -> Result:
    """Places, sites and routes of a network as GeoJSON; sites stand where the facts know them."""
    _demand_file(output, overwrite=overwrite)
    found, meta = _network(ledger, network, scenario)
    at = {}
    if ledger is not None and network is None:
        claims = ledger.resolve(["latitude", "longitude"])
        at = {site: spot for site, spot in geojson.positions_of_claims(claims).items() if site in found.sites.index}
    made = geojson.of_network(found, at=at, label=meta["label"], name=output.name)
    return _kept(made, output, meta, overwrite=overwrite)


def export_sdmx_csv(
    ledger: Ledger,
    output: Path,
    *,
    attribute: str | None = None,
    place: str | None = None,
    thing: str | None = None,
    year: int | None = None,
    overwrite: bool = False,
) -> Result:
    """The claims that count and fit, as SDMX-CSV 2.0; trade when ``attribute`` names it. Raises ``NotFound``."""
    _demand_file(output, overwrite=overwrite)
    claims = _claims(ledger, attribute, place, thing, year)
    made = sdmx_csv.of_claims(claims, name=output.name)
    return _kept(made, output, _of_claims(ledger, claims), overwrite=overwrite)


def import_sdmx_csv(source: Path, output: Path, *, overwrite: bool = False) -> Result:
    """A claim table from SDMX-CSV that orepact wrote, for ``orepact facts import``.

    Places, goods, indicators, units and dates are checked here, sources there.
    """
    from orepact.facts import Codes

    _demand_file(output, overwrite=overwrite)
    claims = sdmx_csv.read(text_of(source), file=source.name, codes=Codes.shipped())
    _write_file(output, sdmx_csv.write_claims(claims), overwrite=overwrite)
    meta = {"title": f"{len(claims)} claims written to {output}", "written": str(output), "label": strictest(claims["label"])}
    return Result(claims, meta | {"units": {"value": "the unit of each row"}})


def export_claims(
    ledger: Ledger,
    folder: Path,
    *,
    attribute: str | None = None,
    place: str | None = None,
    thing: str | None = None,
    year: int | None = None,
    overwrite: bool = False,
) -> Result:
    """The claims that count and fit, whole, as a Frictionless data package: text, undated ones and notes too."""
    from orepact.facts.claims import CLAIM_COLUMNS

    claims = _claims(ledger, attribute, place, thing, year)
    meta = _of_claims(ledger, claims)
    made = datapackage.of_tables(
        {"claims": claims[list(CLAIM_COLUMNS)]},
        title="Claims of orepact",
        sources=meta["sources"],
        manifest=plain(meta["manifest"]),
        label=meta["label"],
    )
    return _kept_folder(made, folder, meta, overwrite=overwrite)


def export_pypsa(
    ledger: Ledger | None,
    folder: Path,
    *,
    network: Path | None = None,
    scenario: str | Path = "reference",
    rate: float | None = None,
    overwrite: bool = False,
) -> Result:
    """A network as the CSV folder of PyPSA, discounted at ``rate`` (1; that of the scenario, else 0.05)."""
    found, meta = _network(ledger, network, scenario)
    if rate is not None and not 0 <= rate < 1:
        raise BadInput([Problem("rate", "a rate of at least 0 and below 1", str(rate), "write 0.05 for 5 %")])
    if rate is None and network is None:
        from orepact.chain import Scenario

        rate = Scenario.load(scenario).discount_rate
    made = pypsa.of_network(found, rate=0.05 if rate is None else rate, label=meta["label"])
    return _kept_folder(made, folder, meta, overwrite=overwrite)


def import_pypsa(source: Path, folder: Path, *, overwrite: bool = False) -> Result:
    """The network package of a PyPSA folder that orepact wrote, also when PyPSA has written it again."""
    found, warnings, label = pypsa_reading.read_folder(source)
    written = found.to_package(folder, overwrite=overwrite)
    files = sorted(path for path in written.iterdir() if path.is_file())
    data = pd.DataFrame([{"file": path.name, "bytes": path.stat().st_size} for path in files])
    meta = {"title": f"{found.title}: written to {folder}", "written": str(folder), "units": {"bytes": "byte"}, "label": label}
    return Result(data, meta | {"manifest": {"network_hash": hash_network(found)}, "warnings": warnings})


def export_passport(
    ledger: Ledger | None,
    output: Path,
    commodity: str,
    *,
    energy_kwh: float,
    service_kwh: float | None = None,
    study: str = "",
    network: Path | None = None,
    place: str | None = None,
    year: int | None = None,
    overwrite: bool = False,
) -> Result:
    """The fields of a battery passport for one commodity (a cell or pack counted in energy) of a place and year.

    ``energy_kwh``: what one battery holds; ``service_kwh``: what it gives in its service life.
    """
    from orepact.service.carbon import measure_carbon, measure_carbon_of_package

    _demand_file(output, overwrite=overwrite)
    if network is not None:
        measured = measure_carbon_of_package(network, commodity, place=place, year=year)
    else:
        measured = measure_carbon(_given(ledger), commodity, place=place, year=year)
    said = measured.meta
    if "kg_co2e_per_kwh" not in measured.data.columns:
        found = f"{commodity} is not, or its footprint is not known"
        raise BadInput([Problem("commodity", "a commodity counted in energy", found, "name a cell or a pack")])
    held, title = _contents(ledger, network, commodity)
    kwh_per_unit = float(said["kg_co2e_per_unit"]) / float(said["kg_co2e_per_kwh"])
    stages = measured.data.groupby("stage", sort=False)["kg_co2e_per_kwh"].sum()
    battery = passport.Battery(
        commodity,
        title,
        {str(stage): float(value) for stage, value in stages.items()},
        {element: tonnes / kwh_per_unit for element, tonnes in held.items()},
        energy_kwh,
        service_kwh,
        study,
        str(said.get("place") or place or ""),
        int(said.get("year") or year or 0),
    )
    label = CLEAR if network is not None else strictest(_given(ledger).claims["label"])
    made = passport.of_battery(battery, label=label, name=output.name)
    meta = {"manifest": said["manifest"], "sources": said["sources"], "warnings": said["warnings"], "label": label}
    return _kept(made, output, meta, overwrite=overwrite)


# What goes in -----------------------------------------------------------------------------------


def _network(ledger: Ledger | None, folder: Path | None, scenario: str | Path) -> tuple[Network, dict[str, Any]]:
    """The network of a package, or of the facts under a scenario; its manifest, sources and label."""
    from orepact.chain import Network, Scenario

    if folder is not None:
        found = Network.from_package(folder)
        return found, {"manifest": {"network_hash": hash_network(found)}, "sources": [], "label": CLEAR}
    known = _given(ledger)
    chosen = Scenario.load(scenario)
    found = Network.from_facts(known, chosen)
    manifest = {**manifest_of(known), "scenario_hash": chosen.hash, "network_hash": hash_network(found)}
    return found, {"manifest": manifest, "sources": sources_used(known, known.claims), "label": strictest(known.claims["label"])}


def _words(network: Path | None) -> iamc.Words:
    """Units and places of a network package, or of the shipped code lists."""
    from orepact.chain import Network
    from orepact.facts import Codes

    if network is not None:
        found = Network.from_package(network)
        return iamc.Words(
            {str(name): str(unit) for name, unit in found.commodities["unit"].items()},
            set(found.places.index.astype(str)),
            whole=True,
        )
    codes = Codes.shipped()
    return iamc.Words({name: known.unit for name, known in codes.commodities.items()}, {*codes.places, *codes.groups})


def _given(ledger: Ledger | None) -> Ledger:
    if ledger is None:
        raise BadInput([Problem("network", "a network package or facts", "neither", "give one of them")])
    return ledger


def _claims(ledger: Ledger, attribute: str | None, place: str | None, thing: str | None, year: int | None) -> pd.DataFrame:
    from orepact.measure.supply.amounts import places_under

    places = None if place is None else places_under(ledger.codes, place)
    if attribute is not None and attribute.startswith("trade_"):
        return ledger.trade(thing, year, attribute=attribute, place=places, resolved=True)
    return ledger.resolve(attribute, place=places, thing=thing, year=year)


def _of_claims(ledger: Ledger, claims: pd.DataFrame) -> dict[str, Any]:
    return {"manifest": manifest_of(ledger), "sources": sources_used(ledger, claims), "label": strictest(claims["label"])}


def _contents(ledger: Ledger | None, network: Path | None, commodity: str) -> tuple[dict[str, float], str]:
    """Contained tonnes by element per unit, and the title of a commodity; nothing for a stage that stands for several."""
    from orepact.chain import Network, Scenario

    if network is not None:
        found = Network.from_package(network)
    else:
        found = Network.from_facts(_given(ledger), Scenario.load("reference"))
    rows = found.contents[found.contents["commodity"] == commodity]
    title = str(found.commodities["title"].get(commodity, "") or commodity)
    return dict(zip(rows["element"].astype(str), rows["t_per_unit"].astype(float), strict=True)), title


# What comes out ---------------------------------------------------------------------------------


def _demand_file(output: Path, *, overwrite: bool) -> None:
    """Refuse a bad file name before any work is done."""
    if output.is_dir():
        raise BadInput([Problem("output", "a file to write", "a folder", "name a file in it", str(output))])
    if output.exists() and not overwrite:
        mend = f"name another file, or ask to overwrite: {field('overwrite')}"
        raise BadInput([Problem("output", "a new file", "one that is there", mend, str(output))])


def _write_file(output: Path, text: str, *, overwrite: bool) -> None:
    _demand_file(output, overwrite=overwrite)
    try:
        with files_in_place(output.resolve().parent, [output.name]) as draft:
            (draft / output.name).write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        found, mend = error.strerror or str(error), "name another file, or allow writing there"
        raise BadInput([Problem("output", "a file that can be written", found, mend, str(output))]) from error


def _kept(made: Made, output: Path, meta: Mapping[str, Any], *, overwrite: bool) -> Result:
    """The one file of a format in its place, and the answer about it."""
    _write_file(output, made.text, overwrite=overwrite)
    return _answer(made, {output.name: made.text}, output, meta)


def _kept_folder(made: Made, folder: Path, meta: Mapping[str, Any], *, overwrite: bool) -> Result:
    """The files of a format as a folder, whole or not at all."""
    with folder_in_place(folder, {*made.files, *pypsa.FILES}, overwrite=overwrite, what="an earlier export") as draft:
        for name, text in made.files.items():
            (draft / name).write_text(text, encoding="utf-8", newline="")
    return _answer(made, made.files, folder, meta)


def _answer(made: Made, files: Mapping[str, str], where: Path, meta: Mapping[str, Any]) -> Result:
    data = pd.DataFrame([{"file": name, "bytes": len(text.encode())} for name, text in files.items()])
    warnings = [*meta.get("warnings", ()), *made.warnings]
    title = f"{', '.join(files) if len(files) == 1 else f'{len(files)} files'} written to {where}"
    fixed = {"title": title, "written": str(where), "units": {"bytes": "byte"}, "warnings": warnings}
    return Result(data, {**meta, **fixed})
