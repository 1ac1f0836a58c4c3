"""PAdES signatures, level B-T (EN 319 142-1): prepared in the limited process, signed here, where the keys are."""

import asyncio
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from asn1crypto import cms, x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from pyhanko.sign.signers import Signer as AnySigner
from pyhanko.sign.signers.pdf_byterange import PreparedByteRangeDigest
from pyhanko.sign.timestamps import TimestampRequestError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from backend.errors import Invalid, Unavailable
from documents import sandbox
from signatures.der import settled
from signatures.fields import Field
from signatures.providers import Credential
from signatures.timestamps import timestamper

SIGNATURE_BYTES = 1536
OWN_TIMESTAMP_BYTES, FOREIGN_TIMESTAMP_BYTES = 3072, 12288


@dataclass(frozen=True)
class Place:
    """Where a signature goes: its field, all the fields of the session (none: an unseen signature), and how it looks (a PDF)."""

    field: str
    fields: tuple[Field, ...] = ()
    look: bytes = b""


def sign(content: bytes, credential: Credential, place: Place, *, name: str) -> bytes:
    """The PDF with one more signature, PAdES B-T; the bytes given are its beginning, unchanged.

    Raises Invalid where the PDF cannot be signed, Unavailable where no timestamp can be had. Never call it in a running event loop.
    """
    prepared, digest = _prepare(content, place, name=name, room=_room(credential))
    signed = asyncio.run(_cms(digest.document_digest, credential))
    output = io.BytesIO(prepared)
    digest.fill_with_cms(output, signed)
    return output.getvalue()


def _prepare(content: bytes, place: Place, *, name: str, room: int) -> tuple[bytes, PreparedByteRangeDigest]:
    fields = list(place.fields)
    try:
        done = sandbox.run("signatures.preparing:prepare", content, place.look, fields=fields, field=place.field, name=name, room=room)
    except sandbox.Failed as fault:
        raise Invalid(code="unsignable") from fault
    return done.output, PreparedByteRangeDigest(bytes.fromhex(done.facts["digest"]), done.facts["start"], done.facts["end"])


def _room(credential: Credential) -> int:
    """Bytes that the signature will take at most: the certificates, and a timestamp with its own."""
    certificates = sum(len(one.public_bytes(Encoding.DER)) for one in (credential.certificate, *credential.chain))
    return (
        certificates
        + SIGNATURE_BYTES
        + (FOREIGN_TIMESTAMP_BYTES if settings.TSA_URLS or settings.TIMESTAMPS_PKCS11 else OWN_TIMESTAMP_BYTES)
    )


async def _cms(digest: bytes, credential: Credential) -> bytes:
    """The signature over a digest (CMS, in DER), with its certificates (but the root) and its timestamp."""
    try:
        signed = await Signer(credential).async_sign(digest, "sha256", use_pades=True, timestamper=timestamper())
    except (TimestampRequestError, TimeoutError) as fault:
        raise Unavailable from fault
    content = signed["content"]
    content["signer_infos"] = [settled(one) for one in content["signer_infos"]]
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": settled(content)}).dump())


class Signer(AnySigner):
    """pyHanko's, with a key wherever it lives, and what it attests encoded once."""

    def __init__(self, credential: Credential) -> None:
        registry = SimpleCertificateStore()
        registry.register_multiple(_loaded(credential.chain))
        (certificate,) = _loaded([credential.certificate])
        super().__init__(signing_cert=certificate, cert_registry=registry, embed_roots=False)
        self._credential = credential

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """In a thread: the key may be in a module or behind a network."""
        return await asyncio.to_thread(self._credential.sign, data)

    async def signed_attrs(self, *given: Any, **named: Any) -> cms.CMSAttributes:
        return settled(await super().signed_attrs(*given, **named))

    async def unsigned_attrs(self, *given: Any, **named: Any) -> cms.CMSAttributes | None:
        attributes = await super().unsigned_attrs(*given, **named)
        return settled(attributes) if attributes is not None else None


def _loaded(certificates: Sequence[object]) -> list[x509.Certificate]:
    return [x509.Certificate.load(one.public_bytes(Encoding.DER)) for one in certificates]  # type: ignore[attr-defined]
