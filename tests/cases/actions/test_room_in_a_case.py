"""How much a case may hold, at the edge, and a file that is put in one case only."""

import pytest

from backend.errors import Invalid
from cases import actions, bytes
from documents.models import Document
from documents.quotas import Full
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
