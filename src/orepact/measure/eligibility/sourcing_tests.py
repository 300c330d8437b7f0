"""One function for each kind of test that another sourcing can mend: the shares that it asks for (one of them is enough)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from orepact.measure.eligibility.asked import Asked
from orepact.measure.eligibility.bill import Part
from orepact.measure.eligibility.concern import Standing
from orepact.measure.eligibility.linear import Bounds, Share, by_price, price_of

Shares: TypeAlias = tuple[Share, ...]


def material_cost_ratio(asked: Asked) -> Shares:
    """Material assistance cost ratio = (direct material cost - cost paid to entities of concern) / direct material cost.

    Source: 26 USC 7701(a)(52). A maker whose standing is unknown counts as of concern in the least and as clean in the most.
    """
    rule = asked.known_rule
    words = "direct material cost not paid to entities of concern"
    return (_of_materials(asked, words, rule.value or 0.0, _clean(asked)),)


def input_ownership(asked: Asked) -> Shares:
    """Part of the direct material cost from makers that are clean; all of it must be (``materials``: only of some)."""
    chosen = frozenset(asked.question.materials)
    clean = _clean(asked)

    def counted(part: Part) -> Bounds:
        return clean(part) if not chosen or part.material in chosen else (1.0, 1.0)

    return (_of_materials(asked, "direct material cost from makers that are no entity of concern", 1.0, counted),)


def regional_value_content(asked: Asked) -> Shares:
    """Regional value content by the methods of the rule; a material counts as originating where it was made in the region.

    - net_cost: (NC - VNM) / NC, with NC = direct materials + cost of making
    - build_down, transaction_value: (TV - VNM) / TV, with TV the price of the product
    - build_up: VOM / TV

    VNM and VOM are the values of non-originating and originating materials. Where no price is known, TV = NC.
    """
    rule = asked.known_rule
    wanted = asked.question.method
    methods: Mapping[str, float] = rule.alternatives or {wanted or "net_cost": rule.value or 0.0}
    return tuple(_content(asked, method, threshold) for method, threshold in methods.items())


def _content(asked: Asked, method: str, threshold: float) -> Share:
    bill, weight = asked.bill, _from_places(asked)
    words = f"regional value content by {method.replace('_', ' ')}"
    priced = bill.price_usd == bill.price_usd
    if method == "net_cost" or (method in {"build_down", "transaction_value"} and not priced):
        made_here = bill.other_cost_usd - bill.untracked_usd
        return Share(words, threshold, by_price(weight), price_of, made_here, bill.other_cost_usd, bill.untracked_usd)
    if method == "build_up":
        whole = (lambda _part: 0.0, bill.price_usd) if priced else (price_of, bill.other_cost_usd)
        return Share(words, threshold, by_price(weight), whole[0], 0.0, whole[1], bill.untracked_usd)

    def lost(part: Part) -> Bounds:
        least, most = weight(part)
        return (least - 1.0) * part.price_usd, (most - 1.0) * part.price_usd

    sure = bill.price_usd - bill.untracked_usd
    return Share(words, threshold, lost, lambda _part: 0.0, sure, bill.price_usd, bill.untracked_usd)


def content_share(asked: Asked) -> Shares:
    """Part of the value of the components (direct materials), or of the minerals in them, that comes from some places.

    The place of a mineral is where it was refined; one whose place is not known counts in the most only.
    """
    rule, question = asked.known_rule, asked.question
    threshold = rule.values.get(question.method, rule.value or 0.0)
    places = asked.places
    if question.part != "minerals":
        return (_of_materials(asked, "value of components from the named places", threshold, _from_places(asked)),)

    def minerals(part: Part) -> Bounds:
        each = 1.0 / part.quantity if part.quantity else 0.0
        sure = sum(value for place, value in part.minerals.items() if place in places)
        return sure * each, (sure + part.minerals.get("unknown", 0.0)) * each

    return (Share("value of minerals refined in the named places", threshold, minerals, _minerals_of),)


def _minerals_of(part: Part) -> float:
    return sum(part.minerals.values()) / part.quantity if part.quantity else 0.0


def recycled_content(asked: Asked) -> Shares:
    """Recycled part of one element in the direct materials, recovered from waste of making or of use.

    Source: Regulation (EU) 2023/1542, Article 8.
    """
    element = asked.question.element

    def counted(part: Part) -> Bounds:
        least, most = part.recycled.get(element, (0.0, 1.0))
        return least * part.content(element), most * part.content(element)

    return (Share(f"recycled {element}", asked.known_rule.value or 0.0, counted, lambda part: part.content(element)),)


def export_control(asked: Asked) -> Shares:
    """Part of the direct material cost that hangs on no licence: what the rule covers and comes from the place must be nothing.

    A material of which the rule covers only some grades counts in the most only.
    """
    covers = asked.known_rule.covers
    places = asked.leaves(asked.question.origin)

    def counted(part: Part) -> Bounds:
        covered = covers.get(part.material, "no")
        if covered == "no" or (part.maker.place and part.maker.place not in places and part.maker.country not in places):
            return 1.0, 1.0
        known = bool(part.maker.place)
        return 0.0, 0.0 if covered == "yes" and known else 1.0

    return (Share(f"direct material cost that needs no licence of {asked.question.origin}", 1.0, by_price(counted), price_of),)


def tariff_shift(asked: Asked) -> Shares:
    """Part of the direct material cost from the parties. All of it makes the product originating under any product rule."""
    return (_of_materials(asked, "direct material cost from the parties", 1.0, _from_places(asked)),)


def _of_materials(asked: Asked, words: str, threshold: float, weight: Callable[[Part], Bounds]) -> Share:
    """A share of the direct material cost; parts that nobody tracks are in the whole, and may count or not."""
    untracked = asked.bill.untracked_usd
    return Share(words, threshold, by_price(weight), price_of, 0.0, untracked, untracked)


def _clean(asked: Asked) -> Callable[[Part], Bounds]:
    bounds = {Standing.clean: (1.0, 1.0), Standing.unknown: (0.0, 1.0), Standing.concern: (0.0, 0.0)}
    return lambda part: bounds[asked.standing(part.maker)[0]]


def _from_places(asked: Asked) -> Callable[[Part], Bounds]:
    places = asked.places

    def weight(part: Part) -> Bounds:
        if not part.maker.place:
            return 0.0, 1.0
        inside = part.maker.place in places or part.maker.country in places
        return (1.0, 1.0) if inside else (0.0, 0.0)

    return weight


BY_SOURCING: Mapping[str, Callable[[Asked], Shares]] = {
    "material_cost_ratio": material_cost_ratio,
    "input_ownership": input_ownership,
    "regional_value_content": regional_value_content,
    "content_share": content_share,
    "recycled_content": recycled_content,
    "export_control": export_control,
    "tariff_shift": tariff_shift,
}
