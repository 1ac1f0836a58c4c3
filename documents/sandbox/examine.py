"""Examining a PDF, inside the limited process: what it holds that acts, hides, breaks or swells. It judges nothing by name."""

import base64
import os
import re
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import chain
from typing import Any, BinaryIO

import pikepdf
import pypdfium2
from pikepdf import Array, Dictionary, Name, Stream

BLANK = b"\xef\xbb\xbf\x00\t\n\x0c\r "
OTHER_KINDS = re.compile(rb"<!doctype|<html|<script|<svg|<\?php|<iframe|PK\x03\x04|Rar!|7z\xbc\xaf", re.IGNORECASE)
ZIP_END = b"PK\x05\x06"
ZIP_TAIL = 22 + 65535
END, AFTER_THE_END = b"%%EOF", 4 * 1024 * 1024  # bytes looked at from there on
MAX_SIDE = Decimal(14400)  # points: five metres, and the most that a reader must be able to show
MAX_PIXELS = 600_000_000  # an A0 sheet at 600 dpi
MAX_UNPACKED = 256 * 1024 * 1024  # bytes, one stream
MAX_UNPACKED_IN_ALL = 2 * 1024 * 1024 * 1024
DEFLATE_RATIO = 1032
PART = 1024 * 1024  # bytes

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
MANY = 200  # page numbers told of one code
Seen = tuple[str, int]  # a code and the page it was seen on; 0: of no page
UNASKED = 20  # actions followed in a chain that runs by itself
LINKS = ("http:", "https:", "mailto:", "tel:")


def examine(content: BinaryIO, *, output: BinaryIO, max_pages: int) -> dict[str, Any]:
    """Codes of `documents.verdicts` with the pages each was seen on, the number of pages, and facts. `output` is not used."""
    codes: dict[str, tuple[int, ...]] = dict.fromkeys(_polyglot(content), ())
    try:
        with pikepdf.open(content) as pdf:
            if pdf.is_encrypted:
                return {"codes": {"protected": []}, "pages": len(pdf.pages), "facts": {}}
            for code, page in chain(_seen(pdf, max_pages), _shown(content)):
                codes[code] = (*codes.get(code, ()), *([page] if page else ()))
            return _report(pdf, codes, content)
    except pikepdf.PasswordError:
        return {"codes": {"encrypted": []}, "pages": None, "facts": {}}
    except (pikepdf.PdfError, RuntimeError):  # RecursionError and qpdf's own are RuntimeErrors
        return {"codes": {**codes, "broken": ()}, "pages": None, "facts": {}}


def _report(pdf: pikepdf.Pdf, codes: dict[str, tuple[int, ...]], content: BinaryIO) -> dict[str, Any]:
    signed = codes.pop("signed", None) is not None or ("damaged" in codes and _has(content, b"/ByteRange"))
    told = {code: sorted(set(pages))[:MANY] for code, pages in codes.items()}
    return {"codes": told, "pages": len(pdf.pages), "facts": {"signed": signed}}


def _has(content: BinaryIO, words: bytes) -> bool:
    """Whether the raw bytes say so: what is damaged may hide a signature from the parser."""
    return _last(content, words) is not None


def _polyglot(content: BinaryIO) -> Iterator[str]:
    """Another kind of file before, after or around the PDF."""
    size = content.seek(0, os.SEEK_END)
    head, tail = _part(content, 0, 1024), _part(content, _last(content, END) or 0, AFTER_THE_END)
    end = _part(content, max(0, size - ZIP_TAIL), ZIP_TAIL)
    if not head.lstrip(BLANK).startswith(b"%PDF-") or OTHER_KINDS.search(head) or OTHER_KINDS.search(tail) or ZIP_END in end:
        yield "polyglot"


def _last(content: BinaryIO, words: bytes) -> int | None:
    """Where these words are for the last time; None where they are nowhere. Looked for from the end, a part at a time."""
    start = content.seek(0, os.SEEK_END)
    while start > 0:
        start = max(0, start - PART)
        if (found := _part(content, start, PART + len(words) - 1).rfind(words)) >= 0:
            return start + found
    return None


def _part(content: BinaryIO, start: int, length: int) -> bytes:
    content.seek(start)
    return content.read(length)


def _seen(pdf: pikepdf.Pdf, max_pages: int) -> Iterator[Seen]:
    count = len(pdf.pages)
    if not count:
        yield "no-page", 0
    if count > max_pages:
        yield "too-many-pages", 0
    else:
        yield from (("giant-page", number) for number, page in enumerate(pdf.pages, 1) if _giant(page))
    yield from _objects(pdf, _places(pdf) if count <= max_pages else {})
    if pdf.get_warnings():
        yield "damaged", 0


