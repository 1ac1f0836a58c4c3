"""Signing a document, beside pyHanko alone with the same profile; validating it."""

import asyncio
import io

from tests.bench import ground

ground.stand()

from asn1crypto import pem, x509  # noqa: E402
from asn1crypto.keys import PrivateKeyInfo  # noqa: E402
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat  # noqa: E402
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: E402
from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: E402
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter  # noqa: E402
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner  # noqa: E402
from pyhanko.sign.validation import validate_pdf_signature  # noqa: E402
from pyhanko.stamp import TextStampStyle  # noqa: E402
from pyhanko_certvalidator import ValidationContext  # noqa: E402

from signatures import authority, pades, timestamps, validation  # noqa: E402
from signatures.appearance import appearance, label  # noqa: E402
from signatures.fields import place  # noqa: E402
from tests.signatures.making import NAMES, agreement, one_time, signed_by  # noqa: E402

PERSON = NAMES[0]
FIELDS = tuple({"name": f"S-{name}", "label": label(name, capacity)} for name, capacity in NAMES)


def ours() -> bytes:
    """As the platform signs: one-time certificate, fields for four, typeset look, limited process, timestamp."""
    return pades.sign(agreement(), one_time(*PERSON), pades.Place(f"S-{PERSON[0]}", FIELDS, appearance(*PERSON)), name=PERSON[0])


def bare() -> bytes:
    """pyHanko alone: the same fields, subfilter, certification and timestamp, and its own text stamp."""
    writer = IncrementalPdfFileWriter(io.BytesIO(agreement()))
    place(writer, FIELDS, seen=True)
    said = PdfSignatureMetadata(
        field_name=f"S-{PERSON[0]}",
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.FILL_FORMS,
    )
    made = one_time(*PERSON)
    ours, key = pades.Signer(made), made.key.private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    signer = SimpleSigner(ours.signing_cert, PrivateKeyInfo.load(key), ours.cert_registry, embed_roots=False)
    signing = PdfSigner(said, signer, timestamper=timestamps.EmbeddedTimeStamper(), stamp_style=TextStampStyle())
    return asyncio.run(signing.async_sign_pdf(writer)).getvalue()


def bare_validation(content: bytes) -> None:
    roots = [x509.Certificate.load(der) for _, _, der in pem.unarmor(authority.trusted(), multiple=True)]
    for embedded in PdfFileReader(io.BytesIO(content)).embedded_signatures:
        validate_pdf_signature(embedded, ValidationContext(trust_roots=roots))


def main() -> None:
    signed = signed_by(agreement(), *NAMES)
    mine, alone = ground.alternately(ours, bare)
    ground.say(ground.against("sign", mine, alone, "pyHanko alone", 1.3))
    mine, alone = ground.alternately(lambda: validation.validate(signed), lambda: bare_validation(signed))
    ground.say(ground.against("validate four signatures", mine, alone, "pyHanko alone, in our own process"))
    grown, bare_grown = (len(made()) - len(agreement()) for made in (ours, bare))
    ground.say(ground.Result("bytes that a signature adds", f"{grown:,}", f"pyHanko alone {bare_grown:,}", grown / bare_grown))


if __name__ == "__main__":
    main()
