"""The demo's mailbox keeps what is sent, once, and shows it in the demo only."""

from typing import Any

import pytest
from django.core.mail import EmailMessage

from backend.errors import NotFound
from backend.keys import uuid7
from cases import actions
from cases.notices import mailbox
from cases.notices.models import Posted
from tests.world import World

BACKEND = "cases.notices.mailbox.Backend"


@pytest.fixture
def demo(settings: Any) -> None:
    settings.DEMO, settings.EMAIL_BACKEND = True, BACKEND


def test_what_is_sent_is_kept_with_both_its_forms(world: World, demo: None) -> None:
    case = world.joint_petition(spouses=False)
    actions.invitation.send(world.lawyer, case, spouse=case.spouses.first().pk, email="nouvelle@example.fr")
    world.work()

    last = mailbox.posted(1)[0]

    assert mailbox.message(last.pk) == last
    assert last.to == ["nouvelle@example.fr"]
    assert "/invitation/" in last.text
    assert last.html.startswith("<!DOCTYPE html>")


def test_a_message_sent_again_is_kept_once(db: None, demo: None) -> None:
    for _time in range(2):
        EmailMessage("Bonjour", "Texte", to=["a@example.fr"], headers={"Message-ID": "<1@example.fr>"}).send()

    assert [(message.subject, message.to, message.html) for message in mailbox.posted()] == [("Bonjour", ["a@example.fr"], "")]


def test_mail_is_read_by_recipient(db: None, demo: None) -> None:
    for to in ("a@example.fr", "b@example.fr"):
        EmailMessage(f"Bonjour {to}", "Texte", to=[to]).send()

    assert mailbox.recipients() == ["a@example.fr", "b@example.fr"]
    assert [message.subject for message in mailbox.posted(to="b@example.fr")] == ["Bonjour b@example.fr"]


def test_outside_the_demo_nothing_is_shown(db: None, settings: Any) -> None:
    settings.EMAIL_BACKEND = BACKEND
    EmailMessage("Bonjour", "Texte", to=["a@example.fr"]).send()

    assert mailbox.posted() == mailbox.recipients() == []
    with pytest.raises(NotFound):
        mailbox.message(Posted.objects.get().pk)


def test_an_unknown_message_is_not_found(db: None, demo: None) -> None:
    with pytest.raises(NotFound):
        mailbox.message(uuid7())
