"""The certificates against the answers: a day or a name that differs is said with its page, to those who may see it, and decides nothing."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from PIL import Image

from backend import clock
from backend.errors import Finding
from backend.people.actor import Actor
from cases import actions
from cases.checks import certificates
from cases.demo import exhibits, papers
from cases.demo.household import Minor
from cases.letters.french import day as in_french
from cases.models import Case, Exhibit
from documents import reading, storage, sweeping, vault
from documents.models import Version
from tests.calling import client_of
from tests.world import World

BORN = date(2012, 11, 3)


@pytest.fixture(autouse=True)
def no_echo(settings: Any) -> None:
    settings.REGISTER_SUBSCRIBERS = []


def certificate(name: str = "Desmarets", first: str = "Zélie", born: date = BORN, issued: date | None = None) -> bytes:
    """A birth certificate as a town hall issues it."""
    child = Minor(first, name, born, "Rouen")
    return papers.pdf(exhibits.birth_certificate(child, issued or clock.today(), f"Armelle Vauquelin et Thibault {name}"))


def bring(world: World, case: Case, content: bytes, *, actor: Actor | None = None, side: int = 0, dated: date | None = None) -> Exhibit:
    document = world.brought(actor or world.lawyer, content=content)
    child = case.children.get()
    return actions.exhibit.add(
        actor or world.lawyer, case, kind="birth-certificate", side=side, document=document, about=child.pk, title="Acte", dated=dated
    )


def found(world: World, case: Case, actor: Actor | None = None) -> list[Finding]:
    with translation.override("fr"):
        return list(certificates.compared(actor or world.lawyer, world.again(case)).findings)


def test_a_certificate_that_says_what_the_answers_say_raises_nothing(world: World) -> None:
    case = world.joint_petition()
    bring(world, case, certificate(), dated=clock.today())
    assert found(world, case) == []


def test_another_birth_date_is_said_with_its_page_and_its_words(world: World) -> None:
    case = world.joint_petition()
    exhibit = bring(world, case, certificate(born=date(2012, 11, 4)), dated=clock.today())
    (finding,) = found(world, case)
    assert (finding.severity, finding.pages, finding.where) == ("warning", (1,), str(exhibit.pk))
    assert "(Zélie) : la page 1 dit « 4 novembre 2012 », la réponse dit 3 novembre 2012." in str(finding.reason)


def test_the_day_of_issue_is_compared_with_the_day_the_exhibit_is_said_to_be_of(world: World) -> None:
    case = world.joint_petition()
    issued = clock.today() - timedelta(days=200)
    bring(world, case, certificate(issued=issued), dated=clock.today())
    (finding,) = found(world, case)
    assert f"« {in_french(issued)} »" in str(finding.reason)
    assert "plus de 3 mois" in str(finding.reason)


@pytest.mark.parametrize(("days", "said"), [(20, 0), (200, 1)])
def test_a_certificate_without_a_date_is_judged_by_its_own(world: World, days: int, said: int) -> None:
    case = world.joint_petition()
    bring(world, case, certificate(issued=clock.today() - timedelta(days=days)))
    assert len(found(world, case)) == said


@pytest.mark.parametrize(
    ("names", "absent"), [({"name": "Legrand"}, "Legrand"), ({"first": "Zoé"}, "Zoé"), ({"first": "zelie", "name": "DESMARETS"}, "")]
)
def test_a_name_that_is_not_in_the_certificate_is_said(world: World, names: dict[str, str], absent: str) -> None:
    case = world.joint_petition()
    bring(world, case, certificate(**names), dated=clock.today())
    reasons = [str(finding.reason) for finding in found(world, case)]
    assert len(reasons) == bool(absent)
    assert all("n’y a pas été trouvé" in reason for reason in reasons)


def test_a_picture_without_text_says_nothing(world: World) -> None:
    case = world.joint_petition()
    exhibit = bring(world, case, picture(), dated=clock.today())
    compared = certificates.compared(world.lawyer, world.again(case))
    assert (compared.findings, compared.read, compared.unread) == ((), frozenset(), {exhibit.pk})


def picture() -> bytes:
    out = BytesIO()
    Image.effect_noise((900, 1200), 80).save(out, "PNG")
    return out.getvalue()


def test_only_those_who_may_see_an_exhibit_learn_what_it_says(world: World) -> None:
    case = world.joint_petition(lawyers=2)
    exhibit = bring(world, case, certificate(born=date(2012, 11, 4)), actor=world.spouse_1, side=1, dated=clock.today())
    assert [len(found(world, case, actor)) for actor in (world.spouse_1, world.lawyer)] == [1, 1]
    assert [len(found(world, case, actor)) for actor in (world.spouse_2, world.second_lawyer, world.stranger)] == [0, 0, 0]
    actions.exhibit.communicate(world.lawyer, case, exhibits=[exhibit.pk])
    assert len(found(world, case, world.second_lawyer)) == 1


def test_what_is_found_is_shown_by_the_checks_the_rehearsal_and_the_exhibit_and_beside_the_document_on_the_workbench(
    world: World, client: Client
) -> None:
    case = world.joint_petition()
    exhibit = bring(world, case, certificate(born=date(2012, 11, 4)), dated=clock.today())
    rehearsal = client_of(world.lawyer_user).get(f"/api/v1/cases/{case.pk}/filings/rehearsal")
    assert [one["pages"] for one in rehearsal.json()["findings"] if one["code"] == "certificate"] == [[1]]
    client.force_login(world.lawyer_user)
    for page in (f"/dossiers/{case.pk}/verifier/", f"/dossiers/{case.pk}/pieces/{exhibit.pk}/"):
        assert "4 novembre 2012" in client.get(page).text

    world.bring(case)
    world.to_sign(case)
    world.to_file(case)
    world.to_check(case)  # a warning never stops a filing
    client.force_login(world.clerk_user)
    bench = client.get(f"/bureau/{case.pk}/?doc={exhibit.pk}")
    assert bench.text.count("4 novembre 2012") == 2  # beside the document, and among what the checks found


def test_the_text_is_kept_encrypted_and_goes_with_the_document(world: World) -> None:
    case = world.joint_petition()
    exhibit = bring(world, case, certificate())
    head = exhibit.document.head
    key = f"documents/{head.document_id}/{head.pk}/text"
    assert "DESMARETS" in reading.pages(head)[0].text
    assert b"DESMARETS" not in b"".join(storage.get(key))
    assert sweeping.sweep().removed == 0

    vault.erase(exhibit.document)
    assert reading.pages(Version.objects.get(pk=head.pk)) == ()
