"""Where lawyers are to be verified, one who is not prepares everything, and neither signs nor files; the spouses go on."""

from typing import Any

import pytest

from backend.errors import NotAllowed, TooWeak
from backend.people import professional
from backend.people.models import Membership
from cases import actions
from tests.world import World


def verify(world: World) -> None:
    professional.verify(professional.state(world.lawyer_user, "Rouen", "1234"), world.administrator_user)


def test_filing_is_for_a_verified_lawyer(world: World, settings: Any) -> None:
    case = world.joint_petition(at="file")
    settings.LAWYERS_VERIFIED = True
    seq = case.chain.seq
    with pytest.raises(NotAllowed) as refusal:
        actions.filing.submit(world.lawyer, case)
    assert (refusal.value.code, world.again(case).chain.seq) == ("lawyer-unverified", seq)

    verify(world)
    actions.filing.submit(world.lawyer, case)
    assert world.again(case).filed_at


def test_signing_is_for_a_verified_lawyer_and_for_the_spouses_as_ever(world: World, settings: Any) -> None:
    case = world.joint_petition(at="sign")
    settings.LAWYERS_VERIFIED = True
    with pytest.raises(NotAllowed) as refusal:
        actions.signing.sign(world.lawyer, case, **world.read(world.lawyer, case))
    assert refusal.value.code == "lawyer-unverified"
    actions.signing.sign(world.spouse_1, case, **world.read(world.spouse_1, case))

    verify(world)
    actions.signing.sign(world.lawyer, case, **world.read(world.lawyer, case))


def test_a_spouse_who_is_a_lawyer_elsewhere_signs_as_a_spouse(world: World, settings: Any) -> None:
    Membership.objects.create(user=world.spouse_1_user, organisation=world.third_firm, role="lawyer")
    case = world.joint_petition(at="sign")
    settings.LAWYERS_VERIFIED = True
    actions.signing.sign(world.spouse_1, case, **world.read(world.spouse_1, case))


def test_the_refusal_comes_before_any_confirmation_is_asked(world: World, settings: Any) -> None:
    case = world.joint_petition(at="file")
    settings.LAWYERS_VERIFIED = True
    with pytest.raises(NotAllowed):
        actions.filing.submit(world.weak(world.lawyer), case)
    verify(world)
    with pytest.raises(TooWeak):
        actions.filing.submit(world.weak(world.lawyer), case)


def test_everything_else_stays_open(world: World, settings: Any) -> None:
    settings.LAWYERS_VERIFIED = True
    case = world.joint_petition(anew=True)
    world.bring(case)
    world.to_sign(case)
    assert actions.signing.waiting_for(world.lawyer, case)
