"""One signature made and examined in the helper process, before it forks: what a job does only the first time, no job does again.

pyHanko and asn1crypto prepare much of what they need when it is first used; in a child that lives for one job, that was a third of the time.
"""

import asyncio
import io
from datetime import UTC, datetime

from asn1crypto import keys
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.content import RawContent
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter
from pyhanko.sign.signers import SimpleSigner
from pyhanko.sign.signers.pdf_byterange import PreparedByteRangeDigest
from pyhanko_certvalidator.registry import SimpleCertificateStore

from signatures import examining, preparing
from signatures.fields import Field

ROOM = 2048
BEGIN, THEN, END = (datetime(year, 1, 1, tzinfo=UTC) for year in (2000, 2020, 2040))  # of a certificate that nobody sees


def warm() -> None:
    """Sign a page of our own with a key that is forgotten at once, and examine it."""
    key, certificate = _throwaway()
    page = _page()
    prepared = io.BytesIO()
    facts = preparing.prepare(
        io.BytesIO(page),
        io.BytesIO(page),
        io.BytesIO(),
        io.BytesIO(),
        output=prepared,
        fields=[Field(name="S", label="S")],
        field="S",
        name="S",
        reserved=ROOM,
    )
    signer = SimpleSigner(
        asn1.Certificate.load(certificate.public_bytes(Encoding.DER)),
        keys.PrivateKeyInfo.load(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())),
        SimpleCertificateStore(),
    )
    digest = PreparedByteRangeDigest(bytes.fromhex(facts["digest"]), facts["start"], facts["end"])
    digest.fill_with_cms(prepared, asyncio.run(signer.async_sign(digest.document_digest, "sha256", use_pades=True)))
    prepared.seek(0)
    root = io.BytesIO(certificate.public_bytes(Encoding.PEM))
    examining.examine(prepared, root, io.BytesIO(), output=io.BytesIO(), at=THEN.isoformat())


def _throwaway() -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Nobody")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, BEGIN, END)
    return key, builder.sign(key, SHA256())


def _page() -> bytes:
    writer = PdfFileWriter()
    look = RawContent(b"q Q", box=BoxConstraints(595, 842)).as_form_xobject()
    writer.insert_page(PageObject(writer.add_object(look), (0, 0, 595, 842)))
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


warm()
