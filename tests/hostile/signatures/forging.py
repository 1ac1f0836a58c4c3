"""How an attacker changes a signed file: what the attacks have in common."""

import io
import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import pikepdf
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.content import RawContent
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import BoxConstraints

from backend.errors import Invalid
from signatures.validation import Problem, SignatureStatus, Verdict, validate
from tests.signatures.making import NAMES, agreement, pdfsig, signed_by

VALID = "Signature is Valid."
Change = Callable[[IncrementalPdfFileWriter], None]


@cache
def signed_twice() -> bytes:
    """The agreement, signed by the two spouses and archived."""
    return signed_by(agreement(), *NAMES[:2])


@cache
def signed_once() -> bytes:
    """The agreement, signed by one of four: the three others have their fields in it."""
    return signed_by(agreement(), NAMES[0])


def changed(content: bytes, change: Change) -> bytes:
    """The file with one more revision, saved as any program saves its changes."""
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    change(writer)
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def prepared(change: Callable[[pikepdf.Pdf], None]) -> bytes:
    """The agreement as somebody prepared it before it was signed."""
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(agreement())) as opened:
        change(opened)
        opened.save(output, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return output.getvalue()


def found(content: bytes) -> tuple[SignatureStatus, ...]:
    """What is said of a forged file; nothing where it is refused whole."""
    try:
        return validate(content)
    except Invalid:
        return ()


def problems(content: bytes) -> set[Problem]:
    return {problem for status in found(content) for problem in status.problems}


def assert_found_out(content: bytes, *expected: Problem, first: bool = True) -> None:
    """A signature is invalid for each reason expected, the `first` among them; and poppler, which looks at the bytes alone, agrees on these."""
    statuses = found(content)
    assert Verdict.INVALID in {one.verdict for one in statuses}
    assert not first or statuses[0].verdict == Verdict.INVALID
    assert set(expected) <= {problem for one in statuses for problem in one.problems}
    assert_agrees(content, statuses)


def assert_agrees(content: bytes, statuses: Iterable[SignatureStatus]) -> None:
    """Where the bytes covered, or the signature over them, were changed, poppler says so too."""
    broken = {Problem.ALTERED, Problem.FORGED, Problem.UNREADABLE}
    ours = [one for one in statuses if one.kind == "signature"]
    theirs = pdfsig(content)
    if len(theirs) == len(ours):
        for one, said in zip(ours, theirs, strict=True):
            assert (said == VALID) <= broken.isdisjoint(one.problems), (one.field, said, one.problems)


def look(operators: bytes, width: float = 500, height: float = 700) -> generic.StreamObject:
    """Something drawn."""
    return RawContent(operators, box=BoxConstraints(width, height)).as_form_xobject()


def annotation(writer: IncrementalPdfFileWriter, kind: str, operators: bytes = b"1 g 0 0 500 700 re f", **more: Any) -> Any:
    """A note of some kind, drawn over the page."""
    values = {
        "/Type": generic.pdf_name("/Annot"),
        "/Subtype": generic.pdf_name(kind),
        "/Rect": generic.ArrayObject(map(generic.NumberObject, (0, 0, 500, 700))),
        "/AP": generic.DictionaryObject({generic.pdf_name("/N"): writer.add_object(look(operators))}),
        **more,
    }
    return writer.add_object(generic.DictionaryObject({generic.pdf_name(name): value for name, value in values.items()}))


def rewritten(content: bytes, pattern: bytes, value: bytes) -> bytes:
    """The file with the first match of a pattern replaced by something of the same length."""
    match = re.search(pattern, content)
    assert match
    assert len(value) <= len(match[0])
    return content[: match.start()] + value.ljust(len(match[0])) + content[match.end() :]
