"""The key-encryption key: it wraps each version's own data key (RFC 3394) and never touches a document."""

from functools import lru_cache

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap
from django.conf import settings

from documents.envelope import KEY_BYTES, Tampered


def wrap(data_key: bytes) -> tuple[bytes, str]:
    """A data key wrapped by today's key-encryption key, and the identifier of the latter."""
    key, key_id = _derived(settings.DOCUMENTS_KEY)
    return aes_key_wrap(key, data_key), key_id


def unwrap(wrapped: bytes, key_id: str) -> bytes:
    """The data key. Raises Tampered where it has changed, or was wrapped by a key that is neither today's nor one of the others at hand."""
    at_hand = map(_derived, (settings.DOCUMENTS_KEY, *settings.DOCUMENTS_OTHER_KEYS))
    key = next((key for key, known in at_hand if known == key_id), None)
    if key is None:
        raise Tampered(f"wrapped by the key {key_id}, which is not at hand")
    try:
        return aes_key_unwrap(key, wrapped)
    except (InvalidUnwrap, ValueError) as fault:
        raise Tampered("the data key does not unwrap") from fault


def current() -> str:
    """The identifier of today's key-encryption key."""
    return _derived(settings.DOCUMENTS_KEY)[1]


@lru_cache(maxsize=8)
def _derived(secret: str) -> tuple[bytes, str]:
    return _hkdf(secret, b"documents: key-encryption key"), _hkdf(secret, b"documents: key identifier")[:8].hex()


def _hkdf(secret: str, purpose: bytes) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=purpose).derive(secret.encode())
