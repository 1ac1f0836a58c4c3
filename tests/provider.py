"""An identity provider, on loopback: a real OpenID Connect server (discovery, keys, codes with PKCE, tokens, userinfo, logout), told what to say.

It keeps to the protocol unless a test tells it to lie: `faults` change the claims of the ID token, `how` the way it is signed or handed over.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "commun-accord", "a-secret-of-the-tests-0123456789"
PERSON = {
    "sub": "armelle-at-the-provider-v1",
    "given_name": "Armelle Jeanne",
    "family_name": "VAUQUELIN",
    "birthdate": "1981-06-14",
    "birthplace": "76217",
    "email": "armelle@fournisseur.example",
}


def a_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


KEYS = {"one": a_key(), "two": a_key()}


@dataclass
class Provider:
    """What the server knows, and how it behaves."""

    address: str = ""
    person: dict[str, Any] = field(default_factory=lambda: dict(PERSON))
    acr: str = "eidas2"
    kid: str = "one"  # of the key it signs with and publishes
    faults: dict[str, Any] = field(default_factory=dict)
    how: set[str] = field(default_factory=set)
    signed_in_at: float = 0.0  # when the person last proved themself there; 0: at each request
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    access: set[str] = field(default_factory=set)
    asked: list[dict[str, str]] = field(default_factory=list)  # what came to the authorization endpoint
    left: list[dict[str, str]] = field(default_factory=list)  # what came to the logout endpoint
    hits: list[str] = field(default_factory=list)

    def settings(self, slug: str = "franceconnect", **more: Any) -> dict[str, Any]:
        """The configuration that leads here."""
        usual = {"name": "FranceConnect", "issuer": self.address, "client_id": CLIENT, "secret": SECRET, "acr": ["eidas1"], "about": ""}
        return {slug: {**usual, "strong_acr": ["eidas2"], "scope": ["openid", "given_name", "family_name"], **more}}

    def metadata(self) -> dict[str, Any]:
        ways = {"authorization": "authorize", "token": "token", "userinfo": "userinfo", "end_session": "logout"}
        found = {f"{name}_endpoint": f"{self.address}/{path}" for name, path in ways.items()}
        return {"issuer": self.faults.get("metadata issuer", self.address), "jwks_uri": f"{self.address}/jwks", **found}

    def jwks(self) -> dict[str, Any]:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEYS[self.kid].public_key()))
        return {"keys": [{**public, "kid": self.kid, "use": "sig", "alg": "RS256"}]}

    def agreed(self, asked: dict[str, str]) -> str:
        """The person proves themself: where their browser goes, with a code."""
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def tokens(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """Exchange a code: once, for the client that asked, at the address it gave, by who holds the verifier."""
        asked = self.codes.pop(form.get("code", ""), None)
        proof = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest()).rstrip(b"=").decode()
        known = (form.get("client_id"), form.get("client_secret")) == (CLIENT, SECRET)
        if not asked or not known or asked["redirect_uri"] != form.get("redirect_uri") or asked.get("code_challenge") != proof:
            return 400, {"error": "invalid_grant"}
        access = secrets.token_urlsafe(16)
        self.access.add(access)
        return 200, {"access_token": access, "token_type": "Bearer", "expires_in": 60, "id_token": self.id_token(asked)}

    def id_token(self, asked: dict[str, str]) -> str:
        now = int(time.time())
        claims = {
            **{"iss": self.address, "aud": asked["client_id"], "sub": self.person["sub"], "nonce": asked.get("nonce"), "acr": self.acr},
            **{"iat": now, "exp": now + 60, "auth_time": int(self.signed_in_at or now)},
            **{name: value for name, value in self.faults.items() if " " not in name},
        }
        return self.signed({name: value for name, value in claims.items() if value is not None})

    def signed(self, claims: dict[str, Any]) -> str:
        if "unsigned" in self.how:
            return jwt.encode(claims, None, "none", headers={"kid": self.kid})
        if "shared secret" in self.how:
            return jwt.encode(claims, SECRET, "HS256", headers={"kid": self.kid})
        other = next(name for name in KEYS if name != self.kid)
        return jwt.encode(claims, KEYS[other if "another key" in self.how else self.kid], "RS256", headers={"kid": self.kid})

    def userinfo(self) -> tuple[str, bytes]:
        said = {**self.person, "sub": self.faults.get("userinfo sub", self.person["sub"])}
        if "plain userinfo" in self.how:
            return "application/json", json.dumps(said).encode()
        return "application/jwt; charset=utf-8", self.signed({**said, "iss": self.address, "aud": CLIENT}).encode()


class Door(BaseHTTPRequestHandler):
    """HTTP before a `Provider`."""

    @property
    def provider(self) -> Provider:
        found: Provider = self.server.provider  # type: ignore[attr-defined]
        return found

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = dict(parse_qsl(parts.query))
        self.provider.hits.append(parts.path)
        match parts.path:
            case "/.well-known/openid-configuration":
                self.answer_json(200, self.provider.metadata())
            case "/jwks":
                self.answer_json(200, self.provider.jwks())
            case "/authorize":
                self.provider.asked.append(asked)
                page = f"<!doctype html><title>Provider</title><link rel=icon href='data:,'><h1>Provider</h1><a id='me' href='{self.provider.agreed(asked)}'>It is me</a>"
                self.answer(200, "text/html", page.replace("&", "&amp;").encode())
            case "/userinfo" if self.headers.get("Authorization", "").removeprefix("Bearer ") in self.provider.access:
                self.answer(200, *self.provider.userinfo())
            case "/logout":
                self.provider.left.append(asked)
                self.send_response(302)
                self.send_header("Location", f"{asked['post_logout_redirect_uri']}?{urlencode({'state': asked.get('state', '')})}")
                self.end_headers()
            case _:
                self.answer_json(401, {"error": "invalid_token"})

    def do_POST(self) -> None:
        form = {name: values[0] for name, values in parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()).items()}
        self.provider.hits.append(self.path)
        self.answer_json(*self.provider.tokens(form))

    def answer_json(self, status: int, said: Any) -> None:
        self.answer(status, "application/json", json.dumps(said).encode())

    def answer(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def provider() -> Iterator[Provider]:
    """The server, as long as it is wanted."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    server.daemon_threads = True
    made = server.provider = Provider(f"http://127.0.0.1:{server.server_port}")  # type: ignore[attr-defined]
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
