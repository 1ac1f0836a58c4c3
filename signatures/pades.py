"""PAdES signatures, B-B to B-LTA (EN 319 142-1): prepared in the limited process, signed here, where the keys are."""

import asyncio
import base64
import io
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha1, sha256
from secrets import token_hex
from typing import Any
from uuid import uuid4

from asn1crypto import cms, x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_der_x509_certificate
from django.conf import settings
from pyhanko.sign.signers import Signer as AnySigner
from pyhanko.sign.signers.pdf_byterange import PreparedByteRangeDigest
from pyhanko.sign.timestamps import TimestampRequestError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from backend.errors import Invalid, Unavailable
from documents import sandbox
from signatures import revocation
from signatures.appearance import label_of_timestamp
from signatures.der import certificates_in, settled
from signatures.fields import Field
from signatures.known import Known, Level
from signatures.providers import Credential
from signatures.timestamps import expected, timestamper

log = logging.getLogger(__name__)

SIGNATURE_BYTES = 1536
OWN_TIMESTAMP_BYTES, FOREIGN_TIMESTAMP_BYTES = 3072, 12288


@dataclass(frozen=True)
class Place:
    """Where a signature goes: its field, all the fields of the session (none: an unseen signature), how it looks (a PDF),
    and the title of the sheet that bears them all (a PDF; none: the last page does, where it has room).
    """

    field: str
    fields: tuple[Field, ...] = ()
    look: bytes = b""
    sheet: bytes = b""


@dataclass(frozen=True)
class Prepared:
    """A PDF with room for a signature or a timestamp."""

    content: bytes
    facts: dict[str, Any]

    @property
    def digest(self) -> bytes:
        """What is to be signed."""
        return bytes.fromhex(self.facts["digest"])

    @property
    def certificates(self) -> tuple[x509.Certificate, ...]:
        """Those in the signatures that were there before and are not archived."""
        return _decoded(self.facts["certificates"])

    @property
    def ahead(self) -> dict[str, Any]:
        """The archive made with it, whose name and timestamp are still to come; nothing where there is none."""
        return self.facts.get("archive") or {}

    def filled(self, signed: bytes) -> bytes:
        """The PDF with what was made of the digest, without what was made ahead."""
        return _filled(self.content[: self.facts.get("size", len(self.content))], self.facts, signed)

    def archived(self, signed: bytes) -> "Prepared":
        """The PDF with what was made of the digest and the archive made ahead, which takes the signature's name and waits for its timestamp."""
        content = bytearray(_filled(self.content, self.facts, signed))
        value = content[self.facts["start"] + 1 : self.facts["end"] - 1]
        name = sha1(bytes.fromhex(value.decode()), usedforsecurity=False).hexdigest().upper()
        entry, facts = self.ahead["entry"], self.ahead
        content[entry : entry + len(name)] = name.encode()
        if "start" in facts:
            facts = facts | {"digest": sha256(content[: facts["start"]] + content[facts["end"] :]).hexdigest()}
        return Prepared(bytes(content), facts)


def _filled(content: bytes, facts: dict[str, Any], signed: bytes) -> bytes:
    output = io.BytesIO(content)
    PreparedByteRangeDigest(bytes.fromhex(facts["digest"]), facts["start"], facts["end"]).fill_with_cms(output, signed)
    return output.getvalue()


@dataclass(frozen=True)
class Present:
    """What a signed file holds."""

    certificates: tuple[x509.Certificate, ...]  # in what none of its timestamps covers, and in the last of these
    signatures: int
    archived: bool  # a timestamp of the document comes last
    stamped_until: datetime | None  # when the certificate of that timestamp expires


def sign(content: bytes, credential: Credential, place: Place, *, name: str, last: bool = True) -> bytes:
    """The PDF with one more signature; the bytes given are its beginning, unchanged.

    At the level of settings.SIGNATURE_LEVEL where it is the `last` of its session, else B-T at most: what shows that all of them held is added once.
    Where that cannot be had now, it is left to `renewal`, and nobody waits for it. Raises Invalid where the PDF cannot be signed, Unavailable
    where no timestamp can be had. Never call it in a running event loop.
    """
    foreseen = _foreseen(credential) if _archived(last) else ()
    prepared = _prepare(content, credential, place, name=name, foreseen=foreseen)
    return complete(prepared, credential, last=last, foreseen=foreseen)


def prepare(content: bytes, credential: Credential, place: Place, *, name: str) -> Prepared:
    """The PDF with room for a signature that is made elsewhere, by the key of this certificate. Raises Invalid."""
    return _prepare(content, credential, place, name=name, foreseen=())


def asked(prepared: Prepared, credential: Credential) -> bytes:
    """What the key of this certificate is to sign (the signed attributes, RFC 5652, 5.4): the same bytes each time it is asked."""
    key = _Asked()
    asyncio.run(_cms(prepared.digest, replace(credential, key=key), stamped=False))
    return key.content


def bare(prepared: Prepared, credential: Credential) -> bytes:
    """The PDF with the signature alone, to be looked at: neither its time nor anything else is attested in it."""
    return prepared.filled(asyncio.run(_cms(prepared.digest, credential, stamped=False)).dump())


