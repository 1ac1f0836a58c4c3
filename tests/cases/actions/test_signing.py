"""Opening the signature: what must be there first, and what is opened."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from backend import clock
from backend.errors import Conflict, Incomplete, NotNow
from cases import actions, ceremonies
from cases.models import Case
from cases.notices.models import Notice
from signatures.models import Session
from tests.world import World, unchanged


def the_petition_is_signed_by_all(world: World, case: Case) -> None:
    petition = case.instruments.current().get(kind="petition")
    for actor in (world.spouse_1, world.spouse_2, world.lawyer):
        world.read(actor, case)
        actions.signing.consent(actor, petition)
    world.work()


def lacking(world: World, case: Case) -> list[str]:
    """What the opening of the signature says must be done first."""
    with unchanged(case.chain), pytest.raises(Incomplete) as refusal:
        actions.signing.open(world.lawyer, case)
    return refusal.value.missing


@pytest.mark.parametrize("end", ["cancel", "refuse"])
def test_a_petition_that_all_have_signed_counts_no_more_than_the_agreement_they_have_not(world: World, end: str) -> None:
    """CC 1175: a ceremony that is not finished signs nothing."""
    case = world.joint_petition(at="sign")
    read = {one.kind: one.document.head_id for one in actions.signing.waiting_for(world.spouse_1, case)}
    the_petition_is_signed_by_all(world, case)
    assert case.instruments.current().get(kind="petition").signed_at
    if end == "refuse":
        actions.signing.refuse(world.spouse_2, case, reason="le montant est faux")
    else:
        actions.signing.cancel(world.lawyer, case)

    petition = case.instruments.current().select_related("document").get(kind="petition")
    assert (petition.signed_at, petition.session, petition.document.head_id) == (None, None, read["petition"])
    actions.signing.open(world.lawyer, case)
    assert {one.kind: one.document.head_id for one in actions.signing.waiting_for(world.spouse_1, case)} == read
    world.all_sign(case)
    assert world.again(case).step == "file"


def test_one_after_the_other_each_signs_in_their_turn_and_is_told_when_it_comes(world: World, settings: Any) -> None:
    case = world.joint_petition(at="sign")
    actions.signing.cancel(world.lawyer, case)
    settings.REGISTER_SUBSCRIBERS = ["mail"]
    actions.signing.open(world.lawyer, case, ordered=True)

    with pytest.raises(NotNow) as refusal:
        world.signs(world.spouse_2, case)
    assert refusal.value.code == "not-your-turn"
    assert ceremonies.before(world.lawyer, actions.signing.waiting_for(world.lawyer, case)) == [
        spouse.full_name for spouse in case.spouses.all()
    ]
    for actor, following in ((world.spouse_1, [world.spouse_2_user]), (world.spouse_2, [world.lawyer_user]), (world.lawyer, [])):
        world.signs(actor, case)
        world.work()
        told = Notice.objects.filter(case=case, kind="signing.consented").order_by("pk")
        assert [notice.user for notice in told if notice.entry.actor_id == actor.user_id] == following
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


def test_a_lawyers_staff_do_not_end_a_signature_by_bringing_another_agreement(world: World) -> None:
    case = world.joint_petition(at="new-agreement")
    actions.agreement.upload(world.staff, case, document=world.brought(world.staff, "Nouvelle convention"))
    actions.signing.open(world.lawyer, case)
    other = world.brought(world.staff, "Convention encore revue")

    with unchanged(case.chain), pytest.raises(NotNow) as refusal:
        actions.agreement.upload(world.staff, case, document=other)
    assert refusal.value.code == "under-signature"
    actions.agreement.upload(world.lawyer, case, document=world.brought(world.lawyer, "Convention encore revue"))
    assert actions.signing.waiting_for(world.spouse_1, case) == []


def test_after_an_adjournment_the_new_agreement_is_signed_alone_and_once(world: World) -> None:
    """CPC 1100."""
    case = world.joint_petition(at="new-agreement")

    assert lacking(world, case) == ["agreement"]
    actions.agreement.upload(world.lawyer, case, document=world.brought(world.lawyer, "Nouvelle convention"))
    actions.signing.open(world.lawyer, case)
    world.all_sign(case)
    with unchanged(case.chain), pytest.raises(Conflict):
        actions.signing.open(world.lawyer, case)


@pytest.fixture
def drawn_up(world: World) -> Case:
    """A case whose petition and agreement are ready to be signed."""
    case = world.joint_petition(at="sign", lawyers=2)
    actions.signing.cancel(world.lawyer, case)
    return world.again(case)


def change_an_answer(world: World, case: Case) -> None:
    world.answer(case, "costs", {"first": 60, "second": 40})


def add_a_child(world: World, case: Case) -> None:
    oscar = actions.opening.add_child(world.lawyer, case, first_names="Oscar", name="Desmarets", born="2019-02-18")
    world.answer(case, "voice", {"discernment": False}, oscar.pk)


def change_the_court(world: World, case: Case) -> None:
    world.answer(case, "contact", {"address": "1 rue Neuve", "postal_code": "49000", "city": "Angers"}, case.spouses.get(side=1).pk)
    actions.opening.choose_court(world.lawyer, case, court=world.other_court.pk)


def add_an_exhibit(world: World, case: Case) -> None:
    world.exhibit(case, world.lawyer, "other")


@pytest.mark.parametrize("change", [change_an_answer, add_a_child, change_the_court, add_an_exhibit])
def test_a_petition_is_not_signed_on_what_was_said_before_a_change(world: World, drawn_up: Case, change: Callable[..., None]) -> None:
    """CPC 1090: it is drawn up again, and everything else is kept."""
    change(world, drawn_up)
    case = world.again(drawn_up)

    assert lacking(world, case) == ["petition"]
    actions.petition.prepare(world.lawyer, case)
    world.work()
    actions.signing.open(world.lawyer, case)
    assert case.step == "sign"


def test_a_petition_that_would_say_the_same_is_signed_as_it_is_whatever_was_done_since_and_on_another_day(
    world: World, drawn_up: Case
) -> None:
    world.answer(drawn_up, "marriage", {"date": "2010-07-03", "place": "Rouen"})
    world.exhibit(drawn_up, world.spouse_1, "other", side=1)

    with clock.at(clock.now() + timedelta(days=3)):
        actions.signing.open(world.lawyer, drawn_up)
    assert drawn_up.step == "sign"


def test_signatures_made_before_a_refusal_are_not_in_what_is_signed_afterwards(world: World) -> None:
    case = world.joint_petition(at="sign")
    read = {one.kind: actions.signing.frozen_digest(one) for one in actions.signing.waiting_for(world.spouse_1, case)}
    world.signs(world.spouse_1, case)
    world.work()

    actions.signing.refuse(world.spouse_2, case, reason="le montant est faux")
    actions.signing.open(world.lawyer, case)

    again = {one.kind: actions.signing.frozen_digest(one) for one in actions.signing.waiting_for(world.spouse_1, case)}
    assert again == read


def test_another_agreement_ends_the_signature_of_the_one_before_and_consents_under_way_with_it(world: World) -> None:
    case = world.joint_petition(at="new-agreement")
    actions.agreement.upload(world.lawyer, case, document=world.brought(world.lawyer, "Nouvelle convention"))
    actions.signing.open(world.lawyer, case)
    world.signs(world.spouse_1, case)

    actions.agreement.upload(world.lawyer, case, document=world.brought(world.lawyer, "Convention corrigée"))
    world.work()

    assert not Session.objects.filter(state=Session.State.OPEN).exists()
    assert actions.signing.waiting_for(world.spouse_2, case) == []
    actions.signing.open(world.lawyer, case)
    world.all_sign(case)
    assert case.instruments.current().get(kind="agreement").signed_at
