"""Secrets of second factors, sealed at rest: AES-256-GCM under a key made of DOCUMENTS_KEY; those of DOCUMENTS_OTHER_KEYS still open."""

import secrets
from base64 import b64decode, b64encode
from collections.abc import Iterator
from functools import lru_cache

from allauth.mfa.models import Authenticator
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import transaction

FIELDS = {Authenticator.Type.TOTP.value: "secret", Authenticator.Type.RECOVERY_CODES.value: "seed"}
PURPOSE = b"people: secret of a second factor"
NONCE = 12


class NoKey(Exception):
    """No key at hand opens this secret: DOCUMENTS_OTHER_KEYS lacks the one that sealed it, or it has changed."""


def seal(text: str) -> str:
    """A secret as it may be kept: the identifier of the key, then what only that key opens."""
    key, key_id = next(_ring())
    nonce = secrets.token_bytes(NONCE)
    return f"{key_id}.{b64encode(nonce + AESGCM(key).encrypt(nonce, text.encode(), PURPOSE)).decode()}"


def unseal(kept: str) -> str:
    """The secret. Raises NoKey."""
    key_id, _dot, body = kept.partition(".")
    key = next((key for key, known in _ring() if known == key_id), None)
    if key is None:
        raise NoKey(key_id)
    held = b64decode(body)
    try:
        return AESGCM(key).decrypt(held[:NONCE], held[NONCE:], PURPOSE).decode()
    except InvalidTag as fault:
        raise NoKey(key_id) from fault


def waiting() -> int:
    """How many secrets are not sealed by the present key."""
    _key, present = next(_ring())
    return sum(sealed_by(kept) != present for kept in _kept())


def lost() -> int:
    """How many secrets no key at hand opens: their owners cannot sign in."""
    known = {key_id for _key, key_id in _ring()}
    return sum(sealed_by(kept) not in known for kept in _kept())


def sealed_by(kept: Authenticator) -> str:
    """The identifier of the key that seals a row's secret."""
    return str(kept.data[FIELDS[kept.type]]).partition(".")[0]


def reseal() -> None:
    """Seal again, under the present key, what another one seals; beside people who use it. What cannot be opened is left as it is."""
    _key, present = next(_ring())
    openable = {key_id for _key, key_id in _ring()} - {present}
    for pk in [kept.pk for kept in _kept() if sealed_by(kept) in openable]:
        with transaction.atomic():
            held = Authenticator.objects.select_for_update(of=("self",)).filter(pk=pk).first()
            if held:
                field = FIELDS[held.type]
                held.data[field] = seal(unseal(held.data[field]))
                held.save(update_fields=["data"])


def _kept() -> Iterator[Authenticator]:
    return Authenticator.objects.filter(type__in=FIELDS).iterator()


def _ring() -> Iterator[tuple[bytes, str]]:
    """The keys and their identifiers, the present one first."""
    return map(_derived, filter(None, [settings.DOCUMENTS_KEY, *settings.DOCUMENTS_OTHER_KEYS]))


@lru_cache(maxsize=16)
def _derived(secret: str) -> tuple[bytes, str]:
    return _hkdf(secret, PURPOSE), _hkdf(secret, b"people: key identifier")[:8].hex()


def _hkdf(secret: str, purpose: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=purpose).derive(secret.encode())
