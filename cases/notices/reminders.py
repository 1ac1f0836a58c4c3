"""What comes round by itself: invitations to recall, dates that approach, digests, and keeping the house clean.

Each round is a job of its own (`notices.round`): one that fails is tried again and shown, and holds up no other.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from backend import clock
from backend.api import idempotency
from backend.errors import DomainError
from backend.people.actor import Actor
from backend.work import Job
from backend.work.owing import owe
from backend.work.periodic import once
from cases import erasing, facts, outlook
from cases.actions import invitation as invitations
from cases.models import Case, Invitation
from cases.notices import approaching, digest
from cases.notices.models import Notice

log = logging.getLogger(__name__)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BATCH = 200
DIGEST_HOUR = 7  # not before, by the platform's own clock: nobody is woken


def owe_rounds() -> None:
    """Owe every round; a round already owed is owed once."""
    owe(Job("notices.round", name) for name in ROUNDS)


def go_round(name: str) -> None:
    """Go one round, if its turn has come (job `notices.round`)."""
    ROUNDS[name]()


@once("invitations", HOUR)
def recall_invitations() -> None:
    """Remind once each person invited whose date to answer is near; not one whose date has passed."""
    today = clock.today()
    soon = today + timedelta(days=settings.INVITATION_REMINDER_DAYS)
    waiting = Invitation.objects.filter(state=Invitation.State.SENT, reminded_at=None, case__closed_at=None)
    for found in waiting.filter(answer_by__range=(today, soon)).select_related("case").order_by("pk"):
        try:
            invitations.remind(Actor.platform(), found.case, invitation=found.pk)
        except DomainError as refusal:  # answered, cancelled or closed since it was read
            log.info("invitation %s was not recalled: %s", found.pk, refusal.code)


@once("nearest", HOUR)
def settle_what_passed() -> None:
    """Write the nearest date again where the one written has passed: no act came to do it."""
    passed = Case.objects.open().filter(next_due__lt=clock.today()).order_by("pk").values_list("pk", flat=True)
    for key in list(passed):
        with transaction.atomic():
            case = Case.objects.locked(key)
            outlook.settle(case)
            case.save(update_fields=["waits_for", "next_due"])


@once("dates", DAY)
def tell_dates() -> None:
    """Tell those concerned of dates that approach, seven days and one day before, each once.

    The nearest date is written on the case by every action: only cases with one at hand are read, in batches of a constant number of queries.
    """
    for cases in _with_dates_at_hand():
        known = facts.of_many(cases)
        for case in cases:
            _tell(list(approaching.notices(case, known[case.pk])))


@once("digests", HOUR)
def owe_digests() -> None:
    """Owe the day's digest to each person for whom something waits."""
    if clock.now().astimezone(ZoneInfo(settings.TIME_ZONE)).hour >= DIGEST_HOUR:
        owe(Job("notices.digest", person.pk) for person in digest.awaited_by())


@once("forgotten-keys", DAY)
def forget_keys() -> None:
    """Forget the idempotency keys whose promise has run out."""
    idempotency.forget()


@once("erasure", DAY)
def erase_what_is_over() -> None:
    """Announce and erase the documents of cases whose time has come."""
    erasing.go_round()


ROUNDS: Mapping[str, Callable[[], bool]] = {
    "invitations": recall_invitations,
    "nearest": settle_what_passed,
    "dates": tell_dates,
    "digests": owe_digests,
    "forgotten-keys": forget_keys,
    "erasure": erase_what_is_over,
}


def _with_dates_at_hand() -> Iterator[Sequence[Case]]:
    """Open cases whose nearest date is at hand, in batches. One day more than is told, for courts across the date line."""
    last = clock.today() + timedelta(days=max(approaching.DAYS_BEFORE) + 1)
    after = None
    while cases := _page(last, after):
        yield cases
        after = cases[-1]


def _page(last: date, after: Case | None) -> list[Case]:
    rows = Case.objects.open().filter(next_due__lte=last).with_people().order_by("pk")
    return list((rows.filter(pk__gt=after.pk) if after else rows)[:BATCH])


def _tell(notices: Sequence[Notice]) -> None:
    """Write these down, those that are not yet, and owe their sending."""
    if not notices:
        return
    with transaction.atomic(durable=True):
        Notice.objects.bulk_create(notices, ignore_conflicts=True)
        waiting = Notice.objects.waiting().filter(case=notices[0].case, entry=None).values_list("pk", flat=True)
        owe(Job("notices.send", key) for key in waiting)
