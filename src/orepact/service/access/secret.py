"""Secrets: 32 random bytes as text, of which the database keeps the hash alone; and what follows from one for another purpose.

A hash without salt is enough, as nobody can try 2^256 of them; passwords are another matter (``passwords``).
"""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64encode
from hashlib import sha256


def new() -> str:
    """A new secret: 43 letters, digits, ``-`` and ``_``."""
    return secrets.token_urlsafe(32)


def hashed(text: str) -> str:
    """What the database keeps of it."""
    return sha256(text.encode(errors="surrogatepass")).hexdigest()


def same(one: str, other: str) -> bool:
    """Whether two texts are the same, found out in a time that does not tell where they differ."""
    return hmac.compare_digest(one.encode(errors="surrogatepass"), other.encode(errors="surrogatepass"))


def derived(text: str, purpose: str) -> str:
    """Another secret that only the bearer of the first can make, and from which the first cannot be found; 43 characters.

    >>> derived("a", "csrf") == derived("a", "csrf") != derived("a", "nonce")
    True
    """
    return urlsafe_b64encode(hmac.digest(text.encode(errors="surrogatepass"), purpose.encode(), "sha256")).rstrip(b"=").decode()
