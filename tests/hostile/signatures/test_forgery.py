"""Signatures taken apart: universal forgery, wrapping, gaps in the range, bytes changed under a signature. None counts as one that holds.

Mladenov and others, "1 Trillion Dollar Refund: How To Spoof PDF Signatures" (CCS 2019).
"""

import io
import re

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader

from signatures import pades, ranges
from signatures.providers import Credential, InProcess
from signatures.validation import Problem, Verdict, validate
from tests.hostile.signatures.forging import VALID, assert_found_out, changed, found, rewritten, signed_twice
from tests.signatures.making import NAMES, agreement, one_time, pdfsig, signed_by

pytestmark = pytest.mark.django_db
CONTENTS = rb"/Contents <[0-9A-Fa-f]{100,}>"
RANGE = rb"/ByteRange \[0 \d+ \d+ \d+\s*\]"


def test_a_byte_changed_under_a_signature() -> None:
    forged = rewritten(signed_twice(), rb"/MediaBox", b"/MediaB0x")

    assert_found_out(forged, Problem.ALTERED)
    assert VALID not in pdfsig(forged)


@pytest.mark.parametrize(
    ("pattern", "value"),
    [
        (CONTENTS, b""),
        (CONTENTS, b"/Contents null"),
        (CONTENTS, b"/Contents <>"),
        (CONTENTS, b"/Contents <00>"),
        (CONTENTS, b"/Contents 0"),
        (RANGE, b""),
        (RANGE, b"/ByteRange null"),
        (RANGE, b"/ByteRange []"),
        (RANGE, b"/ByteRange [0 0 0 0]"),
        (RANGE, b"/ByteRange [0 -1 -1 0]"),
        (RANGE, b"/ByteRange [0 10 20 -5]"),
        (RANGE, b"/ByteRange [(a) 1 2 3]"),
        (RANGE, b"/ByteRange [0 999999999 1 2]"),
    ],
)
def test_universal_forgery_what_a_validator_needs_is_missing_or_makes_no_sense(pattern: bytes, value: bytes) -> None:
    forged = rewritten(signed_twice(), pattern, value)

    first = [one for one in found(forged) if one.field == f"S-{NAMES[0][0]}"]
    assert {one.verdict for one in first} <= {Verdict.INVALID}
    assert Verdict.VALID not in {one.verdict for one in found(forged) if one.kind == "signature"}
    assert pdfsig(forged)[:1] != [VALID] or len(pdfsig(forged)) < 2


def test_a_signature_emptied_of_its_content() -> None:
    contents = re.search(CONTENTS, signed_twice())
    assert contents
    zeros = b"/Contents <" + b"0" * (len(contents[0]) - 12) + b">"

    statuses = {one.field: one.problems for one in found(rewritten(signed_twice(), CONTENTS, zeros))}
    assert Problem.UNREADABLE in statuses[f"S-{NAMES[0][0]}"]


def test_wrapping_the_second_part_moved_to_make_room_for_something_else() -> None:
    """The signed bytes are all there, so that the digest is right; the signature, written again after them, says that they lie elsewhere."""
    signed = signed_by(agreement(), NAMES[0])
    reader = PdfFileReader(io.BytesIO(signed))
    embedded = reader.embedded_regular_signatures[0]
    _, before, after, rest = map(int, embedded.byte_range)

    def wrap(writer: IncrementalPdfFileWriter) -> None:
        moved = writer.add_object(generic.StreamObject(stream_data=signed[after : after + rest]))
        assert moved
        value = writer.prev.embedded_regular_signatures[0].sig_object
        value["/ByteRange"] = generic.ArrayObject(map(generic.NumberObject, (0, before, AT, rest)))
        writer.update_container(value)

    AT = 9_999_999
    draft = changed(signed, wrap)
    place = draft.rindex(signed[after : after + rest])
    forged = draft[:-1].replace(b"9999999", str(place).rjust(7, "0").encode()) + draft[-1:]
    assert forged[place : place + rest] == signed[after : after + rest]

    statuses = {one.field: one for one in found(forged)}
    assert statuses[f"S-{NAMES[0][0]}"].verdict == Verdict.INVALID
    assert Problem.GAP in statuses[f"S-{NAMES[0][0]}"].problems


def test_a_range_that_leaves_out_more_than_the_signature() -> None:
    """Made by the signer: sound in itself, and anything may be put into what it leaves out."""
    content = signed_by(agreement(), NAMES[0])
    value = re.search(rb"/Contents (<[0-9A-Fa-f]+>)", content)
    assert value
    start, end = value.span(1)
    size = len(content)
    whole = bytes.fromhex(value[1][1:-1].decode())

    assert not ranges.leaves_out_more(content, [0, start, end, size - end], whole)
    for given in ([0, start, end + 1, size - end - 1], [0, start - 1, end, size - end], [1, start, end, size - end], [0, start, end], []):
        assert ranges.leaves_out_more(content, given, whole)
    assert ranges.leaves_out_more(content, [0, start, end, size - end], whole + b"\0")
    assert ranges.leaves_out_more(content, [0, start, end, size - end + 1], whole)
    assert ranges.leaves_out_more(content, [0, 10, 20, size - 20], whole)


def test_a_key_that_is_not_the_certificate_s() -> None:
    stolen = one_time("Paul Petit")
    forged = pades.sign(
        agreement(),
        Credential(InProcess(ec.generate_private_key(ec.SECP256R1())), stolen.certificate, stolen.chain),
        pades.Place("x"),
        name="x",
        last=False,
    )

    (status,) = validate(forged)
    assert Problem.FORGED in status.problems
    assert pdfsig(forged) != [VALID]
