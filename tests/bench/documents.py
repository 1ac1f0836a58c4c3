"""Taking in and reading a document, beside the bare parts it is made of; and the memory that takes."""

import asyncio
import os
import resource
from collections.abc import AsyncIterator
from hashlib import sha256
from io import BytesIO

from tests.bench import ground

ground.stand()

from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: E402

from documents import intake, storage, vault  # noqa: E402
from documents.models import Version  # noqa: E402

MB = 1024 * 1024
SIZE = ground.number("MEGABYTES", 50)
LONG = ground.number("LONG_MEGABYTES", 256)


def bare_intake(content: bytes) -> None:
    """The same bytes through SHA-256, AES-GCM and a plain PUT in parts."""
    sha256(content).hexdigest()
    cipher, sealed = AESGCM(os.urandom(32)), bytearray()
    for start in range(0, len(content), MB):
        sealed += cipher.encrypt(start.to_bytes(12, "big"), content[start : start + MB], None)
    storage.put("bench/bare", BytesIO(sealed), -1)


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


def main() -> None:
    streamed(1)
    idle = peak()
    streamed(LONG)
    grown = peak() - idle
    ground.say(ground.Result(f"memory to take in {LONG} MB rather than 1", f"{grown:.0f} MB more", "an aim of 64 MB", grown / 64, 1.0))
    content = b"%PDF-1.7\n" + os.urandom(SIZE * MB)
    bare, full = ground.clocked(lambda: bare_intake(content), 5), ground.clocked(lambda: ours(content), 5)
    for name, which in (("wall", 0), ("processor", 1)):
        ground.say(ground.against(f"take in {SIZE} MB, {name}", full[which], bare[which], "SHA-256 + AES-GCM + PUT", 1.5))
    version = ours(content)
    raw, read = ground.clocked(lambda: b"".join(storage.get(version.key)), 5), ground.clocked(lambda: b"".join(vault.unchecked(version)), 5)
    ground.say(ground.against(f"read {SIZE} MB", read[0], raw[0], "the sealed bytes as they are"))


if __name__ == "__main__":
    main()
