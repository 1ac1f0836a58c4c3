"""The divorce by mutual consent before the judge, act by act, from opening to closing."""

from datetime import timedelta

import pytest

from backend import clock
from backend.errors import Conflict, Incomplete, Invalid, NotAllowed, NotNow, TooWeak
from backend.register.verify import verify
from backend.work.models import Owed
from cases import access, actions, checks
from cases.models import Decision, Filing
from cases.outlook import outlook
from signatures.models import Signer
from tests.world import STEPS, World, unchanged


@pytest.mark.parametrize("step", STEPS)
def test_a_case_reaches_every_step_and_its_register_holds(world: World, step: str) -> None:
    case = world.joint_petition(at=step)

    assert case.step == step
    assert list(verify(case.chain_id)) == []
    assert outlook(world.lawyer, case).step.name == step


def test_a_case_by_two_lawyers_is_signed_by_four(world: World) -> None:
    case = world.joint_petition(at="file", lawyers=2)

    petition = case.instruments.get(kind="petition")
    assert petition.session.signers.filter(state="signed").count() == 4


@pytest.mark.parametrize("left_out", ["child-form", "liquidation-statement"])
def test_a_petition_without_what_the_law_asks_comes_back_with_the_reason_and_nothing_is_recorded(world: World, left_out: str) -> None:
    case = world.joint_petition(at="file", without=left_out)

    with unchanged(case.chain), pytest.raises(Incomplete) as refusal:
        actions.filing.submit(world.lawyer, case)

    assert refusal.value.missing == [left_out]


def test_nothing_stands_in_the_way_of_a_petition_in_order(world: World) -> None:
    case = world.joint_petition(at="file")

    assert checks.findings(case) == []


def test_a_party_does_not_file_the_petition_the_lawyer_does(world: World) -> None:
    case = world.joint_petition(at="file")

    with unchanged(case.chain), pytest.raises(NotAllowed):
        actions.filing.submit(world.spouse_1, case)


def test_filing_asks_for_a_fresh_confirmation(world: World) -> None:
    case = world.joint_petition(at="file")

    with pytest.raises(TooWeak):
        actions.filing.submit(world.weak(world.lawyer), case)


def test_the_same_key_files_once_and_answers_the_same(world: World) -> None:
    case = world.joint_petition(at="file")

    first = actions.filing.submit(world.lawyer, case, key="k1")
    again = actions.filing.submit(world.lawyer, case, key="k1")

    assert first == again
    assert Filing.objects.filter(case=case).count() == 1


def test_rg_numbers_follow_one_another(world: World) -> None:
    numbers = [world.joint_petition(at="hear-child").rg_number for _ in range(2)]

    year = clock.today().year % 100
    assert numbers == [f"{year:02d}/00001", f"{year:02d}/00002"]


def test_a_returned_filing_loses_nothing_and_is_filed_again(world: World) -> None:
    case = world.joint_petition(at="check")
    actions.filing.claim(world.clerk, case)
    actions.filing.return_for_correction(world.clerk, case, reasons=[{"code": "illegible", "note": "l'acte de naissance de Zélie"}])
    world.work()

    assert case.step == "file"
    actions.filing.submit(world.lawyer, case)
    assert [filing.attempt for filing in case.filings.order_by("attempt")] == [1, 2]


def test_a_filing_taken_by_one_clerk_is_not_taken_by_another_who_is_told_who_has_it(world: World) -> None:
    case = world.joint_petition(at="check")
    actions.filing.claim(world.clerk, case)

    with pytest.raises(Conflict, match="Gaëlle Greffe"):
        actions.filing.claim(world.second_clerk, case)


def test_a_question_leaves_the_filing_where_it_is(world: World) -> None:
    case = world.joint_petition(at="check")
    actions.filing.claim(world.clerk, case)
    question = actions.filing.ask(
        world.clerk, case, to=[world.lawyer_user.pk], text="Quel est le régime ?", answer_by=clock.today() + timedelta(days=8)
    )

    assert case.step == "check"
    actions.filing.answer(world.lawyer, case, question=question.pk, text="La communauté.")
    question.refresh_from_db()
    assert question.answered_by == world.lawyer_user


