"""How much of what is made a stop of a single plant can strike, stage by stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from orepact.shock.ensemble.threats import Scene

if TYPE_CHECKING:
    from orepact.shock.ensemble.book import HazardBook
    from orepact.shock.ensemble.study import Study


def coverage_table(book: HazardBook, study: Study) -> pd.DataFrame:
    """One row for each stage that a site hazard names: ``stage, goods, plants, struck_share, own_share``.

    ``plants`` that can be struck, lumps counted as many; shares are means over the goods of the stage of what sites that can be
    struck usually make, as part of all that is made: at all, and by an event of their own (``own_share``).
    """
    scene = Scene.of(study.aggregate)
    hazards = {hazard.id: hazard for hazard in book.hazards if hazard.kind == "site"}
    stages = {stage for hazard in hazards.values() for stage in (hazard.stages or scene.site_stage.tolist())}
    struck, own = (np.zeros(len(scene.site), dtype=bool) for _ in range(2))
    plants = np.zeros(len(scene.site))
    for threat in study.threats:
        if threat.hazard in hazards:
            struck[threat.columns] = True
            own[threat.columns] |= not threat.small
            plants[threat.columns[0]] += threat.rate_per_year / hazards[threat.hazard].rate_per_year
    rows = []
    for stage in sorted(stages & set(scene.site_stage[scene.world_share > 0].tolist())):
        here = (scene.site_stage == stage) & (scene.world_share > 0)
        goods = len(set(scene.site_good[here].tolist()))
        share, alone = (float(scene.world_share[here & which].sum()) / goods for which in (struck, own))
        rows.append((stage, goods, round(float(plants[here].sum())), share, alone))
    return pd.DataFrame(rows, columns=["stage", "goods", "plants", "struck_share", "own_share"])
