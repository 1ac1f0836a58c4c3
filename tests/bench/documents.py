"""Taking in, reading and picturing a document, beside the bare parts that takes; and the memory, from one megabyte to a thousand."""

import asyncio
import os
import resource
from collections.abc import AsyncIterator
from hashlib import sha256
from io import BytesIO

from tests.bench import ground

ground.stand()

import pypdfium2  # noqa: E402
from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: E402

from documents import inspection, intake, previews, storage, vault  # noqa: E402
from documents.models import Version  # noqa: E402
from tests.documents.test_large_files import with_ballast  # noqa: E402
from tests.memory import MB, watched  # noqa: E402
from tests.pdfs import pdf  # noqa: E402

SIZE = ground.number("MEGABYTES", 50)
LONG = ground.number("LONG_MEGABYTES", 1000)
SIZES = [size for size in (10, 100, LONG) if size <= LONG]
ROOM = 64  # MB above idle: what memory is to stay under
KEY, BARE = os.urandom(32), "bench/bare"
SEALED = MB + 16  # a sealed segment: its bytes, and the tag that proves them


def bare_intake(content: bytes) -> None:
    """The same bytes through SHA-256, AES-GCM and a plain PUT in parts."""
    sha256(content).hexdigest()
    cipher, sealed = AESGCM(KEY), bytearray()
    for start in range(0, len(content), MB):
        sealed += cipher.encrypt(start.to_bytes(12, "big"), content[start : start + MB], None)
    storage.put(BARE, BytesIO(sealed), -1)


def bare_reading() -> bytes:
    """A plain GET and AES-GCM."""
    cipher, sealed = AESGCM(KEY), b"".join(storage.get(BARE))
    parts = (sealed[start : start + SEALED] for start in range(0, len(sealed), SEALED))
    return b"".join(cipher.decrypt((number * MB).to_bytes(12, "big"), part, None) for number, part in enumerate(parts))


def bare_picture(content: bytes) -> None:
    """The first page by pdfium alone, in this process, kept nowhere."""
    page = pypdfium2.PdfDocument(content)[0]
    page.render(scale=1200 / page.get_width()).to_pil().save(BytesIO(), "WEBP")


def ours(content: bytes) -> Version:
    return intake.take_in_bytes(content, name="bench.pdf", created_by=None, limit=2 * len(content))


def streamed(megabytes: int) -> None:
    """As the door of uploads does: chunks as they come."""

    async def chunks() -> AsyncIterator[bytes]:
        yield b"%PDF-1.7\n"
        chunk = os.urandom(64 * 1024)
        for _ in range(megabytes * 16):
            yield chunk

    asyncio.run(intake.take_in(chunks(), name="long.pdf", created_by=None, limit=2 * LONG * MB))


def peak() -> float:
    """The most memory this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def memory() -> None:
    """Ever longer files in one process, whose peak cannot fall: what each adds to what one megabyte took."""
    idle = peak()
    streamed(1)
    first = peak()
    ground.say(ground.Result("memory to take in 1 MB", f"{first - idle:.0f} MB", f"an aim of {ROOM} MB", (first - idle) / ROOM, 1.0))
    for size in SIZES:
        streamed(size)
        grown = peak() - idle
        ground.say(ground.Result(f"memory to take in {size:,} MB", f"{grown:.0f} MB", f"an aim of {ROOM} MB", grown / ROOM, 1.0))


def inspecting() -> None:
    """Files of ever more bytes checked, each by children of its own: the most that they and this process take meanwhile."""
    for size in SIZES:
        version = ours(with_ballast(size))
        with watched() as peak:
            inspection.inspect(version.pk)
        ground.say(ground.Result(f"memory to check a PDF of {size:,} MB", f"{peak.most / MB:.0f} MB"))


def main() -> None:
    memory()
    inspecting()
    content = b"%PDF-1.7\n" + os.urandom(SIZE * MB)
    bare, full = ground.clocked(lambda: bare_intake(content), 5), ground.clocked(lambda: ours(content), 5)
    for name, which in (("wall", 0), ("processor", 1)):
        ground.say(ground.against(f"take in {SIZE} MB, {name}", full[which], bare[which], "SHA-256 + AES-GCM + PUT", 1.5))
    version = ours(content)
    mine, alone = ground.alternately(lambda: b"".join(vault.unchecked(version)), bare_reading, 5)
    ground.say(ground.against(f"read {SIZE} MB", mine, alone, "GET + AES-GCM"))
    one = pdf("Convention")
    kept = vault.keep(one, name="bench.pdf")
    drawn, bare_drawn = ground.alternately(lambda: previews._draw(kept, 1, 1), lambda: bare_picture(one))
    ground.say(ground.against("picture of a first page, limited process, sealed and kept", drawn, bare_drawn, "pdfium alone, kept nowhere"))


if __name__ == "__main__":
    main()
