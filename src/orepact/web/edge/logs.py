"""What a server says of itself: a line for each request and for each error, for people or as JSON for programs.

A line names the request by its id and the *template* of its route, so that nothing of an address gets into it: no id of a
record, no secret of a link, no query. Of who asked it has the account at most. Of an error it has the kind and the places in the
program, without the words of the error, which may hold what somebody sent.
"""

from __future__ import annotations

from typing import Any

from orepact.service import logs

#: Loggers of the server, and from which level on they are heard.
LEVELS = {"orepact": "INFO", "uvicorn": "INFO", "uvicorn.error": "INFO", "sqlalchemy": "ERROR"}
#: By what name a line is formed; ``configuration`` names these to processes that are started anew.
FORMS = {"lines": f"{logs.__name__}.Lines", "json": f"{logs.__name__}.JsonLines"}
#: What a request is told by, in order.
FIELDS = ("request_id", "method", "route", "status", "ms", "account")


def configuration(form: str) -> dict[str, Any]:
    """How to log, as ``logging.config.dictConfig`` reads it; ``form``: lines or json. Everything goes to standard error."""
    heard = {name: {"handlers": ["out"], "level": level, "propagate": False} for name, level in LEVELS.items()}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"form": {"()": FORMS[form]}},
        "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "form", "stream": "ext://sys.stderr"}},
        "loggers": {**heard, "uvicorn.error": {"level": "INFO"}},
        "root": {"handlers": ["out"], "level": "WARNING"},
    }
