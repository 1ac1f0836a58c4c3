"""The page of the signature: what is lost when it is ended, whose signature is taken back, who waits for their presence, that all have signed."""

import re

from django.test import Client

from backend.people.models import User
from cases import actions
from cases.models import Case
from signatures.models import Signer
from tests.cases.actions.test_on_paper import copy_of
from tests.world import World

PLACE = "12 rue de la Toise, Rouen"


def read(client: Client, user: User, case: Case, place: str = "") -> str:
    client.force_login(user)
    client.cookies["django_language"] = "fr"
    return client.get(f"/dossiers/{case.pk}/signature/{place}").text


def test_it_is_ended_on_a_page_that_says_whose_signatures_are_lost(world: World, client: Client) -> None:
    case = world.joint_petition(at="sign", lawyers=1)
    assert "Personne n’a encore signé." in read(client, world.lawyer_user, case, "annuler/")
    world.signs(world.spouse_1, case)
    asked = read(client, world.lawyer_user, case, "annuler/")
    (name,) = set(Signer.objects.filter(person=world.spouse_1_user.pk, session__state="open").values_list("name", flat=True))
    assert f"Les signatures déjà données ne compteront plus : {name}." in asked
    assert f'href="/dossiers/{case.pk}/signature/annuler/"' in read(client, world.lawyer_user, case)

    key = re.search(r'name="key" value="([^"]+)"', asked)
    assert key
    client.post(f"/dossiers/{case.pk}/signature/annuler/", {"key": key[1]})
    assert case.instruments.current().filter(session__state="open").count() == 0
    assert client.get(f"/dossiers/{case.pk}/signature/annuler/").status_code == 302


def test_whose_signature_is_taken_back_and_in_what_is_said_and_that_it_goes_on_unless_it_is_paused(world: World, client: Client) -> None:
    case = world.joint_petition(at="sign", lawyers=1)
    world.signs(world.spouse_1, case)
    row = Signer.objects.filter(person=world.spouse_1_user.pk, state="consented").first()
    assert row
    place = f"reprendre/{row.pk}/"
    said = read(client, world.lawyer_user, case, place)
    taken = re.search(r"Signature retirée : [^<]*", said)
    assert taken
    assert f"{row.name}, dans chacun de ces documents" in taken[0]
    assert {"Requête conjointe", "Convention"} == set(re.split(r", |[.] ", taken[0].partition("documents : ")[2])[:2])
    assert "La signature continue." in said

    actions.ceremony.pause(world.lawyer, case)
    assert "La signature continue." not in read(client, world.lawyer_user, case, place)


def test_where_all_are_together_a_spouse_signs_once_their_presence_is_attested(world: World, client: Client) -> None:
    case = world.joint_petition(at="sign", lawyers=1)
    actions.signing.cancel(world.lawyer, case)
    actions.signing.open(world.lawyer, case, way="together", place=PLACE)
    first = case.spouses.all()[0]
    absent = read(client, world.spouse_1_user, case)
    assert "Votre avocat atteste d’abord que vous êtes là" in absent
    assert 'name="read"' not in absent
    assert 'name="read"' in read(client, world.lawyer_user, case)

    actions.ceremony.attest(world.lawyer, case, spouse=first.pk)
    assert 'name="read"' in read(client, world.spouse_1_user, case)
    assert 'name="read"' not in read(client, world.spouse_2_user, case)


def test_a_scan_is_confirmed_once_the_presence_of_both_is_attested_and_what_was_found_comes_live(world: World, client: Client) -> None:
    case = world.joint_petition(at="sign", lawyers=1)
    actions.signing.cancel(world.lawyer, case)
    actions.signing.open(world.lawyer, case, way="paper", place=PLACE)
    paper = case.instruments.current().select_related("document__head", "session__base").get(kind="petition")
    actions.paper.bring(world.lawyer, case, instrument=paper.pk, document=copy_of(world, paper))
    world.work()
    for number, spouse in enumerate(case.spouses.all()):
        page = read(client, world.lawyer_user, case)
        assert f'value="confirm-{paper.pk}"' not in page, number
        assert "Avant que la numérisation soit confirmée" in page
        actions.ceremony.attest(world.lawyer, case, spouse=spouse.pk)
    page = read(client, world.lawyer_user, case)
    region = page.partition(f'id="region-scan-{paper.pk}" data-live-region')[2]
    assert f'value="confirm-{paper.pk}"' in region
    assert "Avant que la numérisation soit confirmée" not in page


def test_once_all_have_signed_it_says_so_with_the_evidence_for_those_who_may_see_it(world: World, client: Client) -> None:
    case = world.joint_petition(at="sign", lawyers=1)
    assert "Tout est signé" not in read(client, world.spouse_1_user, case)
    world.all_sign(case)
    evidence = case.instruments.get(kind="signing-evidence")
    page = read(client, world.spouse_1_user, case)
    assert page.index("Tout est signé") < page.index(f"instruments/{case.instruments.current().get(kind='petition').pk}/pages/1")
    assert str(evidence.pk) in page[page.index("Tout est signé") :][:400]
