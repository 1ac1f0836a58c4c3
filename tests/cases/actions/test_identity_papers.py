"""Identity papers: others get a marked copy, everywhere; the original stays with its own side, and opens to the court on purpose only."""

from typing import Any

import pypdfium2
import pytest
from asgiref.sync import async_to_sync

from backend.errors import Conflict, Invalid, NotAllowed, NotFound, TooWeak
from backend.people.actor import Actor
from backend.register.models import Entry
from cases import access, actions
from cases.models import Case, Exhibit
from documents import vault
from documents.models import Document
from tests.calling import client_of
from tests.world import World, unchanged

IDENTITY = "identity-paper"


@pytest.fixture
def case(world: World) -> Case:
    return world.joint_petition(lawyers=2)


@pytest.fixture
def paper(world: World, case: Case) -> Exhibit:
    """The identity card of the first spouse, still private."""
    exhibit = world.exhibit(case, world.spouse_1, IDENTITY, side=1, about=case.spouses.get(side=1).pk)
    world.work()
    return Exhibit.objects.with_files().get(pk=exhibit.pk)


def communicated(world: World, case: Case, paper: Exhibit) -> Exhibit:
    actions.exhibit.communicate(world.spouse_1, case, exhibits=[paper.pk])
    world.work()
    return Exhibit.objects.with_files().get(pk=paper.pk)


def body(response: Any) -> bytes:
    """What an answer streams."""

    async def whole() -> bytes:
        return b"".join([chunk async for chunk in response.streaming_content])

    return async_to_sync(whole)()


def file_for(actor: Any, case: Case, paper: Exhibit) -> Document | None:
    case = access.case(actor, case.pk)
    return access.file_of(access.standing(actor, case), access.exhibit(actor, case, paper.pk))


def test_a_marked_copy_is_made_at_once_in_pictures_only(world, case, paper):
    copy = pypdfium2.PdfDocument(vault.content(paper.marked.head))
    assert len(copy) == paper.document.head.pages
    assert copy[0].get_textpage().get_text_range() == ""
    original = pypdfium2.PdfDocument(vault.content(paper.document.head))[0].render().to_pil().convert("L")
    marked = copy[0].render().to_pil().convert("L")
    assert sum(marked.histogram()[:250]) > 2 * sum(original.histogram()[:250])


def test_each_side_and_the_court_get_what_is_theirs(world, case, paper):
    found = communicated(world, case, paper)
    assert file_for(world.spouse_1, case, found) == found.document
    assert file_for(world.lawyer, case, found) == found.document
    assert file_for(world.spouse_2, case, found) == found.marked
    assert file_for(world.second_lawyer, case, found) == found.marked


def test_of_a_paper_that_both_bring_the_court_gets_the_copy(world):
    case = world.joint_petition()
    exhibit = world.exhibit(case, world.lawyer, IDENTITY)
    world.work()
    world.bring(case)
    for step in ("sign", "file", "check"):
        getattr(world, f"to_{step}")(case)
    exhibit = Exhibit.objects.with_files().get(pk=exhibit.pk)
    assert file_for(world.spouse_2, case, exhibit) == exhibit.document
    assert file_for(world.clerk, case, exhibit) == exhibit.marked
    filing = case.filings.get()
    assert filing.digests[str(exhibit.pk)] == exhibit.marked.head.sha256


def test_the_stamped_copy_is_made_of_the_marked_one(world, case, paper):
    found = communicated(world, case, paper)
    assert found.stamped.head.based_on == found.marked.head
    entry = Entry.objects.get(kind="exhibit.communicated", about_id=found.pk)
    assert entry.digests == {str(found.pk): found.marked.head.sha256}


def test_it_is_not_communicated_before_its_copy_is_made(world, case):
    exhibit = actions.exhibit.add(world.spouse_1, case, kind=IDENTITY, side=1, document=world.brought(world.spouse_1))
    with unchanged(case.chain), pytest.raises(Conflict) as refusal:
        actions.exhibit.communicate(world.spouse_1, case, exhibits=[exhibit.pk])
    assert refusal.value.code == "still-making"
    world.work()
    actions.exhibit.communicate(world.spouse_1, case, exhibits=[exhibit.pk])


