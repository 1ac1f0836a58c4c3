"""Keys and certificates on disk: written whole, encrypted, for the owner's eyes only, made and replaced by one process at a time.

`NAME.key` and `NAME.pem` are what is in use. What they replace stays in `earlier/`: its certificate always, its key where it must go on answering for
what it signed.
"""

import fcntl
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat, load_pem_private_key
from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12
from django.core.exceptions import ImproperlyConfigured

from signatures.providers import Credential, InProcess, PrivateKey

EARLIER = "earlier"
Make = Callable[[int], Credential]  # given the number of those that were there before


def kept(
    folder: Path, name: str, passphrase: str, make: Make, *, usable: Callable[[Credential], bool], answers: bool = False
) -> Credential:
    """The credential called `name`; made and written where there is none, or where `usable` says it has had its time.

    `answers`: the key of one that is replaced is kept as well, not its certificate only.
    """
    with alone(folder):
        found = _read(folder / f"{name}.pem", passphrase)
        if found and usable(found):
            return found
        if found:
            _retire(folder, name, found, answers=answers)
        made = make(len(_past(folder, name)))
        _write_credential(folder, name, passphrase, made)
        return made


def read(folder: Path, name: str, passphrase: str) -> Credential | None:
    """The credential in use; None where there is none yet."""
    with alone(folder):
        return _read(folder / f"{name}.pem", passphrase)


def stamp(folder: Path, name: str) -> tuple[int, int] | None:
    """Changes when another process has replaced the credential; None where there is none."""
    try:
        found = (folder / f"{name}.pem").stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns


def certificates_before(folder: Path, name: str) -> list[x509.Certificate]:
    """The certificates of those called `name` that were replaced, oldest first."""
    return [x509.load_pem_x509_certificate(path.read_bytes()) for path in _past(folder, name)]


def replaced(folder: Path, name: str) -> int:
    """How many called `name` were replaced."""
    return len(_past(folder, name))


def before(folder: Path, name: str, passphrase: str) -> list[Credential]:
    """Those called `name` that were replaced and still answer, oldest first."""
    return [found for path in _past(folder, name) if path.with_suffix(".key").exists() and (found := _read(path, passphrase))]


def from_pkcs12(path: Path, passphrase: str) -> Credential:
    """The credential in a PKCS#12 file. Raises ImproperlyConfigured where it lacks a key or a certificate."""
    try:
        bundle = load_pkcs12(path.read_bytes(), passphrase.encode() or None)
    except (OSError, ValueError) as fault:
        raise ImproperlyConfigured(f"{path} cannot be opened as PKCS#12: {fault}") from fault
    if bundle.cert is None or not isinstance(bundle.key, PrivateKey):
        raise ImproperlyConfigured(f"{path} holds no RSA or elliptic-curve key with its certificate")
    others = [other.certificate for other in bundle.additional_certs]
    return Credential(InProcess(bundle.key), bundle.cert.certificate, in_order(bundle.cert.certificate, others))


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One process, and in it one thread, at a time in the folder."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def in_order(leaf: x509.Certificate, others: Sequence[x509.Certificate]) -> tuple[x509.Certificate, ...]:
    """The certificates above `leaf`, each the issuer of the one before."""
    chain, below, left = [], leaf, list(others)
    while above := next((other for other in left if other.subject == below.issuer and other != below), None):
        left.remove(above)
        chain.append(above)
        below = above
    return tuple(chain)


def _past(folder: Path, name: str) -> list[Path]:
    return sorted((folder / EARLIER).glob(f"{name}.*.pem"))


def _retire(folder: Path, name: str, found: Credential, *, answers: bool) -> None:
    """What was in use, put beside: complete there before anything is taken away here."""
    (folder / EARLIER).mkdir(exist_ok=True, mode=0o700)
    number = len(_past(folder, name)) + 1
    place = folder / EARLIER / f"{name}.{number:06d}.{found.certificate.serial_number:x}.pem"
    if answers:
        _write(place.with_suffix(".key"), (folder / f"{name}.key").read_bytes())
    _write(place, (folder / f"{name}.pem").read_bytes())
    (folder / f"{name}.pem").unlink()
    (folder / f"{name}.key").unlink()


def _read(path: Path, passphrase: str) -> Credential | None:
    """A certificate's file, the certificates above it, and its key's file beside it."""
    if not path.exists():
        return None
    key = load_pem_private_key(path.with_suffix(".key").read_bytes(), passphrase.encode())
    if not isinstance(key, PrivateKey):
        raise TypeError(f"{path.stem}.key is neither an RSA nor an elliptic-curve key")
    certificate, *chain = x509.load_pem_x509_certificates(path.read_bytes())
    return Credential(InProcess(key), certificate, tuple(chain))


def _write_credential(folder: Path, name: str, passphrase: str, made: Credential) -> None:
    """The key first: the certificate's file says that both are there."""
    if not isinstance(made.key, InProcess):
        raise TypeError("a key that lives elsewhere is not written here")
    (folder / f"{name}.pem").unlink(missing_ok=True)
    sealed = made.key.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(passphrase.encode()))
    _write(folder / f"{name}.key", sealed)
    _write(folder / f"{name}.pem", b"".join(one.public_bytes(Encoding.PEM) for one in (made.certificate, *made.chain)))


def _write(path: Path, content: bytes) -> None:
    draft = path.with_name(f"{path.name}.new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
