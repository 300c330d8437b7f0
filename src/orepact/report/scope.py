"""What the brief looks at: the elements, the stages, the parties and the products it follows, in order."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orepact.chain import Network
    from orepact.facts import Codes

#: Elements of the heat table and of reliance.
ELEMENTS = ("lithium", "nickel", "cobalt", "manganese", "graphite", "copper")
#: Stages of the heat table: the first two from statistics, the others from the balanced base year.
STATISTIC_STAGES = ("mine", "refine")
MODEL_STAGES = ("precursor", "active_material", "component", "cell")
#: The three countries that the brief answers for.
CORRIDOR = ("KOR", "JPN", "CAN")
BUYERS = ("KOR", "JPN")
SELLER = "CAN"
#: Parties of the capacity pictures: a place, a group of places, or the rest.
PARTIES = ("CAN", "KOR", "JPN", "USA", "europe", "CHN")
REST = "rest"
MILESTONES = (2030, 2035, 2040)
#: Statuses as the pipeline stacks them, surest first.
STATUS_GROUPS = {
    "Operating": ("operating", "rampup", "at_risk", ""),
    "Under construction": ("construction",),
    "Permitting or planned": ("permitting", "planned"),
    "Study or early": ("study", "early"),
    "Paused or suspended": ("paused", "suspended"),
    "Status unknown": ("unknown",),
}


@dataclass(frozen=True, slots=True)
class Product:
    """A line of the chain that the brief follows: commodities of some stages (all, or those that hold ``element``).

    With ``element`` quantities are contained tonnes, otherwise units of the commodities divided by ``scale``.
    """

    id: str
    title: str
    unit: str
    stages: tuple[str, ...]
    element: str = ""
    prefix: tuple[str, ...] = ()
    scale: float = 1.0


PRODUCTS = (
    Product("mined_lithium", "Lithium, mined", "t lithium", ("mine", "concentrate"), "lithium"),
    Product("lithium_chemicals", "Lithium chemicals", "t lithium", ("refine",), "lithium", ("lithium_",)),
    Product("mined_nickel", "Nickel, mined", "t nickel", ("mine", "concentrate"), "nickel"),
    Product(
        "refined_nickel", "Nickel metal and sulphate", "t nickel", ("refine",), "nickel", ("nickel_class1", "nickel_sulphate")
    ),
    # Laterite nickel ore holds cobalt that only leaching recovers: it counts once it is in the mixed hydroxide.
    Product(
        "mined_cobalt",
        "Cobalt, mined",
        "t cobalt",
        ("mine", "concentrate", "refine"),
        "cobalt",
        ("cobalt_concentrate", "nickel_concentrate", "mixed_hydroxide_precipitate"),
    ),
    Product(
        "refined_cobalt", "Cobalt metal and sulphate", "t cobalt", ("refine",), "cobalt", ("cobalt_metal", "cobalt_sulphate")
    ),
    Product("mined_graphite", "Natural graphite, mined", "t graphite", ("mine", "concentrate"), "graphite"),
    Product("anode", "Graphite anode material", "t", ("active_material",), "", ("coated_", "synthetic_")),
    Product("mined_copper", "Copper, mined", "t copper", ("mine", "concentrate"), "copper"),
    Product("cathode", "Cathode material", "t", ("active_material",), "", ("cam_",)),
    Product("cells", "Battery cells", "GWh", ("cell",), "", ("cell_",), 1000.0),
)
#: Products of the capacity timeline and of what Canada can carry.
TIMELINE = ("cells", "cathode", "anode", "lithium_chemicals", "refined_nickel", "refined_cobalt")
CARRIED = {
    "lithium": "mined_lithium",
    "nickel": "mined_nickel",
    "cobalt": "mined_cobalt",
    "graphite": "mined_graphite",
    "copper": "mined_copper",
}


@cache
def products() -> dict[str, Product]:
    """Products by id."""
    return {product.id: product for product in PRODUCTS}


def factors(network: Network, product: Product) -> dict[str, float]:
    """Quantity of the product in one unit of each commodity that counts for it."""
    table = network.commodities
    names = [str(name) for name in table.index[table["stage"].isin(product.stages)]]
    if product.prefix:
        names = [name for name in names if name.startswith(product.prefix)]
    if not product.element:
        return dict.fromkeys(names, 1.0 / product.scale)
    held = network.contents[network.contents["element"] == product.element].set_index("commodity")["t_per_unit"]
    return {name: float(held[name]) for name in names if name in held.index and held[name] > 0}


def party_of(codes: Codes) -> dict[str, str]:
    """Party of every leaf place; places of no party are ``rest``."""
    found = dict.fromkeys(codes.places, REST)
    for party in PARTIES:
        found |= dict.fromkeys(codes.members(party), party)
    return found


def title_of(codes: Codes, name: str) -> str:
    """A place, group or party in words; unknown names as they are.

    >>> from orepact.facts import Codes
    >>> title_of(Codes.shipped(), "KOR"), title_of(Codes.shipped(), "rest")
    ('Korea', 'Rest of the world')
    """
    if name in {REST, "ROW"}:
        return "Rest of the world"
    if name in {"unknown", ""}:
        return "Unknown"
    return codes.places[name].title if name in codes.places else codes.groups[name].title if name in codes.groups else name


def thing_title(codes: Codes, name: str) -> str:
    """A commodity or element in words; other names as they are.

    >>> from orepact.facts import Codes
    >>> thing_title(Codes.shipped(), "cell_lfp"), thing_title(Codes.shipped(), "paper")
    ('LFP cell', 'paper')
    """
    known = codes.commodities.get(name) or codes.elements.get(name)
    return known.title if known else name
