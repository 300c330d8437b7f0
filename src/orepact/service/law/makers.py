"""Who stands behind each site: owner shares of the facts, homes of companies, a person's own ownership tree."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import yaml

from orepact.chain.csv_table import read_csv_table
from orepact.chain.tables import Column, Table, site_statuses
from orepact.errors import BadInput, Problem
from orepact.measure.eligibility.bill import Maker
from orepact.measure.eligibility.ownership import (
    UNKNOWN,
    Holding,
    OwnershipTree,
    Stakes,
    several_owners,
    shared_by,
    sole_owner,
)

if TYPE_CHECKING:
    from orepact.chain import Network
    from orepact.facts import Ledger

COLUMNS = {"company": "id", "holder": "id", "share": "number", "holder_country": "text"}
REQUIRED = ("company", "holder", "share")
PAIR = re.compile(r"^\s*([A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,3})?|unknown)\s*:\s*([0-9.]+)\s*$")


@dataclass(frozen=True)
class Makers:
    """Makers of sites and of named owners. ``tree`` comes from a person's file and goes before everything else."""

    country: Callable[[str], str]
    tree: OwnershipTree = field(default_factory=lambda: OwnershipTree({}))
    shares: Mapping[str, str] = field(default_factory=dict)

    def at(self, place: str, owner: str, country: str, *, shares: str = "", site: str = "") -> Maker:
        """The maker at a place: owners separated by semicolons, home of the controlling owner, ``COUNTRY:share`` pairs."""
        names = owners_in(owner)
        if any(name in self.tree.holdings for name in names):
            company = next(name for name in names if name in self.tree.holdings)
            proportional, majority = self.tree.stakes(company), self.tree.stakes(company, attribution="majority")
            named = tuple(dict.fromkeys([*names, *proportional.names]))
            return Maker(place, self._country(place), named, proportional, majority, site)
        return Maker(place, self._country(place), names, self._stakes(names, country, shares), None, site)

    def _country(self, place: str) -> str:
        return self.country(place) if place else ""

    def _stakes(self, names: tuple[str, ...], country: str, shares: str) -> Stakes:
        told = shares_in(shares)
        if told:
            return shared_by({self._country(home): part for home, part in told.items()}, "", names)
        homes = [self.tree.homes.get(name) or home_of(name) for name in names]
        if len(names) > 1:
            return several_owners(names, homes, country)
        home = country if country not in {"", UNKNOWN} else (homes[0] if homes else "")
        return sole_owner(names[0] if names else "", home)

    def of_network(self, network: Network) -> Callable[[str], Maker]:
        """A function from a site of the network to its maker."""
        sites = network.sites
        rows = dict(zip(sites.index, zip(sites["place"], sites["owner"], sites["owner_country"], strict=True), strict=True))
        known: dict[str, Maker] = {}

        def maker(site: str) -> Maker:
            if site not in known:
                place, owner, country = rows[site]
                known[site] = self.at(place, owner, country, shares=self.shares.get(site, ""), site=site)
            return known[site]

        return maker


def planned_makers(network: Network, makers: Makers) -> Callable[[str, str], list[tuple[Maker, float]]]:
    """A function from a product and a place to makers with a named plant there and its capacity: at work, else planned."""
    sites = network.sites.assign(output=network.site_output, capacity=network.values("sites", "capacity_per_year"))
    sites = sites[(sites["owner"] != "") & (sites["capacity"] > 0) & np.isfinite(sites["capacity"])]
    sites = sites[~sites["status"].isin(_flagged("ends"))]
    maker = makers.of_network(network)

    def planned(product: str, place: str) -> list[tuple[Maker, float]]:
        here = sites[(sites["output"] == product) & (sites["place"] == place)]
        working = here[here["status"].isin(_flagged("operates"))]
        chosen = working if len(working) else here
        return [(maker(str(site)), float(size)) for site, size in zip(chosen.index, chosen["capacity"], strict=True)]

    return planned


def _flagged(flag: str) -> list[str]:
    return [name for name, entry in site_statuses().items() if entry[flag]]


def makers_of(ledger: Ledger | None, country: Callable[[str], str], owners: Path | None = None) -> Makers:
    """Makers by the facts (none for a network package) and a person's ownership file."""
    shares: dict[str, str] = {}
    if ledger is not None:
        claims = ledger.resolve("owner_share", kind="site").sort_values("as_of")
        shares = {str(row.subject).removeprefix("site:"): str(row.value) for row in claims.itertuples(index=False)}
    return Makers(country, read_owners(owners) if owners is not None else OwnershipTree({}), shares)


def read_owners(path: Path) -> OwnershipTree:
    """The ownership tree of a file (``company, holder, share, holder_country``).

    Raises ``BadInput`` with every broken row, and with every ring of owners by name.
    """
    columns = {name: Column(name, kind, "", required=name in REQUIRED) for name, kind in COLUMNS.items()}
    read = read_csv_table(Table("owners", "Owners", "", REQUIRED, indexed=False, required=True, columns=columns), path)
    problems = [Problem(p.column, p.expected, p.found, p.mend, path.name, p.row) for p in read.problems]
    if read.frame is None:
        raise BadInput(problems)
    frame = read.frame
    homes = frame["holder_country"] if "holder_country" in frame else [""] * len(frame)
    rows = zip(frame["company"], frame["holder"], frame["share"], homes, read.rows.tolist(), strict=True)
    holdings = [Holding(str(c), str(h), float(s), str(home), row) for c, h, s, home, row in rows if not math.isnan(s)]
    try:
        tree = OwnershipTree.of(holdings, file=path.name)
    except BadInput as error:
        raise BadInput([*problems, *error.problems]) from None
    if problems:
        raise BadInput(problems)
    return tree


def owners_in(text: str) -> tuple[str, ...]:
    """Names of owners in a text, without what stands in brackets and without percentages.

    >>> owners_in("SK On; Ford (until 2026)")
    ('SK On', 'Ford')
    """
    plain = re.sub(r"\([^)]*\)", "", text)
    names = (re.sub(r"\s*\d+(\.\d+)?\s*%$", "", part.strip()).strip() for part in plain.split(";"))
    return tuple(name for name in names if name)


def shares_in(text: str) -> dict[str, float]:
    """Pairs ``COUNTRY:fraction`` separated by semicolons; {} when the text is none.

    >>> shares_in("KOR:0.51; NLD:0.49")
    {'KOR': 0.51, 'NLD': 0.49}
    """
    found = [PAIR.match(part) for part in text.split(";")] if text else []
    return {pair[1]: float(pair[2]) for pair in found if pair} if found and all(found) else {}


@cache
def _companies() -> dict[str, str]:
    """Home of each company by name, title and alias, in lower case."""
    data = files("orepact") / "data"
    named = yaml.safe_load((data / "rules" / "homes.yaml").read_text(encoding="utf-8"))
    homes = {str(name).lower(): str(home) for name, home in named.items()}
    text = (data / "codes" / "companies.yaml").read_text(encoding="utf-8")
    for entry in yaml.safe_load(text).values():
        for name in (entry["title"], *entry.get("aliases", [])):
            homes.setdefault(str(name).lower(), str(entry["home"]))
    return homes


def home_of(name: str) -> str:
    """Home country of a company of the code list by title or alias; "" when it is not listed.

    >>> home_of("Samsung SDI"), home_of("nobody")
    ('KOR', '')
    """
    known = _companies()
    wanted = name.lower()
    if wanted in known:
        return known[wanted]
    return next((home for alias, home in known.items() if wanted.startswith(f"{alias} ")), "")
