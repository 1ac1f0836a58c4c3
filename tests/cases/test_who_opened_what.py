"""Who opened a party's documents is noted for that party, once a day for each version, whatever the door; and for nobody else."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.core.management import call_command
from django.db import connections

from backend import clock
from cases import access, actions, looking, papers
from cases.models import Instrument, ReadingBook
from documents.models import Document
from tests.calling import client_of
from tests.world import World, unchanged

OPENED, DOWNLOADED = actions.reading.OPENED, actions.reading.DOWNLOADED


@pytest.fixture
def world(db) -> World:
    return World()


@pytest.fixture
def case(world):
    return world.joint_petition(lawyers=2)


def noted(actor, case, **wanted) -> list[tuple[str, str]]:
    """Who opened what in which way, as this person is told."""
    found = access.openings(actor, case).filter(**wanted)
    return [(str(entry.about_id), entry.kind, entry.actor_id) for entry in found]


def exhibit_of(world, case, actor, side=0):
    return world.exhibit(case, actor, "other", side=side)


@pytest.mark.parametrize(
    ("place", "kind"), [("pages/1", OPENED), ("pages/1/text", OPENED), ("search?q=other", OPENED), ("file", DOWNLOADED)]
)
def test_whatever_gives_out_what_is_in_it_notes_it_once(world, case, place, kind):
    exhibit = exhibit_of(world, case, world.spouse_1, side=1)
    base = f"/api/v1/cases/{case.pk}/exhibits/{exhibit.pk}"
    for _time in range(2):
        assert client_of(world.lawyer_user).get(f"{base}/{place}").status_code == 200
    assert noted(world.spouse_1, case) == [(str(exhibit.pk), kind, world.lawyer_user.pk)]


@pytest.mark.parametrize("place", ["pages/1", "pages/1/text", "search?q=other", "file", "lire/"])
def test_who_asks_for_headers_only_is_given_nothing_and_noted_nowhere(world, case, place, client):
    exhibit = exhibit_of(world, case, world.spouse_1, side=1)
    if place == "lire/":
        client.force_login(world.lawyer_user)
        answer = client.head(f"/dossiers/{case.pk}/pieces/{exhibit.pk}/lire/")
    else:
        answer = client_of(world.lawyer_user).head(f"/api/v1/cases/{case.pk}/exhibits/{exhibit.pk}/{place}")
    assert answer.status_code == 200
    assert not ReadingBook.objects.exists()


def test_the_pages_of_a_scan_are_noted_as_the_instruments_and_not_for_who_brought_it(world):
    case = world.joint_petition(at="sign", lawyers=2)
    petition = case.instruments.current().get(kind="petition")
    scan = Document.objects.get(pk=world.brought(world.lawyer, "scan"))
    Instrument.objects.filter(pk=petition.pk).update(scan=scan)
    page = f"/api/v1/cases/{case.pk}/instruments/{petition.pk}/scan/pages/1"
    for user in (world.lawyer_user, world.spouse_2_user):
        assert client_of(user).get(page).status_code == 200
    assert noted(world.spouse_1, case) == [(str(petition.pk), OPENED, world.spouse_2_user.pk)]


def test_a_thumbnail_is_no_reading_and_ones_own_document_is_ones_own(world, case):
    exhibit = exhibit_of(world, case, world.spouse_1, side=1)
    base = f"/api/v1/cases/{case.pk}/exhibits/{exhibit.pk}"
    client_of(world.lawyer_user).get(f"{base}/pages/1?size=thumbnail")
    client_of(world.spouse_1_user).get(f"{base}/pages/1")
    client_of(world.spouse_1_user).get(f"{base}/file")
    assert not ReadingBook.objects.exists()


def test_the_same_person_is_noted_again_on_another_day_where_the_court_sits_and_for_another_version(world, case):
    exhibit = exhibit_of(world, case, world.spouse_1, side=1)
    noon = clock.now().replace(hour=12, minute=0)
    for moment in (noon, noon + timedelta(hours=2), noon + timedelta(days=1)):
        with clock.at(moment):
            looking.opened(world.lawyer, case, papers.exhibit(world.lawyer, case, exhibit.pk))
    assert len(noted(world.spouse_1, case)) == 2
    actions.exhibit.describe(world.spouse_1, case, exhibit=exhibit.pk, document=world.brought(world.spouse_1, "Autre"))
    with clock.at(noon + timedelta(days=1)):
        looking.opened(world.lawyer, case, papers.exhibit(world.lawyer, case, exhibit.pk))
    assert len(noted(world.spouse_1, case)) == 3


def test_each_side_is_told_of_its_own_documents_and_the_court_of_none(world):
    case = world.joint_petition(at="check", lawyers=2)
    common, petition = case.exhibits.first(), case.instruments.get(kind="petition", superseded_at=None)
    for paper in (papers.exhibit(world.clerk, case, common.pk), papers.instrument(world.clerk, case, petition.pk)):
        looking.opened(world.clerk, case, paper)
    told = [(str(about.pk), OPENED, world.clerk_user.pk) for about in (common, petition)]
    assert noted(world.spouse_1, case, actor_id=world.clerk_user.pk) == told
    assert noted(world.second_lawyer, case, actor_id=world.clerk_user.pk) == told
    assert noted(world.clerk, case) == noted(world.outsider, case) == []


def test_what_one_side_keeps_to_itself_the_other_is_told_nothing_of(world, case):
    exhibit = exhibit_of(world, case, world.spouse_1, side=1)
    looking.opened(world.lawyer, case, papers.exhibit(world.lawyer, case, exhibit.pk))
    assert len(noted(world.spouse_1, case)) == 1
    assert noted(world.spouse_2, case) == noted(world.second_lawyer, case) == []
    assert client_of(world.spouse_2_user).get(f"/api/v1/cases/{case.pk}/openings").json()["results"] == []


def test_what_the_court_sends_is_no_document_of_a_party(world):
    case = world.joint_petition(at="check")
    receipt = case.instruments.get(kind="receipt")
    looking.downloaded(world.lawyer, case, papers.instrument(world.lawyer, case, receipt.pk))
    assert not noted(world.spouse_1, case)


def test_a_copy_that_is_downloaded_notes_each_document_in_it(world, case):
    exhibits = [exhibit_of(world, case, world.spouse_1, side=1) for _each in range(2)]
    bundle = actions.bundle.ask(world.lawyer, case, limit=1_000_000)
    world.work()
    address = f"/api/v1/cases/{case.pk}/bundles/{bundle.pk}/pieces/1"
    assert client_of(world.lawyer_user).get(address).status_code == 200
    assert {about for about, _kind, _who in noted(world.spouse_1, case, kind=DOWNLOADED)} == {str(one.pk) for one in exhibits}


def test_reading_leaves_the_case_as_it_is_and_its_book_verifies(world, case):
    exhibit = exhibit_of(world, case, world.spouse_1, side=1)
    with unchanged(case.chain):
        looking.opened(world.lawyer, case, papers.exhibit(world.lawyer, case, exhibit.pk))
    world.work()
    call_command("verify_register")
    entry = access.openings(world.spouse_1, case).get()
    assert (entry.facts, entry.digests) == ({}, {str(exhibit.pk): exhibit.document.head.sha256})


def test_a_second_look_costs_one_query(world, case, django_assert_num_queries):
    exhibit = exhibit_of(world, case, world.spouse_1, side=1)
    paper, reader = papers.exhibit(world.lawyer, case, exhibit.pk), world.lawyer
    looking.opened(reader, case, paper)
    with django_assert_num_queries(1):
        looking.opened(reader, case, paper)


def test_six_pictures_asked_for_at_once_by_the_first_reader_are_one_opening(committed):
    world = World()
    case = world.joint_petition()
    exhibit = exhibit_of(world, case, world.spouse_1, side=1)
    paper, reader, gate = papers.exhibit(world.lawyer, case, exhibit.pk), world.lawyer, Barrier(6)

    def look() -> None:
        gate.wait()
        looking.opened(reader, case, paper)
        connections.close_all()

    threads = [Thread(target=look) for _each in range(6)]
    for step in (Thread.start, Thread.join):
        for thread in threads:
            step(thread)
    assert len(noted(world.spouse_1, case)) == 1
