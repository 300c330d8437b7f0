"""``Provider``: a server of OpenID Connect that says who somebody is (code flow with PKCE; the extra ``oidc``).

What it says is believed when it is signed with RS256 or ES256 by a key that the provider shows, is for this client, for this
login (nonce), by this issuer, and not over. Its address is the operator's to choose, and plain http is taken on this machine
alone.
"""

from __future__ import annotations

import time
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode, urlsplit

from orepact.errors import BadInput, Problem, Unauthorised
from orepact.service.access import secret

if TYPE_CHECKING:
    from joserfc.jwk import KeySet

ALGORITHMS = ("RS256", "ES256")
#: Seconds for an answer, that its description holds, between two looks for new keys, and that its clock may differ from ours.
TIMEOUT_S, DESCRIBED_S, KEYS_S, LEEWAY_S = 5.0, 3600.0, 60.0, 60
MOST_BYTES = 256 * 1024
LOCAL = ("127.0.0.1", "::1", "localhost")
_METADATA = "/.well-known/openid-configuration"


@dataclass
class Provider:
    """A provider, and as whom it knows this service. ``redirect_uri``: where it sends people back to."""

    issuer: str
    client_id: str
    redirect_uri: str
    client_secret: str = field(default="", repr=False)
    _described: tuple[float, dict[str, Any]] | None = field(default=None, repr=False)
    _keys: tuple[float, KeySet] | None = field(default=None, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str], redirect_uri: str) -> Provider | None:
        """The provider of ``OREPACT_OIDC_ISSUER``, ``OREPACT_OIDC_CLIENT_ID`` and ``OREPACT_OIDC_CLIENT_SECRET`` (or ``_FILE``),
        None where no issuer is named; raises ``BadInput`` with every problem.
        """
        issuer = environment.get("OREPACT_OIDC_ISSUER", "")
        if not issuer:
            return None
        client, file = environment.get("OREPACT_OIDC_CLIENT_ID", ""), environment.get("OREPACT_OIDC_CLIENT_SECRET_FILE")
        problems = [] if _safe(issuer) else [_bad("OREPACT_OIDC_ISSUER", "an https address", issuer[:80])]
        problems += [] if client else [_bad("OREPACT_OIDC_CLIENT_ID", "the id that the provider gave this service", "none")]
        try:
            key = Path(file).read_text(encoding="utf-8").strip() if file else environment.get("OREPACT_OIDC_CLIENT_SECRET", "")
        except OSError:
            key = ""
            problems.append(_bad("OREPACT_OIDC_CLIENT_SECRET_FILE", "a file that can be read", str(file)[:80]))
        if problems:
            raise BadInput(problems)
        return cls(issuer, client, redirect_uri, key)

    def address(self, *, state: str, nonce: str, verifier: str) -> str:
        """Where a browser is sent to say who it is."""
        challenge = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "response_type": "code", "client_id": self.client_id, "redirect_uri": self.redirect_uri, "scope": "openid",
            "state": state, "nonce": nonce, "code_challenge": challenge, "code_challenge_method": "S256",
        }  # fmt: skip
        place = self._endpoint("authorization_endpoint")
        return f"{place}{'&' if '?' in place else '?'}{urlencode(asked)}"

    def subject(self, *, code: str, nonce: str, verifier: str, now: int, issuer: str = "") -> str:
        """Who it is, by the code that the browser brought back; ``issuer``: who says that it was he (RFC 9207).

        Raises ``Unauthorised`` for whatever does not fit, or when the provider does not answer.
        """
        described = self._description()
        if issuer or described.get("authorization_response_iss_parameter_supported") is True:
            _demand(secret.same(issuer, self.issuer), "another provider")
        asked = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": self.redirect_uri, "code_verifier": verifier,
        }  # fmt: skip
        auth = None
        methods = described.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        if not self.client_secret:
            asked["client_id"] = self.client_id
        elif "client_secret_basic" in methods:
            auth = (quote(self.client_id, safe=""), quote(self.client_secret, safe=""))
        else:
            asked |= {"client_id": self.client_id, "client_secret": self.client_secret}
        given = self._asked("POST", self._endpoint("token_endpoint"), data=asked, auth=auth)
        shown = given.get("id_token")
        _demand(isinstance(shown, str) and len(shown) < MOST_BYTES, "no ID token")
        return self._checked(str(shown), nonce, now)

    def _checked(self, shown: str, nonce: str, now: int) -> str:
        """The user whom an ID token names (OpenID Connect Core, 3.1.3.7)."""
        from joserfc import jwt
        from joserfc.errors import InvalidKeyIdError, JoseError

        rules = jwt.JWTClaimsRegistry(
            now=now, leeway=LEEWAY_S, iss={"essential": True, "value": self.issuer}, exp={"essential": True},
            aud={"essential": True, "value": self.client_id}, iat={"essential": True}, sub={"essential": True},
            nonce={"essential": True},
        )  # fmt: skip
        try:
            try:
                found = jwt.decode(shown, self._key_set(), algorithms=list(ALGORITHMS))
            except InvalidKeyIdError:
                found = jwt.decode(shown, self._key_set(anew=True), algorithms=list(ALGORITHMS))
            rules.validate(found.claims)
        except (JoseError, ValueError, TypeError):
            raise _not_believed("an ID token that does not fit") from None
        claims = found.claims
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        _demand(not (several or "azp" in claims) or claims.get("azp") == self.client_id, "an ID token for another client")
        _demand(isinstance(claims["nonce"], str) and secret.same(claims["nonce"], nonce), "an ID token of another login")
        _demand(0 < len(claims["sub"]) <= 255, "no user")
        return str(claims["sub"])

    def _key_set(self, *, anew: bool = False) -> KeySet:
        """The keys with which it signs; looked for anew when one is not among them, at most once a minute."""
        from joserfc.jwk import KeySet

        with self._lock:
            moment = time.monotonic()
            if self._keys is None or moment - self._keys[0] > (KEYS_S if anew else DESCRIBED_S):
                given = self._asked("GET", self._endpoint("jwks_uri")).get("keys")
                _demand(isinstance(given, list), "no keys")
                signing = [one for one in given or [] if _signs(one)]
                self._keys = (moment, KeySet.import_key_set({"keys": signing}))
            return self._keys[1]

    def _description(self) -> dict[str, Any]:
        """What it says of itself, kept for an hour."""
        moment = time.monotonic()
        if self._described is None or moment - self._described[0] > DESCRIBED_S:
            found = self._asked("GET", self.issuer.rstrip("/") + _METADATA)
            _demand(found.get("issuer") == self.issuer, "the description of another provider")
            self._described = (moment, found)
        return self._described[1]

    def _endpoint(self, name: str) -> str:
        found = self._description().get(name)
        _demand(isinstance(found, str) and _safe(found), f"no {name}")
        return str(found)

    def _asked(self, method: str, place: str, **options: Any) -> dict[str, Any]:
        """What an address answers, as JSON: at most so many bytes, from no other address, in a few seconds."""
        import json

        http = _http()
        try:
            with (
                http.Client(timeout=TIMEOUT_S, follow_redirects=False, trust_env=False) as client,
                client.stream(method, place, headers={"Accept": "application/json"}, **options) as answer,
            ):
                text = b""
                for part in answer.iter_bytes():
                    text += part
                    _demand(len(text) <= MOST_BYTES, "an answer without end")
                _demand(answer.status_code == 200, f"status {answer.status_code}")
            found = json.loads(text)
        except (http.HTTPError, http.InvalidURL, ValueError, RecursionError):
            raise _not_believed("no answer that can be read") from None
        _demand(isinstance(found, dict), "no answer that can be read")
        return dict(found)


def _http() -> Any:
    try:
        import httpx2
    except ModuleNotFoundError:
        mend = "install the extra `oidc` of the package"
        raise BadInput([Problem("OREPACT_OIDC_ISSUER", "what OpenID Connect takes", "none installed", mend)]) from None
    return httpx2


def _safe(place: str) -> bool:
    """An address that nobody reads on its way: https, or on this machine."""
    parts = urlsplit(place)
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOCAL))


def _signs(one: Any) -> bool:
    return isinstance(one, dict) and one.get("kty") in {"RSA", "EC"} and one.get("use", "sig") == "sig"


def _demand(fine: bool, found: str) -> None:
    if not fine:
        raise _not_believed(found)


def _not_believed(found: str) -> Unauthorised:
    return Unauthorised(f"the provider did not say who you are ({found}): try again")


def _bad(column: str, expected: str, found: str) -> Problem:
    return Problem(column, expected, found, "set it, or leave OREPACT_OIDC_ISSUER out", "environment")
