"""By the door, nobody signs for another, twice, after it was withdrawn, outside its hours, or another version than what is open; and nothing is entered of it."""

from datetime import timedelta
from typing import Any

import pytest

from backend import clock
from cases import actions
from cases.models import Case
from signatures.models import Signer
from tests.calling import client_of
from tests.world import World, unchanged

DAY = timedelta(days=1)


@pytest.fixture
def world(db: None) -> World:
    return World()


@pytest.fixture
def case(world: World) -> Case:
    return world.joint_petition(at="sign", lawyers=2)


def signs(user: Any, case: Case, said: dict[str, Any]) -> tuple[int, str]:
    """What somebody is answered who asks to sign: the status, and the code of the refusal."""
    return answered(client_of(user).post(f"/api/v1/cases/{case.pk}/signature", said, format="json"))


def answered(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "") if answer.status_code >= 400 else ""


def signed() -> set[Any]:
    return set(Signer.objects.exclude(state="waiting").values_list("person", flat=True))


def test_the_same_words_are_taken_from_whoever_may_say_them(world: World, case: Case) -> None:
    """What the refusals below are measured against."""
    assert signs(world.spouse_1_user, case, world.read(world.spouse_1, case)) == (200, "")
    assert signed() == {world.spouse_1_user.pk}


def test_nobody_signs_for_another(world: World, case: Case) -> None:
    said = world.read(world.spouse_1, case)
    with unchanged(case.chain):
        for user in (
            world.staff_user,
            world.clerk_user,
            world.judge_user,
            world.stranger_user,
            world.outsider_user,
            world.administrator_user,
        ):
            assert signs(user, case, said)[0] in (403, 404), user
        for user in (world.spouse_2_user, world.lawyer_user, world.second_lawyer_user):
            assert signs(user, case, said)[0] == 409, "the words are another's"
        forged = {**said, "person": str(world.spouse_2_user.pk), "signer": str(world.spouse_2_user.pk), "for": str(world.spouse_2_user.pk)}
        assert signs(world.spouse_1_user, case, forged)[0] in (200, 422)
    assert signed() <= {world.spouse_1_user.pk}


def test_nobody_signs_twice(world: World, case: Case) -> None:
    said = world.read(world.spouse_1, case)
    assert signs(world.spouse_1_user, case, said)[0] == 200
    with unchanged(case.chain):
        assert signs(world.spouse_1_user, case, said)[0] in (403, 409)
    world.work()
    with unchanged(case.chain):
        assert signs(world.spouse_1_user, case, said)[0] in (403, 409)
    assert Signer.objects.filter(person=world.spouse_1_user.pk, state="signed").count() == 2, "the petition and the agreement, once each"


@pytest.mark.parametrize("end", ["cancel", "refuse"])
def test_nobody_signs_what_was_withdrawn(world: World, case: Case, end: str) -> None:
    said = world.read(world.spouse_1, case)
    match end:
        case "cancel":
            actions.signing.cancel(world.lawyer, case)
        case "refuse":
            actions.signing.refuse(world.spouse_2, case, reason="Le partage est faux.")
    with unchanged(case.chain):
        assert signs(world.spouse_1_user, case, said)[0] in (403, 409)
    assert world.spouse_1_user.pk not in signed()


def test_nobody_signs_before_it_opens_nor_once_it_is_closed_nor_while_it_is_paused(world: World, case: Case) -> None:
    actions.signing.cancel(world.lawyer, case)
    opens_at = clock.now() + DAY
    actions.signing.open(world.lawyer, case, opens_at=opens_at, closes_at=opens_at + DAY)
    said = world.read(world.spouse_1, case)
    with clock.at(opens_at - timedelta(seconds=1)), unchanged(case.chain):
        assert signs(world.spouse_1_user, case, said) == (409, "not-open-yet")
    with clock.at(opens_at):
        actions.ceremony.pause(world.lawyer, case)
        assert signs(world.spouse_1_user, case, said) == (409, "paused")
        actions.ceremony.resume(world.lawyer, case)
        assert signed() == set()
    with clock.at(opens_at + timedelta(minutes=1)):
        assert signs(world.spouse_1_user, case, said) == (200, "")
    late = world.read(world.spouse_2, case)
    with clock.at(opens_at + DAY), unchanged(case.chain):
        assert signs(world.spouse_2_user, case, late) == (409, "closed")


def test_nobody_signs_another_version(world: World, case: Case) -> None:
    """Neither by the digest of another file, nor what was read before it was drawn up anew, nor one document for the other, nor one of two."""
    said = world.read(world.spouse_1, case)
    petition, agreement = said["shown"]
    shuffled = {petition: said["shown"][agreement], agreement: said["shown"][petition]}
    with unchanged(case.chain):
        for shown in (dict.fromkeys(said["shown"], "0" * 64), shuffled, {petition: said["shown"][petition]}, {}):
            assert signs(world.spouse_1_user, case, {**said, "shown": shown})[0] in (409, 422), shown

    actions.signing.cancel(world.lawyer, case)
    actions.agreement.upload(world.lawyer, case, document=world.brought(world.lawyer, "Une autre convention"))
    actions.signing.open(world.lawyer, case)
    with unchanged(case.chain):
        assert signs(world.spouse_1_user, case, said)[0] == 409
    assert signed() == set()


def test_nobody_signs_without_a_second_factor_or_what_they_were_not_shown(world: World, case: Case) -> None:
    said = world.read(world.spouse_1, case)
    weak = client_of(world.spouse_1_user, strong=False).post(f"/api/v1/cases/{case.pk}/signature", said, format="json")
    assert answered(weak) == (403, "too-weak")
    unread = {**world.read(world.spouse_2, case)}
    Signer.objects.get(person=world.spouse_2_user.pk, session__instruments__kind="petition").session.shown.filter(
        person=world.spouse_2_user.pk, page=1
    ).delete()
    assert signs(world.spouse_2_user, case, unread) == (409, "not-read")
    assert signed() == set()
