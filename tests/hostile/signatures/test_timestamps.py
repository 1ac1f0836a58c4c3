"""Timestamps that prove nothing: missing, of something else, by nobody trusted, by a certificate for another purpose, from the future."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from asn1crypto import cms, tsp
from pyhanko.sign.timestamps import TimeStamper

from backend import clock
from signatures import authority, certificates, pades, timestamps
from signatures.certificates import subject
from signatures.providers import Credential
from signatures.timestamps import respond
from signatures.validation import Level, Problem, SignatureStatus, Verdict, validate
from tests.hostile.signatures.forging import VALID, assert_found_out, rewritten, signed_twice
from tests.signatures.making import agreement, one_time, pdfsig

pytestmark = pytest.mark.django_db


def signed(*, last: bool = False) -> list[SignatureStatus]:
    content = pades.sign(agreement(), one_time("Paul Petit"), pades.Place("x"), name="x", last=last)
    assert pdfsig(content) == [VALID]  # it does not look at timestamps
    return list(validate(content))


def stamped_by(monkeypatch: pytest.MonkeyPatch, answer: Callable[[tsp.TimeStampReq], tsp.TimeStampResp]) -> None:
    class Elsewhere(TimeStamper):
        async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
            return answer(req)

    monkeypatch.setattr(pades, "timestamper", Elsewhere)


def authority_is(monkeypatch: pytest.MonkeyPatch, made: Credential) -> None:
    monkeypatch.setattr(authority, "timestamps", lambda: made)


def test_a_timestamp_of_something_else(monkeypatch) -> None:
    class Elsewhere(TimeStamper):
        async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
            _, asked = self.request_cms(b"\0" * 32, md_algorithm)
            return respond(asked)["time_stamp_token"]

    monkeypatch.setattr(pades, "timestamper", Elsewhere)

    (status,) = signed()
    assert Problem.TIMESTAMP_BROKEN in status.problems
    assert status.verdict == Verdict.INVALID
    assert not status.timestamp_ok


def test_a_timestamp_whose_authority_is_not_trusted(monkeypatch) -> None:
    root = certificates.make(subject("Elsewhere"), certificates.ROOT)
    authority_is(monkeypatch, certificates.make(subject("Elsewhere"), certificates.TIMESTAMPS, root))

    (status,) = signed()
    assert status.problems == (Problem.TIMESTAMP_UNTRUSTED,)
    assert status.verdict == Verdict.UNCERTAIN


def test_a_timestamp_by_a_certificate_made_for_another_purpose(monkeypatch) -> None:
    authority_is(monkeypatch, authority.seal())

    (status,) = signed()
    assert status.problems == (Problem.TIMESTAMP_UNTRUSTED,)


def test_a_timestamp_by_a_certificate_that_had_expired(monkeypatch) -> None:
    real = clock.machine
    with monkeypatch.context() as patched:
        patched.setattr(clock, "machine", lambda: real() - timedelta(days=2))
        short = certificates.Profile(timedelta(days=1), certificates.TIMESTAMPS.usage, certificates.TIMESTAMPS.extended, critical=True)
        expired = certificates.make(subject("Late"), short, authority.root())
    authority_is(monkeypatch, expired)

    assert signed()[0].problems == (Problem.TIMESTAMP_UNTRUSTED,)


def test_a_timestamp_from_the_future(monkeypatch) -> None:
    """It cannot prove that a signature was there before something: it is later than the time of asking."""
    real = clock.machine
    monkeypatch.setattr(timestamps.clock, "machine", lambda: real() + timedelta(days=1))
    content = pades.sign(agreement(), one_time("Paul Petit"), pades.Place("x"), name="x", last=False)
    monkeypatch.undo()

    (status,) = validate(content)
    assert Problem.TIMESTAMP_BROKEN in status.problems


def test_without_a_timestamp_the_time_is_the_signer_s_word(settings) -> None:
    settings.SIGNATURE_LEVEL = "B-B"

    (status,) = signed()
    assert status.problems == (Problem.TIMESTAMP_MISSING,)
    assert (status.level, status.timestamp_ok, status.at) == (Level.B, False, status.claimed_at)


def test_a_timestamp_of_the_document_stands_in_for_one_of_the_signature(monkeypatch) -> None:
    """EN 319 142-1, 6.3: either gives the signature a trusted time."""
    sign = pades._cms

    async def bare(digest: bytes, credential: Credential) -> Any:
        with monkeypatch.context() as patched:
            patched.setattr(pades, "timestamper", lambda: None)
            return await sign(digest, credential)

    monkeypatch.setattr(pades, "_cms", bare)

    status, stamp = signed(last=True)
    assert status.problems == ()
    assert (status.level, status.at, status.timestamp_ok) == (Level.LTA, stamp.at, True)


def test_a_timestamp_of_the_document_that_was_broken_proves_nothing() -> None:
    forged = rewritten(signed_twice(), rb"/Type /DocTimeStamp", b"/Type /DocTimeStemp")

    assert_found_out(forged, first=False)
    assert Level.LTA not in {one.level for one in validate(forged)}


def test_a_timestamp_of_the_document_by_nobody_trusted_proves_nothing(monkeypatch) -> None:
    content = pades.sign(agreement(), one_time("Paul Petit"), pades.Place("x"), name="x", last=False)
    root = certificates.make(subject("Elsewhere"), certificates.ROOT)
    authority_is(monkeypatch, certificates.make(subject("Elsewhere"), certificates.TIMESTAMPS, root))

    status, stamp = validate(pades.archive(content, pades.present(content).certificates))
    assert status.ok  # by its own timestamp
    assert status.level == Level.LT
    assert set(stamp.problems) == {Problem.UNTRUSTED, Problem.TIMESTAMP_UNTRUSTED}
