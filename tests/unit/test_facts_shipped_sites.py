"""The shipped sites, contracts and owner shares: complete, in known codes and units, with their histories."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pandas as pd
import pytest
import yaml

from orepact.facts.codes import Codes

FACTS = Path(str(files("orepact"))) / "data" / "facts"
TABLES = ("sites_projects", "sites_deposits", "sites_plants", "sites_facilities", "contracts", "owner_shares")
PROJECTS = """
nextstar_windsor powerco_st_thomas honda_alliston_ev honda_alliston_cells honda_posco_cam asahi_port_colborne
e_one_moli_existing e_one_moli_expansion northvolt_six gm_cami ford_oakville stellantis_brampton toyota_ontario
lion_mirabel umicore_loyalist ultium_cam_1 ultium_cam_2 vale_becancour_niso4 ecopro_cam basf_becancour volta_granby
nano_one_candiac neo_silicon_anode nmg_matawinie nmg_becancour vianode_st_thomas northern_graphite focus_graphite
nemaska_becancour whabouchi galaxy_james_bay nal mangrove_east mangrove_delta pmet_shaak frontier_pak frontier_tbay
gt1_seymour gt1_tbay rocktech_redrock tanco e3_clearwater electra_refinery aki_recycling sherritt_fort_sask moa_jv
voiseys_bay long_harbour vale_sudbury vale_port_colborne crawford netzero_metals fpx_baptiste eagles_nest
ring_of_fire_road wyloo_sudbury copper_mountain gibraltar horne casino_yukon highland_valley strange_lake src_ree
ucore_kingston cyclic_kingston first_phosphate rio_scandium manganese_x euro_manganese_becancour licycle_kingston
lithion_st_bruno dongshin_windsor westwin
"""
CONTRACTS = """
nextstar_ownership smm_nano_one ot_nmg_panasonic ot_nmg_gm ot_nmg_canada ot_nmg_traxys inv_mitsui_nmg ot_vianode_gm
ot_nemaska_ford ot_elevra_mangrove ot_pmet_vw inv_mitsubishi_frontier ot_gt1_lges ot_avalon_lges ot_snowlake_lges
fdi_exit_2022 posco_invest_alberta ot_electra_lges inv_sdi_cnc mou_fpx_ppes inv_smm_fpx jogmec_fpx_gen ot_coppermtn_mmc
exit_cariboo mou_torngat_vac agr_lithion_hyundai agr_lithion_nissan komir_nrcan komir_bc hyundai_hydrogen cpsp_linkage
hanwha_algoma
"""
RATES = {"t": "t_per_year", "MWh": "MWh_per_year", "vehicle": "vehicle_per_year", "piece": "piece_per_year"}


@pytest.fixture(scope="module")
def codes() -> Codes:
    return Codes.shipped()


@pytest.fixture(scope="module")
def claims() -> pd.DataFrame:
    tables = [pd.read_csv(FACTS / f"{name}.csv", dtype=str, keep_default_na=False).assign(table=name) for name in TABLES]
    return pd.concat(tables, ignore_index=True)


def of(claims: pd.DataFrame, subject: str, attribute: str) -> pd.DataFrame:
    return claims[(claims["subject"] == subject) & (claims["attribute"] == attribute)]


def values(claims: pd.DataFrame, subject: str, attribute: str) -> list[str]:
    return of(claims, subject, attribute)["value"].tolist()


def test_every_record_of_the_register_is_a_site_or_a_contract(claims):
    wanted = {f"site:{name}" for name in PROJECTS.split()} | {f"contract:{name}" for name in CONTRACTS.split()}
    assert len(wanted) == 105
    assert set(claims.loc[claims["table"].isin(["sites_projects", "contracts"]), "subject"]) == wanted


@pytest.mark.parametrize("attribute", ["name", "located_in", "status", "record_kind"])
def test_every_site_and_contract_says_what_where_and_how_it_stands(claims, attribute):
    subjects = {subject for subject in claims["subject"] if ":" in subject}
    assert subjects - set(claims.loc[claims["attribute"] == attribute, "subject"]) == set()


def test_texts_are_of_the_code_lists(claims, codes):
    places = {*codes.places, *codes.groups}
    lists = {
        "located_in": places,
        "owner_country": places | {"unknown"},
        "status": set(codes.statuses),
        "stage": set(codes.stages),
        "runs_process": set(codes.processes),
    }
    for attribute, known in lists.items():
        assert set(claims.loc[claims["attribute"] == attribute, "value"]) <= known, attribute
    partners = claims.loc[claims["attribute"] == "contract_site", "value"]
    assert set(partners) <= set(claims["subject"])


def test_attributes_units_and_confidence_are_known(claims, codes):
    assert set(claims["attribute"]) <= set(codes.attributes)
    assert set(claims["confidence"]) <= {"reported", "derived", "estimated", "unverified"}
    for attribute, unit in set(zip(claims["attribute"], claims["unit"], strict=True)):
        assert codes.units[unit].dimension in codes.attributes[attribute].dimension, (attribute, unit)


def test_capacities_stand_in_the_unit_of_the_output(claims, codes):
    process = claims[claims["attribute"] == "runs_process"].set_index("subject")["value"].to_dict()
    capacity = claims[claims["attribute"].isin(["capacity", "max_capacity", "max_build_per_year"])]
    for subject, unit, value in zip(capacity["subject"], capacity["unit"], capacity["value"], strict=True):
        assert unit == RATES[codes.commodity(codes.process(process[subject]).output).unit], subject
        assert float(value) >= 0


def test_rival_registers_agree_on_the_process_and_the_place_of_a_site(claims):
    for attribute in ("runs_process", "located_in"):
        rows = claims[claims["attribute"] == attribute]
        assert not rows.drop_duplicates(["subject", "value"])["subject"].duplicated().any(), attribute


def test_windsor_makes_cells_for_a_korean_owner(claims):
    capacity = of(claims, "site:nextstar_windsor", "capacity").iloc[0]
    assert (capacity["value"], capacity["unit"], capacity["confidence"]) == ("49500", "MWh_per_year", "reported")
    assert values(claims, "site:nextstar_windsor", "owner_country") == ["KOR"]
    assert values(claims, "site:nextstar_windsor", "located_in") == ["CA-ON"]


@pytest.mark.parametrize(
    ("site", "history"),
    [
        (
            "nextstar_windsor",
            [("2022-03", "planned"), ("2024-10", "construction"), ("2025-11", "rampup"), ("2026-02-13", "rampup")],
        ),
        ("northvolt_six", [("2023-09", "planned"), ("2025-09-02", "cancelled")]),
        ("honda_alliston_ev", [("2024-04-25", "planned"), ("2025-05-13", "paused"), ("2026-05", "suspended")]),
        ("voiseys_bay", [("2005", "operating"), ("2024-12-03", "rampup"), ("2026-06-24", "operating")]),
    ],
)
def test_status_histories(claims, site, history):
    rows = of(claims, f"site:{site}", "status").sort_values("valid_from")
    assert list(zip(rows["valid_from"], rows["value"], strict=True)) == history


def test_nothing_that_ended_operates(claims, codes):
    rows = claims[(claims["attribute"] == "status") & claims["subject"].str.startswith("site:")].sort_values("valid_from")
    last = rows.groupby("subject").tail(1).set_index("subject")["value"]
    ended = {row.subject for row in rows.itertuples() if codes.status(row.value).ends}
    assert ended
    assert not any(codes.status(last[subject]).operates for subject in ended)
    assert last["site:northvolt_six"] == last["site:vale_becancour_niso4"] == "cancelled"


def test_conversions_to_the_main_output(claims):
    crawford = of(claims, "site:crawford", "capacity").iloc[0]
    assert float(crawford["value"]) == pytest.approx(3540e6 * 0.45359237e-3 / 41 / 0.12, rel=1e-6)
    assert crawford["confidence"] == "derived"
    assert values(claims, "site:asahi_port_colborne", "capacity") == ["9800"]
    electra = float(values(claims, "site:electra_refinery", "capacity")[0])
    assert electra == pytest.approx(6500 / 0.20966, rel=1e-6)


@pytest.mark.parametrize(
    ("site", "place"),
    [
        ("nal", "CA-QC"), ("tanco", "CA-MB"), ("frontier_pak", "CA-ON"), ("georgia_lake", "CA-ON"), ("gods_lake", "CA-MB"),
        ("separation_rapids", "CA-ON"), ("e3_clearwater", "CA-AB"), ("yellowknife", "CA-NT"), ("prairie_lithium", "CA-SK"),
        ("greenbushes", "AUS"), ("salar_de_atacama_sqm", "CHL"), ("raglan", "CA-QC"), ("posco_argentina_guemes", "ARG"),
    ],
)  # fmt: skip
def test_sites_lie_where_they_lie(claims, site, place):
    assert set(values(claims, f"site:{site}", "located_in")) == {place}


def test_deposits_make_a_supply_curve(claims):
    deposits = claims[claims["table"] == "sites_deposits"]
    assert deposits["subject"].nunique() == 160
    for attribute in ("site_variable_cost", "site_capital_cost", "max_capacity", "max_build_per_year", "delay", "site_resources"):
        assert (deposits["attribute"] == attribute).sum() == 160, attribute
    cost = float(values(claims, "site:nal", "site_variable_cost")[0])
    assert cost == pytest.approx(385, rel=0.01)
    present = (
        deposits[(deposits["attribute"] == "capacity") & (deposits["year"] == "2025")].set_index("subject")["value"].astype(float)
    )
    most = deposits[deposits["attribute"] == "max_capacity"].set_index("subject")["value"].astype(float)
    assert (present <= most[present.index] * (1 + 1e-9)).all()


def test_rival_claims_of_one_site_meet(claims):
    assert set(of(claims, "site:whabouchi", "status")["source"]) == {
        "projects_2026", "lithium_deposits_busch2025", "nrcan_critical_minerals_2026",
    }  # fmt: skip


def test_split_plants_keep_their_total(claims):
    parts = [float(values(claims, f"site:catl_ningde_{part}", "capacity")[0]) for part in ("lfp", "nickel")]
    assert sum(parts) == pytest.approx(120_000)
    assert set(of(claims, "site:catl_ningde_lfp", "capacity")["confidence"]) == {"estimated"}


def test_combined_capacities_count_once(claims):
    katanga = [f"site:usgs_{uid}_cobalt" for uid in ("cod011", "cod012", "cod013")]
    found = claims[claims["subject"].isin(katanga) & (claims["attribute"] == "capacity")]
    assert found["value"].tolist() == ["600000", "0", "0"]
    assert set(found["confidence"]) == {"estimated"}


def test_owner_shares_of_a_place_sum_to_one_at_most(claims):
    shares = claims[claims["table"] == "owner_shares"]
    place = shares["subject"].str.split(">").str[1]
    total = (
        shares.assign(value=shares["value"].astype(float), place=place)
        .groupby(["place", "attribute", "year", "source"])["value"]
        .sum()
    )
    merged = (
        shares.assign(value=shares["value"].astype(float), place=place).groupby(["subject", "attribute", "year"])["value"].max()
    )
    assert total.max() <= 1 + 1e-9
    assert merged.between(0, 1).all()


def test_chinese_control_in_congo_and_indonesia(claims):
    congo = of(claims, "CHN>COD/cobalt", "mine_owner_share").set_index("year")["value"].astype(float)
    assert 0.6 < congo["2024"] < 0.75  # CMOC alone 0.505
    assert values(claims, "CHN>IDN/nickel", "refinery_owner_share") == ["0.75"]
    assert claims.loc[claims["source"].isin(["owner_shares_press"]), "note"].str.contains("http").all()


def test_companies_have_a_home_and_aliases_of_one_meaning(codes):
    companies = yaml.safe_load((FACTS.parent / "codes" / "companies.yaml").read_text(encoding="utf-8"))
    seen: dict[str, str] = {}
    for name, company in companies.items():
        assert company["home"] in {*codes.places, *codes.groups, "unknown"}, name
        for alias in company["aliases"]:
            assert seen.setdefault(alias.lower(), name) == name, alias
