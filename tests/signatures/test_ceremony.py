"""A signing session: who may answer, when, over what; and what stands in the document afterwards."""

from datetime import timedelta
from hashlib import sha256
from uuid import uuid4

import pytest

from backend import clock
from backend.errors import Conflict, Invalid, NotAllowed, NotFound, NotNow, Outdated
from documents import vault
from documents.models import Document, Maker
from signatures import ceremony
from signatures.models import Issued, Session, Signer
from tests.signatures.making import NAMES, agreement, draft, four, pdfsig, signatures

pytestmark = pytest.mark.django_db


def test_everyone_signs_one_after_another_and_the_session_is_complete() -> None:
    people, version = four(), draft()
    session = ceremony.open_session(version, people, purpose="petition")

    applied = [ceremony.apply(ceremony.consent(session.pk, person.person, evidence={"digest": version.sha256}).pk) for person in people]

    assert [one.complete for one in applied] == [False, False, False, True]
    session.refresh_from_db()
    assert (session.state, session.newest) == (Session.State.COMPLETE, applied[-1].version)
    document = session.document
    document.refresh_from_db()
    assert (document.head, document.name, document.versions.count()) == (applied[-1].version, "Convention", 5)
    assert {one.version.made_by for one in applied} == {Maker.SIGNATURE}
    found = signatures(vault.content(document.head))
    assert [(status.signer, status.capacity, status.ok) for status in found] == [(*person, True) for person in NAMES]
    assert pdfsig(vault.content(document.head)) == ["Signature is Valid."] * 4


def test_a_name_as_long_as_civil_status_allows_signs() -> None:
    """Three names of 200 letters each, and the capacity that bears two of them."""
    long = ceremony.SignerSpec(four()[0].person, " ".join(["Armelle" * 28] * 3), f"Avocat de {'V' * 401} et de {'D' * 401}")
    session = ceremony.open_session(draft(), [long])
    applied = ceremony.apply(ceremony.consent(session.pk, long.person, evidence={}).pk)
    assert applied.complete
    assert pdfsig(vault.content(applied.version)) == ["Signature is Valid."]


def test_a_signature_done_twice_is_one_signature() -> None:
    people = four()[:1]
    session = ceremony.open_session(draft(), people)
    signer = ceremony.consent(session.pk, people[0].person, evidence={})

    first, again = ceremony.apply(signer.pk), ceremony.apply(str(signer.pk))

    assert first.version == again.version
    assert again.complete
    assert session.document.versions.count() == 2
    assert Issued.objects.filter(person=people[0].person).count() == 1


def test_how_the_person_was_known_is_kept_with_their_consent() -> None:
    people, version = four(), draft()
    session = ceremony.open_session(version, people)
    moment = clock.now() - timedelta(days=100)

    with clock.at(moment):
        ceremony.consent(session.pk, people[2].person, evidence={"digest": version.sha256, "strength": "password and code by mail"})

    signer = Signer.objects.get(session=session, person=people[2].person)
    assert (signer.position, signer.state, signer.consented_at) == (3, Signer.State.CONSENTED, moment)
    assert signer.evidence["strength"] == "password and code by mail"


def test_in_order_nobody_answers_before_their_turn() -> None:
    people = four()[:2]
    session = ceremony.open_session(draft(), people, ordered=True)

    with pytest.raises(NotNow) as refusal:
        ceremony.consent(session.pk, people[1].person, evidence={})

    assert refusal.value.code == "not-your-turn"
    first = ceremony.consent(session.pk, people[0].person, evidence={})
    second = ceremony.consent(session.pk, people[1].person, evidence={})
    with pytest.raises(NotNow):
        ceremony.apply(second.pk)
    assert not ceremony.apply(first.pk).complete
    assert ceremony.apply(second.pk).complete


def test_nobody_answers_twice_nor_for_another() -> None:
    people = four()
    session = ceremony.open_session(draft(), people)
    ceremony.consent(session.pk, people[0].person, evidence={})

    with pytest.raises(Conflict):
        ceremony.consent(session.pk, people[0].person, evidence={})
    with pytest.raises(Conflict):
        ceremony.refuse(session.pk, people[0].person, reason="too late")
    with pytest.raises(NotAllowed):
        ceremony.consent(session.pk, uuid4(), evidence={})
    with pytest.raises(NotFound):
        ceremony.consent(uuid4(), people[0].person, evidence={})


def test_a_person_with_two_capacities_signs_in_each() -> None:
    person = uuid4()
    session = ceremony.open_session(draft(), [ceremony.SignerSpec(person, "Anne Claude", capacity) for capacity in ("Avocate", "Témoin")])

    answered = [ceremony.consent(session.pk, person, evidence={}), ceremony.consent(session.pk, person, evidence={}, capacity="Témoin")]

    assert [signer.capacity for signer in answered] == ["Avocate", "Témoin"]
    assert [ceremony.apply(signer.pk).complete for signer in answered] == [False, True]


