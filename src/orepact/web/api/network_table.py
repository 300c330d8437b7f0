"""Rows of the API about networks that organisations keep by name."""

from __future__ import annotations

from orepact.web.api.routes import Does, Route

NETWORKS = (
    Route("GET", "/networks", "sharing.list_networks", "Every version of your organisation's networks.", deed="run", kept=False),
    Route(
        "POST", "/networks", "sharing.put_network", "Keep a network package (zip) as the next version of a network.",
        ("name=own_network", "label=own_label"), does=Does.manages, deed="put_overlay", done=201, whole="content",
        takes="application/zip", large=True,
    ),
    Route("GET", "/networks/{own_network}", "sharing.show_network", "The files of a network.", deed="run", kept=False),
    Route(
        "GET", "/networks/{own_network}/package.zip", "sharing.network_package", "A network as it was put.", deed="export",
        kept=False, noted=True, media="application/zip",
    ),
    Route(
        "DELETE", "/networks/{own_network}", "sharing.end_network", "Let no new run use it; nothing is removed.",
        does=Does.manages, deed="put_overlay",
    ),
)  # fmt: skip
