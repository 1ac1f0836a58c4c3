"""The pages of exhibits: what each person is offered is what they may do; twins lead to one another; who opened what, a line for each day."""

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import lxml.html
import pytest
from django.test import Client
from PIL import Image

from backend import clock
from cases import actions, looking, papers, photographs
from cases.models import Case
from tests.frontend.browser import shown
from tests.pdfs import pdf
from tests.world import World

LINES = '//table[@class="ca-table"]/tbody/tr'
FOLDED = f"//main//details{LINES}"


@pytest.fixture
def world(db: None) -> World:
    return World()


def brought(world: World, case: Case, actor: Any, title: str, *, side: int = 1, content: bytes | None = None) -> Any:
    document = world.brought(actor, title, content)
    return actions.exhibit.add(actor, case, kind="other", side=side, title=title, document=document)


def photographed(world: World, case: Case) -> Any:
    out = BytesIO()
    Image.new("RGB", (1240, 1754), "white").save(out, "JPEG")
    return photographs.add(world.spouse_1, case, world.brought(world.spouse_1, "photo", out.getvalue()))


def opened(client: Client, user: Any, address: str) -> str:
    client.force_login(user)
    return client.get(address).text


def test_a_colleague_who_may_not_communicate_takes_back_what_they_brought(world: World, client: Client) -> None:
    case = world.joint_petition()
    exhibit = brought(world, case, world.staff, "Relevé", side=0)
    page = opened(client, world.staff_user, f"/dossiers/{case.pk}/pieces/")
    assert 'form="communicate"' not in page
    way = f"/dossiers/{case.pk}/pieces/{exhibit.pk}/reprendre/"
    assert f'action="{way}"' in page
    key = lxml.html.fromstring(page).xpath(f'//form[@action="{way}"]/input[@name="key"]/@value')[0]
    assert "Relevé" not in lxml.html.fromstring(client.post(way, {"key": key}, follow=True).text).xpath("string(//main)")
    exhibit.refresh_from_db()
    assert exhibit.removed_at


def test_nobody_is_told_to_take_back_what_they_may_not(world: World, client: Client) -> None:
    case = world.joint_petition(at="file")
    for _time in range(2):
        brought(world, case, world.spouse_1, "Relevé", content=pdf("Le même"))
    address = f"/dossiers/{case.pk}/pieces/"
    lawyers, spouses = (opened(client, user, address) for user in (world.lawyer_user, world.spouse_1_user))
    assert ("reprenez l’un des deux" in lawyers, "reprendre/" in lawyers) == (True, True)
    assert ("reprenez l’un des deux" in spouses, "reprendre/" in spouses) == (False, False)
    assert "Il n’y a rien à faire" in spouses


def test_the_same_file_twice_leads_from_each_to_the_other_in_the_viewer(world: World, client: Client) -> None:
    case = world.joint_petition()
    first, second = (brought(world, case, world.spouse_1, title, content=pdf("Le même")) for title in ("Premier", "Second"))
    page = lxml.html.fromstring(opened(client, world.lawyer_user, f"/dossiers/{case.pk}/pieces/"))
    links = [(one.text, one.get("href")) for one in page.xpath('//p[@class="ca-document__doubt"]//a')]
    assert links == [(f"« {one.title} »", f"/dossiers/{case.pk}/pieces/{one.pk}/lire/") for one in (second, first)]


def test_who_opened_what_has_a_line_for_each_person_document_and_day_and_ones_own_apart(world: World, client: Client) -> None:
    case = world.joint_petition(lawyers=2)
    exhibit = brought(world, case, world.spouse_1, "Relevé")
    noon = clock.now().replace(hour=12, minute=0)
    with clock.at(noon):
        looking.opened(world.lawyer, case, papers.exhibit(world.lawyer, case, exhibit.pk))
        looking.downloaded(world.lawyer, case, papers.exhibit(world.lawyer, case, exhibit.pk))
        actions.exhibit.describe(world.spouse_1, case, exhibit=exhibit.pk, document=world.brought(world.spouse_1, "Autre"))
    with clock.at(noon + timedelta(hours=1)):
        looking.opened(world.lawyer, case, papers.exhibit(world.lawyer, case, exhibit.pk))
    address = f"/dossiers/{case.pk}/consultations/"
    told = lxml.html.fromstring(opened(client, world.spouse_1_user, address))
    (row,) = [[cell.text_content() for cell in line] for line in told.xpath(LINES)]
    assert row[0].strip() == "Relevé"
    assert row[2].strip() == "ouvert et téléchargé, dans 2 versions"
    assert not told.xpath(FOLDED)
    own = lxml.html.fromstring(opened(client, world.lawyer_user, address))
    assert len(own.xpath(LINES)) == len(own.xpath(FOLDED)) == 1
    assert "Personne d’autre" in own.xpath("string(//main)")
    with clock.at(noon + timedelta(days=1)):
        looking.opened(world.lawyer, case, papers.exhibit(world.lawyer, case, exhibit.pk))
    assert len(lxml.html.fromstring(opened(client, world.spouse_1_user, address)).xpath(LINES)) == 2
    page = f"/dossiers/{case.pk}/pieces/{exhibit.pk}/"
    assert "Qui l’a ouverte" in opened(client, world.spouse_1_user, page)
    assert "Qui l’a ouverte" not in opened(client, world.lawyer_user, page)


def test_where_nothing_is_missing_it_is_not_counted(world: World, client: Client) -> None:
    case = world.joint_petition(at="file")
    page = opened(client, world.lawyer_user, f"/dossiers/{case.pk}/")
    assert "Rien ne manque pour le dépôt" in page
    assert not re.search(r"\b0 chose", page)


def test_photographs_in_order_have_no_marks_beside_their_names_and_are_seen_whole(world: World, client: Client) -> None:
    case = world.joint_petition()
    address = f"/dossiers/{case.pk}/photographies/"
    photograph = photographed(world, case)
    client.force_login(world.spouse_1_user)
    with shown(client, address, f"/api/v1/cases/{case.pk}/photographs/{photograph.pk}/pages/1", width=390) as site:
        page = site.open(address)
        item = page.locator(".ca-photographs > li")
        assert item.evaluate("one => getComputedStyle(one, '::marker').content") in ("none", '""')
        assert item.evaluate("one => getComputedStyle(one, '::before').content") == "none"
        picture, place = (page.locator(one).bounding_box() for one in (".ca-photograph__picture img", ".ca-photograph__picture"))
        assert picture
        assert place
        assert picture["height"] <= place["height"]
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
