"""A provider of OpenID Connect, in a process of its own, made of the parts of authlib: code flow, PKCE with S256 demanded, client
authentication, a code used once, RS256. It asks no password: ``as`` in the request says who somebody is,
Eva where nothing does.

``spoil`` in the request makes it say something else in the ID token; ``python oidc_provider.py PORT REDIRECT_URI`` starts it.
"""

from __future__ import annotations

import hmac
import json
import os
import sys
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import ClientMixin
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import AuthorizationCodeMixin, OpenIDCode, UserInfo
from flask import Flask, jsonify, request
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

CLIENT, SECRET = "orepact", "a client's secret with %: and +"
KEYS = KeySet([RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})])
STRANGER = RSAKey.generate_key(2048, {"kid": "one"})
CODES: dict[str, Code] = {}


@dataclass
class Client(ClientMixin):
    """The one service that it knows."""

    redirect_uri: str

    def get_client_id(self) -> str:
        return CLIENT

    def get_default_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_allowed_scope(self, scope: str) -> str:
        return " ".join(word for word in scope.split() if word == "openid")

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri == self.redirect_uri

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "client_secret_basic" and endpoint == "token"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


@dataclass
class Code(AuthorizationCodeMixin):
    """A code that was given out."""

    code: str
    redirect_uri: str
    scope: str
    nonce: str
    user: str
    spoil: str
    code_challenge: str
    code_challenge_method: str

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str:
        return self.nonce

    def get_auth_time(self) -> int:
        return int(time.time())

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None


class Grant(AuthorizationCodeGrant):
    """The code flow."""

    TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic",)

    def save_authorization_code(self, code: str, asked: Any) -> None:
        data = asked.payload.data
        CODES[code] = Code(
            code, data["redirect_uri"], asked.payload.scope, data["nonce"], str(asked.user), data.get("spoil", ""),
            data["code_challenge"], data["code_challenge_method"],
        )  # fmt: skip

    def query_authorization_code(self, code: str, client: Client) -> Code | None:
        return CODES.get(code)

    def delete_authorization_code(self, authorization_code: Code) -> None:
        del CODES[authorization_code.code]

    def authenticate_user(self, authorization_code: Code) -> str:
        return authorization_code.user


class Said(OpenIDCode):
    """What it says in the ID token, as it is or spoilt."""

    def exists_nonce(self, nonce: str, asked: Any) -> bool:
        return any(code.nonce == nonce for code in CODES.values())

    def resolve_client_private_key(self, client: Client) -> KeySet:
        return KEYS

    def get_client_algorithm(self, client: Client) -> str:
        return "RS256"

    def get_client_claims(self, client: Client) -> dict[str, Any]:
        return {"iss": request.host_url.rstrip("/")}

    def generate_user_info(self, user: str, scope: str) -> UserInfo:
        return UserInfo(sub=user)

    def encode_id_token(self, token: dict[str, Any], asked: Any) -> str:
        good = super().encode_id_token(token, asked)
        spoil = asked.authorization_code.spoil
        if not spoil:
            return good
        claims = jwt.decode(good, KEYS).claims
        header: dict[str, Any] = {"alg": "RS256", "kid": "one"}
        key: Any = KEYS
        later = int(time.time()) - 3600
        claims |= {
            "iss": {"iss": "https://id.example.org"}, "aud": {"aud": "another"}, "two_audiences": {"aud": [CLIENT, "another"]},
            "azp": {"azp": "another"}, "exp": {"exp": later, "iat": later}, "nonce": {"nonce": "another"}, "sub": {"sub": ""},
        }.get(spoil, {})  # fmt: skip
        for name in ("exp", "nonce", "sub", "aud"):
            if spoil == f"no_{name}":
                del claims[name]
        if spoil == "stranger":
            key = STRANGER
        if spoil == "hs256":
            return _signed_with_what_all_know(claims)
        if spoil == "none":
            return jwt.encode({"alg": "none"}, claims, None, ["none"])
        if spoil == "new_key":
            KEYS.keys.insert(0, RSAKey.generate_key(2048, {"kid": "two", "use": "sig", "alg": "RS256"}))
            header["kid"] = "two"
        if spoil == "altered":
            return good[:-8] + ("AAAAAAAA" if good[-8:] != "AAAAAAAA" else "BBBBBBBB")
        return jwt.encode(header, claims, key, ["RS256"])


def _signed_with_what_all_know(claims: dict[str, Any]) -> str:
    """By HS256 with the public key, as if that were a secret of both."""
    parts = [urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in ({"alg": "HS256", "kid": "one"}, claims)]
    signed = hmac.digest(KEYS.keys[0].as_pem(private=False), b".".join(parts), "sha256")
    return b".".join([*parts, urlsafe_b64encode(signed).rstrip(b"=")]).decode()


def make(redirect_uri: str) -> Flask:
    """The provider for a service at an address."""
    app, client = Flask(__name__), Client(redirect_uri)
    server = AuthorizationServer(app, query_client=lambda name: client if name == CLIENT else None, save_token=lambda *_: None)
    server.register_grant(Grant, [Said(require_nonce=True), CodeChallenge(required=True)])

    @app.get("/.well-known/openid-configuration")
    def describe() -> Any:
        here = request.host_url.rstrip("/")
        return jsonify({
            "issuer": here, "authorization_endpoint": f"{here}/authorize", "token_endpoint": f"{here}/token",
            "jwks_uri": f"{here}/keys", "response_types_supported": ["code"], "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"], "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        })  # fmt: skip

    @app.get("/keys")
    def keys() -> Any:
        return jsonify(KEYS.as_dict(private=False))

    @app.get("/authorize")
    def authorize() -> Any:
        who = request.args.get("as", "eva-there")
        grant = server.get_consent_grant(end_user=who)
        return server.create_authorization_response(grant=grant, grant_user=who)

    @app.post("/token")
    def token() -> Any:
        return server.create_token_response()

    return app


if __name__ == "__main__":
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # on this machine alone
    make(sys.argv[2]).run("127.0.0.1", int(sys.argv[1]), debug=False)
