"""One instance of a proceeding: where it stands, before which court, and the chain that is its spine and its lock."""

from __future__ import annotations

from typing import Self
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Prefetch, Q

from backend.keys import Key
from backend.register.models import Chain
from cases import proceedings
from cases.models.people import Child, Counsel
from cases.proceedings.declare import Proceeding, Step


class CaseQuerySet(models.QuerySet["Case"]):
    """What people ask of cases."""

    def locked(self, key: UUID) -> Case:
        """The case, its chain's row locked until the transaction ends, then read: the first statements of every action.

        Two statements: in one, whoever waited for the lock would read the case as it was before the wait.
        """
        chain = Chain.objects.locked(case=key)
        case = self.get(pk=key)
        case.chain = chain
        return case

    def open(self) -> Self:
        """Neither closed, withdrawn nor lapsed for good."""
        return self.filter(closed_at=None)

    def with_people(self) -> Self:
        """Everything the rules read about a case, in a number of queries that does not grow."""
        children = Prefetch("children", Child.objects.select_related("hearing"))
        counsels = Prefetch("counsels", Counsel.objects.select_related("user__enrolment"))
        return self.select_related("court", "chamber", "chain").prefetch_related("spouses", children, counsels)


class Case(models.Model):
    """A case (*affaire*): opened by a lawyer, seen by its parties, by the court once filed."""

    id = Key()
    chain = models.OneToOneField("register.Chain", on_delete=models.PROTECT, related_name="case")
    kind = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField()
    step = models.CharField(max_length=40)
    title = models.CharField(max_length=410, help_text="The spouses' birth names, for lists")
    court = models.ForeignKey("people.Organisation", null=True, on_delete=models.PROTECT, related_name="cases")
    chamber = models.ForeignKey("people.Organisation", null=True, on_delete=models.PROTECT, related_name="chamber_cases")
    rg_number = models.CharField(max_length=20, blank=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    filed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    erasure_told_at = models.DateTimeField(null=True, help_text="When people were told that the documents will be erased")
    erased_at = models.DateTimeField(null=True, help_text="When the documents were erased, their time being over")
    outcome = models.CharField(max_length=40, blank=True)
    waits_for = models.CharField(max_length=20, blank=True, help_text="The role whose turn it is, for lists")
    next_due = models.DateField(null=True, help_text="The nearest date of the case, for lists; computed from the declaration")

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["court", "step", "filed_at"], name="case_desk"),
            models.Index(fields=["next_due"], condition=Q(closed_at=None), name="case_due"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["court", "rg_number"], condition=~Q(rg_number=""), name="case_rg_number_once_per_court"),
            models.CheckConstraint(condition=Q(filed_at=None) | Q(court__isnull=False), name="case_filed_with_a_court"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def proceeding(self) -> Proceeding:
        """The declaration this case was opened under; a running case keeps its version."""
        return proceedings.get(self.kind, self.version)

    @property
    def current_step(self) -> Step:
        return self.proceeding.step(self.step)

    @property
    def zone(self) -> str:
        """The court's time zone, where days are counted; the mainland's before a court is chosen."""
        return self.court.zone if self.court else "Europe/Paris"

    @property
    def accepted(self) -> bool:
        """Whether the registry has taken it in, and given it a number: its court is then settled, and only then come hearings and decisions."""
        return bool(self.rg_number)

    def reach(self, event: str) -> None:
        """Go where the declaration says this event leads from here. An event it does not know here is a fault of ours: nothing is committed."""
        if event not in self.current_step.then:
            raise RuntimeError(f"{event} leads nowhere from {self.step}")
        self.step = self.current_step.then[event]
