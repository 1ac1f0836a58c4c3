"""What signs, behind one small interface: bytes in, a signature out, with its certificate and chain. The key never leaves where it lives."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NoReturn, Protocol

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


class Key(Protocol):
    """A key that can sign, in this process or elsewhere."""

    def sign(self, content: bytes) -> bytes:
        """The signature of these bytes with SHA-256: ECDSA (in DER), or RSA as in PKCS #1, 1.5. Raises Unavailable where it cannot be had now."""


@dataclass(frozen=True, repr=False)
class InProcess:
    """A key in this process's memory: made here, or read from a file."""

    private: PrivateKey

    def sign(self, content: bytes) -> bytes:
        if isinstance(self.private, rsa.RSAPrivateKey):
            return self.private.sign(content, PKCS1v15(), SHA256())
        return self.private.sign(content, ec.ECDSA(SHA256()))


@dataclass(frozen=True, repr=False)
class Credential:
    """A key that can sign, its certificate, and the certificates above it (nearest first)."""

    key: Key
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()

    def sign(self, content: bytes) -> bytes:
        """The signature of these bytes. Raises Unavailable."""
        return self.key.sign(content)

    @property
    def root(self) -> x509.Certificate:
        """The last certificate known above this one."""
        return (self.certificate, *self.chain)[-1]

    @property
    def algorithm(self) -> str:
        """The signature's algorithm, as asn1crypto names it."""
        return "sha256_rsa" if isinstance(self.certificate.public_key(), rsa.RSAPublicKey) else "sha256_ecdsa"

    @cached_property
    def key_id(self) -> str:
        """The name of its key (RFC 5280, 4.2.1.2), in hexadecimal: what tells one generation of an authority from the next."""
        return key_id(self.certificate)

    @property
    def signing(self) -> Any:
        """What `cryptography`'s builders (of certificates, CRLs, OCSP answers) take for a private key: it signs, and gives nothing."""
        return _lent(self.certificate.public_key(), self.key.sign)


def verify(certificate: x509.Certificate, signature: bytes, content: bytes) -> None:
    """What a module or a service gave is a signature of these bytes by the certificate's key. Raises InvalidSignature."""
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        key.verify(signature, content, PKCS1v15(), SHA256())
    elif isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, content, ec.ECDSA(SHA256()))
    else:
        raise InvalidSignature("neither RSA nor an elliptic curve")


def key_id(certificate: x509.Certificate) -> str:
    """The name that a certificate gives its key; where it gives none, the SHA-1 of that key."""
    try:
        return certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest.hex()
    except x509.ExtensionNotFound:
        return x509.SubjectKeyIdentifier.from_public_key(certificate.public_key()).digest.hex()


def signing(key: PrivateKey) -> Any:
    """A key of this process, as the builders take one."""
    return _lent(key.public_key(), InProcess(key).sign)


def _lent(public: Any, sign: Callable[[bytes], bytes]) -> Any:
    kind = _Rsa if isinstance(public, rsa.RSAPublicKey) else _Elliptic
    return kind(public, sign)


class _Lent:
    """A private key in name: the builders know a kind of key by its class, and ask it for a signature and for nothing else."""

    def __init__(self, public: Any, sign: Callable[[bytes], bytes]) -> None:
        self._public, self._sign = public, sign

    def sign(self, data: bytes, *how: Any) -> bytes:
        return self._sign(bytes(data))

    def public_key(self) -> Any:
        return self._public

    @property
    def key_size(self) -> int:
        size: int = self._public.key_size
        return size

    def _kept(self, *given: Any, **named: Any) -> NoReturn:
        raise TypeError("this key stays where it is")

    private_bytes = private_numbers = exchange = decrypt = __copy__ = __deepcopy__ = _kept


class _Elliptic(_Lent, ec.EllipticCurvePrivateKey):  # type: ignore[misc]
    @property
    def curve(self) -> ec.EllipticCurve:
        curve: ec.EllipticCurve = self._public.curve
        return curve


class _Rsa(_Lent, rsa.RSAPrivateKey):
    pass
