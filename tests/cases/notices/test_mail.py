"""Who is told of what happens, in which words, and who is not."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from backend import clock
from backend.register.models import Entry
from backend.work.models import Owed
from cases import actions, links
from cases.models import Case
from cases.notices import mail as notices
from cases.notices.models import Notice
from tests.world import HIDDEN_STREET, World

Told = Callable[[], dict[str, Any]]

PRIVATE = ("Vauquelin", "Desmarets", "Armelle", "Thibault", "Zélie", "Houël", "Rouen", "divorce", "@", "RG ")


def text_of(message: Any) -> str:
    return f"{message.subject}\n{message.body}\n{message.alternatives[0].content}"


def last_entry(case: Case) -> Entry:
    return Entry.objects.filter(chain=case.chain_id).latest("seq")


def test_an_invitation_goes_to_the_address_given_with_its_own_link_and_its_date(world: World, told: Told) -> None:
    case = world.joint_petition(spouses=False)
    told()
    invitation = actions.invitation.send(world.lawyer, case, spouse=case.spouses.first().pk, email="nouvelle@example.fr")

    sent = told()

    assert list(sent) == ["nouvelle@example.fr"]
    message = sent["nouvelle@example.fr"]
    assert f"/invitation/{links.token(invitation.pk)}" in message.body
    assert f"/invitation/{links.token(invitation.pk)}" in message.alternatives[0].content
    assert "Solène Houël" in message.body
    assert str(invitation.answer_by.year) in message.body


def test_an_invitation_cancelled_before_its_mail_left_is_not_sent(world: World, told: Told) -> None:
    case = world.joint_petition(spouses=False)
    told()
    invitation = actions.invitation.send(world.lawyer, case, spouse=case.spouses.first().pk, email="nouvelle@example.fr")
    notices.deliver(str(last_entry(case).pk))
    actions.invitation.cancel(world.lawyer, case, invitation=invitation.pk)

    assert told() == {}
    assert Notice.objects.get(email="nouvelle@example.fr").dropped_at


def test_the_author_of_an_act_is_not_told_of_it_and_the_others_are(world: World, told: Told) -> None:
    case = world.joint_petition(lawyers=2)
    document = world.brought(world.lawyer, "Convention")
    told()

    actions.agreement.upload(world.lawyer, case, document=document)

    assert set(told()) == {world.spouse_1_user.email, world.spouse_2_user.email, world.second_lawyer_user.email}


def test_a_private_exhibit_is_told_to_nobody_and_its_communication_to_the_other_side(world: World, told: Told) -> None:
    case = world.joint_petition(lawyers=2)
    told()
    exhibits = [world.exhibit(case, world.lawyer, "birth-certificate", side=1).pk for _number in range(3)]

    assert told() == {}
    actions.exhibit.communicate(world.lawyer, case, exhibits=exhibits)
    sent = told()

    assert {world.spouse_2_user.email, world.second_lawyer_user.email} <= set(sent)
    assert world.lawyer_user.email not in sent
    assert [message.to for message in mail.outbox].count([world.spouse_2_user.email]) == 1, "three exhibits, one mail"


def test_a_message_inside_one_side_is_told_inside_it_only(world: World, told: Told) -> None:
    case = world.joint_petition(lawyers=2)
    told()

    actions.correspondence.write(world.lawyer, case, channel="side:1", body="Entre nous.")

    sent = told()
    assert set(sent) == {world.spouse_1_user.email}
    assert "Entre nous" not in text_of(sent[world.spouse_1_user.email])


def test_delivered_and_sent_again_an_entry_tells_nobody_twice(world: World, told: Told) -> None:
    case = world.joint_petition()
    told()
    actions.agreement.upload(world.lawyer, case, document=world.brought(world.lawyer, "Convention"))
    assert len(told()) == 2

    mail.outbox.clear()
    notices.deliver(str(last_entry(case).pk))
    for notice in Notice.objects.filter(entry=last_entry(case)):
        notices.send(str(notice.pk))

    assert told() == {}
    assert not mail.outbox
    assert Notice.objects.filter(entry=last_entry(case)).count() == 2


def test_a_mail_that_fails_is_owed_still_and_sent_once(world: World, told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    case = world.joint_petition()
    told()
    actions.correspondence.write(world.lawyer, case, channel="side:1", body="Bonjour.")
    notices.deliver(str(last_entry(case).pk))
    notice = Notice.objects.get(entry=last_entry(case))
    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", _refused)
        with pytest.raises(OSError, match="mail is down"):
            notices.send(str(notice.pk))

    assert Notice.objects.get(pk=notice.pk).sent_at is None
    assert Owed.objects.filter(kind="notices.send", subject=str(notice.pk)).exists()
    assert set(told()) == {world.spouse_1_user.email}


def _refused(*args: Any) -> None:
    raise OSError("mail is down")


def test_who_lost_access_before_the_mail_left_is_not_told(world: World, told: Told) -> None:
    case = world.joint_petition(lawyers=2)
    told()
    actions.correspondence.write(world.lawyer, case, channel="lawyers", body="Confrère.")
    notices.deliver(str(last_entry(case).pk))
    case.counsels.filter(user=world.second_lawyer_user).update(until=clock.now())

    assert told() == {}


def test_no_subject_names_anybody_and_no_mail_shows_a_concealed_address(world: World) -> None:
    mail.outbox.clear()
    world.joint_petition(at="closed", lawyers=2, concealed=True)
    world.work()

    kinds = set(Notice.objects.values_list("kind", flat=True))
    assert {"signing.opened", "filing.submitted", "filing.accepted", "letter.attached", "decision.delivered", "case.closed"} <= kinds
    for message in mail.outbox:
        assert not [word for word in PRIVATE if word in message.subject]
        assert HIDDEN_STREET not in text_of(message)
        assert "060000000" not in text_of(message)
    ours = [message for message in mail.outbox if message.alternatives]
    assert len(ours) > 20
    assert len({message.extra_headers["Message-ID"] for message in ours}) == len(ours)


def test_the_summons_says_when_where_the_court_sits(world: World, told: Told) -> None:
    case = world.joint_petition(at="hear")
    hearing = case.hearings.get()

    body = next(message.body for message in mail.outbox[::-1] if message.to == [world.spouse_1_user.email])

    assert f"{hearing.at:%Y}" in body
    assert "9\u00a0h\u00a030" in body


def test_a_party_who_reads_english_is_told_in_english(world: World, told: Told) -> None:
    case = world.joint_petition()
    world.spouse_2_user.language = "en"
    world.spouse_2_user.save()
    document = world.brought(world.lawyer, "Convention")
    told()

    actions.agreement.upload(world.lawyer, case, document=document)

    sent = told()
    english, french = sent[world.spouse_2_user.email], sent[world.spouse_1_user.email]
    assert "news in your case" in english.subject
    assert '<html lang="en">' in english.alternatives[0].content
    assert '<html lang="fr">' in french.alternatives[0].content


def test_a_question_of_the_registry_goes_to_those_it_is_put_to_and_its_answer_to_the_clerk(world: World, told: Told) -> None:
    case = world.joint_petition(at="check")
    actions.filing.claim(world.clerk, case)
    told()
    question = actions.filing.ask(
        world.clerk, case, to=[world.spouse_1_user.pk], text="Où habitez-vous ?", answer_by=clock.today() + timedelta(days=5)
    )
    asked = told()
    actions.filing.answer(world.spouse_1, case, question=question.pk, text="À Rouen.")

    assert set(asked) == {world.spouse_1_user.email}
    assert "Où habitez-vous" not in text_of(asked[world.spouse_1_user.email])
    assert set(told()) == {world.clerk_user.email}
