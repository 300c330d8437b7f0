"""Free settings of a scenario for the builder of the reference network."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class ReferenceSettings(BaseModel):
    """What a scenario may state about the reference network: demand, growth, routes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    base_year: int = Field(default=2024, ge=2015, le=2025, description="Year whose balance the country residuals close.")
    ev_projection: Literal["steps", "cps", "icct"] = Field(
        default="steps",
        description="Car sales after the last reported year: IEA stated policies, IEA current policies, or the ICCT roadmap.",
    )
    use_projection: Literal["steps", "aps", "nze"] = Field(
        default="steps", description="IEA projection of the uses outside batteries and of grid storage."
    )
    lfp_share_shift_per_year: float = Field(
        default=0.01,
        ge=-0.1,
        le=0.1,
        description="Yearly change of the LFP share of car batteries in every place after the base year.",
    )
    lfp_share_maximum: float = Field(default=0.85, ge=0, le=1, description="Highest LFP share of car batteries in any place.")
    consumer_electronics_growth_per_year: float = Field(
        default=0.02, description="Yearly growth of consumer electronics batteries."
    )
    bulk_use_growth_per_year: float = Field(
        default=0.01,
        description="Yearly growth of the uses outside batteries that no projection covers "
        "(manganese, aluminium, phosphorus, fluorine).",
    )
    shortage_cost_multiple: float = Field(
        default=5.0,
        gt=1,
        description="Cost of a missing unit of final demand, as a multiple of what the unit costs to make at list prices.",
    )
    expansion_per_year: float = Field(
        default=0.15,
        ge=0,
        le=1,
        description="Capacity that a place may add in a year to a process it runs today, as a share of today's capacity.",
    )
    mine_expansion_per_year: float = Field(default=0.06, ge=0, le=1, description="The same for mines.")
    newcomer_share_per_year: float = Field(
        default=0.005,
        ge=0,
        le=1,
        description="Capacity that a place may add in a year to a process new to it, as a share of the world's capacity.",
    )
    routes_per_destination: int = Field(
        default=5,
        ge=1,
        le=60,
        description="Cheapest suppliers that each importing place may draw on, for each commodity; observed ones come on top.",
    )