def test_the_spouses_are_not_summoned_before_the_child_is_heard(world: World) -> None:
    """CPC 1092."""
    case = world.joint_petition(at="hear-child")

    with pytest.raises(NotNow):
        actions.hearing.schedule(world.judge, case, hearing_list=world.hearing_list().pk)


def test_a_refusal_to_hear_the_child_leaves_the_case_in_this_route(world: World) -> None:
    """CPC 338-4."""
    case = world.joint_petition(at="hear-child")

    actions.child.refuse_hearing(world.judge, case, child=case.children.get().pk, reason="trop jeune pour comprendre")

    assert case.step == "schedule"


@pytest.mark.parametrize(("days", "in_time"), [(15, True), (14, False)])
def test_the_spouses_are_summoned_at_least_fifteen_days_before(world: World, days: int, in_time: bool) -> None:
    """CPC 1092."""
    case = world.joint_petition(at="schedule")
    found = world.hearing_list(days=days)

    if in_time:
        assert actions.hearing.schedule(world.judge, case, hearing_list=found.pk)
    else:
        with pytest.raises(NotNow, match=r"."):
            actions.hearing.schedule(world.judge, case, hearing_list=found.pk)


def test_a_first_refusal_adjourns_and_a_second_makes_the_petition_lapse(world: World) -> None:
    """CC 250-2, 250-3; CPC 1100, 1101."""
    case = world.joint_petition(at="hear")
    with world.after_hearing(case):
        with pytest.raises(NotNow):
            actions.decision.draft(world.judge, case, kind="lapse")
        with pytest.raises(Invalid):
            actions.decision.draft(world.judge, case, kind="adjournment")
        assert world.decide(case, "adjournment", conditions=["l'internat"]).state == Decision.State.DELIVERED

    assert world.again(case).step == "new-agreement"


def test_no_decision_before_the_hearing_is_held(world: World) -> None:
    """CPC 1099."""
    case = world.joint_petition(at="hear")

    with pytest.raises(NotNow):
        actions.decision.draft(world.judge, case, kind="homologation")


def test_either_spouse_withdraws_until_the_judgment_and_not_after(world: World) -> None:
    """CC 232: consent must last until the judgment."""
    decided = world.joint_petition(at="recourse")
    with pytest.raises(NotNow):
        actions.withdrawal.withdraw(world.spouse_2, decided)

    case = world.joint_petition(at="hear")
    actions.withdrawal.withdraw(world.spouse_2, case, reason="j'ai changé d'avis")
    assert case.step == "withdrawn"
    assert case.closed_at is not None


def test_a_private_exhibit_is_seen_by_its_own_side_only(world: World) -> None:
    case = world.joint_petition(lawyers=2)
    mine = world.exhibit(case, world.spouse_1, "resources-statement", side=1)
    case = world.again(case)

    assert mine in access.exhibits(world.lawyer, case)
    assert mine not in access.exhibits(world.spouse_2, case)
    assert mine not in access.exhibits(world.second_lawyer, case)
    assert all(entry.about_id != mine.pk for entry in access.entries(world.spouse_2, case))


def test_an_agreement_cannot_be_signed_on_another_text_than_the_one_read(world: World) -> None:
    case = world.joint_petition(at="sign")
    read = world.read(world.spouse_1, case)

    with pytest.raises(Conflict):
        actions.signing.sign(world.spouse_1, case, shown=dict.fromkeys(read["shown"], "0" * 64), statement=read["statement"])


def test_a_refusal_to_sign_ends_the_session_and_nothing_counts(world: World) -> None:
    case = world.joint_petition(at="sign")

    actions.signing.refuse(world.spouse_2, case, reason="le montant est faux")

    assert case.step == "prepare"
    assert not case.instruments.current().exclude(signed_at=None).exists()


def test_a_signature_consented_to_before_another_refuses_is_never_made_and_is_owed_no_more(world: World) -> None:
    case = world.joint_petition(at="sign")
    world.signs(world.spouse_1, case)

    actions.signing.refuse(world.spouse_2, case, reason="le montant est faux")
    world.work()

    assert not Owed.objects.filter(kind="signatures.apply").exists()
    assert not Signer.objects.filter(state="signed").exists()
