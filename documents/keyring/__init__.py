"""The key-encryption key: it wraps each version's own data key and never touches a document. Where it lives is the provider's business."""

from typing import Protocol

from django.conf import settings

from documents.keyring import local, transit

Wrapped = tuple[bytes, str]  # the wrapped data key, and the identifier of the key that wraps it


class Provider(Protocol):
    """What keeps key-encryption keys: the present one, and earlier ones that still unwrap."""

    def present(self) -> str:
        """The identifier of the key that wraps from now on."""

    def wrap(self, data_key: bytes) -> Wrapped:
        """A data key wrapped by the present key."""

    def unwrap(self, wrapped: bytes, key_id: str) -> bytes:
        """The data key. Raises Tampered where it has changed, NoKey where the key is not at hand."""

    def rewrap(self, wrapped: bytes, key_id: str) -> Wrapped:
        """The same data key, under the present key."""


PROVIDERS: dict[str, Provider] = {"local": local, "vault-transit": transit}


def present() -> str:
    """The identifier of the key that wraps from now on. Raises Unavailable."""
    return _provider().present()


def wrap(data_key: bytes) -> Wrapped:
    """A data key wrapped by the present key, and the identifier of the latter. Raises Unavailable."""
    return _provider().wrap(data_key)


def unwrap(wrapped: bytes, key_id: str) -> bytes:
    """The data key. Raises Tampered where it was wrapped by another key or has changed, NoKey, Unavailable."""
    return _keeper(key_id).unwrap(wrapped, key_id)


def rewrap(wrapped: bytes, key_id: str) -> Wrapped:
    """The same data key under the present key, wherever the earlier one lived. Raises as `unwrap`."""
    now, then = _provider(), _keeper(key_id)
    return now.rewrap(wrapped, key_id) if now is then else now.wrap(then.unwrap(wrapped, key_id))


def _provider() -> Provider:
    return PROVIDERS[settings.DOCUMENTS_KEYRING]


def _keeper(key_id: str) -> Provider:
    """The provider whose key this is, which need not be the one in use: that is how one moves from one to the other."""
    return transit if key_id.startswith(transit.MARK) else local
