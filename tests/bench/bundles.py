"""Binding the file of a case, from the store to the store, beside reading, joining and storing the same bytes by the bare parts."""

import zipfile
from collections.abc import Callable, Sequence
from io import BytesIO
from uuid import uuid4

from tests.bench import ground

ground.stand()

import pikepdf  # noqa: E402

from documents import merging, storage, vault  # noqa: E402
from documents.models import Document, Version  # noqa: E402
from tests.documents.test_merging import heavy  # noqa: E402
from tests.memory import MB, watched  # noqa: E402
from tests.pdfs import pdf  # noqa: E402

RUNS = 7
EXHIBITS, PAGES, PAGE_KB = ground.number("EXHIBITS", 40), ground.number("PAGES", 1000), ground.number("PAGE_KB", 20)


def memory(work: Callable[[Sequence[Version]], None], versions: Sequence[Version]) -> float:
    """The most memory it takes beyond what was held before, in MB."""
    with watched() as peak:
        work(versions)
    return peak.most / MB


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
        vault.keep_stream(running.chunks(), pages=lambda: running.facts()["pages"], name="bench.pdf", document=document)


def main() -> None:
    versions = [vault.keep(heavy(PAGES // EXHIBITS, PAGE_KB * 1024, number), name=f"{number}.pdf") for number in range(EXHIBITS)]
    what = f"bind {EXHIBITS} exhibits, {PAGES:,} pages, {sum(version.size for version in versions) // MB} MB"
    for bare, how, aim in ((zipped, "read, decrypt, zip", 1.5), (joined, "read, decrypt, join, store", None)):
        ground.say(ground.against(what, *ground.alternately(lambda: ours(versions), lambda bare=bare: bare(versions), RUNS), how, aim))
    mine, beside = memory(ours, versions), memory(joined, versions)
    ground.say(ground.Result(f"{what}, memory", f"{mine:.0f} MB", f"join in memory {beside:.0f} MB", mine / max(beside, 1)))


if __name__ == "__main__":
    main()