def complete(prepared: Prepared, credential: Credential, *, last: bool, foreseen: Sequence[x509.Certificate] = ()) -> bytes:
    """The PDF with its signature and timestamp, as `sign` makes it; `foreseen` are the certificates for which an archive was made ahead."""
    signed = asyncio.run(_cms(prepared.digest, credential))
    if not _archived(last):
        return prepared.filled(signed.dump())
    held = certificates_in(signed)
    if prepared.ahead and {one.dump() for one in held} <= {one.dump() for one in foreseen}:
        return _stamped(prepared.archived(signed.dump()))
    try:
        return archive(prepared.filled(signed.dump()), [*prepared.certificates, *held, *_loaded([credential.root])])
    except Unavailable:
        log.warning("what shows that a signature held cannot be had now: it is added later")
        return prepared.filled(signed.dump())


def _archived(last: bool) -> bool:
    return last and settings.SIGNATURE_LEVEL in (Level.LT, Level.LTA)


def _prepare(content: bytes, credential: Credential, place: Place, *, name: str, foreseen: Sequence[x509.Certificate]) -> Prepared:
    """Room for the signature; with what is `foreseen` to be in it, the archive of a document that bears no other is made in the same process."""
    try:
        evidence = _evidence(foreseen) if foreseen else b""
    except Unavailable:
        evidence = b""
    ahead = {"asked": _asked(), "entry": token_hex(20).upper()} if evidence else None
    given = {"fields": list(place.fields), "field": place.field, "name": name, "reserved": _room(credential), "ahead": ahead}
    return _prepared("preparing", content, place.look, place.sheet, evidence, **given)


def _foreseen(credential: Credential) -> tuple[x509.Certificate, ...]:
    """The certificates that a signature will hold; none where it is not known who will stamp it."""
    stamping = expected()
    if stamping is None:
        return ()
    return tuple(_loaded([credential.certificate, *credential.chain, credential.root, stamping.certificate, *stamping.chain]))


def archive(content: bytes, certificates: Iterable[x509.Certificate]) -> bytes:
    """A signed PDF with what shows, later, that its certificates were not revoked, and at B-LTA a timestamp over all of it.

    `certificates`: those in its signatures, and roots. Raises Invalid, Unavailable (another authority does not answer).
    """
    return _stamped(_prepared("archiving", content, _evidence(certificates), asked=_asked()))


def _asked() -> dict[str, Any]:
    """What is asked of an archive at the level configured."""
    room = _timestamp_room() if settings.SIGNATURE_LEVEL == Level.LTA else 0
    return {"field": f"timestamp-{uuid4().hex[-12:]}", "label": label_of_timestamp(), "room": room}


def _stamped(done: Prepared) -> bytes:
    """With its timestamp, where it has room for one."""
    return _filled(done.content, done.facts, asyncio.run(_timestamp(done.digest)).dump()) if "start" in done.facts else done.content


def present(content: bytes) -> Present:
    """What a signed file holds. Raises Invalid where it cannot be read."""
    try:
        facts = sandbox.run("signatures.archiving:present", content).facts
    except sandbox.Failed as fault:
        raise Invalid(code="unreadable") from fault
    until = facts["stamped_until"]
    return Present(
        _decoded(facts["certificates"]), facts["signatures"], facts["archived"], datetime.fromisoformat(until) if until else None
    )


def _evidence(certificates: Iterable[x509.Certificate]) -> bytes:
    """The certificates and what is known of their revocation, in PEM."""
    all_of = {one.dump(): one for one in certificates}
    found = revocation.evidence([load_der_x509_certificate(der) for der in all_of])
    return Known(found.ocsps, found.crls, tuple(all_of)).armored()


def _prepared(job: str, *contents: bytes, **arguments: Any) -> Prepared:
    try:
        done = sandbox.run(f"signatures.{job}:prepare", *contents, **arguments)
    except sandbox.Failed as fault:
        raise Invalid(code="unsignable") from fault
    return Prepared(done.output, done.facts)


def _room(credential: Credential) -> int:
    """Bytes that the signature will take at most: the certificates, and a timestamp with its own."""
    certificates = sum(len(one.public_bytes(Encoding.DER)) for one in (credential.certificate, *credential.chain))
    return certificates + SIGNATURE_BYTES + (_timestamp_room() if settings.SIGNATURE_LEVEL != Level.B else 0)


def _timestamp_room() -> int:
    return FOREIGN_TIMESTAMP_BYTES if settings.TSA_URLS or settings.TIMESTAMPS_PKCS11 else OWN_TIMESTAMP_BYTES


async def _timestamp(digest: bytes) -> cms.ContentInfo:
    try:
        return await timestamper().async_timestamp(digest, "sha256")
    except (TimestampRequestError, TimeoutError) as fault:
        raise Unavailable from fault


async def _cms(digest: bytes, credential: Credential, *, stamped: bool = True) -> cms.ContentInfo:
    """The signature over a digest, with its certificates (but the root), and its timestamp unless the level is the lowest."""
    stamping = timestamper() if stamped and settings.SIGNATURE_LEVEL != Level.B else None
    try:
        signed = await Signer(credential).async_sign(digest, "sha256", use_pades=True, timestamper=stamping)
    except (TimestampRequestError, TimeoutError) as fault:
        raise Unavailable from fault
    content = signed["content"]
    content["signer_infos"] = [settled(one) for one in content["signer_infos"]]
    return settled(cms.ContentInfo({"content_type": "signed_data", "content": settled(content)}))


class _Asked:
    """A key that only learns what it is asked to sign."""

    content = b""

    def sign(self, content: bytes) -> bytes:
        self.content = content
        return b""


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


def _decoded(certificates: Iterable[str]) -> tuple[x509.Certificate, ...]:
    return tuple(x509.Certificate.load(base64.b64decode(one)) for one in certificates)
