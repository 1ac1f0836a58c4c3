"""The lists people work from: a caseload, a court's desk. What one may see is decided in `access`."""

from datetime import date
from typing import TypeVar
from uuid import UUID

from django.db.models import CharField, Count, Model, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, Concat

from backend.people.actor import Actor
from backend.people.models import Organisation
from cases import access
from cases.courts import competent
from cases.models import Case, Filing, Hearing, HearingList

Row = TypeVar("Row", bound=Model)
DUE_ORDER = "due_order"


def caseload(
    actor: Actor,
    *,
    step: str = "",
    waits_for: str = "",
    court: UUID | None = None,
    kind: str = "",
    rg_number: str = "",
    due_before: date | None = None,
    q: str = "",
) -> QuerySet[Case]:
    """The cases this person may see, narrowed by what is given; `q` looks in the title and the RG number."""
    exact = {"step": step, "waits_for": waits_for, "court": court, "kind": kind, "rg_number": rg_number, "next_due__lt": due_before}
    rows = access.visible_cases(actor).filter(**{name: value for name, value in exact.items() if value})
    for word in q.split():
        rows = rows.filter(Q(title__icontains=word) | Q(rg_number__icontains=word))
    return by_date(rows.select_related("court", "chamber"), "next_due")


def desk(actor: Actor) -> QuerySet[Filing]:
    """The filings that wait at the courts where this person works, with who has taken each."""
    waiting = Filing.objects.filter(state=Filing.State.RECEIVED, case__in=access.at_court(actor))
    rows = waiting.select_related("case__court", "case__chamber", "submitted_by", "claimed_by")
    return by_date(rows.annotate(unanswered=Count("questions", filter=Q(questions__answered_at=None))), "case__next_due")


def by_date(rows: QuerySet[Row], field: str) -> QuerySet[Row]:
    """Each row with its place by nearest date, then by age, as one text that no two rows share: a page never loses a row."""
    day = Cast(Coalesce(field, Value(date.max)), CharField())
    return rows.annotate(**{DUE_ORDER: Concat(day, Value("/"), Cast("pk", CharField()))})


def courts(*, postal_code: str = "") -> QuerySet[Organisation]:
    """The courts with their chambers; those that cover a postal code, where one is given (CPC 1070)."""
    rows = Organisation.objects.courts().prefetch_related("chambers")
    if not postal_code:
        return rows
    return rows.filter(pk__in=[court.pk for court in competent([postal_code], list(Organisation.objects.courts()))])


def on_the_list(actor: Actor, hearing_list: HearingList) -> QuerySet[Hearing]:
    """The cases on a hearing list that this person may see, in the order of the hour."""
    rows = hearing_list.hearings.filter(state=Hearing.State.SCHEDULED, case__in=access.visible_cases(actor))
    return rows.select_related("case__court", "case__chamber").prefetch_related("case__counsels", "case__decisions").order_by("at", "pk")
