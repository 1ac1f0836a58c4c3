"""What is still owed, who is at work on which lane, and when periodic work last ran."""

import uuid
from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from backend import clock
from backend.work.failures import describe
from backend.work.jobs import Job, Later

FIRST_DELAY = timedelta(seconds=10)


class OwedQuerySet(models.QuerySet["Owed"]):
    """What an operator and a worker ask of the table."""

    def parked(self) -> Self:
        """Given up, until a person says "try again"."""
        return self.filter(parked_at__isnull=False)

    def waiting(self) -> Self:
        """Still to be done, now or later."""
        return self.filter(parked_at__isnull=True)

    def head(self, lane: str) -> "Owed | None":
        """The job whose turn it is in this lane, if its time has come. Nothing in the lane passes before it."""
        first = self.waiting().filter(lane=lane).order_by("position").first()
        return first if first and first.due_at <= clock.now() else None

    def due_heads(self) -> Self:
        """The head of each lane whose time has come, oldest first."""
        heads = self.waiting().order_by("lane", "position").distinct("lane").values("position")
        return self.filter(position__in=heads, due_at__lte=clock.now()).order_by("position")

    def unattended(self) -> Self:
        """Those in whose lane nobody is at work."""
        return self.exclude(Exists(Lease.objects.filter(lane=OuterRef("lane"), until__gt=Now())))

    def try_again(self) -> int:
        """An operator's "try again": due at once, with a clean slate. Returns how many."""
        return self.update(parked_at=None, attempts=0, deaths=0, due_at=clock.now())


class Owed(models.Model):
    """One job to do. The row stands until it is done; what stays is what is not done."""

    position = models.BigAutoField(_("position"), primary_key=True)
    kind = models.CharField(_("kind"), max_length=100)
    subject = models.CharField(_("subject"), max_length=200)
    lane = models.CharField(_("lane"), max_length=320)
    request = models.UUIDField(default=uuid.uuid4, editable=False)  # changes when the same job is owed again while it is being done
    attempts = models.PositiveIntegerField(_("failed attempts"), default=0)
    deaths = models.PositiveIntegerField(_("starts that never ended"), default=0)
    last_started = models.DateTimeField(_("last started"), null=True)
    due_at = models.DateTimeField(_("due at"))
    parked_at = models.DateTimeField(_("parked at"), null=True)
    last_error = models.CharField(_("last error"), max_length=300, blank=True, default="")
    created_at = models.DateTimeField(_("created at"))

    objects = OwedQuerySet.as_manager()

    class Meta:
        verbose_name = _("work owed")
        verbose_name_plural = _("work owed")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["kind", "subject"], name="owed_once")]
        indexes = [models.Index(fields=["lane", "position"], condition=Q(parked_at__isnull=True), name="owed_waiting")]

    def __str__(self) -> str:
        return f"{self.kind}({self.subject})"

    @classmethod
    def of(cls, job: Job) -> "Owed":
        """The row that stands for a job, not saved yet."""
        kind, subject = job.key
        now = clock.now()
        return cls(kind=kind, subject=subject, lane=job.lane or f"{kind}:{subject}", due_at=job.due or now, created_at=now)

    @property
    def deadly(self) -> bool:
        """Whether it has taken its worker down too often to be started again."""
        return self.deaths >= settings.WORK_MAX_DEATHS

    @property
    def last_try(self) -> bool:
        """Whether one more failure parks it."""
        return self.attempts + 1 >= settings.WORK_MAX_ATTEMPTS

    def start(self, holder: uuid.UUID) -> bool:
        """Count a death before starting, taken back at the end; refuse (False) when the lane is not `holder`'s any more."""
        ours = Lease.objects.filter(lane=self.lane, holder=holder, until__gt=Now())
        started = Owed.objects.filter(Exists(ours), pk=self.pk).update(deaths=models.F("deaths") + 1, last_started=clock.now())
        return started == 1

    def done(self) -> None:
        """Strike it off, unless the same was owed again meanwhile: then it is done once more."""
        if not Owed.objects.filter(pk=self.pk, request=self.request).delete()[0]:
            self._begin_afresh()

    def wait(self, later: Later) -> None:
        """Come back when the handler asked for it; no failure is counted."""
        self._end(due_at=clock.now() + timedelta(seconds=later.seconds))

    def postpone(self, failure: Exception) -> None:
        """Try again after twice as long as the last time; park after settings.WORK_MAX_ATTEMPTS."""
        attempts, now = self.attempts + 1, clock.now()
        self._end(
            attempts=attempts,
            last_error=describe(failure),
            due_at=now + FIRST_DELAY * 2 ** (attempts - 1),
            parked_at=now if self.last_try else None,
        )

    def park(self, reason: str) -> None:
        """Give up until a person decides; the rest of the lane goes on."""
        Owed.objects.filter(pk=self.pk).update(parked_at=clock.now(), last_error=reason)

    def _end(self, **changes: Any) -> None:
        if not Owed.objects.filter(pk=self.pk, request=self.request).update(deaths=0, **changes):
            self._begin_afresh()

    def _begin_afresh(self) -> None:
        """It was owed again while it was being done: that request has failed at nothing yet."""
        Owed.objects.filter(pk=self.pk).update(attempts=0, deaths=0)


class Lease(models.Model):
    """Who works in a lane, and until when if they do not renew it. The time is the database's, the same for every machine."""

    lane = models.CharField(max_length=320, primary_key=True)
    holder = models.UUIDField()
    place = models.CharField(max_length=200)
    until = models.DateTimeField()

    class Meta:
        verbose_name = _("lease")
        verbose_name_plural = _("leases")

    def __str__(self) -> str:
        return self.lane


class Period(models.Model):
    """When a periodic piece of work last began and came to its end."""

    name = models.CharField(_("name"), max_length=100, primary_key=True)
    began_at = models.DateTimeField(_("last began at"))

    class Meta:
        verbose_name = _("periodic work")
        verbose_name_plural = _("periodic work")

    def __str__(self) -> str:
        return self.name
