"""Who sees what: whatever one is beside a case, the rows given are exactly those whose audience one belongs to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from backend import clock
from backend.keys import uuid7
from backend.people.actor import Actor
from backend.people.models import Membership, Organisation, User
from backend.register.entries import open_chain, record
from backend.register.models import Chain
from cases import access, instruments
from cases.models import Answer, Case, Counsel, Decision, Exhibit, Instrument, Message, Spouse

WORDS = ("parties", "side:1", "side:2", "lawyers", "court", "judge")
EXHIBITS = [(side, communicated, removed) for side in (0, 1, 2) for communicated in (False, True) for removed in (False, True)]
CONCEALED = [frozenset[int](), frozenset({1}), frozenset({2}), frozenset({1, 2})]


class Scene:
    """A case with two spouses before a chamber, and one person who comes to it in one way or another."""

    def __init__(self, *, filed: bool, concealed: Iterable[int] = ()) -> None:
        self.court = organisation("court")
        self.chamber, self.other_chamber = (organisation("chamber", parent=self.court) for _ in range(2))
        self.user = User.objects.create(email=f"{uuid7()}@example.fr")
        self.case = Case.objects.create(
            chain=open_chain(),
            kind="joint-petition",
            version=1,
            step="check" if filed else "prepare",
            court=self.court,
            chamber=self.chamber,
            opened_at=clock.now(),
            filed_at=clock.now() if filed else None,
        )
        for side in (1, 2):
            Spouse.objects.create(case=self.case, side=side, birth_name="Vauquelin", first_names="Armelle", concealed=side in concealed)

    def works(self, place: Organisation, role: str, *, left: bool = False) -> None:
        until = clock.today() if left else None
        Membership.objects.get_or_create(user=self.user, organisation=place, role=role, until=until, defaults={"since": date(2020, 1, 1)})

    def counsel(self, *sides: int, firm: Organisation | None, user: User | None = None, ended: bool = False) -> None:
        until = clock.now() - timedelta(days=1) if ended else None
        Counsel.objects.create(case=self.case, sides=sides, firm=firm, user=user, name="Maître", since=clock.now(), until=until)

    @property
    def actor(self) -> Actor:
        return Actor.of(User.objects.get(pk=self.user.pk))

    @property
    def fresh(self) -> Case:
        """The case as a door finds it."""
        return Case.objects.with_people().get(pk=self.case.pk)


def organisation(kind: str, **values: Any) -> Organisation:
    return Organisation.objects.create(kind=kind, name=f"{kind} {uuid7()}", **values)


@dataclass(frozen=True)
class Seat:
    """One way to come to a case, and the audiences that one then belongs to."""

    take: Callable[[Scene], None]
    audiences: frozenset[str] = frozenset()
    once_filed: bool = False


def spouse(side: int) -> Seat:
    def take(scene: Scene) -> None:
        Spouse.objects.filter(case=scene.case, side=side).update(user=scene.user)

    return Seat(take, frozenset({"parties", f"side:{side}"}))


def lawyer(*sides: int, ended: bool = False, left: bool = False, alone: bool = False, seen: bool = True) -> Seat:
    """Counsel of these sides: whose mission has ended, who has left the firm, who works alone."""

    def take(scene: Scene) -> None:
        firm = None if alone else organisation("firm")
        scene.counsel(*sides, firm=firm, user=scene.user, ended=ended)
        if firm:
            scene.works(firm, "lawyer", left=left)

    return Seat(take, of_lawyers(*sides) if seen else frozenset())


def beside_lawyer(role: str, *sides: int, left: bool = False, seen: bool = True) -> Seat:
    """Somebody who works in the firm of a counsel."""

    def take(scene: Scene) -> None:
        firm = organisation("firm")
        scene.counsel(*sides, firm=firm)
        scene.works(firm, role, left=left)

    return Seat(take, of_lawyers(*sides) if seen else frozenset())


def of_lawyers(*sides: int) -> frozenset[str]:
    return frozenset({"parties", "lawyers", *(f"side:{side}" for side in sides)})


def at_court(place: str, role: str, *audiences: str, left: bool = False) -> Seat:
    return Seat(lambda scene: scene.works(getattr(scene, place), role, left=left), frozenset(audiences), once_filed=True)


def administrator(scene: Scene) -> None:
    User.objects.filter(pk=scene.user.pk).update(is_staff=True)


SEATS: Mapping[str, Seat] = {
    "nobody": Seat(lambda scene: None),
    "first spouse": spouse(1),
    "second spouse": spouse(2),
    "lawyer of the first": lawyer(1),
    "lawyer of the second": lawyer(2),
    "lawyer of both": lawyer(1, 2),
    "lawyer alone": lawyer(2, alone=True),
    "lawyer whose mission ended": lawyer(1, ended=True, seen=False),
    "lawyer who left the firm": lawyer(1, left=True, seen=False),
    "lawyer of the same firm": beside_lawyer("lawyer", 1),
    "staff": beside_lawyer("staff", 2),
    "staff who left": beside_lawyer("staff", 2, left=True, seen=False),
    "who runs the firm": beside_lawyer("administrator", 1, seen=False),
    "clerk of the court": at_court("court", "clerk", "court"),
    "clerk of the chamber": at_court("chamber", "clerk", "court"),
    "clerk who left": at_court("chamber", "clerk", left=True),
    "judge of the chamber": at_court("chamber", "judge", "court", "judge"),
    "judge of another chamber": at_court("other_chamber", "judge"),
    "lawyer at the court": at_court("court", "lawyer"),
    "administrator of the platform": Seat(administrator),
}


def audiences_of(seats: Iterable[str], *, filed: bool) -> frozenset[str]:
    """The audiences that these seats together belong to: to run the platform bars from every case."""
    if "administrator of the platform" in seats:
        return frozenset()
    held = [SEATS[name] for name in seats]
    return frozenset(word for seat in held if filed or not seat.once_filed for word in seat.audiences)


def scene_of(seats: Iterable[str], *, filed: bool, concealed: Iterable[int] = ()) -> Scene:
    scene = Scene(filed=filed, concealed=concealed)
    for name in sorted(seats):
        SEATS[name].take(scene)
    return scene


# --- what there is to see, and what of it should be seen
def written(case: Case, audience: Iterable[str]) -> tuple[Any, Any, Any]:
    """An entry, an instrument and a message for the same readers."""
    words, now = sorted(audience), clock.now()
    return (
        record(Chain.objects.locked(pk=case.chain_id), "case.noted", Actor.platform(), audience=words),
        Instrument.objects.create(case=case, kind="certificate", audience=words, code=instruments.code(), at=now),
        Message.objects.create(case=case, channel="lawyers", audience=words, at=now, body="…"),
    )


def exhibit(case: Case, side: int, communicated: bool, removed: bool) -> Exhibit:
    now = clock.now()
    at = {"added_at": now, "communicated_at": now if communicated else None, "removed_at": now if removed else None}
    return Exhibit.objects.create(case=case, side=side, kind="other", title="…", to_follow=True, **at)


def answers(case: Case) -> list[Answer]:
    """Of each spouse the identity and the contact, each with the answer that it replaced; and one of the case."""
    about = [("costs", None), *((topic, row.pk) for topic in ("identity", "contact") for row in case.spouses.all())]
    at = clock.now()
    return [
        Answer.objects.create(case=case, topic=topic, about=key, value={}, at=at, superseded_at=superseded)
        for topic, key in about
        for superseded in (at, None)
    ]


def sides(held: Iterable[str]) -> set[int]:
    return {number for number in (1, 2) if f"side:{number}" in held}


def sees_exhibit(held: frozenset[str], row: Exhibit) -> bool:
    own = bool(sides(held)) and row.side in {0, *sides(held)}
    handed_over = row.communicated_at is not None and bool(sides(held) or "court" in held)
    return row.removed_at is None and (own or handed_over)


def sees_answer(held: frozenset[str], case: Case, row: Answer) -> bool:
    hidden = {spouse.pk for spouse in case.spouses.all() if spouse.concealed and spouse.side not in sides(held) and "court" not in held}
    return bool(held) and row.superseded_at is None and not (row.topic == "contact" and row.about in hidden)


def keys(rows: Iterable[Any]) -> set[Any]:
    return {row.pk for row in rows}


def sees_exactly(
    scene: Scene, held: frozenset[str], audiences: Iterable[Iterable[str]], exhibits: Iterable[tuple[int, bool, bool]]
) -> None:
    """What `access` gives to the person of this scene is what the audiences held allow, and nothing else."""
    rows = [written(scene.case, audience) for audience in audiences]
    brought = [exhibit(scene.case, *about) for about in exhibits]
    said = answers(scene.case)
    actor, case = scene.actor, scene.fresh

    assert access.visible_cases(actor).filter(pk=case.pk).exists() is bool(held)
    assert access.standing(actor, case).scopes == held
    for place, seen in enumerate((access.entries, access.instruments, access.messages)):
        assert keys(seen(actor, case)) == keys(row[place] for row in rows if not held.isdisjoint(row[place].audience))
    assert keys(access.exhibits(actor, case)) == keys(row for row in brought if sees_exhibit(held, row))
    assert keys(access.answers(actor, case)) == keys(row for row in said if sees_answer(held, case, row))


@pytest.fixture(autouse=True)
def nobody_subscribes(settings: Any) -> None:
    settings.REGISTER_SUBSCRIBERS = []


@pytest.mark.parametrize("filed", [False, True], ids=["before it is filed", "once filed"])
@pytest.mark.parametrize("seat", SEATS)
def test_each_way_to_stand_beside_a_case_gives_its_own_sight_and_no_other(db: None, seat: str, filed: bool) -> None:
    scene = scene_of({seat}, filed=filed, concealed={1})

    sees_exactly(scene, audiences_of({seat}, filed=filed), [{word} for word in WORDS], EXHIBITS)


@given(
    seats=st.sets(st.sampled_from(sorted(SEATS)), min_size=2, max_size=4),
    filed=st.booleans(),
    concealed=st.sampled_from(CONCEALED),
    audiences=st.lists(st.sets(st.sampled_from(WORDS), min_size=1), min_size=1, max_size=4),
    exhibits=st.lists(st.sampled_from(EXHIBITS), max_size=4),
)
@hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_who_stands_in_several_places_sees_what_each_gives_together_and_no_more(
    db: None,
    seats: set[str],
    filed: bool,
    concealed: frozenset[int],
    audiences: list[set[str]],
    exhibits: list[tuple[int, bool, bool]],
) -> None:
    sees_exactly(scene_of(seats, filed=filed, concealed=concealed), audiences_of(seats, filed=filed), audiences, exhibits)


@pytest.mark.parametrize(
    ("seat", "states"),
    [
        ("nobody", set()),
        ("second spouse", {"delivered"}),
        ("staff", {"delivered"}),
        ("clerk of the chamber", {"delivered", "signing"}),
        ("judge of the chamber", {"delivered", "signing", "draft"}),
        ("administrator of the platform", set()),
    ],
)
def test_a_decision_is_the_judges_then_the_courts_then_everyones(db: None, seat: str, states: set[str]) -> None:
    found = set()
    for state in Decision.State.values:
        scene = scene_of({seat}, filed=True)
        Decision.objects.create(case=scene.case, kind="homologation", state=state, on=clock.today(), body="…")
        found |= {decision.state for decision in access.decisions(scene.actor, scene.fresh)}

    assert found == states


def test_the_entries_after_a_sequence_are_those_that_follow_it(db: None) -> None:
    scene = scene_of({"first spouse"}, filed=False)
    for audience in (["parties"], ["side:2"], ["side:1"], ["parties"]):
        record(Chain.objects.locked(pk=scene.case.chain_id), "case.noted", Actor.platform(), audience=audience)

    assert [entry.seq for entry in access.entries(scene.actor, scene.fresh, after=1)] == [3, 4]
