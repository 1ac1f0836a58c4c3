"""Signing a document and validating it, beside pyHanko alone with the same profile and beside `openssl`; per second of one process."""

import asyncio
import io
import subprocess
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench import ground

ground.stand()

from asn1crypto import pem, x509  # noqa: E402
from asn1crypto.keys import PrivateKeyInfo  # noqa: E402
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat  # noqa: E402
from cryptography.x509 import load_der_x509_certificate  # noqa: E402
from django.conf import settings  # noqa: E402
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: E402
from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: E402
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter  # noqa: E402
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner  # noqa: E402
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp  # noqa: E402
from pyhanko.stamp import TextStampStyle  # noqa: E402
from pyhanko_certvalidator import ValidationContext  # noqa: E402

from signatures import authority, pades, revocation, timestamps, validation  # noqa: E402
from signatures.appearance import appearance, label  # noqa: E402
from signatures.fields import place  # noqa: E402
from signatures.known import Level  # noqa: E402
from signatures.providers import Credential, InProcess  # noqa: E402
from tests.signatures.making import NAMES, agreement, one_time, signed_by  # noqa: E402

PERSON = NAMES[0]
FIELDS = tuple({"name": f"S-{name}", "label": label(name, capacity)} for name, capacity in NAMES)


def ours() -> bytes:
    """As the platform signs: one-time certificate, fields for four, typeset look, limited processes, timestamps, proof of no revocation."""
    return pades.sign(agreement(), one_time(*PERSON), pades.Place(f"S-{PERSON[0]}", FIELDS, appearance(*PERSON)), name=PERSON[0])


def bare() -> bytes:
    """pyHanko alone: the same fields, subfilter, certification, level and authorities, and its own text stamp."""
    writer = IncrementalPdfFileWriter(io.BytesIO(agreement()))
    place(writer, FIELDS, seen=True)
    credential, stamper = one_time(*PERSON), timestamps.EmbeddedTimeStamper()
    archived = settings.SIGNATURE_LEVEL == Level.LTA
    said = PdfSignatureMetadata(
        field_name=f"S-{PERSON[0]}",
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.FILL_FORMS,
        embed_validation_info=archived,
        use_pades_lta=archived,
        validation_context=_known(credential) if archived else None,
    )
    signing = PdfSigner(said, _signer(credential), timestamper=stamper, stamp_style=TextStampStyle())
    return asyncio.run(signing.async_sign_pdf(writer)).getvalue()


def _signer(credential: Credential) -> SimpleSigner:
    signer = pades.Signer(credential)
    assert isinstance(credential.key, InProcess)
    key = credential.key.private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return SimpleSigner(signer.signing_cert, PrivateKeyInfo.load(key), signer.cert_registry, embed_roots=False)


def _known(credential: Credential) -> ValidationContext:
    """The trust and the evidence that the platform has, made anew for each signature as the platform does."""
    stamps = authority.timestamps()
    found = revocation.evidence([credential.certificate, *credential.chain, stamps.certificate])
    others = [x509.Certificate.load(one.public_bytes(Encoding.DER)) for one in credential.chain]
    return ValidationContext(trust_roots=_roots(), other_certs=others, crls=found.crls, ocsps=found.ocsps, revocation_mode="hard-fail")


def _roots() -> list[x509.Certificate]:
    return [x509.Certificate.load(der) for _, _, der in pem.unarmor(authority.trusted(), multiple=True)]


def bare_validation(content: bytes) -> Callable[[], None]:
    """pyHanko alone, in our own process: the same signatures and timestamps, under the same roots, with what the file says of revocation."""
    known = revocation.evidence([load_der_x509_certificate(one.dump()) for one in pades.present(content).certificates])

    def validate() -> None:
        for one in PdfFileReader(io.BytesIO(content)).embedded_signatures:
            judge = validate_pdf_timestamp if one.sig_object_type == "/DocTimeStamp" else validate_pdf_signature
            judge(one, ValidationContext(trust_roots=_roots(), crls=known.crls, ocsps=known.ocsps))

    return validate


class Openssl:
    """`openssl` over the same bytes: a detached signature, and a timestamp over that. It knows no PDF."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        signer, stamps = one_time(*PERSON), authority.timestamps()
        (folder / "document").write_bytes(agreement())
        for name, one in (("signer", signer), ("stamps", stamps)):
            assert isinstance(one.key, InProcess)
            key = one.key.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            (folder / f"{name}.key").write_bytes(key)
            (folder / f"{name}.pem").write_bytes(one.certificate.public_bytes(Encoding.PEM))
            (folder / f"{name}.chain").write_bytes(b"".join(each.public_bytes(Encoding.PEM) for each in one.chain))
        (folder / "roots").write_bytes(authority.trusted())
        (folder / "serial").write_text("01")
        (folder / "ts.cnf").write_text(CONFIGURATION.format(folder=folder))

    def _run(self, *words: str) -> None:
        subprocess.run(["openssl", *words], cwd=self._folder, check=True, capture_output=True)

    def sign(self) -> None:
        signer = ["-signer", "signer.pem", "-inkey", "signer.key", "-certfile", "signer.chain"]
        self._run("cms", "-sign", "-binary", "-in", "document", *signer, "-outform", "DER", "-out", "signature")
        self._run("ts", "-query", "-data", "signature", "-sha256", "-cert", "-out", "query")
        self._run("ts", "-reply", "-config", "ts.cnf", "-queryfile", "query", "-out", "stamp")

    def verify(self) -> None:
        self._run(
            "cms", "-verify", "-binary", "-inform", "DER", "-in", "signature", "-content", "document", "-CAfile", "roots", "-purpose", "any"
        )
        self._run("ts", "-verify", "-data", "signature", "-in", "stamp", "-CAfile", "roots")


CONFIGURATION = """[tsa]
default_tsa = here
[here]
serial = {folder}/serial
signer_cert = {folder}/stamps.pem
certs = {folder}/stamps.chain
signer_key = {folder}/stamps.key
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256
ess_cert_id_alg = sha256
"""


def at_level(level: str) -> None:
    """Sign and validate at one level, beside pyHanko alone."""
    settings.SIGNATURE_LEVEL = level
    mine, alone = ground.alternately(ours, bare)
    ground.say(ground.against(f"sign, {level}", mine, alone, "pyHanko alone", 1.3))
    ground.say(ground.Result(f"signatures a second, {level}", f"{1 / mine:.0f}", f"pyHanko alone {1 / alone:.0f}"))
    signed = signed_by(agreement(), *NAMES)
    mine, alone = ground.alternately(lambda: validation.validate(signed), bare_validation(signed))
    ground.say(ground.against(f"validate four signatures, {level}", mine, alone, "pyHanko alone, in our own process"))
    grown, bare_grown = (len(made()) - len(agreement()) for made in (ours, bare))
    ground.say(ground.Result(f"bytes that a signature adds, {level}", f"{grown:,}", f"pyHanko alone {bare_grown:,}", grown / bare_grown))


def main() -> None:
    for level in (Level.T, Level.LTA):
        at_level(level)
    one = ours()
    with TemporaryDirectory() as folder:
        openssl = Openssl(Path(folder))
        mine, theirs = ground.alternately(ours, openssl.sign)
        ground.say(ground.against("sign, B-LTA", mine, theirs, "openssl cms -sign, ts -reply: no PDF, no proof"))
        mine, theirs = ground.alternately(lambda: validation.validate(one), openssl.verify)
        ground.say(ground.against("validate one signature, B-LTA", mine, theirs, "openssl cms -verify, ts -verify"))


if __name__ == "__main__":
    main()
