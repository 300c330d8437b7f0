"""Use case: give a network to others as a Frictionless data package."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from orepact.service.opening import manifest_of, sources_used
from orepact.service.result import Result

if TYPE_CHECKING:
    from orepact.facts import Ledger


def export_datapackage(
    ledger: Ledger | None,
    folder: Path,
    *,
    scenario: str | Path = "reference",
    network: Path | None = None,
    overwrite: bool = False,
) -> Result:
    """Write the reference network (or a package, read and checked again) to ``folder``; ``data`` lists the files.

    The folder is written whole or not at all; raises ``BadInput`` when it holds something else.
    """
    from orepact.chain import Network, Scenario
    from orepact.chain.manifest import hash_network

    if network is None:
        assert ledger is not None, "without a package, facts"
        chosen = Scenario.load(scenario)
        found = Network.from_facts(ledger, chosen)
        manifest: dict[str, Any] = {**manifest_of(ledger), "scenario_hash": chosen.hash}
        sources = sources_used(ledger, ledger.claims)
    else:
        found, manifest, sources = Network.from_package(network), {}, []
    written = found.to_package(folder, overwrite=overwrite)
    files = sorted(path for path in written.iterdir() if path.is_file())
    data = pd.DataFrame([{"file": path.name, "bytes": path.stat().st_size} for path in files])
    meta: dict[str, Any] = {
        "title": f"{found.title}: written to {folder}",
        "written": str(folder),
        "manifest": {**manifest, "network_hash": hash_network(found)},
        "units": {"bytes": "byte"},
        "sources": sources,
    }
    return Result(data, meta)
