"""Taking in and reading a document, beside the bare parts it is made of.

`python -m tests.bench.documents [MB] [rounds]`, with the servers' addresses in the environment.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable
from hashlib import sha256
from io import BytesIO

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.config.settings")
django.setup()

from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: E402

from documents import intake, storage, vault  # noqa: E402
from documents.models import Version  # noqa: E402

MB = 1024 * 1024


def measure(work: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Median wall and CPU seconds."""
    walls, processors = [], []
    for _ in range(rounds):
        wall, processor = time.perf_counter(), time.process_time()
        work()
        walls.append(time.perf_counter() - wall)
        processors.append(time.process_time() - processor)
    return statistics.median(walls), statistics.median(processors)


def bare_intake(content: bytes) -> None:
    """The same bytes through SHA-256, AES-GCM and a plain PUT in parts."""
    sha256(content).hexdigest()
    cipher, sealed = AESGCM(os.urandom(32)), bytearray()
    for start in range(0, len(content), MB):
        sealed += cipher.encrypt(start.to_bytes(12, "big"), content[start : start + MB], None)
    storage.put("bench/bare", BytesIO(sealed), -1)


def ours(content: bytes) -> Version:
    return intake.take_in_bytes(content, name="bench.pdf", created_by=None, limit=2 * len(content))


def main(size: int = 50, rounds: int = 5) -> None:
    content = b"%PDF-1.7\n" + os.urandom(size * MB)
    bare, full = measure(lambda: bare_intake(content), rounds), measure(lambda: ours(content), rounds)
    version = ours(content)
    raw, read = measure(lambda: b"".join(storage.get(version.key)), rounds), measure(lambda: b"".join(vault.unchecked(version)), rounds)
    for name, (base, mine) in {"take in": (bare, full), "read": (raw, read)}.items():
        print(f"{name} {size} MB: {mine[0]:.2f} s, {mine[1]:.2f} s of CPU")
        print(f"  beside the bare parts: {mine[0] / base[0]:.2f} × wall, {mine[1] / base[1]:.2f} × CPU")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
