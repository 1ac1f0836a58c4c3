"""The hours of a signature, by its acts: nothing is signed outside them, nothing half; presence, pause, taking back; and who is told."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation

from backend import clock
from backend.errors import AllInvalid, Conflict, DomainError, Invalid, NotAllowed, NotFound, NotNow, TooWeak
from backend.people.actor import Actor
from cases import access, actions, ceremonies
from cases.models import Case
from cases.notices.models import Notice
from signatures.models import Session, Signer
from tests.world import World, unchanged

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PLACE = "Cabinet Houël, 12 rue de la Toise, Rouen"


@pytest.fixture
def drawn_up(world: World) -> Case:
    """A case with a lawyer each, whose petition and agreement are ready to be signed."""
    case = world.joint_petition(at="sign", lawyers=2)
    actions.signing.cancel(world.lawyer, case)
    return world.again(case)


def together(world: World, case: Case, **hours: timedelta) -> Case:
    """Opened by the lawyer for tomorrow, from one hour to another of that day."""
    now = clock.now()
    opens_at, closes_at = now + hours.get("opens", DAY), now + hours.get("closes", DAY + 2 * HOUR)
    actions.signing.open(world.lawyer, case, way="together", place=PLACE, opens_at=opens_at, closes_at=closes_at)
    return world.again(case)


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(DomainError) as refusal:
        act()
    return refusal.value.code


def test_left_alone_it_is_each_where_they_are_from_now_on_for_a_month(world: World, drawn_up: Case) -> None:
    actions.signing.open(world.lawyer, drawn_up)

    found = ceremonies.going_on(drawn_up)
    assert (found.way, found.place, found.closes_at - found.opens_at) == ("apart", "", 30 * DAY)
    world.signs(world.spouse_1, drawn_up)


def test_together_it_has_a_place_and_the_register_says_the_hours(world: World, drawn_up: Case) -> None:
    with unchanged(drawn_up.chain), pytest.raises(Invalid) as refusal:
        actions.signing.open(world.lawyer, drawn_up, way="together", place=" ")
    assert refusal.value.field == "place"

    together(world, drawn_up)
    found = ceremonies.going_on(drawn_up)
    entry = access.entries(world.spouse_2, drawn_up).get(kind="signing.opened", about_id=found.pk)
    assert entry.facts == {"way": "together", "opens_at": found.opens_at.isoformat(), "closes_at": found.closes_at.isoformat()}


def test_spouses_sign_once_their_own_lawyer_has_attested_that_they_are_there(world: World, drawn_up: Case) -> None:
    """CC 1175, 1374: where all come together, before the eyes of those who countersign."""
    case = together(world, drawn_up)
    first, second = case.spouses.all()

    assert refused(lambda: world.signs(world.spouse_1, case)) == "not-open-yet"
    assert refused(lambda: actions.ceremony.attest(world.lawyer, case, spouse=first.pk)) == "not-open-yet"
    with clock.at(clock.now() + DAY + timedelta(minutes=5)):
        assert refused(lambda: world.signs(world.spouse_1, case)) == "presence"
        with pytest.raises(NotAllowed):
            actions.ceremony.attest(world.lawyer, case, spouse=second.pk)
        with pytest.raises(TooWeak):
            actions.ceremony.attest(world.weak(world.lawyer), case, spouse=first.pk)
        with pytest.raises(NotAllowed):
            actions.ceremony.attest(world.spouse_1, case, spouse=first.pk)
        with pytest.raises(NotFound):
            actions.ceremony.attest(world.lawyer, case, spouse=case.pk)
        actions.ceremony.attest(world.lawyer, case, spouse=first.pk)
        with pytest.raises(Conflict):
            actions.ceremony.attest(world.lawyer, case, spouse=first.pk)
        world.signs(world.spouse_1, case)
        actions.ceremony.attest(world.second_lawyer, case, spouse=second.pk)
        world.all_sign(case)
    assert world.again(case).step == "file"


def test_apart_nobodys_presence_is_attested(world: World) -> None:
    case = world.joint_petition(at="sign", lawyers=2)
    with pytest.raises(NotNow):
        actions.ceremony.attest(world.lawyer, case, spouse=case.spouses.get(side=1).pk)


def test_not_finished_when_it_closes_nothing_is_signed_and_everyone_is_told(world: World, drawn_up: Case, settings: Any) -> None:
    settings.REGISTER_SUBSCRIBERS = ["mail"]
    case = together(world, drawn_up)
    read = {one.pk: one.document.head_id for one in case.instruments.current().of_kind("petition", "agreement")}
    with clock.at(clock.now() + DAY + HOUR):
        actions.ceremony.attest(world.lawyer, case, spouse=case.spouses.get(side=1).pk)
        world.signs(world.spouse_1, case)
        world.signs(world.lawyer, case)
        world.work()
    with clock.at(clock.now() + DAY + 2 * HOUR):
        assert refused(lambda: world.signs(world.second_lawyer, case)) == "closed"
        world.work()
        case = world.again(case)
        assert case.step == "prepare"
        assert {one.pk: one.document.head_id for one in case.instruments.current().of_kind("petition", "agreement")} == read
        assert not case.instruments.filter(signed_at__isnull=False).exists()
        assert set(Session.objects.values_list("state", flat=True)) == {"cancelled", "expired"}
        told = Notice.objects.filter(case=case, kind="ceremony.closed").values_list("user", flat=True)
        people = (world.spouse_1_user, world.spouse_2_user, world.lawyer_user, world.second_lawyer_user)
        assert set(told) == {user.pk for user in people}
        actions.signing.open(world.lawyer, case)
        assert case.step == "sign"


def test_what_everyone_consented_to_in_time_is_signed_though_it_is_placed_after_the_closing(world: World, drawn_up: Case) -> None:
    case = together(world, drawn_up)
    with clock.at(clock.now() + DAY + HOUR):
        actions.ceremony.attest(world.lawyer, case, spouse=case.spouses.get(side=1).pk)
        actions.ceremony.attest(world.second_lawyer, case, spouse=case.spouses.get(side=2).pk)
        for actor in (world.spouse_1, world.spouse_2, world.lawyer, world.second_lawyer):
            world.signs(actor, case)
    with clock.at(clock.now() + DAY + 3 * HOUR):
        world.work()
    assert world.again(case).step == "file"


def test_only_the_platform_closes_and_only_when_the_time_is_over(world: World, drawn_up: Case) -> None:
    case = together(world, drawn_up)
    found = ceremonies.going_on(case)
    with pytest.raises(NotAllowed):
        actions.ceremony.close(world.lawyer, case, ceremony=found.pk)
    with unchanged(case.chain), pytest.raises(Conflict):
        actions.ceremony.close(Actor.platform(), case, ceremony=found.pk)


def test_paused_nobody_signs_then_it_goes_on_with_more_time_and_the_old_closing_does_nothing(world: World, drawn_up: Case) -> None:
    case = together(world, drawn_up)
    now = clock.now()
    with clock.at(now + DAY + HOUR):
        actions.ceremony.pause(world.lawyer, case)
        assert refused(lambda: world.signs(world.lawyer, case)) == "paused"
        actions.ceremony.resume(world.second_lawyer, case, closes_at=now + 2 * DAY)
    with clock.at(now + DAY + 3 * HOUR):
        world.work()
        assert world.again(case).step == "sign"
        world.signs(world.lawyer, case)
    with clock.at(now + 2 * DAY):
        world.work()
    assert world.again(case).step == "prepare"


def test_paused_over_its_closing_it_waits_for_whoever_paused_it_and_reminds_nobody(world: World, drawn_up: Case, settings: Any) -> None:
    settings.REGISTER_SUBSCRIBERS = ["mail"]
    case = together(world, drawn_up, opens=HOUR, closes=3 * DAY)
    now = clock.now()
    with clock.at(now + 2 * HOUR):
        actions.ceremony.pause(world.lawyer, case)
    with clock.at(now + 4 * DAY):
        world.work()
        assert world.again(case).step == "sign"
        assert not Notice.objects.filter(case=case, kind="ceremony.reminded").exists()
        with pytest.raises(Invalid):
            actions.ceremony.resume(world.lawyer, case)
        actions.ceremony.resume(world.lawyer, case, closes_at=now + 5 * DAY)
        world.signs(world.lawyer, case)
    with clock.at(now + 5 * DAY):
        world.work()
    assert world.again(case).step == "prepare"


def test_those_who_have_not_signed_are_reminded_the_day_before_it_opens_and_the_others_are_not(
    world: World, drawn_up: Case, settings: Any
) -> None:
    settings.REGISTER_SUBSCRIBERS = ["mail"]
    case = together(world, drawn_up, opens=3 * DAY, closes=5 * DAY)
    now = clock.now()
    with clock.at(now + 2 * DAY):
        world.work()
    assert Notice.objects.filter(case=case, kind="ceremony.reminded").count() == 4
    with clock.at(now + 3 * DAY):
        world.signs(world.lawyer, case)
    with clock.at(now + 4 * DAY):
        world.work()
    again = Notice.objects.filter(case=case, kind="ceremony.reminded", entry__at__gte=now + 3 * DAY)
    assert set(again.values_list("user", flat=True)) == {
        one.pk for one in (world.spouse_1_user, world.spouse_2_user, world.second_lawyer_user)
    }


def test_a_rehearsal_asks_the_second_factor_and_signs_nothing(world: World, drawn_up: Case) -> None:
    case = together(world, drawn_up)
    with pytest.raises(TooWeak):
        actions.ceremony.rehearse(world.weak(world.spouse_1), case)

    assert refused(lambda: actions.ceremony.rehearse(world.spouse_1, case)) == "not-read"
    world.read(world.spouse_1, case)
    actions.ceremony.rehearse(world.spouse_1, case)
    actions.ceremony.rehearse(world.spouse_1, case)

    tried = {one.name: bool(one.rehearsed_at) for one in ceremonies.attended(case, ceremonies.going_on(case))}
    assert [name[:7] for name, done in tried.items() if done] == ["Armelle"]
    assert not Signer.objects.filter(session__ceremony=ceremonies.going_on(case)).exclude(state="waiting").exists()


def test_one_signature_is_taken_back_and_given_again_while_the_others_stay(world: World) -> None:
    case = world.joint_petition(at="sign", lawyers=2)
    for actor in (world.spouse_1, world.spouse_2, world.lawyer):
        world.signs(actor, case)
    world.work()
    mine = Signer.objects.filter(session__instruments__case=case, person=world.spouse_1_user.pk)[0]

    with pytest.raises(NotAllowed):
        actions.ceremony.redo(world.spouse_2, case, signer=mine.pk, reason="pas moi")
    with pytest.raises(NotAllowed):
        actions.ceremony.redo(world.second_lawyer, case, signer=mine.pk, reason="pas le mien")
    with pytest.raises(TooWeak):
        actions.ceremony.redo(world.weak(world.spouse_1), case, signer=mine.pk, reason="la tablette s'est éteinte")
    with pytest.raises(Invalid):
        actions.ceremony.redo(world.spouse_1, case, signer=mine.pk, reason=" ")
    actions.ceremony.redo(world.spouse_1, case, signer=mine.pk, reason="la tablette s'est éteinte")
    with pytest.raises(Conflict):
        actions.ceremony.redo(world.lawyer, case, signer=mine.pk, reason="encore")
    world.work()
    world.all_sign(case)

    assert world.again(case).step == "file"
    placed = access.entries(world.lawyer, case).filter(kind="signing.signed")
    assert placed.count() == 8 + 2 * 3  # those of the three are placed twice in each document: the second time on the new first one
    mine.refresh_from_db()
    assert [(row["by_name"], row["reason"]) for row in mine.taken_back] == [(world.spouse_1.name, "la tablette s'est éteinte")]
    with pytest.raises(DomainError):
        actions.ceremony.redo(world.spouse_1, case, signer=mine.pk, reason="trop tard")


def test_consent_is_stated_in_the_words_shown_in_either_language(world: World) -> None:
    case = world.joint_petition(at="sign")
    read = world.read(world.spouse_1, case)
    with unchanged(case.chain), pytest.raises(Conflict):
        actions.signing.sign(world.spouse_1, case, shown=read["shown"], statement="Oui.")
    with translation.override("en"):
        read = world.read(world.spouse_1, case)
    assert read["statement"].startswith("I, ")
    actions.signing.sign(world.spouse_1, case, **read)

    kept = Signer.objects.filter(session__instruments__case=case, state="consented")
    assert {(one.evidence["statement"], one.evidence["language"], one.evidence["strength"]) for one in kept} == {
        (read["statement"], "en", "mail-code")
    }


def test_all_that_is_wrong_with_an_opening_is_told_at_once(world: World, drawn_up: Case) -> None:
    with unchanged(drawn_up.chain), pytest.raises(AllInvalid) as refusal:
        actions.signing.open(world.lawyer, drawn_up, way="together", place=" ", closes_at=clock.now() - DAY)

    assert [one["field"] for one in refusal.value.details()["errors"]] == ["place", "closes_at"]