def _places(pdf: pikepdf.Pdf) -> dict[tuple[int, int], int]:
    """On which page an object is: the pages themselves, what lies on them, and what that does when pressed."""
    places: dict[tuple[int, int], int] = {}
    for number, page in enumerate(pdf.pages, 1):
        places.setdefault(page.obj.objgen, number)
        notes = page.obj.get("/Annots")
        for note in notes if isinstance(notes, Array) else ():
            for thing in (note, *(_actions(note) if isinstance(note, Dictionary) else ())):
                if getattr(thing, "is_indirect", False):
                    places.setdefault(thing.objgen, number)
    return places


def _actions(note: Any) -> Iterator[Any]:
    yield note.get("/A")
    triggers = note.get("/AA")
    yield triggers
    if isinstance(triggers, Dictionary):
        yield from triggers.values()


def _shown(content: BinaryIO) -> Iterator[Seen]:
    """Whether the reader we make pictures with can show the first page."""
    content.seek(0)
    try:
        document = pypdfium2.PdfDocument(content)
        page = document[0]
        page.render(scale=100 / max(1, *page.get_size()))
    except pypdfium2.PdfiumError:
        yield "broken", 0


def _giant(page: pikepdf.Page) -> bool:
    try:
        left, low, right, high = (Decimal(side) for side in page.mediabox)  # type: ignore[arg-type]
        said: Any = page.obj.get("/UserUnit", 1)
        unit = Decimal(said)
    except (ValueError, TypeError, ArithmeticError, AttributeError, KeyError):
        return False  # no usable box: readers take an ordinary sheet
    return max(abs(right - left), abs(high - low)) * unit > MAX_SIDE


def _objects(pdf: pikepdf.Pdf, places: dict[tuple[int, int], int]) -> Iterator[Seen]:
    """Every object of the file, reachable or not."""
    unpacked = 0
    for root in pdf.objects:
        if isinstance(root, Stream):
            size = _unpacked(root)
            unpacked += size
            if size > MAX_UNPACKED or unpacked > MAX_UNPACKED_IN_ALL or _pixels(root) > MAX_PIXELS:
                yield "bomb", 0
                return
        page = places.get(getattr(root, "objgen", (0, 0)), 0)
        for item in _direct(root):
            yield from ((code, page) for code in _judged(item))


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
    """How many bytes a stream takes once what swells it is undone, counted no further than the limit."""
    filters = stream.get("/Filter", [])
    names = [str(name) for name in (filters if isinstance(filters, Array) else [filters])]
    raw = stream.read_raw_bytes()
    if len(raw) * DEFLATE_RATIO ** sum(name in SWELLING for name in names) < MAX_UNPACKED // 16 or not SWELLING & set(names):
        return len(raw)
    if set(names) & SWELLING != {FLATE}:
        return _undone(stream, names, len(raw))
    for place, name in enumerate(names):
        if name == FLATE:
            raw, size = _inflate(raw)
            if size > MAX_UNPACKED:
                return size
        elif name in ARMOUR:
            try:
                raw = ARMOUR[name](raw)
            except ValueError:  # damaged: readers may show what came before
                return _hidden(names[place:], len(raw))
        else:
            return _hidden(names[place:], len(raw))
    return len(raw)


def _undone(stream: Any, names: Sequence[str], size: int) -> int:
    """The same by qpdf, in the memory there is."""
    try:
        return len(stream.read_bytes())
    except MemoryError:
        return MAX_UNPACKED + 1
    except pikepdf.PdfError:  # a picture's, or damaged
        return _hidden(names, size)


def _hidden(names: Sequence[str], size: int) -> int:
    """The size of what cannot be undone; more than any may have where something that swells lies behind: nobody writes so who means well."""
    return MAX_UNPACKED + 1 if SWELLING & set(names[1:]) else size


def _from_hexadecimal(raw: bytes) -> bytes:
    digits = raw.partition(b">")[0].translate(None, NO_HEXADECIMAL)
    return bytes.fromhex(digits.decode() + "0" * (len(digits) % 2))


def _from_base_85(raw: bytes) -> bytes:
    return base64.a85decode(raw.removeprefix(b"<~").partition(b"~>")[0].translate(None, NO_BASE_85))


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


FLATE = "/FlateDecode"
SWELLING = frozenset({FLATE, "/LZWDecode", "/RunLengthDecode"})
NO_HEXADECIMAL = bytes(set(range(256)) - set(b"0123456789abcdefABCDEF"))
NO_BASE_85 = bytes(set(range(256)) - {*range(33, 118), ord("z")})
ARMOUR: Mapping[str, Callable[[bytes], bytes]] = {
    "/ASCIIHexDecode": _from_hexadecimal,
    "/ASCII85Decode": _from_base_85,
    "/Crypt": lambda raw: raw,
}