def test_no_signature_without_consent() -> None:
    session = ceremony.open_session(draft(), four())

    with pytest.raises(NotNow):
        ceremony.apply(session.signers.first().pk)
    with pytest.raises(NotFound):
        ceremony.apply(uuid4())


def test_a_refusal_ends_the_session_and_its_reason_is_kept() -> None:
    people = four()
    session = ceremony.open_session(draft(), people)
    waiting = ceremony.consent(session.pk, people[0].person, evidence={})

    refused = ceremony.refuse(session.pk, people[1].person, reason="The amount is wrong.")

    session.refresh_from_db()
    assert (session.state, refused.reason) == (Session.State.REFUSED, "The amount is wrong.")
    assert session.closed_at is not None
    assert ceremony.apply(waiting.pk) is None
    with pytest.raises(NotNow):
        ceremony.consent(session.pk, people[2].person, evidence={})


def test_a_cancelled_session_signs_nothing_and_another_may_be_opened() -> None:
    people, version = four(), draft()
    session = ceremony.open_session(version, people)
    waiting = ceremony.consent(session.pk, people[0].person, evidence={})

    ceremony.cancel(session)
    ceremony.cancel(session)

    assert ceremony.apply(waiting.pk) is None
    assert version.document.versions.count() == 1
    assert ceremony.open_session(version, people).state == Session.State.OPEN


@pytest.mark.parametrize("refused", [True, False])
def test_a_signature_of_a_session_that_ended_unfinished_is_not_under_the_next_ones(refused: bool) -> None:
    people, version = four()[:2], draft()
    session = ceremony.open_session(version, people)
    ceremony.apply(ceremony.consent(session.pk, people[0].person, evidence={}).pk)

    if refused:
        ceremony.refuse(session.pk, people[1].person, reason="The amount is wrong.")
    ceremony.cancel(session)

    head = Document.objects.get(pk=version.document_id).head
    assert head == version
    again = ceremony.open_session(head, people)
    signed = ceremony.apply(ceremony.consent(again.pk, people[1].person, evidence={"digest": version.sha256}).pk).version
    assert [(status.signer, status.ok) for status in signatures(vault.content(signed))] == [(people[1].name, True)]


def test_a_complete_session_is_not_cancelled() -> None:
    people = four()[:1]
    session = ceremony.open_session(draft(), people)
    ceremony.apply(ceremony.consent(session.pk, people[0].person, evidence={}).pk)

    with pytest.raises(NotNow):
        ceremony.cancel(session)


def test_a_document_revised_meanwhile_is_signed_by_nobody() -> None:
    people, version = four(), draft()
    session = ceremony.open_session(version, people)
    waiting = ceremony.consent(session.pk, people[0].person, evidence={})

    vault.keep(agreement() + b"\n", name="Convention", document=version.document, based_on=version)

    with pytest.raises(Outdated):
        ceremony.apply(waiting.pk)
    with pytest.raises(Outdated):
        ceremony.consent(session.pk, people[1].person, evidence={})
    with pytest.raises(Outdated):
        ceremony.open_session(version, people)


def test_who_read_another_version_does_not_consent_to_this_one() -> None:
    people = four()
    session = ceremony.open_session(draft(), people)

    with pytest.raises(Outdated):
        ceremony.consent(session.pk, people[0].person, evidence={"digest": sha256(b"another").hexdigest()})


def test_one_session_at_a_time_on_a_document() -> None:
    version = draft()
    ceremony.open_session(version, four())

    with pytest.raises(Conflict):
        ceremony.open_session(version, four())


def test_a_session_needs_a_pdf_and_signers_named_once() -> None:
    version, people = draft(), four()

    with pytest.raises(Invalid):
        ceremony.open_session(version, [])
    with pytest.raises(Invalid):
        ceremony.open_session(version, [people[0], people[0]])
    with pytest.raises(Invalid):
        ceremony.open_session(vault.keep(b"words", name="words"), people)


def test_a_document_already_signed_may_be_signed_again_in_another_session() -> None:
    people, version = four()[:1], draft()
    first = ceremony.open_session(version, people)
    signed = ceremony.apply(ceremony.consent(first.pk, people[0].person, evidence={}).pk).version

    second = ceremony.open_session(signed, people)
    again = ceremony.apply(ceremony.consent(second.pk, people[0].person, evidence={}).pk).version

    assert [status.ok for status in signatures(vault.content(again))] == [True, True]
