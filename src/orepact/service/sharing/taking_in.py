"""Use cases of what comes in from programs of other fields: read whole, checked, and told in our words; nothing is kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from orepact.errors import BadInput, Problem
from orepact.service.sharing.handed import Handed, files_below, scratch
from orepact.service.sharing.zips import unzipped

if TYPE_CHECKING:
    from orepact.service.result import Result

TABLE = "table.csv"


def take_iamc(content: bytes) -> Result:
    """The rows of an IAMC table (CSV) in our words, where we know theirs."""
    from orepact.service.interchange import import_iamc

    with scratch() as folder:
        return import_iamc(_written(folder, {TABLE: content}) / TABLE)


def take_sdmx(content: bytes) -> Result:
    """A claim table from SDMX-CSV that orepact wrote; an overlay, or ``orepact facts import``, takes it."""
    from orepact.service.interchange import import_sdmx_csv

    with scratch() as folder:
        found = import_sdmx_csv(_written(folder, {TABLE: content}) / TABLE, folder / "claims.csv")
    meta = {name: value for name, value in found.meta.items() if name != "written"}
    return replace(found, meta=meta | {"title": f"{len(found.data)} claims"})


def take_pypsa(content: bytes) -> Handed:
    """The network package (zip) of a PyPSA folder (zip) that orepact wrote, also when PyPSA has written it again."""
    from orepact.service.interchange import import_pypsa

    files = unzipped(content)
    deep = [name for name in files if "/" in name]
    if deep:
        raise BadInput([Problem("body", "files without a folder", repr(deep[0])[:100], "pack the files themselves")])
    with scratch() as folder:
        found = import_pypsa(_written(folder / "given", files), folder / "network")
        made = files_below(folder / "network")
    return Handed.of("network", made, str(found.meta["label"]), found.warnings)


def _written(folder: Path, files: dict[str, bytes]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder
