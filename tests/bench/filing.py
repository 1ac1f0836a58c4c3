"""From a 5 MB exhibit sent in and a petition filed to the sealed receipt, beside the bare parts that takes."""

import asyncio
import io
import os
import time
from hashlib import sha256
from io import BytesIO

from tests.bench import ground

ground.stand()

from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: E402
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: E402
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner  # noqa: E402

from backend.work.doing import run_due  # noqa: E402
from cases import actions, writing  # noqa: E402
from cases.letters.base import make as typeset  # noqa: E402
from cases.models import Case, Instrument  # noqa: E402
from documents import storage  # noqa: E402
from signatures import authority, pades, timestamps  # noqa: E402
from tests.pdfs import weighty  # noqa: E402
from tests.world import World  # noqa: E402

MB = 1024 * 1024
SIZE = ground.number("MEGABYTES", 5)
ROUNDS = ground.number("FILINGS", 5)


def filed(world: World, case: Case, content: bytes) -> Instrument:
    """Sent in, checked, added, communicated and filed; what is owed is done until the receipt bears the platform's seal."""
    document = world.brought(world.lawyer, "Pièce", content)
    exhibit = actions.exhibit.add(
        world.lawyer, case, kind="other", side=0, document=document, about=None, title="Pièce", dated=None, form=""
    )
    actions.exhibit.communicate(world.lawyer, case, exhibits=[exhibit.pk])
    actions.filing.submit(world.lawyer, case)
    while (receipt := case.instruments.get(kind="receipt")).document_id is None:
        assert run_due(1)
    return receipt


def bare(content: bytes, receipt: Instrument) -> None:
    """The bytes through SHA-256, AES-GCM and a plain PUT; the receipt typeset, signed and timestamped by pyHanko, and put."""
    sha256(content).hexdigest()
    storage.put("bench/exhibit", BytesIO(AESGCM(os.urandom(32)).encrypt(bytes(12), content, None)), -1)
    writer = IncrementalPdfFileWriter(io.BytesIO(typeset(writing.letter(receipt))))
    said = PdfSignatureMetadata(field_name="seal", md_algorithm="sha256")
    signing = PdfSigner(said, pades.Signer(authority.seal()), timestamper=timestamps.EmbeddedTimeStamper())
    storage.put("bench/receipt", asyncio.run(signing.async_sign_pdf(writer)), -1)


def main() -> None:
    world = World()
    cases = [world.joint_petition(at="file") for _ in range(ROUNDS + 1)]
    walls, receipt = [], None
    for number, case in enumerate(cases):
        content = weighty(f"Pièce {number}", SIZE * MB)
        began = time.perf_counter()
        receipt = filed(world, case, content)
        walls.append(time.perf_counter() - began)
        world.work()
    assert receipt
    mine = ground.median(walls[1:])
    alone = ground.seconds(lambda: bare(content, receipt), ROUNDS)
    ground.say(
        ground.against(f"file a {SIZE} MB exhibit and get the sealed receipt", mine, alone, "hash, encrypt, put, typeset, sign, put"),
        ground.Result("filings by one process that does all of it in turn", f"{1 / mine:.2f} a second"),
    )


if __name__ == "__main__":
    main()
