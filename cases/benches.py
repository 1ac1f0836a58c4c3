"""The desk of a court: its cases by what they wait for, its hearing lists, its chambers and its judges."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backend import clock
from backend.api import idempotency
from backend.people.actor import Actor
from backend.people.models import Membership, Organisation, User
from cases import access, timing
from cases.models import Case, Decision, Filing, Hearing, HearingList, Question
from cases.proceedings.declare import CLERK, JUDGE
from cases.queues import DUE_ORDER, by_date


@dataclass(frozen=True)
class Queue:
    """Cases that wait for the same thing. `roles`: whose work it is; the others may look."""

    title: str | Promise
    roles: tuple[str, ...]


FILINGS, CHILDREN, SCHEDULE, HEARINGS, UNFINISHED, DRAFTS, ADJOURNED, AFTER = (
    "filings",
    "children",
    "schedule",
    "hearings",
    "unfinished",
    "drafts",
    "adjourned",
    "after",
)
QUEUES: Mapping[str, Queue] = {
    FILINGS: Queue(_("Filings to check"), (CLERK,)),
    CHILDREN: Queue(_("Children to hear"), (JUDGE,)),
    SCHEDULE: Queue(_("Hearings to set"), (CLERK, JUDGE)),
    HEARINGS: Queue(_("Hearings to come"), (CLERK, JUDGE)),
    UNFINISHED: Queue(_("Heard, without a decision"), (CLERK, JUDGE)),
    DRAFTS: Queue(_("Drafts to sign"), (JUDGE,)),
    ADJOURNED: Queue(_("New agreements awaited"), (CLERK, JUDGE)),
    AFTER: Queue(_("After the decision"), (CLERK,)),
}


def roles_of(actor: Actor) -> set[str]:
    """What this person is at a court: clerk, judge, or neither."""
    return set() if actor.is_administrator else {role for _organisation, role in actor.roles if role in (CLERK, JUDGE)}


def queues_of(actor: Actor) -> list[str]:
    """The queues of this person's desk, their own work first."""
    mine = roles_of(actor)
    return sorted(QUEUES, key=lambda name: mine.isdisjoint(QUEUES[name].roles)) if mine else []


def waiting(actor: Actor, queue: str, *, q: str = "") -> QuerySet[Case]:
    """The cases of one queue at the courts where this person works, the nearest date first, then the oldest; with what their row shows."""
    rows = access.at_court(actor).filter(_of(queue))
    for word in q.split():
        rows = rows.filter(Q(title__icontains=word) | Q(rg_number__icontains=word))
    rows = rows.select_related("court", "chamber").prefetch_related(
        Prefetch("filings", Filing.objects.filter(state=Filing.State.RECEIVED).select_related("claimed_by"), to_attr="received"),
        Prefetch("questions", Question.objects.filter(answered_at=None), to_attr="unanswered"),
        Prefetch("hearings", Hearing.objects.filter(state=Hearing.State.SCHEDULED).prefetch_related("summonses"), to_attr="scheduled"),
        Prefetch("decisions", Decision.objects.order_by("pk"), to_attr="decided"),
    )
    return by_date(rows, "next_due")


def tally(actor: Actor) -> dict[str, int]:
    """How many cases wait in each queue, in one query."""
    return access.at_court(actor).aggregate(**{name: Count("pk", filter=_of(name)) for name in QUEUES})


def next_filing(actor: Actor, *, key: str = "") -> Case | None:
    """The most urgent filing that no clerk has taken; under a key that took one already, that one."""
    taken = [made["pk"] for made in idempotency.made_under(actor, key) if made.get("model") == Filing._meta.label] if key else []
    if taken:
        return access.at_court(actor).filter(filings__in=taken).first()
    free = Filing.objects.filter(case=OuterRef("pk"), state=Filing.State.RECEIVED, claimed_by=None)
    return waiting(actor, FILINGS).filter(Exists(free)).order_by(DUE_ORDER).first()


def _of(queue: str) -> Q:
    scheduled = Hearing.objects.filter(case=OuterRef("pk"), state=Hearing.State.SCHEDULED)
    draft = Exists(Decision.objects.filter(case=OuterRef("pk")).exclude(state=Decision.State.DELIVERED))
    return {
        FILINGS: Q(step="check"),
        CHILDREN: Q(step="hear-child"),
        SCHEDULE: Q(step="schedule"),
        HEARINGS: Q(Exists(scheduled.filter(at__gt=clock.now()))),
        UNFINISHED: Q(Exists(scheduled.filter(at__lte=clock.now()))) & ~Q(draft),
        DRAFTS: Q(draft),
        ADJOURNED: Q(step="new-agreement"),
        AFTER: Q(step__in=("recourse", "lapsed")),
    }[queue]


def lists(actor: Actor) -> QuerySet[HearingList]:
    """The hearing lists of one's chambers with how many cases are on each, and how many still without an outcome."""
    counted = {
        "cases": Count("hearings", filter=~Q(hearings__state=Hearing.State.DROPPED)),
        "waiting": Count("hearings", filter=Q(hearings__state=Hearing.State.SCHEDULED)),
    }
    return access.hearing_lists(actor).annotate(**counted).order_by("on", "starts", "pk")


def on_list(actor: Actor, hearing_list: HearingList) -> QuerySet[Hearing]:
    """Every case that is, or was, on a hearing list, in the order of the hour."""
    rows = hearing_list.hearings.filter(case__in=access.visible_cases(actor))
    return rows.select_related("case__court", "case__chamber").prefetch_related("summonses", "decisions").order_by("at", "pk")


def open_lists(actor: Actor, case: Case) -> QuerySet[HearingList]:
    """The lists this case may be put on: of its court, open, and far enough for the spouses to be summoned in time (CPC 1092)."""
    return lists(actor).filter(chamber__parent=case.court_id, closed_at=None, on__gte=timing.earliest(case, "summons"))


def chambers(actor: Actor) -> QuerySet[Organisation]:
    """The chambers of the courts where this person works."""
    held = [organisation for organisation, role in actor.roles if role in (CLERK, JUDGE)]
    mine = Organisation.objects.filter(Q(pk__in=held) | Q(chambers__in=held))
    return (
        Organisation.objects.filter(Q(parent__in=mine) | Q(pk__in=held, parent__isnull=False))
        .select_related("parent")
        .distinct()
        .order_by("name")
    )


def chambers_beside(case: Case) -> QuerySet[Organisation]:
    """The other chambers of a case's court."""
    return Organisation.objects.filter(parent=case.court_id, parent__isnull=False).exclude(pk=case.chamber_id).order_by("name")


def judges(chambers: QuerySet[Organisation]) -> QuerySet[User]:
    """Who sits in these chambers, or in their court, today."""
    seats: list[UUID] = [key for pair in chambers.values_list("pk", "parent_id") for key in pair]
    seated = Membership.objects.current().filter(organisation__in=seats, role=JUDGE)
    return User.objects.filter(pk__in=seated.values("user")).order_by("last_name", "first_names")
