"""Use cases about what organisations lay over the facts for themselves, and what may be told to others."""

from __future__ import annotations

from orepact._lazy import lazy

_HOME = {
    "alert_feed": "feeds",
    "deliver_beside": "delivering",
    "Deliverer": "delivering",
    "end_link": "links",
    "end_network": "networks",
    "end_overlay": "overlays",
    "end_webhook": "webhooks",
    "export_claims_file": "exporting",
    "export_records": "exporting",
    "export_sdmx_file": "exporting",
    "list_links": "links",
    "list_networks": "networks",
    "list_overlays": "overlays",
    "list_webhooks": "webhooks",
    "make_link": "links",
    "network_package": "networks",
    "pack_page": "exporting",
    "pool_share": "pooling",
    "pool_today": "pooling",
    "private_alerts": "feeds",
    "private_calendar": "feeds",
    "readable_overlays": "overlays",
    "put_network": "networks",
    "put_overlay": "overlays",
    "resume_webhook": "webhooks",
    "run_files": "handing_runs",
    "seal_again": "sealed",
    "show_network": "networks",
    "show_overlay": "overlays",
    "subscribe": "webhooks",
    "take_iamc": "taking_in",
    "take_pypsa": "taking_in",
    "take_sdmx": "taking_in",
    "try_webhook": "webhooks",
}

__all__ = [*sorted(_HOME)]  # noqa: PLE0604  the names of the table above

__getattr__ = lazy(__name__, _HOME)
