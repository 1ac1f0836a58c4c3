"""`/ws/desk` through a real server: the bench hears its cases move, and who is looking at what."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from uuid import uuid4

import httpx
import pytest

from backend.people.models import Membership, Organisation
from cases.groups import desk_group
from cases.notices.feed import tell
from tests.outside import Ear, Played, Site

DESK = "/ws/desk"


@pytest.fixture
def ears(busy_site: Site) -> Iterator[dict[str, Ear]]:
    """The clerks and the judge of the chamber, and a clerk of another court, at their desks."""
    world = busy_site.world
    with ExitStack() as desks:
        names = ("clerk", "second_clerk", "judge", "other_clerk")
        yield {name: desks.enter_context(at_desk(busy_site, world.__dict__[f"{name}_user"])) for name in names}


def at_desk(site: Site, user: Any) -> Any:
    return site.listening(DESK, user)


def heard_before(ear: Ear, bench: Organisation) -> list[dict[str, Any]]:
    """All that was said on a desk up to now."""
    end = str(uuid4())
    tell(desk_group(bench.pk), {"type": "presence", "name": end, "case": None})
    heard = [ear.hear()]
    while heard[-1].get("name") != end:
        heard.append(ear.hear())
    return heard[:-1]


def test_the_desk_is_for_those_who_work_at_a_court(busy_site: Site) -> None:
    for name in ("lawyer", "spouse_1", "stranger", "administrator"):
        with at_desk(busy_site, busy_site.world.__dict__[f"{name}_user"]) as ear:
            assert ear.end() == 4404, name
    with busy_site.listening(DESK, cookies=httpx.Client()) as ear:
        assert ear.end() == 4401


def test_a_case_that_moves_is_heard_at_its_own_desk_and_at_no_other(busy_site: Site, played: Played, ears: dict[str, Ear]) -> None:
    world, case = busy_site.world, played.filed
    answer = busy_site.program(world.clerk_user).post(f"/api/v1/cases/{case.pk}/filings/current/claim")
    assert answer.status_code == 200, answer.text
    world.work()
    for name in ("clerk", "second_clerk", "judge"):
        said = ears[name].until(type="moved", case=str(case.pk))
        assert said["seq"] >= case.chain.seq
    assert heard_before(ears["other_clerk"], world.other_court) == []


def test_who_looks_at_a_filing_is_seen_by_the_others_and_leaving_is_too(busy_site: Site, played: Played, ears: dict[str, Ear]) -> None:
    world, one, other = busy_site.world, played.filed, played.concealed
    name = world.clerk_user.full_name
    ears["clerk"].say(looking=str(one.pk))
    assert ears["judge"].until(type="presence")["case"] == str(one.pk)
    desk = busy_site.browser(world.second_clerk_user)
    assert f"{name} is looking at it" in desk.get("/bureau/").text

    ears["clerk"].say(looking=str(other.pk))
    assert ears["judge"].until(type="presence") == {"type": "presence", "name": name, "case": str(other.pk)}
    ears["clerk"].say(looking=None)
    assert ears["judge"].until(type="presence") == {"type": "presence", "name": name, "case": None}
    assert f"{name} is looking at it" not in desk.get("/bureau/").text

    ears["clerk"].say(looking=str(one.pk))
    assert ears["judge"].until(type="presence")["case"] == str(one.pk)
    ears["clerk"].socket.close()
    assert ears["judge"].until(type="presence") == {"type": "presence", "name": name, "case": None}
    assert heard_before(ears["other_clerk"], world.other_court) == []


def test_nobody_is_shown_looking_at_a_case_that_they_may_not_see(busy_site: Site, played: Played, ears: dict[str, Ear]) -> None:
    for looking in (str(played.filed.pk), str(uuid4()), "case", 7, {"a": 1}, ["x"]):
        ears["other_clerk"].say(looking=looking)
    ears["other_clerk"].socket.send("not JSON")
    ears["other_clerk"].socket.send(b"\x00\xff")
    ears["other_clerk"].say(looking=None)
    assert heard_before(ears["other_clerk"], busy_site.world.other_court) == []
    assert heard_before(ears["judge"], busy_site.world.chamber) == []


def test_who_sits_at_two_courts_shows_at_each_only_what_is_its_own(busy_site: Site, played: Played, ears: dict[str, Ear]) -> None:
    world, case = busy_site.world, played.filed
    both = world.person("Inès", "Partagée", world.chamber, "clerk")
    Membership.objects.create(user=both, organisation=world.other_court, role="clerk")
    with at_desk(busy_site, both) as ear:
        ear.say(looking=str(case.pk))
        assert ears["judge"].until(type="presence")["case"] == str(case.pk)
    assert heard_before(ears["other_clerk"], world.other_court) == []


def test_a_clerk_who_leaves_the_court_leaves_its_desk_at_once(busy_site: Site) -> None:
    leaving = busy_site.world.person("Ugo", "Muté", busy_site.world.chamber, "clerk")
    with at_desk(busy_site, leaving) as ear:
        row = Membership.objects.get(user=leaving)
        busy_site.administered(f"/admin/people/membership/{row.pk}/change/", until="2024-01-01")
        assert ear.end() == 4403
