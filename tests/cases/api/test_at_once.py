"""The same instant, through a real server: nothing twice, nothing lost, no number missing."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

import httpx
from django.db import connections, transaction

from backend import clock
from cases.models import Filing
from cases.models.rg_number import RgCounter, next_rg_number
from tests.outside import Played, Site

T = TypeVar("T")


def at_once(acts: list[Callable[[], T]]) -> list[T]:
    """Each act in a thread of its own, all let go at the same instant; what they gave, in their order."""
    start = Barrier(len(acts))

    def run(act: Callable[[], T]) -> T:
        start.wait()
        try:
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


def test_fifty_identical_filings_at_once_are_one_filing_with_one_receipt_and_one_answer(busy_site: Site, played: Played) -> None:
    world, case = busy_site.world, played.ready
    program = busy_site.program(world.lawyer_user, **{"Idempotency-Key": '"file-it"'})
    path = f"/api/v1/cases/{case.pk}/filings"
    answers = at_once([lambda: program.post(path)] * 50)
    done = [answer for answer in answers if answer.status_code == 201]
    assert {answer.json()["code"] for answer in answers if answer not in done} <= {"busy"}, "asked to come back in a moment, at most"
    again = program.post(path)
    assert again.status_code == 201
    for answer in done:
        assert (answer.json(), answer.headers["etag"]) == (again.json(), again.headers["etag"])

    world.work()
    assert Filing.objects.filter(case=case).count() == 1
    assert case.chain.entries.filter(kind="filing.submitted").count() == 1
    assert case.instruments.filter(kind="receipt").count() == 1


def test_two_clerks_who_take_the_same_filing_at_once_one_has_it_and_the_other_is_told_who(busy_site: Site, played: Played) -> None:
    world, case = busy_site.world, played.filed
    clerks = (world.clerk_user, world.second_clerk_user)
    path = f"/api/v1/cases/{case.pk}/filings/current/claim"
    answers = at_once([lambda user=user: busy_site.program(user).post(path) for user in clerks])  # type: ignore[misc]
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    winner = next(user for user, answer in zip(clerks, answers, strict=True) if answer.status_code == 200)
    refusal = next(answer for answer in answers if answer.status_code == 409).json()
    assert winner.full_name in refusal["detail"]
    assert case.chain.entries.filter(kind="filing.claimed").count() == 1


class GivenUp(Exception):
    """Rolls a number back."""


def test_acceptances_at_once_get_numbers_without_a_gap_even_when_some_are_rolled_back(busy_site: Site, played: Played) -> None:
    world, path = busy_site.world, f"/api/v1/cases/{played.filed.pk}"
    clerks = [busy_site.program(user) for user in (world.clerk_user, world.second_clerk_user)]
    program = next(clerk for clerk in clerks if clerk.post(f"{path}/filings/current/claim").status_code == 200)
    year = clock.today("Europe/Paris").year
    before = RgCounter.objects.filter(court=world.court, year=year).values_list("last", flat=True).first() or 0

    def accept() -> str:
        answer: httpx.Response = program.post(f"{path}/filings/current/acceptance")
        assert answer.status_code == 200, answer.text
        return str(program.get(path).json()["case"]["rg_number"])

    def take(fails: bool) -> str:
        try:
            with transaction.atomic():
                number = next_rg_number(world.court.pk, year)
                if fails:
                    raise GivenUp
        except GivenUp:
            return ""
        return number

    acts = [accept, *(lambda fails=fails: take(fails) for fails in [True, False] * 6)]  # type: ignore[misc]
    numbers = list(filter(None, at_once(acts)))
    assert len(numbers) == 1 + 6
    assert sorted(numbers) == [f"{year % 100:02d}/{before + place:05d}" for place in range(1, len(numbers) + 1)]
    assert RgCounter.objects.get(court=world.court, year=year).last == before + len(numbers)
