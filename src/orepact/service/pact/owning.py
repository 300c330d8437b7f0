"""Use cases of organisations: who stands behind them on a day, and what they were called when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orepact.service.pact.desk import asked, manifest_of
from orepact.service.pact.telling import table, titled, told_end
from orepact.service.result import Result
from orepact.service.rules import day_of

if TYPE_CHECKING:
    from datetime import date

    from orepact.pact.organisations.organisation import Organisation
    from orepact.pact.records.register import Register
    from orepact.service.pact.desk import Where

STAKES = ("holder", "name", "country", "share", "paths", "confidence")
MEMBERS = ("member", "name", "country", "from", "to", "confidence")
NAMES = ("language", "form", "name", "valid_from", "valid_to", "holds", "confidence")
LANGUAGES = ("en", "fr", "ja", "ko")


def list_owners(name: str, db: Where = None, *, on: str | None = None) -> Result:
    """The ultimate owners of a company on a day, the largest first, with the chains of holdings that lead to them.

    ``name``: its id or any of its names. ``meta``: who controls it and why, the share that nobody stated, shares by country.
    """
    from orepact.pact.organisations.organisation import heirs, homes, organisation, tree
    from orepact.pact.organisations.ownership import control, ultimate

    day = day_of(on)
    with asked(db) as (store, register):
        company = organisation(register, name)
        holdings = register.once(tree)
        found, who = ultimate(holdings, company.id, day), control(holdings, company.id, day)
        rows = [
            {"holder": one.holder, **_known(register, one.holder, day), "share": one.share,
             "paths": [" > ".join(path) for path in one.paths], "confidence": one.confidence}
            for one in found.stakes
        ]  # fmt: skip
        countries = homes(register, company.id, day)
        passed = heirs(register, company.id, day)
        manifest = manifest_of(store, day)
    meta: dict[str, Any] = {
        "title": titled(len(rows), "ultimate owner", "ultimate owners", f"of {company.name_on(day)} ({company.id}) on {day}"),
        "controlled_by": who.holder,
        "certain": who.certain,
        "because": who.because,
        "gaps": list(who.gaps),
        "unknown_share": found.unknown if rows or found.unstated else None,
        "share_not_stated_of": list(found.unstated),
        "home_shares": {country or "not known": share for country, share in countries.items()},
        "manifest": manifest,
        "units": {"share": "1"},
        "warnings": [f"{company.id} is over; its heirs are {', '.join(passed)}"] if company.id not in passed else [],
    }
    return Result(table(rows, STAKES), meta)


def _known(register: Register, holder: str, on: date) -> dict[str, str]:
    from orepact.pact.organisations.organisation import Organisation

    found = register.records.get((Organisation.kind, holder))
    if isinstance(found, Organisation):
        return {"name": found.name_on(on), "country": found.country}
    return {"name": holder, "country": ""}


def list_members(name: str, db: Where = None, *, on: str | None = None) -> Result:
    """The members of an association or a group on a day: those to whom it passes a call. ``name``: its id or any name."""
    from orepact.pact.dates.lasting import holding
    from orepact.pact.organisations.organisation import organisation

    day = day_of(on)
    with asked(db) as (store, register):
        found = organisation(register, name)
        rows = [
            {"member": one.organisation, **_known(register, one.organisation, day), "from": one.valid_from or "",
             "to": told_end(one.valid_to, day), "confidence": one.confidence}
            for one in sorted(holding(found.members, day), key=lambda one: one.organisation)
        ]  # fmt: skip
        manifest = manifest_of(store, day)
    title = titled(len(rows), "member", "members", f"of {found.name_on(day)} ({found.id}) on {day}")
    silent = "that it has no others is not said: its members are on record as far as sources name them"
    return Result(table(rows, MEMBERS), {"title": title, "manifest": manifest, "warnings": [silent]})


def names_of(name: str, db: Where = None, *, on: str | None = None) -> Result:
    """Every name that an organisation had by a day, in four languages, and which hold on it; ``meta``: its name on that day.

    ``name``: its id or any of its names. ``meta["is_now"]``: who it is on the day, where it has passed to others.
    """
    from orepact.pact.organisations.organisation import heirs, organisation

    day = day_of(on)
    with asked(db) as (store, register):
        found = organisation(register, name)
        passed = heirs(register, found.id, day)
        manifest = manifest_of(store, day)
    rows = sorted(_names(found, day), key=lambda row: (LANGUAGES.index(row["language"]), not row["holds"], row["form"]))
    meta = {
        "title": f"{found.name_on(day)} ({found.id}) on {day}",
        "called": {language: found.name_on(day, language) for language in LANGUAGES},
        "short": found.name_on(day, "en", "short"),
        "is_now": list(passed),
        "changes": [f"{one.how} on {one.on} into {', '.join(one.into)}" for one in found.changes if told_end(one.on, day)],
        "ended": f"{found.ended}: {found.ended_reason}" if told_end(found.ended, day) else "",
        "manifest": manifest,
    }
    return Result(table(rows, NAMES), meta)


def _names(found: Organisation, on: date) -> list[dict[str, Any]]:
    titles = {"en": found.title, **{str(language): words for language, words in found.titles.items()}}
    said = {(name.language, name.text) for name in found.names}
    rows = [
        {"language": one.language, "form": one.form, "name": one.text, "valid_from": one.valid_from or "",
         "valid_to": told_end(one.valid_to, on), "holds": one.holds_on(on), "confidence": one.confidence}
        for one in found.names
        if one.span.first <= on
    ]  # fmt: skip
    return rows + [
        {"language": language, "form": "title", "name": words, "valid_from": "", "valid_to": "",
         "holds": found.name_on(on, language) == words, "confidence": found.confidence}
        for language, words in titles.items()
        if (language, words) not in said
    ]  # fmt: skip
