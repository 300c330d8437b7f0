"""Use cases of public support: what was pledged, paid and lost, who is eligible for which programme, what stacks on what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from orepact.errors import BadInput, Problem, nearest
from orepact.service.pact.desk import asked, manifest_of
from orepact.service.pact.telling import amount, table, titled
from orepact.service.result import Result
from orepact.service.rules import day_of

if TYPE_CHECKING:
    from datetime import date

    from orepact.pact.projects.money import Money, Sum
    from orepact.pact.projects.programmes import Programme
    from orepact.pact.projects.support import Support
    from orepact.pact.records.register import Register
    from orepact.service.pact.desk import Where

ACCOUNT = (
    "support", "title", "projects", "giver", "kind", "programme", "pledged", "pledged_low", "pledged_high", "currency", "paid",
    "paid_high", "paid_by", "lost", "lost_high", "withdrawn", "project_states", "confidence",
)  # fmt: skip
TESTED = ("programme", "title", "eligible", "because", "missing", "share", "budget", "begins", "ends")
SHARES = ("programme", "share", "known")
NOT_ADDED = "currencies are never added; a letter of interest is no pledge; where no payment is stated, nothing is said, not zero"
OUTLIVED = "still pledged, though the project was called off, and no withdrawal is on record: {}"
NO_ADVICE = "tests are our summary of the programmes, in part unverified; a fact that is not given leaves the answer open"
ANSWERS = {True: "yes", False: "no", None: "open"}


def support_account(
    projects: Sequence[str] = (), db: Where = None, *, on: str | None = None, giver: str = "", programme: str = ""
) -> Result:
    """Each support of projects (of all) on a day: pledged, paid and lost, in millions of its currency; sums in ``meta``.

    Amounts are None where nothing is stated. ``meta["outlived"]`` names what is still pledged to projects that were called off.
    Raises ``NotFound`` for a project, a giver or a programme that is not there.
    """
    from orepact.pact.organisations.organisation import organisation
    from orepact.pact.projects.programmes import Programme
    from orepact.pact.projects.project import Project
    from orepact.pact.projects.support import Support, balance, outlived

    day = day_of(on)
    with asked(db) as (store, register):
        names = {register.get(Project, name).id for name in projects}
        by = organisation(register, giver).id if giver else ""
        under = register.get(Programme, programme).id if programme else ""
        found = [
            one
            for one in sorted(register.all(Support), key=lambda one: one.id)
            if (not names or names & set(one.projects)) and by in ("", one.giver.organisation) and under in ("", one.programme)
        ]
        rows = [_account(one, register, day) for one in found]
        left = [one.id for one in outlived(found, register, day)]
        manifest = manifest_of(store, day)
    sums = balance(found, day)
    data = table(rows, ACCOUNT)
    meta = {
        "title": titled(len(rows), "support", "supports", f"as known on {day}"),
        "sums": [*_sums("pledged", sums.pledged), *_sums("of interest", sums.interest), *_sums("paid", sums.paid),
                 *_sums("lost", sums.lost)],
        "payment_not_stated": list(sums.silent),
        "outlived": left,
        "manifest": manifest,
        "units": dict.fromkeys(("pledged_low", "pledged_high", "paid_high", "lost_high"), "million of the currency"),
        "warnings": [*([OUTLIVED.format(", ".join(left))] if left else []), *([NOT_ADDED] if rows else [])],
    }  # fmt: skip
    kept = ["support", "projects", "project_states", "giver", "kind", "pledged", "paid", "lost", "withdrawn"]
    return Result(data, meta, shown=lambda data: data[kept])


def _account(one: Support, register: Register, on: date) -> dict[str, Any]:
    from orepact.pact.dates.days import happened
    from orepact.pact.projects.project import Project
    from orepact.pact.projects.support import account

    found = account(one, on)
    gone = one.withdrawn_on if one.withdrawn_on and happened(one.withdrawn_on, on) else ""
    return {
        "support": one.id, "title": one.title, "projects": list(one.projects),
        "giver": one.giver.organisation or one.giver.name, "kind": found.kind, "programme": one.programme or "",
        "pledged": amount(found.pledged), "pledged_low": _end(found.pledged, "low"), "pledged_high": _end(found.pledged, "high"),
        "currency": found.pledged.currency if found.pledged else "", "paid": amount(found.paid),
        "paid_high": _end(found.paid, "high"), "paid_by": found.paid_by, "lost": amount(found.lost),
        "lost_high": _end(found.lost, "high"), "withdrawn": gone,
        "project_states": sorted({register.get(Project, name).standing(on).status for name in one.projects}),
        "confidence": one.confidence,
    }  # fmt: skip


def _end(money: Money | None, end: str) -> float | None:
    return getattr(money, end) if money else None


def _sums(what: str, by_currency: Mapping[str, Sum]) -> list[dict[str, Any]]:
    return [{"what": what, **asdict(one)} for _, one in sorted(by_currency.items())]


def ask_programmes(
    facts: Mapping[str, Any],
    db: Where = None,
    *,
    programmes: Sequence[str] = (),
    claimed: Sequence[str] = (),
    on: str | None = None,
) -> Result:
    """Whether a case is eligible for programmes (for all) on a day: yes, no or open, with the reasons in words.

    ``facts`` by the field that a test asks for; ``claimed``: programmes that the case has claimed already. Raises ``BadInput``
    for a fact that no test asks for, with the fields that tests do ask for.
    """
    from orepact.pact.projects.programmes import Programme, eligible, rate

    day = day_of(on)
    with asked(db) as (store, register):
        every = sorted(register.all(Programme), key=lambda one: one.id)
        chosen = [register.get(Programme, name) for name in dict.fromkeys(programmes)] or every
        for name in claimed:
            register.get(Programme, name)
        manifest = manifest_of(store, day)
    _demand_asked(facts, every)
    rows = []
    for one in chosen:
        verdict = eligible(one, facts, day, claimed)
        rows.append({
            "programme": one.id, "title": one.title, "eligible": ANSWERS[verdict.passes], "because": list(verdict.failed),
            "missing": list(verdict.missing), "share": rate(one, day.year), "budget": amount(one.budget), "begins": one.begins,
            "ends": one.ends,
        })  # fmt: skip
    data = table(rows, TESTED)
    counted = {word: sum(row["eligible"] == word for row in rows) for word in ANSWERS.values()}
    meta = {
        "title": f"{len(rows)} programmes on {day}: {counted['yes']} yes, {counted['open']} open, {counted['no']} no",
        "manifest": manifest,
        "units": {"share": "of eligible cost"},
        "warnings": [NO_ADVICE],
    }
    return Result(data, meta, shown=lambda data: data.drop(columns=["begins", "ends"]))


def _demand_asked(facts: Mapping[str, Any], programmes: Iterable[Programme]) -> None:
    fields = {test.field for one in programmes for test in one.tests}
    problems = []
    for name in facts:
        if name not in fields:
            near = nearest(name, fields, least=0.6)
            mend = f"did you mean {' or '.join(near)}?" if near else "leave it out"
            problems.append(Problem("fact", f"one of {', '.join(sorted(fields))}", repr(name), mend))
    if problems:
        raise BadInput(problems)


def stack_programmes(
    programmes: Sequence[str], db: Where = None, *, year: int, given: Mapping[str, float] | None = None
) -> Result:
    """What programmes give together of one cost in a year, and the limits that this breaks, in ``meta["broken"]``.

    ``given``: shares (of 1) that are known otherwise, by programme. A programme without a share counts as unknown, not as 0.
    """
    from orepact.pact.projects.programmes import Programme, stack

    known = dict(given or {})
    with asked(db) as (store, register):
        chosen = [register.get(Programme, name) for name in dict.fromkeys([*programmes, *known])]
        manifest = manifest_of(store)
    problems = [
        Problem(f"share of {name}", "more than 0, and 1 at most", f"{share:g}", "write 0.3 for 30 %")
        for name, share in known.items()
        if not 0 < share <= 1
    ]
    if problems:
        raise BadInput(problems)
    found = stack(chosen, year, known)
    rows = [{"programme": one.id, "share": found.shares.get(one.id), "known": one.id in found.shares} for one in chosen]
    meta = {
        "title": f"{found.total:.0%} of the cost in {year}"
        + (f"; {len(found.broken)} {'limit is' if len(found.broken) == 1 else 'limits are'} broken" if found.broken else ""),
        "total_share": found.total,
        "broken": list(found.broken),
        "unknown": list(found.unknown),
        "manifest": manifest,
        "units": {"share": "of eligible cost"},
        "warnings": [
            *(
                f"{name} was named {number} times and is counted once"
                for name, number in Counter(programmes).items()
                if number > 1
            ),
            *([f"the share of {', '.join(found.unknown)} is not known: the total is a lower bound"] if found.unknown else []),
        ],
    }
    return Result(table(rows, SHARES), meta)
