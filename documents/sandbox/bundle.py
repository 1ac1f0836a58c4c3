"""Binding many PDFs into one, and cutting one into several, inside the limited process. Streams are read as they are written, never held."""

import json
import secrets
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import Any, BinaryIO

import pikepdf
from pikepdf import Array, Dictionary, Name, OutlineItem, Stream

from documents.sandbox.hollow import Hollow
from documents.sandbox.pdf import lower_right

HEADINGS = 300  # of one part, kept in the bookmarks
DEPTH = 3
OF_A_PAGE = 2500  # bytes: its objects besides streams, at most, for an ordinary page


def bind(plan: BinaryIO, front: BinaryIO, numbers: BinaryIO, *parts: BinaryIO, output: BinaryIO) -> dict[str, Any]:
    """The front pages, then the parts, under nested bookmarks, each page with its number: `numbers` has a page for each.

    `plan` is JSON: {"front": title, "groups": [{"title", "parts": [titles]}]}, in the order of the parts. The copy has no form and no signature.
    """
    wanted, hollow = json.load(plan), Hollow(secrets.token_hex(16))
    with ExitStack() as held:
        whole, labels = held.enter_context(pikepdf.open(front)), held.enter_context(pikepdf.open(numbers))
        outline = [OutlineItem(wanted["front"], 0)]
        numbered = enumerate(parts)
        for group in wanted["groups"]:
            heading = OutlineItem(group["title"], len(whole.pages))
            heading.children.extend(
                _added(whole, content, which, title, hollow) for title, (which, content) in zip(group["parts"], numbered, strict=False)
            )
            outline.append(heading)
        _bookmark(whole, outline)
        for page, label in zip(whole.pages, labels.pages, strict=True):
            _number(page, label)
        hollow.fill(whole, [held.enter_context(pikepdf.open(part)) for part in parts], output)
        return {"pages": len(whole.pages)}


def measure(content: BinaryIO, *, output: BinaryIO, limit: int) -> dict[str, Any]:
    """Where to cut so that no part passes `limit` bytes: the numbers of pages of each part; or `too_large`, pages that pass it alone."""
    with pikepdf.open(content) as whole:
        whole.remove_unreferenced_resources()
        weights = [_weights(page) for page in whole.pages]
    alone = [sum(weight.values()) + OF_A_PAGE for weight in weights]
    if too_large := [{"page": number, "size": size} for number, size in enumerate(alone, 1) if size > limit]:
        return {"too_large": too_large[:50]}
    return {"pages": list(_shared_out(weights, limit))}


def cut(front: BinaryIO, content: BinaryIO, *, output: BinaryIO, first: int, count: int) -> dict[str, Any]:
    """The front page, then `count` pages from page `first` (from 1), under the bookmarks that lead to them."""
    with pikepdf.open(front) as part, pikepdf.open(content) as whole:
        whole.remove_unreferenced_resources()
        with whole.open_outline() as told:
            kept = list(_kept(whole, told.root, first, count, len(part.pages)))
        part.pages.extend(whole.pages[first - 1 : first - 1 + count])
        _bookmark(part, kept)
        _save(part, output)
        return {"pages": len(part.pages)}


def _added(whole: pikepdf.Pdf, content: BinaryIO, which: int, title: str, hollow: Hollow) -> OutlineItem:
    """Add a part's pages as they are seen: what is typed in its forms and its layers included. Returns its bookmark."""
    start = len(whole.pages)
    with pikepdf.open(content) as part:
        _flatten(part)
        hollow.empty(part, which)
        whole.pages.extend(part.pages)
        _keep_layers(whole, part)
        bookmark = OutlineItem(title, start)
        bookmark.children.extend(_headings(part, start))
        bookmark.is_closed = True
        return bookmark


def _number(page: pikepdf.Page, label: pikepdf.Page) -> None:
    """As `add_overlay` does, but for joining what the page shows into one stream: that may be hollow."""
    shape = label.as_form_xobject()
    name = page.add_resource(shape, Name.XObject)
    page.contents_add(b"q\n", prepend=True)
    page.contents_add(b"\nQ\n" + page.calc_form_xobject_placement(shape, name, lower_right(page, label)))


def _headings(part: pikepdf.Pdf, start: int) -> list[OutlineItem]:
    """The part's own bookmarks, as far as they can be followed."""
    with part.open_outline(max_depth=DEPTH) as told:
        budget = iter(range(HEADINGS))
        return list(_moved(part, told.root, lambda place: OutlineItem("", start + place), budget))


def _moved(pdf: pikepdf.Pdf, items: Sequence[OutlineItem], made: Any, budget: Iterator[int]) -> Iterator[OutlineItem]:
    for item in items:
        if next(budget, None) is None:
            return
        place = _place(pdf, item)
        if place is not None:
            moved = made(place)
            moved.title = item.title
            moved.children.extend(_moved(pdf, item.children, made, budget))
            yield moved


