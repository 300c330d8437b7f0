"""What a customs code stands for in trade, and which flows may be one shipment reported twice.

Two rules are about DR Congo. Its cobalt leaves as crude hydroxide, which importers book under HS 810510 (mattes and other
intermediates) and the exporter under HS 282200 (oxides and hydroxides). So HS 810510 from DR Congo is read as cobalt hydroxide,
and HS 282200 from DR Congo is ``unverified`` to China and Korea, whose imports stand under HS 810510, and to places of transit or
trading: it never enters a total unasked. To other places the smaller of the two codes of a year is ``unverified``.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import yaml

from orepact.facts.customs import codes_in
from tools.compile.claims_writer import DATA

MAIN_COMMODITY = {"284690": "ndpr_oxide"}
"""Where several commodities share a code, the one that takes all of it (no splitting)."""

LEFT_OUT = {"HS1992": {"251020"}, "HS2017": set[str]()}
"""Codes left out: ground phosphate rock alone would pass for all rock, which HS 251010 carries."""

TRANSIT = frozenset({"ARE", "MOZ", "NAM", "TZA", "ZAF", "ZMB", "ROW"})
"""Where DR Congo's crude hydroxide passes or is traded; ROW holds Hong Kong, Singapore and Switzerland."""

SCOPE = {
    "250410": "natural graphite in powder or flakes, spherical graphite included",
    "251010": "unground rock",
    "252922": "fluorspar above 97 % CaF2",
    "260300": "product mass of ore and concentrate",
    "260400": "product mass; at most 300 dollars a tonne, so read as laterite",
    "280530": "rare-earth metals, scandium and yttrium",
    "282200": "all cobalt oxides and hydroxides",
    "282520": "lithium oxide and hydroxide",
    "284690": "compounds of all rare earths but cerium; a part is concentrate",
    "740311": "refined copper cathodes",
    "760110": "unwrought aluminium, not alloyed",
    "810510": "cobalt mattes, intermediates, unwrought metal, powder and scrap by product mass",
    "850511": "permanent magnets of metal, other than neodymium magnets too",
}
BOOKS_810510 = frozenset({"CHN", "KOR"})
"""Importers whose own reports put DR Congo's crude hydroxide under HS 810510."""

RICH_KUSD_PER_T = 0.3
RICH = "above 300 dollars a tonne, so read as sulphide concentrate and not as laterite"
CRUDE = "crude hydroxide from DR Congo, which importers book under this code; read as cobalt_hydroxide"
DOUBLE = "possible_double_report: the same shipments stand under HS 810510 by the importer's reports"
SMALLER = "possible_double_report: the larger of HS 282200 and HS 810510 is kept, the two are not added"
PASSING = "possible_double_report: transit or trading place; China books such cargo as DR Congo's under HS 810510"


def codes_of(edition: str) -> Mapping[str, str]:
    """Customs code -> commodity of one edition of the Harmonized System, by the code list and the choices above.

    >>> codes_of("HS1992")["283691"], codes_of("HS1992")["284690"], "251020" in codes_of("HS1992")
    ('lithium_carbonate', 'ndpr_oxide', False)
    """
    content = yaml.safe_load((DATA / "codes" / "commodities.yaml").read_text(encoding="utf-8"))
    found: dict[str, str] = {}
    for commodity, entry in content.items():
        for code in codes_in(entry.get("hs") or {}, edition):
            if code not in LEFT_OUT[edition]:
                found.setdefault(code, MAIN_COMMODITY.get(code, commodity))
    return found


def commodity_of(flows: pd.DataFrame, edition: str) -> pd.Series:
    """The commodity of each flow (columns ``hs, origin, value_kusd, quantity_t``); NaN where no commodity carries the code."""
    commodity = flows["hs"].map(dict(codes_of(edition)))
    commodity = commodity.mask((flows["hs"] == "810510") & (flows["origin"] == "COD"), "cobalt_hydroxide")
    return commodity.mask((flows["hs"] == "260400") & is_rich(flows), "nickel_concentrate")


def is_rich(flows: pd.DataFrame) -> pd.Series:
    """Whether nickel ore costs so much a tonne that it must be sulphide concentrate.

    Laterite of 1.5 % Ni fetches 20 to 150 dollars a tonne, concentrate of 12 % above a thousand; 300 lies between. A flow
    without quantity is judged by all flows of its origin.
    """
    weighed = flows["quantity_t"] > 0
    ore = flows[(flows["hs"] == "260400") & weighed].groupby("origin")[["value_kusd", "quantity_t"]].sum()
    usual = flows["origin"].map(ore["value_kusd"] / ore["quantity_t"])
    unit = (flows["value_kusd"] / flows["quantity_t"].where(weighed)).fillna(usual)
    return unit > RICH_KUSD_PER_T


def doubts(flows: pd.DataFrame) -> pd.Series:
    """Why a flow may be reported twice, "" where nothing speaks for it.

    ``flows`` has one row per year, origin, destination, commodity and hs, and the column ``value_kusd``.
    """
    own = (flows["hs"] == "282200") & (flows["origin"] == "COD")
    largest = flows.groupby(["year", "origin", "destination", "commodity"])["value_kusd"].transform("max")
    text = pd.Series("", index=flows.index).mask((flows["origin"] == "COD") & (flows["value_kusd"] < largest), SMALLER)
    at_booker = (flows["origin"] == "COD") & flows["destination"].isin(BOOKS_810510 | TRANSIT)
    text = text.mask(at_booker, "")
    text = text.mask(own & flows["destination"].isin(BOOKS_810510), DOUBLE)
    return text.mask(own & flows["destination"].isin(TRANSIT), PASSING)


def scope_notes(flows: pd.DataFrame) -> pd.Series:
    """The customs code of each flow in words, with what it covers besides the commodity."""
    scope = flows["hs"].map(SCOPE).fillna("")
    text = "HS " + flows["hs"] + ("; " + scope).where(scope != "", "")
    crude = (flows["hs"] == "810510") & (flows["origin"] == "COD")
    text = text.mask(crude, "HS 810510; " + CRUDE)
    return text.mask((flows["hs"] == "260400") & (flows["commodity"] == "nickel_concentrate"), "HS 260400; " + RICH)
