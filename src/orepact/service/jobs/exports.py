"""The run that makes files for programs of other fields: too long for a request, and read as a table of files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from orepact.service.jobs.computing import Computed

if TYPE_CHECKING:
    from orepact.service.jobs import questions
    from orepact.service.jobs.computing import Ground
    from orepact.service.result import Result


def export(asked: questions.Export, ground: Ground) -> Computed:
    """The files of a network (``interchange``): ``data`` lists them, the table ``files`` beside it holds them."""
    import pandas as pd

    from orepact.interchange.made import CLEAR, strictest
    from orepact.service.result import Result
    from orepact.service.sharing.handed import files_below, scratch

    ground.report("building the network", 0.05)
    with scratch() as folder:
        made = _written(asked, ground, folder)
        files = {name.rpartition("/")[2]: content.decode() for name, content in files_below(folder).items()}
    meta = {name: value for name, value in made.meta.items() if name != "written"}
    if "label" not in meta:
        meta["label"] = CLEAR if ground.network else strictest(ground.ledger.claims["label"])
    number = f"{len(files)} file{'' if len(files) == 1 else 's'}"
    data = pd.DataFrame([{"file": name, "bytes": len(text.encode())} for name, text in files.items()])
    tables = {"files": pd.DataFrame([{"file": name, "text": text} for name, text in files.items()])}
    return Computed(Result(data, meta | {"title": f"{asked.format}: {number}"}), tables)


def _written(asked: questions.Export, ground: Ground, folder: Path) -> Result:
    from orepact.service import exporting, interchange

    ledger = None if ground.network else ground.ledger
    of: dict[str, Any] = {"network": ground.network}
    named = of | {"scenario": asked.scenario or "reference"}
    if asked.format == "passport":
        only = asked.options("place", "year", "service_kwh", "study")
        commodity, energy = asked.commodity or "", asked.energy_kwh or 0.0
        return interchange.export_passport(ledger, folder / "passport.json", commodity, energy_kwh=energy, **of, **only)
    if asked.format == "iamc":
        return interchange.export_iamc(ledger, folder / "iamc.csv", what=asked.what, **named)
    if asked.format == "geojson":
        return interchange.export_geojson(ledger, folder / "network.geojson", **named)
    if asked.format == "pypsa":
        return interchange.export_pypsa(ledger, folder / "pypsa", rate=asked.rate, **named)
    return exporting.export_datapackage(ledger, folder / "network", **named)
