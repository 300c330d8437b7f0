"""What a process of the service counts of its requests, for Prometheus.

Labels are templates of routes, methods and statuses: no ids, no organisations, no addresses. Several processes count into files
of one folder (``PROMETHEUS_MULTIPROC_DIR``, set before this module is read), which the process that started them adds up.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

#: Seconds; 0.15 is what 95 of 100 requests shall not exceed.
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"})
#: In place of what a client made up.
OTHER = "other"
#: In place of the template where no route was reached: an address that is not there, or a request that was refused before.
NO_ROUTE = "none"


@dataclass
class Metrics:
    """The counts of one process."""

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)

    def __post_init__(self) -> None:
        made: dict[str, Any] = {"registry": self.registry}
        labels = ["route", "method", "status"]
        self.requests = Counter("orepact_http_requests", "Requests that were answered.", labels, **made)
        self.seconds = Histogram("orepact_http_request_seconds", "How long answers took.", ["route"], buckets=BUCKETS, **made)
        self.in_flight = Gauge(
            "orepact_http_requests_in_flight", "Requests that are being answered.", multiprocess_mode="livesum", **made
        )
        self.limited = Counter("orepact_http_rate_limited", "Requests that were too many (429).", **made)

    def begin(self) -> None:
        """A request has come."""
        self.in_flight.inc()

    def end(self, route: str, method: str, status: int, seconds: float) -> None:
        """It is answered; ``status`` 0: who asked had gone."""
        self.in_flight.dec()
        self.requests.labels(route, method, str(status)).inc()
        self.seconds.labels(route).observe(seconds)
        if status == 429:
            self.limited.inc()


@cache
def of_process() -> Metrics:
    """The counts of this process: there are no second ones of it."""
    return Metrics()


def known_method(method: str) -> str:
    """A method as it may be told: clients make up others.

    >>> known_method("GET"), known_method("GIMME-1")
    ('GET', 'other')
    """
    return method if method in METHODS else OTHER
