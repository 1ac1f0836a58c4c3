"""Key-encryption keys made of secrets in the environment: DOCUMENTS_KEY wraps (RFC 3394), DOCUMENTS_OTHER_KEYS still unwrap."""

from collections.abc import Iterator
from functools import lru_cache

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap
from django.conf import settings

from documents.envelope import KEY_BYTES, Tampered
from documents.keyring.errors import NoKey


def present() -> str:
    return next(_ring())[1]


def wrap(data_key: bytes) -> tuple[bytes, str]:
    key, key_id = next(_ring())
    return aes_key_wrap(key, data_key), key_id


def unwrap(wrapped: bytes, key_id: str) -> bytes:
    key = next((key for key, known in _ring() if known == key_id), None)
    if key is None:
        raise NoKey
    try:
        return aes_key_unwrap(key, wrapped)
    except (InvalidUnwrap, ValueError) as fault:
        raise Tampered("the data key does not unwrap") from fault


def rewrap(wrapped: bytes, key_id: str) -> tuple[bytes, str]:
    return wrap(unwrap(wrapped, key_id))


def _ring() -> Iterator[tuple[bytes, str]]:
    """The keys and their identifiers, the present one first."""
    return map(_derived, filter(None, [settings.DOCUMENTS_KEY, *settings.DOCUMENTS_OTHER_KEYS]))


@lru_cache(maxsize=16)
def _derived(secret: str) -> tuple[bytes, str]:
    return _hkdf(secret, b"documents: key-encryption key"), _hkdf(secret, b"documents: key identifier")[:8].hex()


def _hkdf(secret: str, purpose: bytes) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=purpose).derive(secret.encode())
