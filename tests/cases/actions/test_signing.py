"""Opening the signature: what must be there first, and what is opened."""

import pytest

from backend.errors import Conflict, Incomplete
from cases import actions
from cases.models import Case
from tests.world import World, unchanged


def the_petition_is_signed_by_all(world: World, case: Case) -> None:
    petition = case.instruments.current().get(kind="petition")
    for actor in (world.spouse_1, world.spouse_2, world.lawyer):
        actions.signing.consent(actor, petition)
    world.work()


def lacking(world: World, case: Case) -> list[str]:
    """What the opening of the signature says must be done first."""
    with unchanged(case.chain), pytest.raises(Incomplete) as refusal:
        actions.signing.open(world.lawyer, case)
    return refusal.value.missing


def test_a_petition_signed_by_all_is_not_asked_for_again_when_the_agreement_was_refused(world: World) -> None:
    case = world.joint_petition(at="sign")
    the_petition_is_signed_by_all(world, case)
    actions.signing.refuse(world.spouse_2, case, reason="le montant est faux")

    actions.signing.open(world.lawyer, case)

    assert {one.kind for one in actions.signing.waiting_for(world.spouse_1, case)} == {"agreement"}
    world.all_sign(case)
    assert world.again(case).step == "file"


def test_a_petition_opened_again_after_its_filing_is_signed_with_its_agreement(world: World) -> None:
    """CPC 1090, 1091: whatever was filed before, both are needed where the petition is prepared."""
    case = world.joint_petition(at="check")
    actions.filing.claim(world.clerk, case)
    actions.filing.return_for_correction(world.clerk, case, reasons=[{"code": "illegible"}])
    actions.agreement.reopen(world.lawyer, case)

    assert lacking(world, case) == ["petition", "agreement"]
    actions.petition.prepare(world.lawyer, case)
    world.work()
    assert lacking(world, case) == ["agreement"]
    actions.agreement.upload(world.lawyer, case, document=world.brought(world.lawyer, "Convention"))
    actions.signing.open(world.lawyer, case)
    assert case.step == "sign"


def test_after_an_adjournment_the_new_agreement_is_signed_alone_and_once(world: World) -> None:
    """CPC 1100."""
    case = world.joint_petition(at="new-agreement")

    assert lacking(world, case) == ["agreement"]
    actions.agreement.upload(world.lawyer, case, document=world.brought(world.lawyer, "Nouvelle convention"))
    actions.signing.open(world.lawyer, case)
    world.all_sign(case)
    with unchanged(case.chain), pytest.raises(Conflict):
        actions.signing.open(world.lawyer, case)
