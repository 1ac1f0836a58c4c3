"""How long the documents of a case are kept: what its proceeding declares for its outcome, counted from the day it ended."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from backend import clock
from cases import proceedings
from cases.deadlines import add_months
from cases.models import Case, Exhibit, Hold
from cases.models.exhibit import IDENTITY
from cases.proceedings.declare import Retention
from documents.models import State

SLACK = timedelta(days=4)  # months differ in length, and courts in their zones: those found a little early are asked one by one


@dataclass(frozen=True)
class Keeping:
    """Until when the documents of a case that has ended are kept, that day included; and by which rule."""

    rule: Retention
    until: date
    today: date

    @property
    def over(self) -> bool:
        return self.today > self.until

    @property
    def near(self) -> bool:
        """Whether it is time to tell people."""
        return self.today >= self.until - timedelta(days=settings.ERASURE_NOTICE_DAYS)


def keeping(case: Case) -> Keeping | None:
    """What holds for this case; nothing before it has ended, or where its proceeding sets no end."""
    rule = next((rule for rule in case.proceeding.retention if rule.outcome == case.outcome), None)
    if rule is None or case.closed_at is None:
        return None
    ended = clock.day(case.closed_at, case.zone)
    return Keeping(rule, add_months(ended, months(rule)), clock.today(case.zone))


def months(rule: Retention) -> int:
    """The declaration's, unless the installation says otherwise."""
    return settings.RETENTION_MONTHS.get(rule.outcome, rule.months)


def told_long_enough(case: Case) -> bool:
    """Whether people have had the time to fetch what they wish to keep."""
    told = case.erasure_told_at
    return told is not None and told <= clock.now() - timedelta(days=settings.ERASURE_NOTICE_DAYS)


def to_announce() -> Iterator[Case]:
    """The cases whose erasure is near, and was not told yet."""
    ahead = timedelta(days=settings.ERASURE_NOTICE_DAYS)
    for case in _ended_long_ago(ahead).filter(erasure_told_at=None).order_by("pk").iterator(500):
        if (found := keeping(case)) and found.near:
            yield case


def to_erase() -> Iterator[Case]:
    """The cases whose documents have been kept long enough."""
    for case in _ended_long_ago(timedelta()).filter(erasure_told_at__isnull=False).order_by("pk").iterator(500):
        if (found := keeping(case)) and found.over and told_long_enough(case):
            yield case


def with_originals() -> QuerySet[Case]:
    """The cases that have ended and still hold an original of an identity paper."""
    papers = Exhibit.objects.filter(case=OuterRef("pk"), kind=IDENTITY, document__isnull=False)
    return _free().filter(Exists(papers.exclude(document__head__state=State.ERASED))).order_by("pk")


def _free() -> QuerySet[Case]:
    """The cases that have ended, are not erased, and that nobody holds."""
    held = Exists(Hold.objects.standing().filter(case=OuterRef("pk")))
    return Case.objects.select_related("court").filter(~held, closed_at__isnull=False, erased_at=None)


def _ended_long_ago(ahead: timedelta) -> QuerySet[Case]:
    """Those of them whose time may be over in `ahead` from now, by their outcome."""
    latest = clock.today() + ahead + SLACK
    due = Q(pk=None)
    for proceeding in proceedings.all_versions().values():
        for rule in proceeding.retention:
            closed_before = datetime.combine(add_months(latest, -months(rule)), time(), clock.now().tzinfo)
            due |= Q(kind=proceeding.kind, version=proceeding.version, outcome=rule.outcome, closed_at__lt=closed_before)
    return _free().filter(due)
