"""Binding the file of a case, from the store to the store, beside reading, joining and storing the same bytes by the bare parts.

`python -m tests.bench.bundles [exhibits] [pages] [KB a page]`, with the servers' addresses in the environment.
"""

import os
import sys
import threading
import time
from collections.abc import Callable
from io import BytesIO
from uuid import uuid4

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.config.settings")
django.setup()

import pikepdf  # noqa: E402

from documents import merging, storage, vault  # noqa: E402
from documents.models import Document, Version  # noqa: E402
from tests.documents.test_merging import heavy, memory_used  # noqa: E402
from tests.pdfs import pdf  # noqa: E402

MB = 1024 * 1024


def measured(work: Callable[[], object]) -> tuple[float, float]:
    """Wall seconds, and the most memory beyond what was held before, here and in the children, in MB."""
    before, most, over = memory_used(), 0, threading.Event()

    def watch() -> None:
        nonlocal most
        while not over.wait(0.05):
            most = max(most, memory_used())

    watcher = threading.Thread(target=watch)
    watcher.start()
    began = time.perf_counter()
    work()
    wall = time.perf_counter() - began
    over.set()
    watcher.join()
    return wall, (most - before) / MB


def bare(versions: list[Version]) -> None:
    """Read and decrypt each, join them all in memory, and store the result in the clear."""
    out = BytesIO()
    with pikepdf.new() as whole:
        for version in versions:
            with pikepdf.open(BytesIO(vault.content(version))) as part:
                whole.pages.extend(part.pages)
        whole.save(out)
    storage.put(f"bench/{uuid4()}", BytesIO(out.getvalue()), -1)


def ours(versions: list[Version]) -> None:
    pages = 1 + sum(version.pages or 0 for version in versions)
    parts = [merging.Part(str(number), vault.served(version)) for number, version in enumerate(versions, 1)]
    with merging.bind("Copie", pdf("Couverture"), [merging.Group("Pièces", parts)], pages, "1.7") as running:
        document = Document.objects.create(name="bench.pdf")
        vault.keep_stream(running.chunks(), document=document, pages=lambda: running.facts()["pages"])


def main(exhibits: int = 40, pages: int = 1000, size: int = 100) -> None:
    versions = [vault.keep(heavy(pages // exhibits, size * 1024, number), name=f"{number}.pdf") for number in range(exhibits)]
    total = sum(version.size for version in versions) / MB
    ours(versions[:1])
    mine, base = measured(lambda: ours(versions)), measured(lambda: bare(versions))
    print(f"bind {exhibits} exhibits, {pages} pages, {total:.0f} MB: {mine[0]:.1f} s, {mine[1]:.0f} MB of memory")
    print(f"  beside the bare parts: {mine[0] / base[0]:.2f} × wall, {mine[1] / base[1]:.2f} × memory ({base[1]:.0f} MB)")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
