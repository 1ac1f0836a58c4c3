"""A remote signing service as the Cloud Signature Consortium's API, version 2.0.0.2, describes it: for the tests, over plain HTTP on loopback."""

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from signatures.providers import Credential
from tests.signatures.serving import Asked, Reply

SHA256_OID = "2.16.840.1.101.3.4.2.1"
ALGORITHMS = {"sha256_ecdsa": "1.2.840.10045.4.3.2", "sha256_rsa": "1.2.840.113549.1.1.11", "rsa": "1.2.840.113549.1.1.1"}
FIELDS = {  # what each request may hold (11.5, 11.6, 11.10); what is not there is refused, as a strict service does
    "credentials/info": {"credentialID", "certificates", "certInfo", "authInfo"},
    "credentials/authorize": {"credentialID", "numSignatures", "hashes", "hashAlgorithmOID", "authData", "description"},
    "signatures/signHash": {"credentialID", "SAD", "hashes", "hashAlgorithmOID", "signAlgo", "signAlgoParams"},
}


class Fault(Exception):
    """An error of the API (10.1)."""


@dataclass
class SigningService:
    """One client, one credential, whose key stays here. Each signature is authorised with the PIN, over its own digest, and once (SCAL 2)."""

    credential: Credential
    client: str = "platform"
    secret: str = "the client's secret"
    pin: str = "8642"
    mode: str = "explicit"
    algorithms: tuple[str, ...] = ("sha256_ecdsa", "sha256_rsa")
    status: str = "enabled"
    forges: bool = False
    tokens: set[str] = field(default_factory=set)
    granted: dict[str, list[str]] = field(default_factory=dict)

    @property
    def offers(self) -> list[str]:
        return [ALGORITHMS[each] for each in self.algorithms]

    def __call__(self, asked: Asked) -> Reply:
        try:
            return 200, "application/json", json.dumps(self.answer(asked)).encode()
        except Fault as fault:
            return (401 if "token" in str(fault) else 400), "application/json", json.dumps({"error": str(fault)}).encode()

    def answer(self, asked: Asked) -> Mapping[str, Any]:
        if asked.path == "/oauth2/token":
            return self.token({name: values[0] for name, values in parse_qs(asked.body.decode()).items()})
        name = asked.path.removeprefix("/csc/v2/")
        if asked.headers.get("Authorization", "").removeprefix("Bearer ") not in self.tokens:
            raise Fault("invalid_token")
        said = json.loads(asked.body)
        if name not in FIELDS or set(said) - FIELDS[name] or said.get("credentialID") != "seal-1":
            raise Fault("invalid_request")
        return getattr(self, name.rpartition("/")[2])(said)

    def token(self, form: Mapping[str, str]) -> Mapping[str, Any]:
        if (form["grant_type"], form["client_id"], form["client_secret"]) != ("client_credentials", self.client, self.secret):
            raise Fault("invalid_client")
        self.tokens.add(token := secrets.token_hex(16))
        return {"access_token": token, "token_type": "Bearer", "expires_in": 3600}

    def info(self, said: Mapping[str, Any]) -> Mapping[str, Any]:
        chain = [self.credential.certificate, *self.credential.chain]
        return {
            "key": {"status": self.status, "algo": self.offers, "len": 256},
            "cert": {"status": "valid", "certificates": [base64.b64encode(each.public_bytes(Encoding.DER)).decode() for each in chain]},
            "auth": {"mode": self.mode, "objects": [{"type": "Password", "id": "PIN", "format": "N"}]},
            "SCAL": "2",
            "multisign": 1,
        }

    def authorize(self, said: Mapping[str, Any]) -> Mapping[str, Any]:
        if self.mode == "explicit" and said.get("authData") != [{"id": "PIN", "value": self.pin}]:
            raise Fault("invalid_pin")
        if said["numSignatures"] != len(said["hashes"]) or said["hashAlgorithmOID"] != SHA256_OID:
            raise Fault("invalid_request")
        self.granted[activation := secrets.token_hex(16)] = said["hashes"]
        return {"SAD": activation, "expiresIn": 300}

    def signHash(self, said: Mapping[str, Any]) -> Mapping[str, Any]:
        if self.granted.pop(said["SAD"], None) != said["hashes"] or said["hashAlgorithmOID"] != SHA256_OID:
            raise Fault("invalid_sad")
        if said["signAlgo"] not in self.offers:
            raise Fault("invalid_algorithm")
        return {"signatures": [base64.b64encode(self.signature(base64.b64decode(each))).decode() for each in said["hashes"]]}

    def signature(self, digest: bytes) -> bytes:
        key = self.credential.key.private
        digest = hashlib.sha256(digest).digest() if self.forges else digest
        if isinstance(key, rsa.RSAPrivateKey):
            return key.sign(digest, PKCS1v15(), Prehashed(SHA256()))
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return key.sign(digest, ec.ECDSA(Prehashed(SHA256())))
