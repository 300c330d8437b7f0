"""Every route is asked with what its description allows and with what it does not: no fault of ours, nothing undocumented.

What fits a description may still name something that is not there or a day that is none: those are refused as documented.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from orepact.web.api.routes import PREFIX, Route
from orepact.web.api.table import ROUTES

CHECKS = (
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance,
)  # fmt: skip
#: Answers that take long: asked once.
SLOW = {"/measures/reliance", "/cascade", "/matches", "/audit/verify", "/facts", "/exports/claims", "/exports/sdmx-csv"}
#: So often each route is asked in either way; more for a sweep (``OREPACT_FUZZ=50``).
EXAMPLES = int(os.environ.get("OREPACT_FUZZ", "3"))


@schemathesis.serializer("application/zip")
def as_it_is(_: Any, value: Any) -> bytes:
    """A file is sent as drawn."""
    return value if isinstance(value, bytes) else str(value).encode()


@pytest.fixture(scope="session")
def api(app: Any) -> Any:
    """What the service says of itself."""
    return schemathesis.openapi.from_asgi("/api/v1/openapi.json", app)


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["fits", "does not fit"])
@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.id)
def test_no_route_fails_on_what_is_sent(route: Route, mode: GenerationMode, api: Any, token: str) -> None:
    operation = api[f"{PREFIX}{route.path}"][route.method]

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=1 if route.path in SLOW and EXAMPLES < 10 else EXAMPLES, deadline=None, derandomize=True,
        phases=(Phase.generate,), database=None, suppress_health_check=[*HealthCheck],
    )  # fmt: skip
    def ask(case: Any) -> None:
        case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=CHECKS)

    try:
        ask()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE, "nothing fits the description"


def test_the_description_is_one_of_openapi(app: Any) -> None:
    import json

    from openapi_spec_validator import validate
    from starlette.testclient import TestClient

    client = TestClient(app)
    found = json.loads(client.get("/api/v1/openapi.json").content)
    assert found["openapi"].startswith("3.1")
    validate(found)
