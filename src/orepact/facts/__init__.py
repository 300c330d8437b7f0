"""Facts: claims with their sources, the code lists they speak in, and the ledger that answers from them.

Names are imported on first use, so that ``import orepact.facts`` stays light.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from orepact.facts.claims import CLAIM_COLUMNS as CLAIM_COLUMNS
    from orepact.facts.claims import Claim as Claim
    from orepact.facts.codes import Codes as Codes
    from orepact.facts.importing import import_claims as import_claims
    from orepact.facts.importing import user_folder as user_folder
    from orepact.facts.labels import Audience as Audience
    from orepact.facts.labels import Label as Label
    from orepact.facts.ledger import Ledger as Ledger
    from orepact.facts.resolution import Why as Why

_HOMES = {
    "CLAIM_COLUMNS": "claims",
    "Audience": "labels",
    "Claim": "claims",
    "Codes": "codes",
    "Label": "labels",
    "Ledger": "ledger",
    "Why": "resolution",
    "import_claims": "importing",
    "user_folder": "importing",
}

__all__ = ["CLAIM_COLUMNS", "Audience", "Claim", "Codes", "Label", "Ledger", "Why", "import_claims", "user_folder"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
