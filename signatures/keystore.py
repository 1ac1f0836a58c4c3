"""Keys and certificates on disk: written whole, encrypted, for the owner's eyes only, and made by one process at a time."""

import fcntl
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat, load_pem_private_key
from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12
from django.core.exceptions import ImproperlyConfigured

PrivateKey = EllipticCurvePrivateKey | RSAPrivateKey


@dataclass(frozen=True, repr=False)
class Credential:
    """A key that can sign, its certificate, and the certificates above it (nearest first)."""

    key: PrivateKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()

    @property
    def root(self) -> x509.Certificate:
        """The last certificate known above this one."""
        return (self.certificate, *self.chain)[-1]


def kept(folder: Path, name: str, passphrase: str, make: Callable[[], Credential], *, usable: Callable[[Credential], bool]) -> Credential:
    """The credential called `name`; made and written where there is none, or where `usable` says it has had its time."""
    with alone(folder):
        found = _read(folder, name, passphrase)
        if found and usable(found):
            return found
        made = make()
        _write_credential(folder, name, passphrase, made)
        return made


def from_pkcs12(path: Path, passphrase: str) -> Credential:
    """The credential in a PKCS#12 file. Raises ImproperlyConfigured where it lacks a key or a certificate."""
    try:
        bundle = load_pkcs12(path.read_bytes(), passphrase.encode() or None)
    except (OSError, ValueError) as fault:
        raise ImproperlyConfigured(f"{path} cannot be opened as PKCS#12: {fault}") from fault
    if bundle.cert is None or not isinstance(bundle.key, PrivateKey):
        raise ImproperlyConfigured(f"{path} holds no RSA or elliptic-curve key with its certificate")
    return Credential(
        bundle.key, bundle.cert.certificate, _in_order(bundle.cert.certificate, [other.certificate for other in bundle.additional_certs])
    )


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One process, and in it one thread, at a time in the folder."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _in_order(leaf: x509.Certificate, others: Sequence[x509.Certificate]) -> tuple[x509.Certificate, ...]:
    """The certificates above `leaf`, each the issuer of the one before."""
    chain, below, left = [], leaf, list(others)
    while above := next((other for other in left if other.subject == below.issuer and other != below), None):
        left.remove(above)
        chain.append(above)
        below = above
    return tuple(chain)


def _read(folder: Path, name: str, passphrase: str) -> Credential | None:
    path = folder / f"{name}.pem"
    if not path.exists():
        return None
    key = load_pem_private_key((folder / f"{name}.key").read_bytes(), passphrase.encode())
    if not isinstance(key, PrivateKey):
        raise TypeError(f"{name}.key is neither an RSA nor an elliptic-curve key")
    certificate, *chain = x509.load_pem_x509_certificates(path.read_bytes())
    return Credential(key, certificate, tuple(chain))


def _write_credential(folder: Path, name: str, passphrase: str, made: Credential) -> None:
    """The key first: the certificate's file says that both are there."""
    (folder / f"{name}.pem").unlink(missing_ok=True)
    _write(folder / f"{name}.key", made.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(passphrase.encode())))
    _write(folder / f"{name}.pem", b"".join(one.public_bytes(Encoding.PEM) for one in (made.certificate, *made.chain)))


def _write(path: Path, content: bytes) -> None:
    draft = path.with_name(f"{path.name}.new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
