"""The pages of the tower as an OpenAPI document, made of their table: they are asked with what fits it and what does not."""

from __future__ import annotations

from typing import Any

from orepact.web.pages.page import Form, Page
from orepact.web.pages.table import PAGES

PLACE = "/pages.openapi.json"
#: How a page may answer a question, and a form; nothing else, whatever is asked.
READ = {200, 303, 400, 401, 403, 404, 405, 409, 414, 422}
SENT = {200, 303, 400, 401, 403, 404, 409, 413, 422, 429}
HTML, FORM = "text/html", "application/x-www-form-urlencoded"


def document() -> dict[str, Any]:
    """Every page with what may be asked in its address, and its forms."""
    paths: dict[str, Any] = {}
    kept: dict[str, Any] = {}
    for page in PAGES:
        row: dict[str, Any] = {"get": _asked(page, kept)}
        if page.forms:
            row["post"] = _sent(page, kept)
        paths[page.path] = row
    return {"openapi": "3.1.0", "info": {"title": "pages", "version": "1"}, "paths": paths, "components": {"schemas": kept}}


def _asked(page: Page, kept: dict[str, Any]) -> dict[str, Any]:
    schema = _schema(page.asked, kept)
    parameters = [
        {"name": name, "in": "path" if name in page.in_path else "query", "required": name in page.in_path, "schema": each}
        for name, each in schema["properties"].items()
    ]
    return {"operationId": f"page_{page.name}", "parameters": parameters, "responses": _answers(READ)}


def _sent(page: Page, kept: dict[str, Any]) -> dict[str, Any]:
    path = [one for one in _asked(page, kept)["parameters"] if one["in"] == "path"]
    forms = [_form(form, kept) for form in page.forms]
    body = {"required": True, "content": {FORM: {"schema": {"anyOf": forms} if len(forms) > 1 else forms[0]}}}
    return {"operationId": f"send_{page.name}", "parameters": path, "requestBody": body, "responses": _answers(SENT)}


def _form(form: Form, kept: dict[str, Any]) -> dict[str, Any]:
    schema = _schema(form.fields, kept)
    properties = {"form": {"const": form.name}, **schema["properties"]}
    return {"type": "object", "properties": properties, "required": ["form", *schema.get("required", ())]}


def _schema(model: Any, kept: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = model.model_json_schema(ref_template="#/components/schemas/{model}")
    kept.update(found.pop("$defs", {}))
    return {"properties": {}, **found}


def _answers(statuses: set[int]) -> dict[str, Any]:
    return {str(status): {"description": "", "content": {HTML: {}}} for status in sorted(statuses)}
