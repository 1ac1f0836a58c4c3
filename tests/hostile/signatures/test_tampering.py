"""Signed files changed afterwards, each as an attacker would: every one is found, and the second opinion is asked where there is one."""

import io
import re
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pikepdf
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.content import RawContent
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.sign.timestamps import TimeStamper

from backend import clock
from signatures import authority, certificates, pades
from signatures.certificates import subject
from signatures.keystore import Credential
from signatures.timestamps import respond
from signatures.validation import Problem, SignatureStatus, Verdict, validate
from tests.signatures.making import NAMES, agreement, one_time, pdfsig, signed_by


@pytest.fixture(scope="module")
def signed() -> bytes:
    return signed_by(agreement(), *NAMES[:2])


def changed(content: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    """The file with one more revision, saved as any program saves its changes."""
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    change(writer)
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def verdicts(content: bytes) -> list[Verdict]:
    return [status.verdict for status in validate(content)]


def problems(content: bytes) -> set[Problem]:
    return {problem for status in validate(content) for problem in status.problems}


def test_a_byte_changed_under_a_signature(signed: bytes) -> None:
    at = signed.index(b"/MediaBox")
    forged = signed[:at] + b"/MediaB0x" + signed[at + 9 :]

    assert validate(signed)[0].ok
    assert Problem.ALTERED in problems(forged)
    assert "Signature is Valid." not in pdfsig(forged)


@pytest.mark.parametrize("tail", [b"\n%hidden\n", b"\n1 0 obj\n<< /Type /Catalog >>\nendobj\n", b"\x00" * 200 + b"x"])
def test_a_tail_that_no_signature_covers(signed: bytes, tail: bytes) -> None:
    assert Problem.UNCOVERED in problems(signed + tail)


def test_a_page_s_text_replaced_after_signing(signed: bytes) -> None:
    def replace(writer: IncrementalPdfFileWriter) -> None:
        page = writer.find_page_for_modification(0)[0].get_object()
        page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"BT ET"))
        writer.update_container(page)

    forged = changed(signed, replace)

    assert verdicts(forged) == [Verdict.INVALID] * 2
    assert Problem.CHANGED_AFTER in problems(forged)


def test_a_note_laid_over_the_text_after_signing(signed: bytes) -> None:
    def cover(writer: IncrementalPdfFileWriter) -> None:
        look = writer.add_object(RawContent(b"1 g 0 0 500 700 re f", box=BoxConstraints(500, 700)).as_form_xobject())
        note = {"/Type": "/Annot", "/Subtype": "/FreeText"}
        annotation = generic.DictionaryObject({generic.pdf_name(key): generic.pdf_name(value) for key, value in note.items()})
        annotation["/Rect"] = generic.ArrayObject(map(generic.NumberObject, (0, 0, 500, 700)))
        annotation["/AP"] = generic.DictionaryObject({generic.pdf_name("/N"): look})
        page = writer.find_page_for_modification(0)[0].get_object()
        page["/Annots"] = generic.ArrayObject([writer.add_object(annotation)])
        writer.update_container(page)

    assert verdicts(changed(signed, cover)) == [Verdict.INVALID] * 2


def test_the_look_of_a_signature_changed_after_signing(signed: bytes) -> None:
    def rename(writer: IncrementalPdfFileWriter) -> None:
        widget = writer.find_page_for_modification(-1)[0].get_object()["/Annots"][0]
        widget["/AP"]["/N"] = writer.add_object(RawContent(b"", box=BoxConstraints(232, 58)).as_form_xobject())
        writer.mark_update(widget.container_ref)

    assert Verdict.INVALID in verdicts(changed(signed, rename))


def test_a_page_added_after_signing(signed: bytes) -> None:
    def add(writer: IncrementalPdfFileWriter) -> None:
        page = writer.find_page_for_modification(0)[0].get_object()
        writer.insert_page(generic.DictionaryObject({key: page.raw_get(key) for key in ("/Type", "/Contents", "/Resources", "/MediaBox")}))

    assert Verdict.INVALID in verdicts(changed(signed, add))


