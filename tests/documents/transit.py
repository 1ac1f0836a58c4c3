"""HashiCorp Vault's transit engine, played on loopback: real AES-256-GCM under real versions, with the answers Vault gives."""

import json
import os
import threading
import time
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

TOKEN = "hvs.of-the-tests"


class Refused(Exception):
    """An answer that is not 200."""

    def __init__(self, status: int, *errors: str) -> None:
        self.status = status
        self.errors = list(errors)


@dataclass
class Key:
    """One named key: its versions, numbered from 1, and the oldest that may still decrypt."""

    versions: list[bytes] = field(default_factory=lambda: [AESGCM.generate_key(256)])
    oldest: int = 1

    def encrypt(self, plain: bytes) -> str:
        nonce = os.urandom(12)
        sealed = nonce + AESGCM(self.versions[-1]).encrypt(nonce, plain, None)
        return f"vault:v{len(self.versions)}:{b64encode(sealed).decode()}"

    def decrypt(self, ciphertext: str) -> bytes:
        mark, _, rest = ciphertext.partition(":")
        version, _, sealed = rest.partition(":")
        if mark != "vault" or not version.startswith("v"):
            raise Refused(400, "invalid ciphertext: no prefix")
        number = int(version[1:])
        if number < self.oldest:
            raise Refused(400, "ciphertext or signature version is disallowed by policy (too old)")
        raw = b64decode(sealed)
        try:
            return AESGCM(self.versions[number - 1]).decrypt(raw[:12], raw[12:], None)
        except (InvalidTag, IndexError) as fault:
            raise Refused(400, "cipher: message authentication failed") from fault


@dataclass
class Transit:
    """The engine and its door."""

    address: str = ""
    keys: dict[str, Key] = field(default_factory=lambda: {"commun-accord": Key()})
    sealed: bool = False
    slow: float = 0.0
    asked: list[str] = field(default_factory=list)

    def rotate(self, name: str = "commun-accord") -> None:
        """What the operator does: `vault write -f transit/keys/<name>/rotate`."""
        self.keys[name].versions.append(AESGCM.generate_key(256))

    def retire(self, below: int, name: str = "commun-accord") -> None:
        """`vault write transit/keys/<name>/config min_decryption_version=<below>`."""
        self.keys[name].oldest = below

    def answer(self, method: str, path: str, token: str, body: dict[str, Any]) -> dict[str, Any]:
        self.asked.append(path)
        time.sleep(self.slow)
        if self.sealed:
            raise Refused(503, "Vault is sealed")
        if token != TOKEN:
            raise Refused(403, "permission denied")
        _v1, mount, what, name = path.strip("/").split("/")
        if mount != "transit":
            raise Refused(404, f"no handler for route {mount}")
        if name not in self.keys:
            raise Refused(404) if what == "keys" else Refused(400, "encryption key not found")
        return self.do(what, self.keys[name], body)

    def do(self, what: str, key: Key, body: dict[str, Any]) -> dict[str, Any]:
        match what:
            case "keys":
                return {"latest_version": len(key.versions), "min_decryption_version": key.oldest}
            case "encrypt":
                return {"ciphertext": key.encrypt(b64decode(body["plaintext"])), "key_version": len(key.versions)}
            case "decrypt":
                return {"plaintext": b64encode(key.decrypt(body["ciphertext"])).decode()}
            case "rewrap":
                return {"ciphertext": key.encrypt(key.decrypt(body["ciphertext"])), "key_version": len(key.versions)}
        raise Refused(404)


@contextmanager
def transit() -> Iterator[Transit]:
    """The engine, answering on a port of its own."""
    engine = Transit()

    class Door(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.serve()

        def do_POST(self) -> None:
            self.serve()

        def serve(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            token = self.headers.get("X-Vault-Token", "")
            try:
                status, said = 200, {"data": engine.answer(self.command, self.path, token, json.loads(raw or b"{}"))}
            except Refused as refusal:
                status, said = refusal.status, {"errors": refusal.errors}
            content = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            with suppress(BrokenPipeError):  # a client that lost patience
                self.wfile.write(content)

        def log_message(self, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        server.daemon_threads = True
        engine.address = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield engine
        server.shutdown()
