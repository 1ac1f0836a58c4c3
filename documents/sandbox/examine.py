"""Examining a PDF, inside the limited process: what it holds that acts, hides, breaks or swells. It judges nothing by name."""

import mmap
import re
import zlib
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, BinaryIO

import pikepdf
import pypdfium2
from pikepdf import Array, Dictionary, Name, Stream

BLANK = b"\xef\xbb\xbf\x00\t\n\x0c\r "
OTHER_KINDS = re.compile(rb"<!doctype|<html|<script|<svg|<\?php|<iframe|PK\x03\x04|Rar!|7z\xbc\xaf", re.IGNORECASE)
ZIP_END = b"PK\x05\x06"
ZIP_TAIL = 22 + 65535
MAX_SIDE = Decimal(14400)  # points: five metres, and the most that a reader must be able to show
MAX_PIXELS = 600_000_000  # an A0 sheet at 600 dpi
MAX_UNPACKED = 256 * 1024 * 1024  # bytes, one stream
MAX_UNPACKED_IN_ALL = 2 * 1024 * 1024 * 1024
DEFLATE_RATIO = 1032

ACTIONS = {
    "/JavaScript": "scripted",
    "/Launch": "launching",
    "/GoToR": "launching",
    "/GoToE": "launching",
    "/SubmitForm": "sends-data",
    "/ImportData": "launching",
    "/Rendition": "rich-media",
    "/Movie": "rich-media",
    "/Sound": "rich-media",
    "/RichMediaExecute": "rich-media",
}
ANNOTATIONS = {
    "/FileAttachment": "attachments",
    "/RichMedia": "rich-media",
    "/Movie": "rich-media",
    "/Sound": "rich-media",
    "/Screen": "rich-media",
    "/3D": "rich-media",
}
UNASKED = 20  # actions followed in a chain that runs by itself
LINKS = ("http:", "https:", "mailto:", "tel:")


def examine(content: BinaryIO, *, output: BinaryIO, max_pages: int) -> dict[str, Any]:
    """Codes of `documents.verdicts`, the number of pages, and facts. `output` is not used."""
    codes = set(_polyglot(content))
    try:
        with pikepdf.open(content) as pdf:
            if pdf.is_encrypted:
                return {"codes": ["protected"], "pages": len(pdf.pages), "facts": {}}
            return _report(pdf, codes | set(_seen(pdf, max_pages)) | set(_shown(content)))
    except pikepdf.PasswordError:
        return {"codes": ["encrypted"], "pages": None, "facts": {}}
    except (pikepdf.PdfError, RuntimeError):  # RecursionError and qpdf's own are RuntimeErrors
        return {"codes": sorted(codes | {"broken"}), "pages": None, "facts": {}}


def _report(pdf: pikepdf.Pdf, codes: set[str]) -> dict[str, Any]:
    facts = {"signed": "signed" in codes}
    return {"codes": sorted(codes - {"signed"}), "pages": len(pdf.pages), "facts": facts}


def _polyglot(content: BinaryIO) -> Iterator[str]:
    """Another kind of file before, after or around the PDF."""
    with mmap.mmap(content.fileno(), 0, prot=mmap.PROT_READ) as view:
        head, tail = view[:1024], view[max(0, view.rfind(b"%%EOF")) :][: 4 * 1024 * 1024]
        end = view[-ZIP_TAIL:] if len(view) > ZIP_TAIL else view[:]
    if not head.lstrip(BLANK).startswith(b"%PDF-") or OTHER_KINDS.search(head) or OTHER_KINDS.search(tail) or ZIP_END in end:
        yield "polyglot"


def _seen(pdf: pikepdf.Pdf, max_pages: int) -> Iterator[str]:
    if not len(pdf.pages):
        yield "no-page"
    if len(pdf.pages) > max_pages:
        yield "too-many-pages"
    elif any(map(_giant, pdf.pages)):
        yield "giant-page"
    yield from _objects(pdf)
    if pdf.get_warnings():
        yield "repaired"


def _shown(content: BinaryIO) -> Iterator[str]:
    """Whether the reader we make pictures with can show the first page."""
    content.seek(0)
    try:
        document = pypdfium2.PdfDocument(content)
        page = document[0]
        page.render(scale=100 / max(1, *page.get_size()))
    except pypdfium2.PdfiumError:
        yield "broken"


