"""The local seal: an Ed25519 key that signs each entry's hash, and the public keys of those that signed before it."""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from django.conf import settings

from backend.register.canonical import SEAL


class Seal:
    """A key that can sign."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.key_id = name_of(key.public_key())

    def sign(self, digest: bytes) -> tuple[bytes, str]:
        """The signature of an entry's hash, and the name of the key that made it."""
        return self._key.sign(SEAL + digest), self.key_id


def name_of(key: Ed25519PublicKey) -> str:
    """A key is named by the first 128 bits of its own SHA-256."""
    return hashlib.sha256(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()[:32]


def current() -> Seal:
    """The seal in use; made the first time, by one process."""
    return _load(Path(settings.KEYS_DIR), settings.KEYS_PASSPHRASE)


def rotate() -> Seal:
    """Replace the key; what it signed stays verifiable. Running processes use the old one until they restart, and may."""
    folder = Path(settings.KEYS_DIR)
    with _alone(folder):
        _make(folder, settings.KEYS_PASSPHRASE)
    _load.cache_clear()
    return current()


def verifies(key_id: str, digest: bytes, signature: bytes) -> bool:
    """Whether a key of ours, the present one or an earlier one, signed this hash."""
    key = _public(Path(settings.KEYS_DIR), key_id)
    if key is None:
        return False
    try:
        key.verify(signature, SEAL + digest)
    except InvalidSignature:
        return False
    return True


@lru_cache(maxsize=8)
def _load(folder: Path, passphrase: str) -> Seal:
    with _alone(folder):
        path = folder / "register-seal.pem"
        if not path.exists():
            _make(folder, passphrase)
        key = load_pem_private_key(path.read_bytes(), passphrase.encode())
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError("register-seal.pem is not an Ed25519 key")
    return Seal(key)


@lru_cache(maxsize=64)
def _found(path: Path) -> Ed25519PublicKey:
    key = load_pem_public_key(path.read_bytes())
    if not isinstance(key, Ed25519PublicKey) or name_of(key) != path.stem:
        raise ValueError(f"{path.name} is not the key it is named for")
    return key


def _public(folder: Path, key_id: str) -> Ed25519PublicKey | None:
    path = folder / "register-seals" / f"{key_id}.pem"
    return _found(path) if key_id.isalnum() and path.exists() else None


def _make(folder: Path, passphrase: str) -> None:
    """The public key first: a signature must never exist whose key is unknown."""
    key = Ed25519PrivateKey.generate()
    public = key.public_key()
    _write(folder / "register-seals" / f"{name_of(public)}.pem", public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    sealed = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(passphrase.encode()))
    _write(folder / "register-seal.pem", sealed)


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, for the owner's eyes only."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_suffix(".new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process at a time in the key folder."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / "register-seal.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
