"""What a reader of any table of an ensemble must know."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orepact.service.opening import hindsight_words, manifest_of

if TYPE_CHECKING:
    from orepact.facts import Ledger
    from orepact.service.shock.ensembling import Sampled


def meta_of(found: Sampled, ledger: Ledger | None, wanted: int, journal: Path | None) -> dict[str, Any]:
    """Figures of the distribution, counts, assumptions, sources and warnings."""
    from orepact.shock.ensemble import risk, tables
    from orepact.shock.ensemble.sampling import Sampler

    losses, study = tables.losses_of(found.members), found.study
    mean, at_risk = risk.mean(losses), {f"{level:.0%}": risk.value_at_risk(losses, level) for level in risk.LEVELS}
    tail = {f"{level:.0%}": risk.conditional_value_at_risk(losses, level) for level in risk.LEVELS}
    manifest = manifest_of(ledger, seed=study.seed) if ledger is not None else {"seed": study.seed}
    return {
        "title": f"{found.case.network.title}: {len(found.members):,} sampled years of events",
        "members_done": len(found.members),
        "members_wanted": wanted,
        "seed": study.seed,
        "mean_loss_usd": mean.value,
        "mean_loss_standard_error_usd": mean.standard_error,
        "value_at_risk_usd": {level: measure.value for level, measure in at_risk.items()},
        "conditional_value_at_risk_usd": {level: measure.value for level, measure in tail.items()},
        "years_with_loss_share": float((losses > 0).mean()) if len(losses) else 0.0,
        "events_per_year": Sampler(study.threats, study.seed).events_per_year,
        "threats": len(study.threats),
        "network": found.case.network.title,
        "base_year": found.case.year,
        **({"journal": str(journal)} if journal is not None else {}),
        "assumptions": found.book.assumptions.model_dump(mode="json"),
        "manifest": {**manifest, "study": study.key},
        "sources": _sources(found),
        "warnings": _warnings(found, ledger, wanted),
    }


def _sources(found: Sampled) -> list[dict[str, Any]]:
    at_work = {threat.hazard for threat in found.study.threats}
    return [
        {"source": f"hazard {hazard.id}", "title": hazard.source, "confidence": [hazard.confidence]}
        for hazard in found.book.hazards
        if hazard.id in at_work
    ]


def _warnings(found: Sampled, ledger: Ledger | None, wanted: int) -> list[str]:
    hazards, at_work = found.book.hazards, {threat.hazard for threat in found.study.threats}
    idle = [hazard.id for hazard in hazards if hazard.id not in at_work]
    sure = Counter(hazard.confidence for hazard in hazards if hazard.id in at_work)
    said = []
    if len(found.members) < wanted:
        said.append(f"only {len(found.members)} of {wanted} members are done")
    if sure["estimated"] or sure["unverified"]:
        weak = sure["estimated"] + sure["unverified"]
        said.append(f"rates of {weak} of {sum(sure.values())} hazards are estimated: read the ranking before the sums")
    if idle:
        said.append(f"hazards that strike nothing here: {', '.join(idle)}")
    if not found.study.in_dollars:
        said.append("losses are units of whatever is wanted, not dollars: some demand has neither shortage cost nor price")
    said.append(
        "losses are in aggregate form: lost whatever anybody does, with every other route and plant free to help; what that help "
        "costs and delays on the way are not in them (orepact shock EVENT follows one event week by week)"
    )
    late = hindsight_words(ledger) if ledger is not None else []
    return [*dict.fromkeys([*said, *late, *found.case.warnings])]