def test_every_door_gives_the_others_the_copy(world, case, paper):
    found = communicated(world, case, paper)
    base = f"/api/v1/cases/{case.pk}/exhibits/{found.pk}"
    theirs, ours = client_of(world.spouse_2_user), client_of(world.spouse_1_user)
    original, copy = vault.content(found.document.head), vault.content(found.marked.head)
    assert body(ours.get(f"{base}/file")) == original
    assert body(theirs.get(f"{base}/file")) == copy
    assert body(theirs.get(f"{base}/file?copy=original")) == copy
    assert original not in body(theirs.get(f"{base}/file?copy=stamped"))
    assert theirs.get(f"{base}/pages/1").content != ours.get(f"{base}/pages/1").content
    told = theirs.get(base).json()
    assert (told["document"]["sha256"], told["is_marked_copy"]) == (found.marked.head.sha256, True)
    assert ours.get(base).json()["is_marked_copy"] is False
    assert found.document.head.sha256 not in theirs.get(f"/api/v1/cases/{case.pk}/entries").content.decode()


def test_the_court_opens_the_original_on_purpose_and_the_spouse_sees_it(world):
    case = world.joint_petition()
    paper = world.exhibit(case, world.spouse_1, IDENTITY, side=1)
    world.work()
    actions.exhibit.communicate(world.spouse_1, case, exhibits=[paper.pk])
    world.bring(case)
    for step in ("sign", "file", "check"):
        getattr(world, f"to_{step}")(case)
    with pytest.raises(TooWeak):
        actions.exhibit.open_original(world.weak(world.clerk), case, exhibit=paper.pk)
    answer = client_of(world.clerk_user).post(f"/api/v1/cases/{case.pk}/exhibits/{paper.pk}/original")
    assert body(answer) == vault.content(Document.objects.get(pk=paper.document_id).head)
    entry = access.entries(world.spouse_1, case).get(kind="exhibit.original_opened")
    assert (entry.actor_id, entry.about_id) == (world.clerk_user.pk, paper.pk)
    assert not access.entries(world.second_clerk, case).exclude(audience__overlap=["court"]).exists()


def test_nobody_else_opens_it_nor_what_is_no_identity_paper(world):
    case = world.joint_petition(at="check")
    exhibit = case.exhibits.first()
    with unchanged(case.chain):
        with pytest.raises(NotFound):
            actions.exhibit.open_original(world.judge, case, exhibit=exhibit.pk)
        for actor in (world.spouse_1, world.spouse_2, world.lawyer, world.staff):
            with pytest.raises(NotAllowed):
                actions.exhibit.open_original(actor, case, exhibit=exhibit.pk)


def test_what_becomes_or_ceases_to_be_one_changes_its_copy_until_it_is_communicated(world, case, paper):
    copy = paper.marked
    actions.exhibit.describe(world.spouse_1, case, exhibit=paper.pk, kind="other")
    assert Exhibit.objects.get(pk=paper.pk).marked is None
    assert Document.objects.get(pk=copy.pk).erased
    actions.exhibit.describe(world.spouse_1, case, exhibit=paper.pk, kind=IDENTITY)
    world.work()
    found = communicated(world, case, paper)
    assert found.marked
    with unchanged(case.chain), pytest.raises(Invalid):
        actions.exhibit.describe(world.spouse_1, case, exhibit=paper.pk, kind="other")


def test_a_replaced_file_has_a_copy_of_its_own(world, case, paper):
    before = paper.marked
    actions.exhibit.describe(world.spouse_1, case, exhibit=paper.pk, document=world.brought(world.spouse_1, "Passeport"))
    world.work()
    found = Exhibit.objects.with_files().get(pk=paper.pk)
    assert found.marked != before
    assert found.marked.head.based_on == found.document.head
    assert Document.objects.get(pk=before.pk).erased


def test_a_copy_made_too_late_is_thrown_away(world, case, paper):
    late = vault.keep(b"late", name="late")
    with pytest.raises(Conflict):
        actions.letters.mark(Actor.platform(), case, exhibit=paper.pk, document=late.document_id, of=paper.document_id)


def test_what_is_taken_back_leaves_no_copy(world, case, paper):
    actions.exhibit.remove(world.spouse_1, case, exhibit=paper.pk)
    assert Document.objects.get(pk=paper.marked_id).erased
