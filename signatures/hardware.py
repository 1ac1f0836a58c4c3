"""Keys in a hardware module, by PKCS #11: named by a URI (RFC 7512), opened with a PIN, used through pyHanko's own client."""

import asyncio
import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, unquote_to_bytes

import pkcs11
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from django.core.exceptions import ImproperlyConfigured
from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.sign.general import SigningError
from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session

from backend.errors import Unavailable
from signatures.keystore import in_order
from signatures.providers import Credential, verify

SCHEME = "pkcs11:"


@dataclass(frozen=True)
class Place:
    """Where a key is: the module's library, the token, the name of the key and of its certificate there."""

    module: str
    token: TokenCriteria
    label: str | None
    id: bytes | None


def credential(uri: str, pin: str) -> Credential:
    """The key that a PKCS #11 URI names, with its certificate, and those above it, that lie in the same token.

    `pkcs11:token=Seals;object=seal?module-path=/usr/lib/softhsm/libsofthsm2.so`. Raises ImproperlyConfigured, Unavailable.
    """
    held = Held(place(uri), pin)
    leaf, others = held.certificates()
    return Credential(held, leaf, in_order(leaf, others))


def place(uri: str) -> Place:
    """What a PKCS #11 URI says (RFC 7512, 2.3). Raises ImproperlyConfigured."""
    path, _, query = uri.removeprefix(SCHEME).partition("?")
    said: Mapping[str, bytes] = {name: unquote_to_bytes(value) for name, _, value in (part.partition("=") for part in path.split(";"))}
    module = dict(parse_qsl(query)).get("module-path", "")
    if not uri.startswith(SCHEME) or not os.path.isabs(module) or not {"object", "id"} & set(said):
        wanted = "pkcs11:token=TOKEN;object=KEY?module-path=/path/of/the/library.so"
        raise ImproperlyConfigured(f"a key in a hardware module is named by a PKCS #11 URI such as {wanted}")
    token = TokenCriteria(label=said["token"].decode() if "token" in said else None, serial=said.get("serial"))
    return Place(module, token, said["object"].decode() if "object" in said else None, said.get("id"))


class Held:
    """A key that the module keeps. One signature at a time: a session of PKCS #11 does one thing."""

    def __init__(self, where: Place, pin: str) -> None:
        self._place, self._pin = where, pin
        self._alone = threading.Lock()
        self._signer: PKCS11Signer | None = None
        self._process = 0
        self._refused = False

    def sign(self, content: bytes) -> bytes:
        """Made by the module over the SHA-256 computed here, and checked with its certificate. Raises Unavailable."""
        return self._done(lambda signer: self._signed(signer, content))

    def certificates(self) -> tuple[x509.Certificate, list[x509.Certificate]]:
        """The key's, and all others of the token. Raises ImproperlyConfigured, Unavailable."""
        leaf, found = self._done(lambda signer: (signer.signing_cert, list(signer.cert_registry)))
        return _loaded(leaf), [_loaded(one) for one in found if one.dump() != leaf.dump()]

    def _signed(self, signer: PKCS11Signer, content: bytes) -> bytes:
        signature = asyncio.run(signer.async_sign_raw(content, "sha256"))
        verify(_loaded(signer.signing_cert), signature, content)
        return signature

    def _done(self, what: Callable[[PKCS11Signer], Any]) -> Any:
        """Once more in a new session where the module has forgotten the one we had."""
        with self._alone:
            fresh = self._signer is None
            while True:
                try:
                    return what(self._open())
                except (pkcs11.PinIncorrect, pkcs11.PinLocked) as fault:
                    self._refused = True  # never tried again by this process: a token locks itself
                    raise ImproperlyConfigured("the PIN of the hardware module is refused") from fault
                except (pkcs11.PKCS11Error, SigningError, InvalidSignature) as fault:
                    self._signer = None
                    if fresh:
                        raise Unavailable from fault
                    fresh = True

    def _open(self) -> PKCS11Signer:
        if self._refused:
            raise ImproperlyConfigured("the PIN of the hardware module was refused: correct it, and restart")
        if self._process not in (0, os.getpid()):  # the library of a process that forked is of no use in its child
            pkcs11.lib(self._place.module).reinitialize()
            self._signer = None
        self._process = os.getpid()
        if self._signer is None:
            session = self._session()
            label, name = self._place.label, self._place.id
            self._signer = PKCS11Signer(
                session, cert_label=label, key_label=label, cert_id=name, key_id=name, other_certs_to_pull=None, use_raw_mechanism=True
            )
        return self._signer

    def _session(self) -> pkcs11.Session:
        if not os.path.exists(self._place.module):
            raise ImproperlyConfigured(f"the library of the hardware module, {self._place.module}, is not there")
        open_one = partial(open_pkcs11_session, self._place.module, token_criteria=self._place.token)
        try:
            return open_one(user_pin=self._pin or None)
        except pkcs11.UserAlreadyLoggedIn:  # by another key of ours in the same token: a process is let in as a whole
            return open_one()


def _loaded(one: Any) -> x509.Certificate:
    return x509.load_der_x509_certificate(one.dump())
