"""A ceremony: nobody signs before it opens, once it is closed, while it is paused, unseen, or unread; and one signature is given again in its place."""

from datetime import timedelta

import pytest

from backend import clock
from backend.errors import Conflict, Invalid, NotNow
from documents import vault
from signatures import ceremony, gathering
from signatures.ceremony import SignerSpec
from signatures.models import Ceremony, Session, Signer
from tests.signatures.making import NAMES, draft, four, pdfsig, signatures

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def gathered(way: str = "apart", place: str = "") -> Ceremony:
    """In an hour, for an hour."""
    now = clock.now()
    return gathering.gather(way, place=place, opens_at=now + HOUR, closes_at=now + 2 * HOUR)


def opened(ceremony_: Ceremony, people: list[SignerSpec]) -> Session:
    return ceremony.open_session(draft(), people, ceremony=ceremony_)


def refusal_of(session: Session, person: SignerSpec) -> str:
    with pytest.raises(NotNow) as refusal:
        ceremony.consent(session.pk, person.person, evidence={})
    return refusal.value.code


WHY = {"by_name": "Solène Houël", "reason": "la tablette s'est éteinte"}


def read(session: Session, person: SignerSpec) -> None:
    gathering.note_shown(session, person.person, gathering.WHOLE)


def test_nobody_signs_before_it_opens_nor_from_the_moment_it_closes() -> None:
    people = four()
    session = opened(gathered(), people)
    assert session.ceremony is not None
    for person in people[:2]:
        read(session, person)

    with clock.at(session.ceremony.opens_at - timedelta(seconds=1)):
        assert refusal_of(session, people[0]) == "not-open-yet"
    with clock.at(session.ceremony.opens_at):
        ceremony.consent(session.pk, people[0].person, evidence={})
    with clock.at(session.ceremony.closes_at):
        assert refusal_of(session, people[1]) == "closed"
    with clock.at(session.ceremony.closes_at - timedelta(seconds=1)):
        ceremony.consent(session.pk, people[1].person, evidence={})


def test_each_page_is_shown_to_a_signer_before_they_sign_and_only_their_own_reading_counts() -> None:
    people = four()
    session = opened(gathered(), people)
    pages = session.base.pages or 0
    assert pages > 1

    with clock.at(clock.now() + HOUR):
        for page in range(1, pages):
            gathering.note_shown(session, people[0].person, page)
        gathering.note_shown(session, people[1].person, pages)
        assert gathering.unread(session, people[0].person) == [pages]
        assert refusal_of(session, people[0]) == "not-read"
        gathering.note_shown(session, people[0].person, pages)
        ceremony.consent(session.pk, people[0].person, evidence={})


def test_the_first_time_a_page_was_shown_is_the_one_that_is_kept() -> None:
    people = four()
    session = opened(gathered(), people)
    gathering.note_shown(session, people[0].person, 1)
    first = session.shown.get().at

    with clock.at(first + HOUR):
        gathering.note_shown(session, people[0].person, 1)

    assert session.shown.get().at == first


def test_what_is_read_before_signing_is_the_frozen_version_even_once_others_have_signed() -> None:
    people = four()
    session = opened(gathered(), people)
    with clock.at(clock.now() + HOUR):
        read(session, people[0])
        ceremony.apply(ceremony.consent(session.pk, people[0].person, evidence={}).pk)
    session.refresh_from_db()

    assert gathering.frozen_for(session, people[1].person) == session.base != session.newest
    assert gathering.frozen_for(session, people[0].person) is None


def test_a_gathering_has_a_place() -> None:
    with pytest.raises(Invalid) as refusal:
        gathered("together", "  ")
    assert refusal.value.field == "place"


def test_it_closes_after_it_opens_and_not_in_the_past() -> None:
    now = clock.now()
    for opens, closes in ((now, now), (now + HOUR, now + HOUR), (now - 2 * HOUR, now - HOUR)):
        with pytest.raises(Invalid) as refusal:
            gathering.gather("apart", opens_at=opens, closes_at=closes)
        assert refusal.value.field == "closes_at"


def test_together_those_whose_presence_is_asked_sign_once_it_is_attested_and_the_others_without() -> None:
    spouse, lawyer = SignerSpec(four()[0].person, "Armelle", "Épouse", attested=True), four()[2]
    there = gathered("together", "12 rue de la Toise")
    session = opened(there, [spouse, lawyer])
    for person in (spouse, lawyer):
        read(session, person)

    with clock.at(there.opens_at):
        assert refusal_of(session, spouse) == "presence"
        ceremony.consent(session.pk, lawyer.person, evidence={})
        gathering.attest(there, spouse.person, by=lawyer.person, by_name=lawyer.name, evidence={})
        with pytest.raises(Conflict):
            gathering.attest(there, spouse.person, by=lawyer.person, by_name=lawyer.name, evidence={})
        ceremony.consent(session.pk, spouse.person, evidence={})


