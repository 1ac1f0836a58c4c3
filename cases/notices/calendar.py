"""A person's dates as a calendar their own programs read (iCalendar, RFC 5545): hearings, deadlines, questions to answer.

Cost: for a party or a lawyer, at most some 20 queries whatever the number of cases: only cases with a nearest date written on them
(`Case.next_due`, kept by every action) are read, and their facts in one batch. For the bench, the hearing lists of its chambers.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from icalendar import Calendar
from icalendar import Event as Component

from backend import clock
from backend.people.actor import Actor
from cases import access, facts, timing
from cases.models import Case, Filing, Hearing, HearingList
from cases.notices.wording import case_page, host
from cases.proceedings.declare import CLERK, JUDGE, LAWYER, STAFF

BEHIND, AHEAD = timedelta(days=90), timedelta(days=730)
LENGTH = timedelta(hours=1)  # a hearing's end is not set: programs want one to show
AT_MOST = 1000


@dataclass(frozen=True)
class Event:
    """Something in a calendar: a moment, aware, in the court's zone, or a whole day."""

    uid: str
    starts: datetime | date
    summary: str
    since: datetime
    place: str = ""
    link: str = ""


def calendar_of(actor: Actor) -> bytes:
    """The hearings and deadlines of this person, over all their cases, in their language.

    A party's calendar names nobody: it may be shown on a screen that others see. A lawyer's and the bench's give the case's number or title.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Commun Accord//Calendar 1.0//FR")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    with translation.override(actor.language):
        calendar.add("x-wr-calname", settings.SITE_NAME)
        for event in _events(actor):
            calendar.add_component(_component(event))
    calendar.add_missing_timezones()
    return calendar.to_ical()


def _events(actor: Actor) -> Iterator[Event]:
    yield from _lists(actor) if _on_bench(actor) else _hearings(actor)
    yield from _deadlines(actor)


def _component(event: Event) -> Component:
    component = Component()
    component.add("uid", f"{event.uid}@{host()}")
    component.add("dtstamp", event.since)
    component.add("dtstart", event.starts)
    if isinstance(event.starts, datetime):
        component.add("duration", LENGTH)
    else:
        component.add("transp", "TRANSPARENT")
    component.add("summary", event.summary)
    for name, value in (("location", event.place), ("url", event.link)):
        if value:
            component.add(name, value)
    return component


def _hearings(actor: Actor) -> Iterator[Event]:
    """The spouses' hearings in the cases this person takes part in."""
    shown = Hearing.objects.filter(
        state__in=[Hearing.State.SCHEDULED, Hearing.State.HELD], case__in=access.visible_cases(actor), at__range=_window()
    )
    for hearing in shown.select_related("case__court", "list").order_by("at", "pk")[:AT_MOST]:
        case = hearing.case
        place = ", ".join(filter(None, [str(case.court or ""), hearing.list.room]))
        summary = _named(_("Hearing"), case, actor)
        yield Event(f"hearing-{hearing.pk}", _local(hearing.at, case.zone), summary, hearing.scheduled_at, place, case_page(case.pk))


def _lists(actor: Actor) -> Iterator[Event]:
    """The hearing lists of the chambers where this person sits or keeps the registry; of a judge, those without another judge."""
    first, last = (clock.day(moment) for moment in _window())
    lists = access.hearing_lists(actor).filter(on__range=(first, last)).select_related("chamber__parent")
    if not any(role == CLERK for _organisation, role in actor.roles):
        lists = lists.filter(Q(judge=actor.user_id) | Q(judge=None))
    for found in lists.order_by("on", "starts", "pk")[:AT_MOST]:
        yield Event(
            f"list-{found.pk}", _opening(found), _("Hearing list: %(chamber)s") % {"chamber": found.chamber}, clock.now(), found.room
        )


def _deadlines(actor: Actor) -> Iterator[Event]:
    """The dates still to be kept that concern this person's roles, each for a whole day: it ends at midnight (CPC 642)."""
    cases = list(_with_dates(actor).order_by("next_due", "pk")[:AT_MOST])
    known = facts.of_many(cases)
    for case in cases:
        roles = {LAWYER if role == STAFF else role for role in access.standing(actor, case).roles}
        for due in timing.dues(case, known[case.pk]):
            if due.open and due.concerns(actor.user_id) and roles.intersection(due.period.who):
                summary = _named(_("Last day: %(title)s") % {"title": due.period.title}, case, actor)
                key = f"question-{due.about}" if due.about else f"date-{case.pk}-{due.period.name}"
                yield Event(key, due.on, summary, clock.now(), link=case_page(case.pk))


def _with_dates(actor: Actor) -> QuerySet[Case]:
    """This person's cases with a date to keep; at a court, of those whose filing they took."""
    cases = Case.objects.open().with_people().filter(next_due__isnull=False, pk__in=access.visible_cases(actor).values("pk"))
    return cases.filter(pk__in=Filing.objects.filter(claimed_by=actor.user_id).values("case")) if _on_bench(actor) else cases


def _named(title: str, case: Case, actor: Actor) -> str:
    """What an event is called: with the case's number or title for those who have many, without for a party."""
    if not actor.roles:
        return title
    return f"{title} – {case.rg_number} {case.title}" if case.rg_number else f"{title} – {case.title}"


def _on_bench(actor: Actor) -> bool:
    return any(role in (CLERK, JUDGE) for _organisation, role in actor.roles)


def _opening(found: HearingList) -> datetime:
    return datetime.combine(found.on, found.starts, ZoneInfo((found.chamber.parent or found.chamber).zone))


def _local(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone))


def _window() -> tuple[datetime, datetime]:
    return clock.now() - BEHIND, clock.now() + AHEAD
