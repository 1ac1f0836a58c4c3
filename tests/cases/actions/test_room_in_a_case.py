"""How much a case may hold, at the edge; a file that is put in one case only; and one that turns out to carry a virus."""

import pytest

from backend.errors import Invalid, NotNow, TooLarge
from cases import access, actions, bytes, infected, papers
from documents import inspection, intake
from documents.models import Document, Stage
from documents.quotas import Full
from documents.stages import Found
from tests.pdfs import pdf, weighty
from tests.world import World, unchanged


def test_the_last_file_that_fits_is_taken_and_the_next_is_told_what_to_do(world: World, settings):
    case = world.joint_petition()
    settings.QUOTA_CASE_FILES = 1
    first = world.exhibit(case, world.lawyer, "other")
    document = world.brought(world.lawyer)
    with unchanged(case.chain), pytest.raises(Full) as refusal:
        actions.exhibit.add(world.lawyer, case, kind="other", side=0, document=document)
    assert str(refusal.value.mend)

    actions.exhibit.remove(world.lawyer, case, exhibit=first.pk)
    actions.exhibit.add(world.lawyer, case, kind="other", side=0, document=document)


def test_the_agreement_counts_with_the_exhibits_and_bytes_to_the_last_one(world: World, settings):
    case = world.joint_petition()
    agreement = world.brought(world.lawyer, "Convention")
    size = Document.objects.get(pk=agreement).head.size
    settings.QUOTA_CASE_BYTES = size - 1
    with pytest.raises(Full):
        actions.agreement.upload(world.lawyer, case, document=agreement)
    settings.QUOTA_CASE_BYTES = size
    actions.agreement.upload(world.lawyer, case, document=agreement)
    assert bytes.room(case).bytes == 0


def test_a_file_goes_into_one_case_and_what_is_taken_back_is_let_go(world: World):
    case, other = world.joint_petition(), world.joint_petition()
    exhibit = world.exhibit(case, world.lawyer, "other")
    assert Document.objects.get(pk=exhibit.document_id).loose_since is None
    with pytest.raises(Invalid):
        actions.exhibit.add(world.lawyer, other, kind="other", side=0, document=exhibit.document_id)
    actions.exhibit.remove(world.lawyer, case, exhibit=exhibit.pk)
    assert Document.objects.get(pk=exhibit.document_id).loose_since


def test_a_file_replaced_before_it_was_received_is_let_go(world: World):
    case = world.joint_petition()
    exhibit = world.exhibit(case, world.lawyer, "other")
    before = exhibit.document_id
    actions.exhibit.describe(world.lawyer, case, exhibit=exhibit.pk, document=world.brought(world.lawyer, "Meilleure"))
    assert Document.objects.get(pk=before).loose_since


def test_a_court_takes_files_up_to_its_own_limit_and_says_it(world: World, settings):
    settings.DOCUMENT_MAX_BYTES = 5_000_000
    case = world.joint_petition()
    document = world.brought(world.lawyer, content=weighty("Acte", 2_000_000))
    world.court.file_megabytes = 2
    world.court.save()
    with unchanged(case.chain), pytest.raises(TooLarge) as refusal:
        actions.exhibit.add(world.lawyer, case, kind="other", side=0, document=document)
    assert "2" in str(refusal.value.message)
    world.court.file_megabytes = 3
    world.court.save()
    actions.exhibit.add(world.lawyer, case, kind="other", side=0, document=document)


@pytest.mark.parametrize(("own", "taken"), [(None, 5_000_000), (3, 3_000_000), (50, 5_000_000)])
def test_a_courts_limit_is_within_the_platforms(world: World, settings, own, taken):
    settings.DOCUMENT_MAX_BYTES = 5_000_000
    case = world.joint_petition()
    case.court.file_megabytes = own
    assert (bytes.largest(case), bytes.largest(None)) == (taken, 5_000_000)


def test_a_virus_found_once_the_file_is_in_a_case_is_told_once_to_those_who_see_it(world: World, monkeypatch):
    case = world.joint_petition(lawyers=2)
    version = intake.take_in_bytes(pdf("Infecté"), name="a.pdf", created_by=world.spouse_1.user_id, limit=10**7)
    exhibit = actions.exhibit.add(world.spouse_1, case, kind="other", side=1, document=version.document_id)
    monkeypatch.setitem(inspection.STAGES, Stage.SCAN, (lambda version: Found({"infected": ()}), Stage.STRUCTURE))
    world.work()
    infected.note(str(version.pk))
    noted = access.entries(world.lawyer, case).filter(kind="exhibit.infected")
    assert [(entry.about_id, entry.actor_id) for entry in noted] == [(exhibit.pk, None)]
    assert not access.entries(world.spouse_2, case).filter(kind="exhibit.infected").exists()
    with pytest.raises(NotNow):
        papers.exhibit(world.lawyer, case, exhibit.pk)
