"""Repairing a damaged PDF, inside the limited process: what qpdf could recover is written anew, and kept only where every page looks the same."""

from typing import Any, BinaryIO

import pikepdf
import pypdfium2

LONG_SIDE = 600  # pixels: a letter moved or lost shows


def repair(content: BinaryIO, *, output: BinaryIO, max_pages: int) -> dict[str, Any]:
    """Write the recovered file to `output`. `same`: whether it has the same pages and each looks exactly as before."""
    with pikepdf.open(content) as pdf:
        if len(pdf.pages) > max_pages:
            return {"same": False}
        pdf.save(output)
    output.flush()
    with open(output.fileno(), "rb", closefd=False) as written:
        return {"same": _same(content, written)}


def _same(before: BinaryIO, after: BinaryIO) -> bool:
    for file in (before, after):
        file.seek(0)
    try:
        old, new = pypdfium2.PdfDocument(before), pypdfium2.PdfDocument(after)
        for document in (old, new):
            document.init_forms()
        return len(old) == len(new) and all(_drawn(old, index) == _drawn(new, index) for index in range(len(old)))
    except pypdfium2.PdfiumError:
        return False


def _drawn(document: pypdfium2.PdfDocument, index: int) -> tuple[tuple[float, float], bytes]:
    """A page's size and its picture."""
    page = document[index]
    try:
        size = page.get_size()
        return size, page.render(scale=LONG_SIDE / max(1, *size)).to_pil().tobytes()
    finally:
        page.close()
