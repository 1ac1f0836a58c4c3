"""People's own certificates at a signing service, by the API of the Cloud Signature Consortium, version 2.

Whoever signs goes there by their browser (OAuth, 8.4): once to say who they are, once to authorise the signatures over digests that are named. What
they bring back opens the service for that and nothing else; it is used at once, and neither kept nor logged.
"""

import asyncio
import base64
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

import aiohttp
from asn1crypto import pem
from asn1crypto.algos import SignedDigestAlgorithmId
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.utils.translation import gettext as _
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.csc_signer import CSCServiceSessionInfo

from backend.errors import Unavailable
from signatures import authority, csc, foreign, trusted_lists
from signatures.keystore import in_order
from signatures.providers import Credential, Key, verify

FAULTS = (SigningError, aiohttp.ClientError, InvalidSignature, KeyError, TypeError, ValueError)
AT_MOST = 10  # certificates of one person that are looked at
BY_OWNER = "oauth2code"  # 11.5, auth/mode: its owner authorises each signature, at the service


@dataclass(frozen=True)
class Gone:
    """Where the browser goes, and what must be there when it comes back: `state` with it, `verifier` kept here (RFC 7636)."""

    url: str
    state: str
    verifier: str


@dataclass(frozen=True)
class Own:
    """A person's certificate at the service: how it is called there, how its key signs, how many signatures one authorisation allows."""

    id: str
    algorithm: str
    many: int
    certificates: tuple[bytes, ...]  # DER: theirs, then those above it
    trusted: bool  # whether these lead to somebody trusted here, as far as could be seen without asking anybody

    def as_json(self) -> dict[str, Any]:
        ders = [base64.b64encode(der).decode() for der in self.certificates]
        return {"id": self.id, "algorithm": self.algorithm, "many": self.many, "certificates": ders, "trusted": self.trusted}

    @classmethod
    def of_json(cls, said: Mapping[str, Any]) -> "Own":
        return cls(**{**said, "certificates": tuple(map(base64.b64decode, said["certificates"]))})

    @cached_property
    def certificate(self) -> x509.Certificate:
        return x509.load_der_x509_certificate(self.certificates[0])

    def credential(self, key: Key) -> Credential:
        """The certificate, with a key that stands for the one that is at the service."""
        return Credential(key, self.certificate, tuple(map(x509.load_der_x509_certificate, self.certificates[1:])))

    def named(self, oid: x509.ObjectIdentifier) -> str:
        """What it says of its owner."""
        return " ".join(str(one.value) for one in self.certificate.subject.get_attributes_for_oid(oid))

    @property
    def told(self) -> dict[str, str]:
        """What is kept of it as evidence, and told to whoever chooses it."""
        issuer = self.certificate.issuer.get_attributes_for_oid(NameOID.COMMON_NAME)
        return {
            "subject": self.named(NameOID.COMMON_NAME),
            "issuer": str(issuer[0].value) if issuer else self.certificate.issuer.rfc4514_string(),
            "serial": f"{self.certificate.serial_number:x}",
            "until": self.certificate.not_valid_after_utc.isoformat(),
            "sha256": sha256(self.certificates[0]).hexdigest(),
        }

    def valid(self, at: datetime) -> bool:
        return self.certificate.not_valid_before_utc <= at < self.certificate.not_valid_after_utc

    @property
    def signs(self) -> bool:
        """Whether it was made to sign with: for that alone, or for showing who one is too."""
        use = foreign.extension(self.certificate, x509.KeyUsage)
        return use is None or use.content_commitment or use.digital_signature


def service() -> str:
    """What people call the service that is configured; empty where none is."""
    return (settings.SIGNERS_CSC_NAME or settings.SIGNERS_CSC_URL) if settings.SIGNERS_CSC_URL else ""


def to_show_oneself(back: str) -> Gone:
    """To the service, to say who one is; `back` is the page that it answers."""
    return _gone(back, scope="service")


def to_authorise(own: Own, contents: Sequence[bytes], back: str) -> Gone:
    """To the service, to authorise one signature of each of these contents, and no other (8.4.3)."""
    hashes = ",".join(base64.urlsafe_b64encode(sha256(content).digest()).decode() for content in contents)
    asked = {"credentialID": own.id, "numSignatures": len(contents), "hashes": hashes, "hashAlgorithmOID": csc.SHA256}
    return _gone(back, scope="credential", **asked)


