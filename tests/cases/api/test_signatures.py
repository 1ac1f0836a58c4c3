"""The verdict on signatures beside the documents of a case, for those who may see them."""

from typing import Any

import pytest
from django.test import Client

from cases import actions
from cases.models import Case, Exhibit
from signatures import brought, certificates, pades
from signatures.certificates import subject
from tests.calling import client_of
from tests.signatures.making import agreement, signed_by
from tests.world import World

NAME = "Anne Claude"


@pytest.fixture
def world(db: None, settings: Any) -> World:
    settings.REGISTER_SUBSCRIBERS = []
    return World()


def exhibit(world: World, case: Case, content: bytes) -> Exhibit:
    """An exhibit private to the first side, checked."""
    added = actions.exhibit.add(
        world.lawyer,
        case,
        kind="other",
        side=1,
        document=world.brought(world.lawyer, content=content),
        about=None,
        title="Acte",
        dated=None,
        form="",
    )
    world.work()
    return added


def test_an_exhibit_that_came_signed_shows_its_verdict_to_its_side_alone(world: World, client: Client) -> None:
    case = world.joint_petition(anew=True, lawyers=2)
    paper = exhibit(world, case, signed_by(agreement(), (NAME, "Avocate"), archived=False))
    address = f"/dossiers/{case.pk}/pieces/{paper.pk}/"

    client.force_login(world.lawyer_user)
    page = client.get(address).content.decode()
    assert "Les signatures électroniques de ce fichier sont valides" in page
    assert NAME in page
    report = client.get(f"{address}signatures/").content.decode()
    assert "attesté par" in report
    assert "une autorité que cette plateforme reconnaît" in report
    assert client.get(f"{address}signatures/rapport.pdf").content.startswith(b"%PDF")

    told = client_of(world.lawyer_user).get(f"/api/v1/cases/{case.pk}/exhibits/{paper.pk}/signatures")
    assert (told.status_code, told.json()["verdict"], told.json()["signatures"][0]["signer"]) == (200, "valid", NAME)
    assert client_of(world.second_lawyer_user).get(f"/api/v1/cases/{case.pk}/exhibits/{paper.pk}/signatures").status_code == 404
    client.force_login(world.second_lawyer_user)
    assert client.get(f"{address}signatures/").status_code == 404
    assert client.get(f"{address}signatures/rapport.pdf").status_code == 404


def test_an_exhibit_without_a_signature_says_so_only_where_it_is_asked(world: World, client: Client) -> None:
    case = world.joint_petition(anew=True)
    paper = exhibit(world, case, agreement())
    client.force_login(world.lawyer_user)
    assert "Ses signatures électroniques" not in client.get(f"/dossiers/{case.pk}/pieces/{paper.pk}/").content.decode()
    told = client_of(world.lawyer_user).get(f"/api/v1/cases/{case.pk}/exhibits/{paper.pk}/signatures").json()
    assert (told["verdict"], told["meaning"]) == ("none", "This file carries no electronic signature")


def test_an_agreement_signed_elsewhere_shows_its_verdict_on_its_page(world: World, client: Client) -> None:
    case = world.joint_petition(anew=True)
    world.bring(case)
    actions.agreement.upload(
        world.lawyer, case, document=world.brought(world.lawyer, content=signed_by(agreement(), (NAME, "Avocate"), archived=False))
    )
    world.work()
    client.force_login(world.lawyer_user)
    page = client.get(f"/dossiers/{case.pk}/convention/").content.decode()
    assert "Les signatures électroniques de ce fichier sont valides" in page
    current = case.instruments.current().get(kind="agreement")
    assert NAME in client.get(f"/dossiers/{case.pk}/actes/{current.pk}/signatures/").content.decode()


def test_a_printed_code_tells_what_the_signatures_are_worth_and_not_whose_they_are(world: World, client: Client) -> None:
    case = world.joint_petition(at="check")
    signed = case.instruments.current().get(kind="agreement")
    page = client.get(f"/verifier/{signed.code}").content.decode()
    assert "sont valides" in page
    for user in (world.lawyer_user, world.spouse_1_user):
        assert user.full_name not in page


@pytest.mark.parametrize(("after", "code"), [(b"", None), (b"\n% later\n%%EOF\n", "signature-invalid")])
def test_what_is_doubtful_about_a_signature_stands_beside_the_document(world: World, after: bytes, code: str | None) -> None:
    case = world.joint_petition(anew=True)
    paper = exhibit(world, case, signed_by(agreement(), (NAME, "Avocate"), archived=False) + after)
    told = client_of(world.lawyer_user).get(f"/api/v1/cases/{case.pk}/exhibits/{paper.pk}").json()
    assert [finding["code"] for finding in told["document"]["findings"]] == ([code] if code else [])


def test_a_certificate_of_nobody_trusted_is_a_doubt_told_once(world: World) -> None:
    stranger = certificates.make(subject("Autorité inconnue", "Ailleurs"), certificates.ROOT)
    signer = certificates.make(subject(NAME, "Ailleurs"), certificates.SIGNER, stranger, published="")
    case = world.joint_petition(anew=True)
    paper = exhibit(world, case, pades.sign(agreement(), signer, pades.Place("S"), name=NAME, last=False))
    version = Exhibit.objects.get(pk=paper.pk).document.head
    brought.look(str(version.pk))
    version.refresh_from_db()
    assert [item["code"] for item in version.verdict] == ["signature-uncertain"]
