"""Keys at a remote signing service, by the API of the Cloud Signature Consortium, version 2: pyHanko's own client, told what version 2 calls things.

The digest leaves, a signature comes back. The service is known by OAuth (client credentials), each signature is authorised over its own digest, and what
comes back is checked with the certificate.
"""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
from asn1crypto.algos import DigestAlgorithmId
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from pyhanko.sign import Signer as AnySigner
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.csc_signer import (
    CSCAuthorizationInfo,
    CSCAuthorizationManager,
    CSCCredentialInfo,
    CSCServiceSessionInfo,
    CSCSigner,
    fetch_certs_in_csc_credential,
)
from requests import RequestException, codes

from backend import outgoing
from backend.errors import Unavailable
from signatures.keystore import in_order
from signatures.providers import Credential, verify

SECONDS = 20.0  # for one request: a service may wait for its own module
ANSWER_MAX_BYTES = 256 * 1024
SHA256 = DigestAlgorithmId("sha256").dotted
KEY_ALONE = {"rsa": "1.2.840.113549.1.1.1", "ec": "1.2.840.10045.2.1"}
EARLY = 30.0  # seconds before its end, another token is asked for


@dataclass(frozen=True, repr=False)
class Service:
    """A signing service and the credential we have there. `pin` is what authorises each signature where the service asks for one."""

    url: str
    credential: str
    client: str
    secret: str
    pin: str = ""


class Unknown(aiohttp.ClientError):
    """The service does not take our token, or no longer."""


class Refused(SigningError):
    """The service does not do what it is asked."""


def credential(service: Service) -> Credential:
    """The credential's key at the service, its certificate and those above it. Raises Unavailable."""
    remote = Remote(service)
    leaf, others = remote.certificates()
    return Credential(remote, leaf, in_order(leaf, others))


class Remote:
    """A key that the service keeps."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._alone = threading.Lock()
        self._token, self._until = "", 0.0

    def sign(self, content: bytes) -> bytes:
        """Over the SHA-256 computed here; checked with the certificate that the service gave. Raises Unavailable."""

        async def signed(session: CSCServiceSessionInfo, through: "Through") -> bytes:
            found = await known(session, through)
            signer = Signer(through, Authorisation(session, found, self._service.pin, through))  # type: ignore[arg-type]
            signature: bytes = await signer.async_sign_raw(content, "sha256")
            verify(loaded(found.signing_cert), signature, content)
            return signature

        return self._done(signed)

    def certificates(self) -> tuple[x509.Certificate, list[x509.Certificate]]:
        """The key's, and those the service gives beside it. Raises Unavailable."""
        found = self._done(known)
        return loaded(found.signing_cert), [loaded(one) for one in found.chain]

    def _done(self, what: Callable[[CSCServiceSessionInfo, "Through"], Coroutine[Any, Any, Any]]) -> Any:
        """Once more with a new token where the one we had is no longer taken."""
        while True:
            token, fresh = self._known_token()
            session = CSCServiceSessionInfo(self._service.url.rstrip("/"), self._service.credential, token, api_ver="v2")
            try:
                return asyncio.run(what(session, through := Through()))
            except (SigningError, aiohttp.ClientError, InvalidSignature, ValueError) as fault:
                if fresh or not through.unknown:
                    raise Unavailable from fault
                self._until = 0.0

    def _known_token(self) -> tuple[str, bool]:
        """The token of this process, and whether it was asked for just now (RFC 6749, 4.4)."""
        with self._alone:
            if time.monotonic() < self._until:
                return self._token, False
            known = {"client_id": self._service.client, "client_secret": self._service.secret}
            form = {"grant_type": "client_credentials", "scope": "service", **known}
            try:
                said = posted(f"{self._service.url.rstrip('/')}/oauth2/token", {}, form=form)
                self._token, self._until = str(said["access_token"]), time.monotonic() + float(said.get("expires_in", 300)) - EARLY
            except (aiohttp.ClientError, KeyError, TypeError, ValueError) as fault:
                raise Unavailable from fault
            return self._token, True