def handed(code: str, verifier: str, back: str) -> str:
    """What the service gives for the code that the browser brought back. Raises Unavailable."""
    known = {"client_id": settings.SIGNERS_CSC_CLIENT, "client_secret": settings.SIGNERS_CSC_SECRET}
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": verifier, **known}
    try:
        token = csc.posted(f"{_oauth()}/oauth2/token", {}, form=form)["access_token"]
        if not isinstance(token, str) or not token:
            raise ValueError("no token")
    except FAULTS as fault:
        raise failed() from fault
    return token


def certificates(token: str) -> list[Own]:
    """Those of its owner which they authorise each time, and with which they may sign now. Raises Unavailable."""
    try:
        listed = csc.posted(_called("credentials/list"), _bearing(token), json={"maxResults": AT_MOST})["credentialIDs"]
        ids = [str(one) for one in listed][:AT_MOST]
    except FAULTS as fault:
        raise failed() from fault
    found = []
    for one in ids:
        with suppress(*FAULTS):
            found.append(_own(one, token))
    return [one for one in found if one]


def sign(own: Own, contents: Sequence[bytes], token: str) -> list[bytes]:
    """The signatures of these contents, in their order, made there under what was authorised, and checked (11.10). Raises Unavailable."""
    hashes = [base64.b64encode(sha256(content).digest()).decode() for content in contents]
    asked = {"credentialID": own.id, "hashes": hashes, "hashAlgorithmOID": csc.SHA256, "signAlgo": own.algorithm}
    try:
        said = csc.posted(_called("signatures/signHash"), _bearing(token), json=asked)["signatures"]
        made = [base64.b64decode(one, validate=True) for one in said]
        for content, signature in zip(contents, made, strict=True):
            verify(own.certificate, signature, content)
    except FAULTS as fault:
        raise failed() from fault
    return made


def failed() -> Unavailable:
    message = _("%(service)s did not sign. Nothing is signed and nothing is lost. Try again, or sign without your certificate.")
    return Unavailable(message % {"service": service()}, code="signing-service")


def _gone(back: str, **asked: str | int) -> Gone:
    verifier, state = secrets.token_urlsafe(48), secrets.token_urlsafe(32)
    challenge = base64.urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")
    query = {
        "response_type": "code",
        "client_id": settings.SIGNERS_CSC_CLIENT,
        "redirect_uri": back,
        "state": state,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        **asked,
    }
    return Gone(f"{_oauth()}/oauth2/authorize?{urlencode(query)}", state, verifier)


def _own(id: str, token: str) -> Own | None:
    """One of the person's; None where it is not they who authorise it. Raises one of FAULTS."""
    session = CSCServiceSessionInfo(settings.SIGNERS_CSC_URL.rstrip("/"), id, token, api_ver="v2")
    found = asyncio.run(csc.known(session, csc.Through()))
    if found.response_data["auth"]["mode"] != BY_OWNER:
        return None
    leaf = csc.loaded(found.signing_cert)
    kind = "sha256_rsa" if found.signing_cert.public_key.algorithm == "rsa" else "sha256_ecdsa"
    algorithm = csc.algorithm(found, SignedDigestAlgorithmId(kind).dotted)
    above = in_order(leaf, [csc.loaded(one) for one in found.chain])
    anchor = _anchor((leaf, *above))
    chain = (leaf, *above) if anchor is None or anchor in (leaf, *above) else (leaf, *above, anchor)
    ders = tuple(one.public_bytes(Encoding.DER) for one in chain)
    return Own(id, algorithm, found.max_batch_size, ders, trusted=anchor is not None)


def _anchor(chain: Sequence[x509.Certificate]) -> x509.Certificate | None:
    """The certificate trusted here to which these lead: by configuration, or by a trusted list."""
    ders = [der for _kind, _headers, der in pem.unarmor(authority.trusted(), multiple=True)]
    if (lists := trusted_lists.lists()).certificates:
        ders += lists.issuers_of([one.public_bytes(Encoding.DER) for one in chain])
    roots = [x509.load_der_x509_certificate(der) for der in ders]
    return next((root for one in chain[::-1] for root in roots if one == root or foreign.issued_by(one, root)), None)


def _oauth() -> str:
    return str(settings.SIGNERS_CSC_OAUTH_URL or settings.SIGNERS_CSC_URL).rstrip("/")


def _called(name: str) -> str:
    return f"{settings.SIGNERS_CSC_URL.rstrip('/')}/csc/v2/{name}"


def _bearing(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
