"""The remote signing service of people: each authorises their own signatures there, by their browser, over digests that are named (OAuth, SCAL 2)."""

import base64
import hashlib
import html
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import httpx
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from backend import clock
from signatures import certificates
from signatures.certificates import SIGNING_USAGES, Profile
from signatures.providers import Credential
from tests.signatures.serving import Asked, Reply
from tests.signatures.signing_service import FIELDS, SHA256_OID, Fault, SigningService

LISTING = {"userID", "credentialInfo", "certificates", "certInfo", "authInfo", "onlyValid", "lang", "clientData", "maxResults", "pageToken"}
PERSONAL = Profile(certificates.SEAL.lasts, frozenset({"content_commitment"}), SIGNING_USAGES)


@dataclass
class PersonalService(SigningService):
    """`certificates` are those of whoever is at the browser, by the name they have here; `agrees`: whether that person goes on."""

    certificates: dict[str, Credential] = field(default_factory=dict)
    back: str = ""  # the only page it answers
    agrees: bool = True
    many: int = 10
    mode: str = "oauth2code"
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    opened: dict[str, dict[str, str]] = field(default_factory=dict)  # what each token opens
    authorised: list[dict[str, str]] = field(default_factory=list)

    def __call__(self, asked: Asked) -> Reply:
        if asked.path.startswith("/oauth2/authorize?"):
            return 200, "text/html", self.authorize_page(dict(parse_qsl(urlsplit(asked.path).query, strict_parsing=True))).encode()
        return super().__call__(asked)

    def authorize_page(self, query: dict[str, str]) -> str:
        """Where the person says yes or no; a request that is not as it should be (8.4.3) leads nowhere."""
        needed = {"response_type", "client_id", "redirect_uri", "state", "code_challenge", "code_challenge_method", "scope"}
        if query.get("scope") == "credential":
            needed |= {"credentialID", "numSignatures", "hashes", "hashAlgorithmOID"}
            hashes = query["hashes"].split(",")
            assert query["credentialID"] in self.certificates
            assert len(hashes) == int(query["numSignatures"]) <= self.many
            assert all(len(base64.urlsafe_b64decode(one)) == 32 for one in hashes)
            assert query["hashAlgorithmOID"] == SHA256_OID
        assert set(query) == needed
        assert (query["response_type"], query["code_challenge_method"]) == ("code", "S256")
        assert (query["client_id"], query["redirect_uri"]) == (self.client, self.back)
        answer = {"error": "access_denied"}
        if self.agrees:
            self.codes[code := secrets.token_hex(16)] = query
            answer = {"code": code}
        where = f"{query['redirect_uri']}?{urlencode({**answer, 'state': query['state']})}"
        return f"<a id='on' href='{html.escape(where)}'>Continuer</a>"

    def answer(self, asked: Asked) -> Mapping[str, Any]:
        if asked.path == "/oauth2/token":
            return self.token({name: values[0] for name, values in parse_qs(asked.body.decode()).items()})
        name, said = asked.path.removeprefix("/csc/v2/"), json.loads(asked.body)
        opened = self.opened.get(asked.headers.get("Authorization", "").removeprefix("Bearer "))
        if opened is None:
            raise Fault("invalid_token")
        if set(said) - {**FIELDS, "credentials/list": LISTING}[name]:
            raise Fault("invalid_request")
        if name == "signatures/signHash":
            return self.sign_hash(opened, said)
        if opened["scope"] != "service":
            raise Fault("invalid_token")
        if name == "credentials/list":
            return {"credentialIDs": list(self.certificates)}
        self.credential = self.certificates[said["credentialID"]]
        return {**self.info(said), "multisign": self.many}

    def token(self, form: Mapping[str, str]) -> Mapping[str, Any]:
        given = self.codes.pop(form["code"], None)  # once, whatever comes of it
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).decode().rstrip("=")
        known = (form["grant_type"], form["client_id"], form["client_secret"], form["redirect_uri"])
        if given is None or challenge != given["code_challenge"] or known != ("authorization_code", self.client, self.secret, self.back):
            raise Fault("invalid_grant")
        self.opened[token := secrets.token_hex(16)] = given
        self.authorised += [given] if given["scope"] == "credential" else []
        return {"access_token": token, "token_type": "Bearer", "expires_in": 300}

    def sign_hash(self, opened: dict[str, str], said: Mapping[str, Any]) -> Mapping[str, Any]:
        """What was authorised, to the letter, and once."""
        hashes = [base64.b64encode(base64.urlsafe_b64decode(one)).decode() for one in opened.get("hashes", "").split(",")]
        if opened["scope"] != "credential" or "used" in opened or said["hashes"] != hashes:
            raise Fault("invalid_sad")
        if said["credentialID"] != opened["credentialID"] or said["hashAlgorithmOID"] != SHA256_OID or said["signAlgo"] not in self.offers:
            raise Fault("invalid_request")
        opened["used"] = "yes"
        self.credential = self.certificates[said["credentialID"]]
        return {"signatures": [base64.b64encode(self.signature(base64.b64decode(one))).decode() for one in hashes]}


def personal(first_names: str, last_name: str, issuer: Credential, *, published: str = "", profile: Profile = PERSONAL) -> Credential:
    """A certificate in somebody's name, as EN 319 412-2 has it."""
    parts = [
        (NameOID.COUNTRY_NAME, "FR"),
        (NameOID.SURNAME, last_name),
        (NameOID.GIVEN_NAME, first_names),
        (NameOID.COMMON_NAME, f"{first_names} {last_name}".strip()),
    ]
    name = x509.Name([x509.NameAttribute(oid, value) for oid, value in parts if value])
    return certificates.make(name, profile, issuer, published=published)


@dataclass
class Provider:
    """Who certifies people, and publishes what it revoked."""

    root: Credential
    issuing: Credential
    address: str
    revoked: list[Credential] = field(default_factory=list)

    def certify(self, first_names: str, last_name: str) -> Credential:
        return personal(first_names, last_name, self.issuing, published=self.address)

    def publish(self, asked: Asked) -> Reply:
        """Each of its two authorities' certificate and list; by OCSP it does not answer."""
        for one in (self.issuing, self.root):
            if asked.path == f"/{one.key_id}.cer":
                return 200, "application/pkix-cert", one.certificate.public_bytes(Encoding.DER)
            if asked.path == f"/{one.key_id}.crl":
                return 200, "application/pkix-crl", crl_of(one, self.revoked)
        return 404, "text/plain", b""


def crl_of(issuer: Credential, revoked: list[Credential]) -> bytes:
    """The list of those that it revoked an hour ago."""
    now, hour = clock.machine().replace(microsecond=0), timedelta(hours=1)
    builder = (
        x509.CertificateRevocationListBuilder().issuer_name(issuer.certificate.subject).last_update(now - hour).next_update(now + hour)
    )
    for one in revoked:
        made = x509.RevokedCertificateBuilder().serial_number(one.certificate.serial_number).revocation_date(now - hour).build()
        builder = builder.add_revoked_certificate(made)
    key_id = x509.AuthorityKeyIdentifier(bytes.fromhex(issuer.key_id), None, None)
    signed = builder.add_extension(key_id, critical=False).add_extension(x509.CRLNumber(1), critical=False)
    return signed.sign(issuer.signing, SHA256()).public_bytes(Encoding.DER)


def go_on(address: str) -> str:
    """At the service, press the one button; gives where that leads on our site."""
    found = re.search(r"id='on' href='([^']+)'", httpx.get(address).raise_for_status().text)
    assert found
    parts = urlsplit(html.unescape(found[1]))
    return f"{parts.path}?{parts.query}"
