"""Adding to a signed PDF what shows, later and without a network, that its signatures held: EN 319 142-1, 5.4 and 5.5. In the limited process.

The document security store takes the certificates and what was known of their revocation, by signature (VRI); a timestamp of the document is put
over all that. Both are one revision.
"""

import base64
import io
from collections.abc import Sequence
from typing import IO, Any, TypedDict

from asn1crypto import cms, ocsp, x509
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import DocumentTimestamp
from pyhanko.sign.validation import DocumentSecurityStore, EmbeddedPdfSignature
from pyhanko.sign.validation.errors import NoDSSFoundError

from signatures import limited  # noqa: F401 - loads what pyHanko would load too late
from signatures.der import certificates_in
from signatures.fields import unseen
from signatures.judging import Evidence, read_evidence

Facts = dict[str, Any]


def present(content: IO[bytes], *, output: IO[bytes]) -> Facts:
    """What a signed file holds: how many signatures, the certificates not yet shown to have held, and how it stands with its last timestamp."""
    reader = PdfFileReader(io.BytesIO(content.read()))
    stamps, signatures = reader.embedded_timestamp_signatures, reader.embedded_signatures
    return {
        "certificates": certificates(signatures),
        "signatures": len(reader.embedded_regular_signatures),
        "archived": bool(stamps) and stamps[-1] is signatures[-1],
        "stamped_until": stamps[-1].signer_cert.not_valid_after.isoformat() if stamps else None,
    }


def certificates(signatures: Sequence[EmbeddedPdfSignature]) -> list[str]:
    """The certificates in these signatures and in their timestamps (DER, in base 64), each once, from the last timestamp of the document on.

    What comes before it is shown by what it covers.
    """
    stamps = [number for number, one in enumerate(signatures) if one.sig_object_type == "/DocTimeStamp"]
    found = dict.fromkeys(one.dump() for signature in signatures[stamps[-1] if stamps else 0 :] for one in _certificates(signature))
    return [base64.b64encode(der).decode() for der in found]


def _certificates(signature: EmbeddedPdfSignature) -> list[x509.Certificate]:
    return certificates_in(cms.ContentInfo.load(signature.pkcs7_content))


class Asked(TypedDict):
    """What is asked of an archive: the field of the timestamp and what is said of it, room for it (bytes; none: no timestamp)."""

    field: str
    label: str
    room: int


def prepare(content: IO[bytes], evidence: IO[bytes], *, output: IO[bytes], asked: Asked) -> Facts:
    """Add the evidence (PEM: certificates, OCSP responses, CRLs), then room for a timestamp of the document in a new field.

    Answers, where there is room, the digest to stamp and the region where the timestamp goes.
    """
    writer = IncrementalPdfFileWriter(io.BytesIO(content.read()))
    _store(writer, read_evidence(evidence.read()))
    return _stamped(writer, output, asked)


def prepare_ahead(content: bytes, evidence: bytes, *, output: IO[bytes], asked: Asked, entry: str) -> Facts:
    """The same for a file whose only signature is still to be filled in: `entry`, 40 digits, stands for the name of its entry in the store.

    Answers the region of the timestamp, and where the name is to be written. The digest is that of the filled file: whoever fills it makes it.
    """
    known = read_evidence(evidence)
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    store = DocumentSecurityStore(writer)
    store.register_vri(pdf_name(f"/{entry}"), certs=known.certificates, ocsps=known.ocsps, crls=known.crls)
    writer.root["/DSS"] = writer.add_object(store.as_pdf_object())
    writer.update_root()
    made = io.BytesIO()
    facts = _stamped(writer, made, asked)
    output.write(made.getvalue())
    return facts | {"entry": made.getvalue().rindex(entry.encode())}


def _stamped(writer: IncrementalPdfFileWriter, output: IO[bytes], asked: Asked) -> Facts:
    if not asked["room"]:
        writer.write(output)
        return {}
    embedding = PdfCMSEmbedder(unseen(asked["field"], asked["label"])).write_cms(asked["field"], writer)
    next(embedding)
    embedding.send(SigObjSetup(sig_placeholder=DocumentTimestamp(bytes_reserved=2 * asked["room"])))
    digest, written = embedding.send(SigIOSetup(md_algorithm="sha256"))
    written.seek(0)
    output.write(written.read())
    return {"digest": digest.document_digest.hex(), "start": digest.reserved_region_start, "end": digest.reserved_region_end}


def _store(writer: IncrementalPdfFileWriter, known: Evidence) -> None:
    """Each signature that has no entry yet is given one, with what concerns its certificates."""
    try:
        entries = DocumentSecurityStore.read_dss(writer).vri_entries
    except NoDSSFoundError:
        entries = {}
    for signature in writer.prev.embedded_signatures:
        if DocumentSecurityStore.sig_content_identifier(signature.pkcs7_content) in entries:
            continue
        mine = _concerning(_certificates(signature), known)
        DocumentSecurityStore.supply_dss_in_writer(
            writer, signature.pkcs7_content, certs=mine.certificates, ocsps=mine.ocsps, crls=mine.crls
        )
    DocumentSecurityStore.supply_dss_in_writer(writer, None, certs=known.certificates, ocsps=known.ocsps, crls=known.crls)


def _concerning(own: Sequence[x509.Certificate], known: Evidence) -> Evidence:
    """Of what is known, what a signature's certificates and those above them need."""
    chain = _upwards(own, known.certificates)
    issuers = {one.issuer.dump() for one in chain}
    serials = {one.serial_number for one in chain}
    return Evidence(
        tuple(chain),
        tuple(one for one in known.crls if one.issuer.dump() in issuers),
        tuple(one for one in known.ocsps if serials & set(_spoken_of(one))),
    )


def _upwards(own: Sequence[x509.Certificate], others: Sequence[x509.Certificate]) -> list[x509.Certificate]:
    chain = {one.dump(): one for one in own}
    wanted = [one.issuer.dump() for one in own]
    while wanted:
        name = wanted.pop()
        for one in others:
            if one.subject.dump() == name and one.dump() not in chain:
                chain[one.dump()] = one
                wanted.append(one.issuer.dump())
    return list(chain.values())


def _spoken_of(response: ocsp.OCSPResponse) -> list[int]:
    if response["response_status"].native != "successful":
        return []
    return [one["cert_id"]["serial_number"].native for one in response.response_data["responses"]]