def test_presence_is_not_attested_before_it_opens() -> None:
    there, people = gathered("together", "12 rue de la Toise"), four()
    with pytest.raises(NotNow):
        gathering.attest(there, people[0].person, by=people[2].person, by_name="Solène", evidence={})


def test_paused_nobody_signs_and_it_goes_on_where_it_stopped() -> None:
    people, there = four(), gathered()
    session = opened(there, people)
    for person in people:
        read(session, person)

    with clock.at(there.opens_at):
        consented = ceremony.consent(session.pk, people[0].person, evidence={})
        gathering.pause(there)
        assert refusal_of(session, people[1]) == "paused"
        with pytest.raises(Conflict):
            gathering.pause(there)
        assert ceremony.apply(consented.pk)  # given before: it is placed all the same
    with clock.at(there.closes_at + HOUR):
        with pytest.raises(Invalid):
            gathering.resume(there)
        gathering.resume(there, closes_at=there.closes_at + 2 * HOUR)
        for person in people[1:]:
            ceremony.apply(ceremony.consent(session.pk, person.person, evidence={}).pk)
    session.refresh_from_db()
    assert session.state == Session.State.COMPLETE


def test_what_all_consented_to_in_time_is_not_over_when_it_closes() -> None:
    people, there = four()[:2], gathered()
    session = opened(there, people)
    with clock.at(there.opens_at):
        for person in people:
            read(session, person)
        ceremony.consent(session.pk, people[0].person, evidence={})
        assert not gathering.over(there)
    with clock.at(there.closes_at):
        assert gathering.over(there)
    with clock.at(there.opens_at):
        ceremony.consent(session.pk, people[1].person, evidence={})
    with clock.at(there.closes_at):
        assert not gathering.over(there)


def test_reminders_come_the_day_before_it_opens_then_every_week_then_the_day_before_it_closes() -> None:
    now, day, week = clock.now(), timedelta(days=1), timedelta(days=7)
    there = gathering.gather("apart", opens_at=now + 3 * day, closes_at=now + 13 * day)
    asked: list[int] = []
    moment = now
    while moment:
        with clock.at(moment):
            found = gathering.next_reminder(there, week)
        asked += [(found - now).days] if found else []
        moment = found  # type: ignore[assignment]

    assert asked == [2, 10, 12]


def signed(session: Session, people: list[SignerSpec]) -> None:
    for person in people:
        read(session, person)
        ceremony.apply(ceremony.consent(session.pk, person.person, evidence={"said": person.name}).pk)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_one_signature_is_given_again_in_its_place_and_the_others_sign_nothing_twice(place: int) -> None:
    people, there = four(), gathered()
    session = opened(there, people)
    with clock.at(there.opens_at):
        signed(session, people[:3])
        after = ceremony.redo(session.pk, people[place].person, **WHY)

        assert {one.person for one in after} == {person.person for person in people[place + 1 : 3]}
        for one in after:
            ceremony.apply(one.pk)
        again = ceremony.consent(session.pk, people[place].person, evidence={"said": "again"})
        ceremony.apply(again.pk)
        signed(session, people[3:])
    session.refresh_from_db()
    content = vault.content(session.newest)
    assert session.state == Session.State.COMPLETE
    assert sorted(status.signer for status in signatures(content) if status.ok) == sorted(name for name, _ in NAMES)
    assert pdfsig(content) == ["Signature is Valid."] * 4
    assert {one.evidence["said"] for one in session.signers.all()} == {"again", *(one.name for one in people if one != people[place])}
    taken_back = {one.position - 1: one.taken_back for one in session.signers.all() if one.taken_back}
    assert {at: [(row["by_name"], row["reason"]) for row in rows] for at, rows in taken_back.items()} == {place: [tuple(WHY.values())]}


def test_a_consent_whose_signature_is_not_placed_yet_is_taken_back_and_never_placed() -> None:
    people, there = four(), gathered()
    session = opened(there, people)
    with clock.at(there.opens_at):
        read(session, people[0])
        given = ceremony.consent(session.pk, people[0].person, evidence={})
        assert ceremony.redo(session.pk, people[0].person, **WHY) == []
        with pytest.raises(NotNow):
            ceremony.apply(given.pk)
        with pytest.raises(Conflict):
            ceremony.redo(session.pk, people[0].person, **WHY)
    assert not Signer.objects.exclude(state="waiting").exists()


def test_nothing_is_taken_back_once_everyone_has_signed() -> None:
    people, there = four()[:1], gathered()
    session = opened(there, people)
    with clock.at(there.opens_at):
        signed(session, people)
        with pytest.raises(NotNow):
            ceremony.redo(session.pk, people[0].person, **WHY)