def test_a_signature_s_range_pointed_elsewhere(signed: bytes) -> None:
    """Wrapping: the range covers less than what is shown."""
    first = re.search(rb"/ByteRange \[0 (\d+) (\d+) (\d+)\s*\]", signed)
    assert first
    shorter = b"%d" % (int(first[3]) - 20)
    forged = signed[: first.start(3)] + shorter.rjust(len(first[3]), b"0") + signed[first.end(3) :]

    assert verdicts(forged)[0] == Verdict.INVALID


def test_a_signature_emptied_of_its_content(signed: bytes) -> None:
    """Universal forgery: a missing or a null signature must not count as one that holds."""
    contents = re.search(rb"/Contents <([0-9a-fA-F]{100,})>", signed)
    assert contents
    forged = signed[: contents.start(1)] + b"0" * len(contents[1]) + signed[contents.end(1) :]

    found = {status.field: status.problems for status in validate(forged)}
    assert Problem.UNREADABLE in found[f"S-{NAMES[0][0]}"]


def test_a_file_saved_anew_has_lost_its_signatures(signed: bytes) -> None:
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(signed)) as opened:
        opened.save(output)

    assert Verdict.VALID not in verdicts(output.getvalue())


def other_authority(profile: certificates.Profile = certificates.SIGNER) -> Credential:
    """A certificate with the right words, under a root that nobody trusts."""
    root = certificates.make(authority.root().certificate.subject, certificates.ROOT)
    return certificates.make(subject("Élodie Martin-Œuvre", "Commun Accord", title="Épouse"), profile, root)


def sealed(credential: Credential) -> SignatureStatus:
    (status,) = validate(pades.sign(agreement(), credential, pades.Place("x"), name="x"))
    return status


def test_a_signature_under_a_root_of_the_same_name(signed: bytes) -> None:
    status = sealed(other_authority())

    assert status.intact
    assert not status.trusted
    assert status.problems == (Problem.UNTRUSTED,)


def test_a_certificate_made_for_another_purpose() -> None:
    status = sealed(authority.timestamps())

    assert not status.trusted
    assert status.verdict != Verdict.VALID


def test_a_certificate_whose_minutes_are_over(monkeypatch: pytest.MonkeyPatch) -> None:
    real = clock.machine
    monkeypatch.setattr(clock, "machine", lambda: real() - timedelta(hours=2))
    late = one_time("Paul Petit")
    monkeypatch.undo()

    assert not sealed(late).trusted


def test_a_key_that_is_not_the_certificate_s() -> None:
    stolen = one_time("Paul Petit")

    status = sealed(Credential(ec.generate_private_key(ec.SECP256R1()), stolen.certificate, stolen.chain))

    assert status.verdict == Verdict.INVALID


def test_a_timestamp_of_something_else(monkeypatch: pytest.MonkeyPatch) -> None:
    class Elsewhere(TimeStamper):
        async def async_timestamp(self, message_digest, md_algorithm):
            _, asked = self.request_cms(b"\0" * 32, md_algorithm)
            return respond(asked)["time_stamp_token"]

    monkeypatch.setattr(pades, "timestamper", Elsewhere)

    assert Problem.TIMESTAMP_BROKEN in sealed(one_time("Paul Petit")).problems


def test_a_signature_without_a_timestamp(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pades, "timestamper", lambda: None)

    assert sealed(one_time("Paul Petit", person=uuid4())).problems == (Problem.TIMESTAMP_MISSING,)


def test_the_clean_file_passes_all_the_same(signed: bytes) -> None:
    assert verdicts(signed) == [Verdict.VALID] * 2
    assert pdfsig(signed) == ["Signature is Valid."] * 2
