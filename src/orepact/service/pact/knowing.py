"""What a person knows of sites that the facts do not: grades, rules that their goods pass, footprints; read from a YAML file."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from orepact.errors import BadInput, Problem, nearest
from orepact.service.pact.desk import made
from orepact.service.pact.forms import read_form
from orepact.wording import deed


class Known(BaseModel):
    """Of one site: ``carbon`` in kg CO2e per kg, ``grades`` that it makes, ``rules`` by name: whether its goods pass."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    carbon: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    grades: tuple[str, ...] | None = None
    rules: Mapping[str, bool] = {}


def read_known(source: Path | None, sites: Container[str], names: list[str]) -> dict[str, Known]:
    """What a file says by site (``SITE: {carbon: 1.8, grades: [battery], rules: {RULE: true}}``); nothing without a file.

    Raises ``BadInput`` with every problem: unknown sites with the nearest ``names``, values that make no sense.
    """
    if source is None:
        return {}
    found, problems = {}, []
    for site, fields in read_form(source).items():
        where = f"{source.name}, {site}"
        if site not in sites:
            near = ", ".join(nearest(str(site), names, least=0.6)) or f"see {deed('list_facts', attribute='status')}"
            problems.append(Problem(where, "a site of the facts", repr(site), near))
            continue
        try:
            found[site] = made(Known, fields if isinstance(fields, dict) else {"carbon": fields})
        except BadInput as error:
            problems += [replace(problem, column=f"{where}, {problem.column}") for problem in error.problems]
    if problems:
        raise BadInput(problems)
    return found