class Signer(CSCSigner):
    """pyHanko's, in the words of version 2 (11.10, signatures/signHash)."""

    def get_signature_mechanism_for_digest(self, digest_algorithm: str | None) -> Any:
        return AnySigner.get_signature_mechanism_for_digest(self, digest_algorithm)

    async def format_csc_signing_req(self, tbs_hashes: list[str], digest_algorithm: str) -> dict[str, Any]:
        authorised = await self.auth_manager.authorize_signature(tbs_hashes)
        return {
            "credentialID": self.auth_manager.csc_session_info.credential_id,
            "SAD": authorised.sad,
            "hashes": tbs_hashes,
            "hashAlgorithmOID": SHA256,
            "signAlgo": self._algorithm(digest_algorithm),
        }

    def _algorithm(self, digest_algorithm: str) -> str:
        whole: str = self.get_signature_mechanism_for_digest(digest_algorithm)["algorithm"].dotted
        return algorithm(self.auth_manager.credential_info, whole)


def algorithm(found: CSCCredentialInfo, whole: str) -> str:
    """The OID of the signature's algorithm, or of the key's alone where the service lists only that. Raises SigningError."""
    for one in (whole, KEY_ALONE.get(found.signing_cert.public_key.algorithm)):
        if one and one in found.response_data["key"]["algo"]:
            return one
    raise Refused("the service has no way of signing that is known here")


class Authorisation(CSCAuthorizationManager):
    """Each signature is authorised over its own digest, whether the service asks for that or not (11.6, credentials/authorize)."""

    def __init__(self, session: CSCServiceSessionInfo, known: CSCCredentialInfo, pin: str, through: "Through") -> None:
        super().__init__(session, known)
        self._pin, self._through = pin, through

    async def authorize_signature(self, hash_b64s: list[str]) -> CSCAuthorizationInfo:
        mode = self.credential_info.response_data.get("auth", {}).get("mode", "implicit")
        if mode not in ("implicit", "explicit"):
            raise Refused(f"this credential is authorised by its owner each time ({mode}): it cannot sign by itself")
        asked: dict[str, Any] = {
            "credentialID": self.csc_session_info.credential_id,
            "numSignatures": len(hash_b64s),
            "hashes": hash_b64s,
            "hashAlgorithmOID": SHA256,
        }
        if mode == "explicit":
            asked["authData"] = [{"id": "PIN", "value": self._pin}]
        url = self.csc_session_info.endpoint_url("credentials/authorize")
        async with self._through.post(url, headers=self.auth_headers, json=asked) as response:
            return self.parse_csc_auth_response(dict(await response.json()))


async def known(session: CSCServiceSessionInfo, through: "Through") -> CSCCredentialInfo:
    """What the service says of the credential (11.5, credentials/info). Raises SigningError where it may not sign now."""
    found = await fetch_certs_in_csc_credential(through, session)  # type: ignore[arg-type]
    said = found.response_data
    if said["key"].get("status", "enabled") != "enabled" or said["cert"].get("status", "valid") != "valid":
        raise Refused("the service has disabled this credential")
    return found


@dataclass(frozen=True)
class Answer:
    """What pyHanko asks of an answer."""

    said: Mapping[str, Any]

    async def json(self) -> Mapping[str, Any]:
        return self.said


class Through:
    """What pyHanko takes for its client session: each request goes out as all of ours do."""

    unknown = False  # whether the service did not take our token

    @asynccontextmanager
    async def post(self, url: str, *, headers: Mapping[str, str], json: Mapping[str, Any], **unused: Any) -> AsyncIterator[Answer]:
        try:
            yield Answer(await asyncio.to_thread(posted, url, headers, json=json))
        except Unknown:
            self.unknown = True
            raise


def posted(url: str, headers: Mapping[str, str], *, json: Mapping[str, Any] | None = None, form: Mapping[str, str] | None = None) -> Any:
    """The object that is answered. Raises aiohttp's ClientError, as pyHanko expects."""
    try:
        with outgoing.session(seconds=SECONDS, at_most=ANSWER_MAX_BYTES) as session:
            answer = session.post(url, headers=headers, json=json, data=form)
            if answer.status_code == codes.unauthorized:
                raise Unknown("the signing service does not know us")
            answer.raise_for_status()
            said = answer.json()
    except RequestException as fault:
        raise aiohttp.ClientError("the signing service does not answer as it should") from fault
    if not answer.ok or not isinstance(said, dict):
        raise aiohttp.ClientError("the signing service does not answer as it should")
    return said


def loaded(one: Any) -> x509.Certificate:
    return x509.load_der_x509_certificate(one.dump())
