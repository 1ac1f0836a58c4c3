"""A passkey's device in software, with real keys and signatures: an honest one, or one that lies about its site, its user or its counter."""

import hashlib
import json
import struct
from dataclasses import dataclass, field
from secrets import token_bytes
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class Device:
    """One passkey of one account. `origin` and `party` are what its browser would say of the page."""

    origin: str = "http://localhost:8000"
    party: str = "localhost"
    verifies: bool = True
    counter: int = 0
    id: bytes = field(default_factory=lambda: token_bytes(16))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    handle: bytes = b""

    def made(self, options: dict[str, Any]) -> str:
        """The answer to a request to make a passkey."""
        asked = options["publicKey"]
        self.handle = websafe_decode(asked["user"]["id"])
        public = cbor.encode(dict(ES256.from_cryptography_key(self.key.public_key())))
        data = self._data(ATTESTED) + bytes(16) + struct.pack(">H", len(self.id)) + self.id + public
        attestation = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", asked["challenge"])
        return self._told({"attestationObject": websafe_encode(attestation), "clientDataJSON": websafe_encode(client)})

    def proved(self, options: dict[str, Any], *, handle: bytes | None = None) -> str:
        """The answer to a request for a proof."""
        self.counter += 1
        data, client = self._data(0), self._client("webauthn.get", options["publicKey"]["challenge"])
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        said = {"authenticatorData": data, "clientDataJSON": client, "signature": signature, "userHandle": handle or self.handle}
        return self._told({name: websafe_encode(value) for name, value in said.items()})

    def _data(self, more: int) -> bytes:
        flags = PRESENT | (VERIFIED if self.verifies else 0) | more
        return hashlib.sha256(self.party.encode()).digest() + struct.pack(">BI", flags, self.counter)

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _told(self, response: dict[str, Any]) -> str:
        name = websafe_encode(self.id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "clientExtensionResults": {}, "response": response})
