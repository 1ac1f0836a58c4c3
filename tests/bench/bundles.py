"""Binding the file of a case, from the store to the store, beside reading, joining and storing the same bytes by the bare parts."""

import threading
import time
import zipfile
from collections.abc import Callable, Sequence
from io import BytesIO
from uuid import uuid4

from tests.bench import ground

ground.stand()

import pikepdf  # noqa: E402

from documents import merging, storage, vault  # noqa: E402
from documents.models import Document, Version  # noqa: E402
from tests.documents.test_merging import heavy, memory_used  # noqa: E402
from tests.pdfs import pdf  # noqa: E402

MB = 1024 * 1024
EXHIBITS, PAGES, PAGE_KB = ground.number("EXHIBITS", 40), ground.number("PAGES", 1000), ground.number("PAGE_KB", 20)


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


def joined(versions: Sequence[Version]) -> None:
    """Read and decrypt each, join them all in memory, and store the result in the clear."""
    out = BytesIO()
    with pikepdf.new() as whole:
        for version in versions:
            with pikepdf.open(BytesIO(vault.content(version))) as part:
                whole.pages.extend(part.pages)
        whole.save(out)
    storage.put(f"bench/{uuid4()}", BytesIO(out.getvalue()), -1)


def zipped(versions: Sequence[Version]) -> None:
    """Read and decrypt each into one archive, kept nowhere."""
    with zipfile.ZipFile(BytesIO(), "w", zipfile.ZIP_DEFLATED) as archive:
        for number, version in enumerate(versions, 1):
            archive.writestr(f"{number}.pdf", vault.content(version))


def ours(versions: Sequence[Version]) -> None:
    """As a bundle is made: cover, bookmarks, page numbers, PDF/A; sealed and kept."""
    pages = 1 + sum(version.pages or 0 for version in versions)
    parts = [merging.Part(str(number), vault.served(version)) for number, version in enumerate(versions, 1)]
    with merging.bind("Copie", pdf("Couverture"), [merging.Group("Pièces", parts)], pages, "1.7") as running:
        document = Document.objects.create(name="bench.pdf")
        vault.keep_stream(running.chunks(), document=document, pages=lambda: running.facts()["pages"])


def main() -> None:
    versions = [vault.keep(heavy(PAGES // EXHIBITS, PAGE_KB * 1024, number), name=f"{number}.pdf") for number in range(EXHIBITS)]
    ours(versions[:1])
    mine, bare, archive = (measured(lambda work=work: work(versions)) for work in (ours, joined, zipped))
    what = f"bind {EXHIBITS} exhibits, {PAGES:,} pages, {sum(version.size for version in versions) // MB} MB"
    ground.say(
        ground.against(what, mine[0], bare[0], "read, decrypt, join, store"),
        ground.against(what, mine[0], archive[0], "read, decrypt, zip", 1.5),
        ground.Result(f"{what}, memory", f"{mine[1]:.0f} MB", f"join in memory {bare[1]:.0f} MB", mine[1] / max(bare[1], 1)),
    )


if __name__ == "__main__":
    main()
