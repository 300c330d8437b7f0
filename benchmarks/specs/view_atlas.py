"""How long one selection of the atlas takes: map, Sankey, time chart and table from one mask."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.registry import Measures, spec, timed

#: A filter on a page answers within this, in seconds.
WANTED = 0.3


@spec(
    "view_atlas",
    title="the atlas: seconds for all four views of one selection over so many flows",
    sweep=[{"flows": 50_000}, {"flows": 200_000}, {"flows": 800_000}],
    smoke={"flows": 20_000},
)
def view_atlas(flows: int) -> Measures:
    """Seconds of a first and of a second selection, over rows drawn from the kept ones (seeded)."""
    from orepact.facts import Ledger
    from orepact.service.view.atlas import atlas
    from orepact.service.view.kept_results import kept
    from orepact.service.view.move_table import MoveTable

    ledger, frame = Ledger.shipped(), kept("moves").frame
    drawn = frame.iloc[np.sort(np.random.default_rng(7).integers(0, len(frame), flows))].reset_index(drop=True)
    measures: dict[str, float | str] = {"flows": float(len(drawn))}
    with timed(measures, "open"):
        table = MoveTable(
            pd.DataFrame(drawn),
            kept("goods").frame,
            lambda name: ledger.codes.country(name) if name in ledger.codes.places else name,
        )
    for phase, asked in (("first", {"element": "graphite"}), ("second", {"element": "lithium", "origin": "AUS", "by": "owner"})):
        with timed(measures, phase):
            found = atlas(ledger, table, **asked)
            measures[f"{phase}_rows"] = float(sum(len(each) for each in (found.map, found.sankey, found.time, found.rows)))
    return {**measures, "wanted_s": WANTED}
