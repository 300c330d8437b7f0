"""What a reader of any table of an ensemble must know."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from orepact.wording import deed, field

if TYPE_CHECKING:
    from orepact.service.shock.ensembling import Sampled


def meta_of(found: Sampled) -> dict[str, Any]:
    """Figures of the distribution, counts, assumptions, sources and warnings."""
    from orepact._version import __version__
    from orepact.shock.ensemble import risk, tables
    from orepact.shock.ensemble.coverage import coverage_table
    from orepact.shock.ensemble.sampling import Sampler

    losses, study, journal = tables.losses_of(found.members), found.study, found.draw.journal
    mean, at_risk = risk.mean(losses), {f"{level:.0%}": risk.value_at_risk(losses, level) for level in risk.LEVELS}
    manifest = found.question.manifest(seed=study.seed)
    tail = {f"{level:.0%}": risk.conditional_value_at_risk(losses, level) for level in risk.LEVELS}
    return {
        "title": f"{found.case.network.title}: {len(found.members):,} sampled years of events",
        "headline": _headline(found),
        "members_done": len(found.members),
        "members_wanted": found.draw.members,
        "seed": study.seed,
        "median_loss_usd": risk.median(losses).value,
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
        "hazards": {hazard.id: hazard.title for hazard in found.book.hazards},
        "assumptions": found.book.assumptions.model_dump(mode="json"),
        "plants_at_risk": coverage_table(found.book, study).to_dict("records"),
        "manifest": {**manifest, "code_version": __version__, "study": study.key, **_books(found)},
        "sources": _sources(found),
        "warnings": _warnings(found),
    }


def _headline(found: Sampled) -> str:
    """The mean where it is sure enough to be said; else what most years and the bad ones lose, and how many years it takes."""
    from orepact.report.words import dollars, number
    from orepact.shock.ensemble import risk, tables

    losses, said = tables.losses_of(found.members), dollars if found.study.in_dollars else number
    mean = risk.mean(losses)
    middle, ten, twenty = (said(risk.value_at_risk(losses, level).value) for level in (0.5, 0.9, 0.95))
    years = f"half of the years lose {middle} or less, one in ten {ten} or more, one in twenty {twenty} or more"
    if not mean.unsure:
        return f"a year loses {said(mean.value)} on average (standard error {said(mean.standard_error)}); {years}"
    wanted = f"about {mean.years_for(len(losses)):,.0f} years would bring its standard error to a tenth"
    return f"{years}; the mean of {said(mean.value)}, give or take {said(mean.standard_error)}, is unsure: {wanted}"


def _books(found: Sampled) -> dict[str, str]:
    """Hashes of what was assumed."""
    options = {} if found.options is None else {"insurance_sha256": found.options.sha256}
    return {"hazards_sha256": found.book.sha256, **options}


def _sources(found: Sampled) -> list[dict[str, Any]]:
    at_work = {threat.hazard for threat in found.study.threats}
    return [
        {"source": f"hazard {hazard.id}", "title": hazard.source, "confidence": [hazard.confidence]}
        for hazard in found.book.hazards
        if hazard.id in at_work
    ]


def _warnings(found: Sampled) -> list[str]:
    hazards, at_work = found.book.hazards, {threat.hazard for threat in found.study.threats}
    idle = [hazard.id for hazard in hazards if hazard.id not in at_work]
    sure = Counter(hazard.confidence for hazard in hazards if hazard.id in at_work)
    said = []
    if len(found.members) < found.draw.members:
        said.append(f"only {len(found.members)} of {found.draw.members} members are done")
    if sure["estimated"] or sure["unverified"]:
        weak = sure["estimated"] + sure["unverified"]
        said.append(f"rates of {weak} of {sum(sure.values())} hazards are estimated: read the ranking before the sums")
    if idle:
        said.append(f"hazards that strike nothing here: {', '.join(idle)}")
    if not found.study.in_dollars:
        words = "losses are units of whatever is wanted, not dollars, and columns in usd hold quantities"
        said.append(f"{words}: some demand has neither shortage cost nor price")
    said += [*_of_blocks(found), *_of_plants(found), *_of_years(found)]
    said.append(
        "losses are in aggregate form: every plant and route of the usual week may help to its limit, but no new route opens, so "
        "a small buyer has only the sellers it had; what the help costs and delays on the way are not in them "
        f"({deed('shock.respond_to')} follows one event week by week)"
    )
    return [*dict.fromkeys([*said, *found.question.late_words(), *found.case.warnings])]


def _of_blocks(found: Sampled) -> list[str]:
    """How much blocks of this length were seen to understate the mean; of a package the shipped hazards have seen nothing."""
    block = found.book.assumptions.block_weeks
    words = f"events are solved in blocks of at most {block.value:g} weeks, in which stocks and spare capacity serve any week"
    less, seen_elsewhere = block.understated, found.question.network is not None and found.draw.hazards is None
    if less is None or (seen_elsewhere and block.value > min(block.mean_seen)):
        return [f"{words}: the longer, the lower the loss ({field('block_weeks')}; documentation: why/ensembles)"]
    if less <= 0:
        return []
    seen = f"a mean about {less:.0%} below that of blocks of {min(block.mean_seen):g} weeks"
    return [f"{words}: on the reference network {seen} ({field('block_weeks')}; documentation: why/ensembles)"]


def _of_plants(found: Sampled) -> list[str]:
    """Which part of what is made no stop of a single plant can strike."""
    from orepact.shock.ensemble.coverage import coverage_table

    table = coverage_table(found.book, found.study)
    short = table[table["struck_share"] < 0.995].sort_values("struck_share")
    if not len(short):
        return []
    parts = ", ".join(f"{stage} {1 - share:.0%}" for stage, share in short[["stage", "struck_share"]].to_numpy().tolist())
    least, small = (getattr(found.book.assumptions, name).value for name in ("least_plant", "smallest_plant"))
    alone = f"stops of plants below {small:.0%} that would lose nothing alone count only beside another event"
    return [f"plants below {least:.1%} of the world's output stop only with their whole place ({parts} of what is made); {alone}"]


def _of_years(found: Sampled) -> list[str]:
    from orepact.shock.ensemble import tables

    losses = tables.losses_of(found.members)
    table = tables.summary_table(losses)
    unsure = table.loc[table["standard_error_usd"].isna() & (table["note"] != ""), "measure"].tolist()
    said = [f"{len(losses):,} years are too few to say how sure is: {', '.join(unsure)}"] if unsure else []
    if not len(tables.distribution_table(losses)):
        said.append(f"the table distribution is empty: what one year in two exceeds takes {tables.LEAST_YEARS} years to tell")
    return said