def _place(pdf: pikepdf.Pdf, item: OutlineItem) -> int | None:
    """The page, from 0, to which a bookmark leads by its own words; None where it does not."""
    target: Any = item.destination if isinstance(item.destination, Array) else None
    if target is None and isinstance(item.action, Dictionary) and isinstance(item.action.get("/D"), Array):
        target = item.action.D
    try:
        return pikepdf.Page(target[0]).index if target is not None and len(target) and isinstance(target[0], Dictionary) else None
    except (ValueError, TypeError, RuntimeError):
        return None


def _kept(whole: pikepdf.Pdf, items: Sequence[OutlineItem], first: int, count: int, ahead: int) -> Iterator[OutlineItem]:
    """The bookmarks of a range of pages; one that begins before and goes on into it leads to its first page."""
    places = [_place(whole, item) for item in items]
    for index, (item, place) in enumerate(zip(items, places, strict=True)):
        if place is None:
            continue
        following = next((other for other in places[index + 1 :] if other is not None), first + count)
        if place < first - 1 + count and max(following, place + 1) > first - 1:
            kept = OutlineItem(item.title, max(place - (first - 1), 0) + ahead)
            kept.children.extend(_kept(whole, item.children, first, count, ahead))
            yield kept


def _flatten(part: pikepdf.Pdf) -> None:
    """Draw what forms and annotations show. Tags stay with the original: they would point into another file's tree."""
    if "/AcroForm" in part.Root:
        part.generate_appearance_streams()
    part.flatten_annotations("screen")
    for page in part.pages:
        seals = [number for number, item in enumerate(_annotations(page)) if item.get("/FT") == Name.Sig]
        for number in reversed(seals):  # seen nowhere: not drawn, not gone
            del page.obj.Annots[number]
        for item in (page.obj, *_annotations(page)):
            for key in ("/StructParents", "/StructParent", "/Tabs", "/AA"):
                if key in item:
                    del item[key]


def _annotations(page: pikepdf.Page) -> list[Any]:
    found = page.obj.get("/Annots")
    return [item for item in found if isinstance(item, Dictionary)] if isinstance(found, Array) else []


def _keep_layers(whole: pikepdf.Pdf, part: pikepdf.Pdf) -> None:
    """What a part hides in a layer stays hidden."""
    told = part.Root.get("/OCProperties")
    if not isinstance(told, Dictionary) or not isinstance(told.get("/OCGs"), Array):
        return
    if "/OCProperties" not in whole.Root:
        whole.Root.OCProperties = Dictionary(OCGs=Array(), D=Dictionary(Name=pikepdf.String("Default"), OFF=Array(), Order=Array()))
    ours, hidden = whole.Root.OCProperties, told.get("/D", Dictionary()).get("/OFF", Array())
    for layer in told.OCGs:
        if layer.is_indirect:
            ours.OCGs.append(whole.copy_foreign(layer))
    for layer in hidden:
        if layer.is_indirect:
            ours.D.OFF.append(whole.copy_foreign(layer))


def _bookmark(pdf: pikepdf.Pdf, items: Sequence[OutlineItem]) -> None:
    with pdf.open_outline() as outline:
        outline.root[:] = items


def _weights(page: pikepdf.Page) -> dict[tuple[int, int], int]:
    """The bytes of each stream that a page needs."""
    found: dict[tuple[int, int], int] = {}
    seen: set[tuple[int, int]] = {page.obj.objgen}
    waiting: list[Any] = [value for key, value in page.obj.items() if key not in ("/Parent", "/B")]
    while waiting:
        item = waiting.pop()
        if not isinstance(item, (Dictionary, Array, Stream)):
            continue
        if item.is_indirect:
            if item.objgen in seen:
                continue
            seen.add(item.objgen)
        if isinstance(item, Stream):
            found[item.objgen] = int(item.get("/Length", 0))
        if not isinstance(item, Array) and str(item.get("/Type", "")) in ("/Page", "/Pages"):
            continue
        waiting.extend(item if isinstance(item, Array) else [value for key, value in item.items() if key != "/Parent"])
    return found


def _shared_out(weights: Sequence[dict[tuple[int, int], int]], limit: int) -> Iterator[int]:
    """How many pages each part takes: as many as fit, what two pages share counted once."""
    held: dict[tuple[int, int], int] = {}
    size = count = 0
    for weight in weights:
        more = OF_A_PAGE + sum(length for key, length in weight.items() if key not in held)
        if count and size + more > limit:
            yield count
            held, size, count = {}, 0, 0
            more = OF_A_PAGE + sum(weight.values())
        held.update(weight)
        size, count = size + more, count + 1
    if count:
        yield count


def _save(pdf: pikepdf.Pdf, output: BinaryIO) -> None:
    """Written forwards only, to a pipe."""
    pdf.save(output, object_stream_mode=pikepdf.ObjectStreamMode.generate)
