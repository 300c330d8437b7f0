"""How a webhook is signed, after the specification of Standard Webhooks (symmetric, ``v1``).

The signature is HMAC-SHA256 of ``ID.TIMESTAMP.BODY`` under the bytes that ``whsec_`` writes in base64. Who receives it makes it
anew, compares, and refuses timestamps that are old.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import b64decode, b64encode

PREFIX = "whsec_"
#: Bytes of a new secret; the specification allows 24 to 64.
BYTES = 32


def new_secret() -> str:
    """A new secret."""
    return PREFIX + b64encode(secrets.token_bytes(BYTES)).decode()


def signature(secret: str, message: str, timestamp: int, body: bytes) -> str:
    """The signature of a message as ``webhook-signature`` carries it; ``timestamp`` in seconds since 1970.

    >>> signature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
    """
    key = b64decode(secret.removeprefix(PREFIX))
    made = hmac.digest(key, f"{message}.{timestamp}.".encode() + body, "sha256")
    return f"v1,{b64encode(made).decode()}"


def headers(secret: str, message: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The header fields of a signed message."""
    return {
        "webhook-id": message,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(secret, message, timestamp, body),
    }
