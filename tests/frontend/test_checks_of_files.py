"""How the check of a file goes is on its exhibit's row, for whoever has no script too: each stage, what it waits for, what is wrong, what is doubtful."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from backend.errors import Invalid
from backend.people.models import User
from cases import actions
from cases.models import Case, Exhibit
from documents import inspection, intake
from documents.models import Stage, State, Version
from documents.verdicts import entry
from tests.pdfs import pdf
from tests.world import World


@pytest.fixture
def signed_in_as(client: Client) -> Callable[[User, str], Client]:
    def signed_in(user: User, language: str = "fr") -> Client:
        client.force_login(user)
        client.cookies["django_language"] = language
        return client

    return signed_in


@pytest.fixture
def exhibit(world: World) -> Exhibit:
    """An exhibit whose file has just been received."""
    case = world.joint_petition()
    version = intake.take_in_bytes(pdf("Acte"), name="acte.pdf", created_by=world.lawyer.user_id, limit=10**7)
    return actions.exhibit.add(world.lawyer, case, kind="other", side=0, document=version.document_id, title="Acte")


def become(exhibit: Exhibit, **changes: Any) -> None:
    Version.objects.filter(document=exhibit.document_id).update(**changes)


def rows(browser: Client, case: Case) -> str:
    return browser.get(f"/dossiers/{case.pk}/pieces/").text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "Reçu"),
        ({"state": State.CHECKING, "stage": Stage.SCAN}, "recherche de virus"),
        ({"state": State.CHECKING, "stage": Stage.SCAN_WAITS}, "en attente de la recherche de virus"),
        ({"state": State.CHECKING, "stage": Stage.STRUCTURE}, "composition du fichier"),
        ({"state": State.CHECKING, "stage": Stage.CONTENT}, "contenu des pages"),
        ({"state": State.READY, "stage": Stage.PICTURES, "pages": 1}, "images des pages"),
        ({"state": State.READY, "stage": Stage.TEXT, "pages": 1}, "texte des pages"),
        ({"state": State.REFUSED, "verdict": [entry("repaired"), entry("scripted", [2])]}, "Page 2."),
        ({"state": State.QUARANTINED, "verdict": [entry("infected")]}, "Mis à l’écart"),
        ({"state": State.STUCK, "verdict": [entry("not-checked")]}, "Envoyez-le de nouveau"),
        ({"state": State.READY, "pages": 9, "verdict": [entry("blank-pages", [3, 4, 5, 8])]}, "Pages 3–5, 8."),
    ],
)
def test_each_state_is_said_on_the_row(
    world: World, signed_in_as: Callable[[User], Client], exhibit: Exhibit, changes: dict[str, Any], said: str
) -> None:
    become(exhibit, **changes)
    assert said in rows(signed_in_as(world.lawyer_user), exhibit.case)


def test_what_the_check_saw_is_on_the_exhibits_page(world: World, signed_in_as: Callable[[User], Client], exhibit: Exhibit) -> None:
    inspection.inspect(Version.objects.get(document=exhibit.document_id).pk)
    page = signed_in_as(world.lawyer_user).get(f"/dossiers/{exhibit.case_id}/pieces/{exhibit.pk}/").text
    assert "Son texte peut être sélectionné et recherché." in page
    assert "aucun antivirus n’est installé ici" in page


@pytest.mark.parametrize("state", [State.REFUSED, State.QUARANTINED, State.STUCK])
def test_what_was_rejected_can_be_brought_to_no_case(world: World, state: str) -> None:
    case = world.joint_petition()
    version = intake.take_in_bytes(pdf("Acte"), name="acte.pdf", created_by=world.lawyer.user_id, limit=10**7)
    Version.objects.filter(pk=version.pk).update(state=state, verdict=[entry("infected")])
    with pytest.raises(Invalid):
        actions.exhibit.add(world.lawyer, case, kind="other", side=0, document=version.document_id)