def _giant(page: pikepdf.Page) -> bool:
    try:
        left, low, right, high = (Decimal(side) for side in page.mediabox)  # type: ignore[arg-type]
        said: Any = page.obj.get("/UserUnit", 1)
        unit = Decimal(said)
    except (ValueError, TypeError, ArithmeticError, AttributeError, KeyError):
        return False  # no usable box: readers take an ordinary sheet
    return max(abs(right - left), abs(high - low)) * unit > MAX_SIDE


def _objects(pdf: pikepdf.Pdf) -> Iterator[str]:
    """Every object of the file, reachable or not."""
    unpacked = 0
    for root in pdf.objects:
        if isinstance(root, Stream):
            size = _unpacked(root)
            unpacked += size
            if size > MAX_UNPACKED or unpacked > MAX_UNPACKED_IN_ALL or _pixels(root) > MAX_PIXELS:
                yield "bomb"
                return
        for item in _direct(root):
            yield from _judged(item)


def _direct(root: Any) -> Iterator[Any]:
    """An indirect object and the dictionaries written inside it."""
    waiting = [root]
    while waiting:
        item = waiting.pop()
        if isinstance(item, (Dictionary, Stream)):
            yield item
            waiting += [value for value in item.values() if _inside(value)]
        elif isinstance(item, Array):
            waiting += [value for value in item if _inside(value)]


def _inside(value: Any) -> bool:
    return isinstance(value, (Dictionary, Array)) and not value.is_indirect


def _judged(item: Any) -> Iterator[str]:
    """What one dictionary means."""
    kind, action = item.get("/Type"), item.get("/S")
    if isinstance(action, Name) and kind != Name.StructElem:
        yield from filter(None, [ACTIONS.get(str(action))])
    if isinstance(item.get("/JS"), (pikepdf.String, Stream)):
        yield "scripted"
    if kind == Name.EmbeddedFile or isinstance(item.get("/EF"), Dictionary):
        yield "attachments"
    if any(step.get("/S") == Name.SubmitForm for step in _unasked(item)):
        yield "launching"
    if "/XFA" in item:
        yield "dynamic-form"
    if "/Rect" in item:
        yield from filter(None, [ANNOTATIONS.get(str(item.get("/Subtype")))])
    if "/ByteRange" in item and "/Contents" in item:
        yield "signed"
    if action == Name.URI and not str(item.get("/URI", "")).strip().lower().startswith(LINKS) and ":" in str(item.get("/URI", "")):
        yield "launching"


def _unasked(item: Any) -> Iterator[Any]:
    """The actions that run without a person's press: on opening, on showing a page, on leaving a field."""
    triggers = item.get("/AA")
    waiting = [item.get("/OpenAction"), *(triggers.values() if isinstance(triggers, Dictionary) else ())]
    for _ in range(UNASKED):
        if not waiting:
            return
        step = waiting.pop()
        if isinstance(step, Array):
            waiting += [value for value in step if isinstance(value, Dictionary)]
        elif isinstance(step, Dictionary):
            yield step
            waiting.append(step.get("/Next"))


def _pixels(stream: Any) -> int:
    try:
        return int(stream.get("/Width", 0)) * int(stream.get("/Height", 0)) if stream.get("/Subtype") == Name.Image else 0
    except (TypeError, ValueError):
        return 0


def _unpacked(stream: Any) -> int:
    """How many bytes a stream takes once its deflate layers are undone, counted no further than the limit."""
    filters = stream.get("/Filter", [])
    names = [str(name) for name in (filters if isinstance(filters, Array) else [filters])]
    raw = stream.read_raw_bytes()
    if "/FlateDecode" not in names or len(raw) * DEFLATE_RATIO ** names.count("/FlateDecode") < MAX_UNPACKED // 16:
        return len(raw)
    for name in names:
        if name != "/FlateDecode":
            break
        raw, size = _inflate(raw)
        if size > MAX_UNPACKED:
            return size
    return len(raw)


def _inflate(raw: bytes) -> tuple[bytes, int]:
    inflater, parts, size = zlib.decompressobj(), [], 0
    try:
        while size <= MAX_UNPACKED and raw and not inflater.eof:
            part = inflater.decompress(raw, 16 * 1024 * 1024)
            parts.append(part)
            size += len(part)
            raw = inflater.unconsumed_tail
    except zlib.error:
        pass  # damaged: readers show what came before
    return b"".join(parts), size
