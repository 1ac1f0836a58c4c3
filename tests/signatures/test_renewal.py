"""Signed documents keep their proof: archived when they could not be, timestamped again before the last timestamp expires."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backend import clock
from backend.errors import Unavailable
from backend.work.doing import run_due
from backend.work.models import Owed
from documents import vault
from documents.models import Maker, Version
from signatures import authority, ceremony, renewal, revocation, seals
from signatures.models import Proof
from signatures.validation import Level, Problem, Verdict, validate
from tests.signatures.making import agreement, draft, four, signatures

pytestmark = pytest.mark.django_db
NIGHT = datetime(2027, 3, 10, 2, tzinfo=UTC)


@contextmanager
def years_later(years: float, monkeypatch: pytest.MonkeyPatch) -> Iterator[datetime]:
    """The machine's clock, that of certificates and timestamps, so much later."""
    real = clock.machine
    with monkeypatch.context() as patched:
        patched.setattr(clock, "machine", lambda: real() + timedelta(days=365.25 * years))
        yield clock.machine()


@pytest.fixture
def own_keys(settings, tmp_path) -> Iterator[None]:
    """Authorities of this test's own: they are replaced in it."""
    settings.KEYS_DIR = tmp_path
    authority.forget()
    yield
    authority.forget()


def head(version: Version) -> Version:
    version.document.refresh_from_db()
    found = version.document.head
    assert found is not None
    return found


def look(version: Version) -> Version:
    """Look at a version's proof; answers the document's head."""
    renewal.renew(str(version.pk))
    return head(version)


def test_a_file_holds_after_the_certificates_it_was_signed_with(monkeypatch) -> None:
    signed = vault.content(seals.seal(draft()))

    with years_later(6, monkeypatch) as then:  # the seal's certificate lasts three years, the timestamp authority's eight
        found = validate(signed, at=then)
    assert [one.verdict for one in found] == [Verdict.VALID] * 2
    assert found[0].level == Level.LTA
    assert found[0].path[0].not_after < then


def test_without_another_timestamp_it_stops_to_hold_with_the_last(monkeypatch) -> None:
    signed = vault.content(seals.seal(draft()))

    with years_later(9, monkeypatch) as then:
        seal, stamp = validate(signed, at=then)
    assert Problem.EXPIRED_SINCE in stamp.problems
    assert Problem.EXPIRED_SINCE in seal.problems
    assert seal.verdict == Verdict.UNCERTAIN


def test_another_timestamp_before_the_last_expires_makes_it_hold_on(own_keys, monkeypatch) -> None:
    sealed = seals.seal(draft())
    before = vault.content(sealed)
    assert look(sealed) == sealed  # not yet
    with years_later(7.8, monkeypatch):
        renewed = look(sealed)
        assert (renewed.made_by, renewed.based_on, renewed.number) == (Maker.TIMESTAMP, sealed, sealed.number + 1)
        assert look(renewed) == renewed  # once is enough
    content = vault.content(renewed)

    assert content.startswith(before)
    with years_later(12, monkeypatch) as then:
        found = validate(content, at=then)
    assert [one.kind for one in found] == ["signature", "timestamp", "timestamp"]
    assert [one.verdict for one in found] == [Verdict.VALID] * 3


def test_a_timestamp_that_would_last_no_longer_is_not_added(own_keys, monkeypatch) -> None:
    sealed = seals.seal(draft())
    present = authority.timestamps()
    with years_later(7.8, monkeypatch) as then:
        monkeypatch.setattr(authority, "timestamps", lambda: present)
        assert look(sealed) == sealed
        assert Proof.objects.get(version=sealed).look_at > then


def test_what_could_not_be_had_when_it_was_signed_is_added_in_the_night(monkeypatch) -> None:
    def nobody_answers(*_given: object) -> None:
        raise Unavailable

    with monkeypatch.context() as patched:
        patched.setattr(revocation, "evidence", nobody_answers)
        sealed = seals.seal(draft())
    assert [one.level for one in validate(vault.content(sealed))] == [Level.T]

    with clock.at(NIGHT):
        renewal.owe_nightly()
        renewal.owe_nightly()
        assert Owed.objects.filter(kind="signatures.renew").count() == 1
        run_due()
    assert [one.level for one in signatures(vault.content(head(sealed)))] == [Level.LTA]
    assert head(sealed).made_by == Maker.TIMESTAMP


def test_the_night_does_not_begin_the_evening_before_and_does_its_work_once() -> None:
    seals.seal(draft())
    with clock.at(datetime(2027, 3, 10, 23, 30, tzinfo=UTC)):  # half past midnight in Paris
        renewal.owe_nightly()
    assert not Owed.objects.filter(kind="signatures.renew").exists()


def test_a_document_that_people_are_signing_is_left_to_them() -> None:
    session = ceremony.open_session(draft(), four())
    first = session.signers.order_by("position").first()
    ceremony.consent(session.pk, first.person, evidence={})
    applied = ceremony.apply(first.pk)
    assert applied

    assert not renewal.due().filter(pk=applied.version.pk).exists()
    assert look(applied.version) == applied.version


def not_archived(settings) -> Version:
    settings.SIGNATURE_LEVEL = "B-T"
    sealed = seals.seal(draft())
    settings.SIGNATURE_LEVEL = "B-LTA"
    return sealed


def test_two_who_renew_at_once_leave_one_version(settings, monkeypatch) -> None:
    sealed = not_archived(settings)
    keep = vault.keep

    def overtaken(*given: Any, **named: Any) -> Version:
        keep(*given, **named)  # the other one
        return keep(*given, **named)

    monkeypatch.setattr(vault, "keep", overtaken)

    assert look(sealed).based_on == sealed
    assert sealed.document.versions.filter(made_by=Maker.TIMESTAMP).count() == 1


def test_a_version_that_is_no_longer_the_head_is_left_alone(settings) -> None:
    sealed = not_archived(settings)
    newer = vault.keep(agreement(), name="", document=sealed.document, based_on=sealed)

    assert not renewal.due().filter(pk=sealed.pk).exists()
    assert look(sealed) == newer


def test_what_is_made_anew_is_locked_in_the_store_as_the_rest(settings) -> None:
    renewed = look(not_archived(settings))

    assert Owed.objects.filter(kind="documents.lock", subject=str(renewed.pk)).exists()


@pytest.mark.parametrize(("level", "expected"), [("B-B", Level.B), ("B-T", Level.T), ("B-LT", Level.LT), ("B-LTA", Level.LTA)])
def test_the_level_is_that_of_the_configuration(settings, level: str, expected: Level) -> None:
    settings.SIGNATURE_LEVEL = level

    assert [one.level for one in signatures(vault.content(seals.seal(draft())))] == [expected]


def test_where_no_archive_is_wanted_no_round_makes_one(settings) -> None:
    settings.SIGNATURE_LEVEL = "B-T"
    sealed = seals.seal(draft())

    assert not renewal.due().exists()
    assert look(sealed) == sealed
