"""Before one signs: what is still to be read, on which pages the signatures stand, at which hours one comes; all that is wrong with an opening at once."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import lxml.html
import pytest
from django.test import Client

from backend import clock
from backend.people.actor import Actor
from backend.people.models import User
from cases import actions, ceremonies
from cases.models import Case
from cases.signers import signers_of
from signatures.models import Signer
from tests.frontend.signer import Somebody
from tests.signatures.making import FULL, agreement
from tests.world import World

PLACE = "12 rue de la Toise, Rouen"


@pytest.fixture
def case(world: World) -> Case:
    return world.joint_petition(at="sign", lawyers=1)


def read(client: Client, user: User, case: Case, place: str = "") -> str:
    client.force_login(user)
    client.cookies["django_language"] = "fr"
    return client.get(f"/dossiers/{case.pk}/signature/{place}").text


def again(world: World, case: Case, **how: Any) -> Case:
    actions.signing.cancel(world.lawyer, case)
    actions.signing.open(world.lawyer, case, **how)
    return case


def seen(page: str) -> str:
    return " ".join(lxml.html.fromstring(page).text_content().split())


def test_the_pages_still_to_be_read_are_told_beside_the_button_and_before_one_is_asked_who_one_is(
    world: World, case: Case, client: Client
) -> None:
    page = lxml.html.fromstring(read(client, world.spouse_1_user, case))
    petition = case.instruments.current().select_related("session__base").get(kind="petition")
    asked = {name: value for name, value in page.xpath("//form[.//input[@name='read']]")[0].form_values() if name != "read"}
    told = page.xpath("//form[.//input[@name='read']]//*[@data-unread]//a/@href")
    assert [link for link in told if str(petition.pk) in link] == [
        f"#paper-{petition.pk}-{n}" for n in range(1, petition.session.base.pages + 1)
    ]
    assert all(page.xpath(f"//img[@id='{link[1:]}']") for link in told)

    refused = client.post(f"/dossiers/{case.pk}/signature/", {**asked, "read": "on"}).text
    assert "Vous n’avez pas encore vu toutes les pages" in refused
    assert "Requête conjointe (pages 1, " in refused
    assert 'name="carried-read"' not in refused

    world.read(world.spouse_1, case)
    assert "data-unread" not in read(client, world.spouse_1_user, case)
    assert 'name="carried-read"' in client.post(f"/dossiers/{case.pk}/signature/", {**asked, "read": "on"}).text


def test_a_sheet_for_the_signatures_is_told_on_the_page_and_in_the_statement(world: World, case: Case, client: Client) -> None:
    assert "une feuille" not in seen(read(client, world.spouse_1_user, case))
    actions.signing.cancel(world.lawyer, case)
    actions.agreement.upload(world.lawyer, case, document=world.brought(world.lawyer, "Convention", agreement(FULL)))
    actions.signing.open(world.lawyer, case)

    page = seen(read(client, world.spouse_1_user, case))
    assert "elles figurent sur une feuille de plus, la page 2" in page
    assert "Convention (1 page et une feuille pour les signatures)" in page


def test_who_signs_twice_at_once_is_told_so(world: World, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    somebody, sign = Somebody(world, case, world.spouse_1_user), actions.signing.sign

    def after_another(actor: Actor, case: Case, **said: Any) -> Case:
        sign(actor, case, **{**said, "key": str(uuid4())})  # the same person, on another device
        return sign(actor, case, **said)

    monkeypatch.setattr(actions.signing, "sign", after_another)
    page = somebody.signs()

    assert page.status_code == 200
    assert page.context["form"].refusal is not None
    assert Signer.objects.filter(person=world.spouse_1_user.pk, state="consented").count() == 2


def test_what_the_signature_refuses_of_its_closing_is_said_at_the_day(world: World, case: Case, client: Client) -> None:
    actions.ceremony.pause(world.lawyer, case)
    key = re.search(r'name="resume-key" value="([^"]+)"', read(client, world.lawyer_user, case))
    assert key
    typed = {"act": "resume", "resume-key": key[1], "resume-closes_on": (clock.today() - timedelta(days=1)).isoformat()}
    form = client.post(f"/dossiers/{case.pk}/signature/", typed).context["beside"]["resume"]

    assert list(form.errors) == ["closes_on"]


def test_the_petition_that_is_drawn_up_leaves_room_for_all_the_signatures(world: World, case: Case) -> None:
    assert not case.instruments.current().get(kind="petition").session.sheet


def test_one_states_ones_capacity_in_words_that_fit(world: World, case: Case) -> None:
    waiting = ceremonies.waiting_for(world.spouse_1, case)
    mine = Signer.objects.get(session=waiting[0].session, person=world.spouse_1_user.pk)
    assert mine.capacity == "Épouse"
    assert f"{mine.name}, épouse, " in ceremonies.statement(world.spouse_1, waiting)

    case.spouses.filter(side=1).update(title="")
    untitled = signers_of(case)[0].capacity
    Signer.objects.filter(person=mine.person).update(capacity=untitled)
    assert f"{mine.name}, l'un des époux, " in ceremonies.statement(world.spouse_1, ceremonies.waiting_for(world.spouse_1, case))


def test_all_that_is_wrong_with_an_opening_is_told_at_once(world: World, case: Case, client: Client) -> None:
    actions.signing.cancel(world.lawyer, case)
    key = re.search(r'name="key" value="([^"]+)"', read(client, world.lawyer_user, case, "ouvrir/"))
    assert key
    yesterday = (clock.today() - timedelta(days=1)).isoformat()
    typed = {"key": key[1], "way": "together", "opens_at_hour": "14:00", "closes_on": yesterday}
    page = seen(client.post(f"/dossiers/{case.pk}/signature/ouvrir/", typed).text)

    assert "3 réponses sont à revoir" in page
    for said in ("Dites où tous se réunissent pour signer", "Dites aussi quel jour", "La signature se clôt après son ouverture"):
        assert said in page, said


def test_a_signature_that_is_open_already_is_not_said_to_open(world: World, case: Case, client: Client) -> None:
    assert "La signature est ouverte depuis le" in seen(read(client, world.spouse_1_user, case, "essayer/"))

    again(world, case, opens_at=clock.now() + timedelta(days=2))
    page = seen(read(client, world.spouse_1_user, case, "essayer/"))
    assert "La signature ouvre le" in page
    assert "depuis" not in page


def test_that_one_signs_after_the_other_is_said_with_the_hours(world: World, case: Case, client: Client) -> None:
    assert "L’un après l’autre" not in seen(read(client, world.spouse_2_user, case))
    again(world, case, ordered=True)
    hours = lxml.html.fromstring(read(client, world.spouse_2_user, case)).get_element_by_id("region-hours").text_content()
    assert "L’un après l’autre : les époux d’abord, puis les avocats" in hours


def test_on_paper_without_hours_nobody_is_called_to_the_minute_of_the_click(world: World, case: Case, client: Client) -> None:
    again(world, case, way="paper", place=PLACE)
    page = seen(read(client, world.spouse_1_user, case))
    assert f"Venez, {PLACE}, à l’heure convenue avec les avocats, avant le" in page
    assert "Vous signez sur papier, avant le" in seen(client.get(f"/dossiers/{case.pk}/").text)

    again(world, case, way="paper", place=PLACE, opens_at=clock.now() + timedelta(days=2))
    assert f"Venez, {PLACE}, le " in seen(read(client, world.spouse_1_user, case))
    assert "Vous signez sur papier, le" in seen(client.get(f"/dossiers/{case.pk}/").text)


def test_who_signs_again_is_told_who_took_their_signature_back_and_why(world: World, case: Case, client: Client) -> None:
    assert "a été retirée" not in seen(read(client, world.spouse_1_user, case))
    world.signs(world.spouse_1, case)
    row = Signer.objects.filter(person=world.spouse_1_user.pk, state="consented")[0]
    actions.ceremony.redo(world.lawyer, case, signer=row.pk, reason="La tablette s’est éteinte")

    page = seen(read(client, world.spouse_1_user, case))
    assert f"Votre signature a été retirée par {world.lawyer.name} le " in page
    assert "La tablette s’est éteinte. Signez de nouveau" in page
    assert "a été retirée" not in seen(read(client, world.spouse_2_user, case))
    assert "Retirer cette signature" in seen(read(client, world.lawyer_user, case, f"reprendre/{row.pk}/"))


def test_a_spouse_sees_that_no_scan_was_brought_yet(world: World, case: Case, client: Client) -> None:
    again(world, case, way="paper", place=PLACE)
    assert seen(read(client, world.spouse_1_user, case)).count("L’avocat n’a pas encore apporté la numérisation.") == 2
    assert "L’avocat n’a pas encore apporté" not in seen(read(client, world.lawyer_user, case))


def test_one_goes_back_from_the_rehearsal_to_the_signature(world: World, case: Case, client: Client) -> None:
    page = lxml.html.fromstring(read(client, world.spouse_1_user, case, "essayer/"))
    assert page.xpath(f"//form//a[@href='/dossiers/{case.pk}/signature/']/text()") == ["Revenir à la signature"]
