"""Signing sessions, their signers, and the certificates issued to them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backend import clock
from backend.keys import Key


class SessionQuerySet(models.QuerySet["Session"]):
    def locked(self, session_id: object) -> "Session":
        """The session, its row held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=session_id)


class Session(models.Model):
    """One document, one version of it, and those who are to sign it."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        COMPLETE = "complete", _("complete")
        CANCELLED = "cancelled", _("cancelled")
        REFUSED = "refused", _("refused")

    id = Key()
    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, related_name="signing_sessions")
    base = models.ForeignKey("documents.Version", on_delete=models.PROTECT, related_name="+", help_text="what the signers read")
    newest = models.ForeignKey(
        "documents.Version", on_delete=models.PROTECT, related_name="+", help_text="the base with the signatures so far"
    )
    ordered = models.BooleanField(default=False)
    state = models.CharField(max_length=16, choices=State, default=State.OPEN)
    purpose = models.CharField(max_length=100, blank=True)
    opened_at = models.DateTimeField(default=clock.now, editable=False)
    closed_at = models.DateTimeField(null=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document"], condition=Q(state="open"), name="session_one_open_per_document"),
            models.CheckConstraint(condition=Q(state="open") ^ Q(closed_at__isnull=False), name="session_closed_when_ended"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.state}".strip()


class SignerQuerySet(models.QuerySet["Signer"]):
    def waiting(self) -> "SignerQuerySet":
        """Those who have not answered yet."""
        return self.filter(state=Signer.State.WAITING)

    def before(self, signer: "Signer") -> "SignerQuerySet":
        """Those who come before a signer in the session's order."""
        return self.filter(session=signer.session_id, position__lt=signer.position)


class Signer(models.Model):
    """A person who is to sign, in one capacity."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        CONSENTED = "consented", _("consented")
        SIGNED = "signed", _("signed")
        REFUSED = "refused", _("refused")

    id = Key()
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="signers")
    position = models.PositiveSmallIntegerField(help_text="from 1")
    person = models.UUIDField()
    name = models.CharField(max_length=200)
    capacity = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=16, choices=State, default=State.WAITING)
    consented_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True, help_text="of a refusal")
    evidence = models.JSONField(default=dict, help_text="how the person was known and what they were shown")
    result = models.OneToOneField("documents.Version", null=True, on_delete=models.PROTECT, related_name="signed_by")

    objects = SignerQuerySet.as_manager()

    class Meta:
        ordering = ["session", "position"]
        constraints = [
            models.UniqueConstraint(fields=["session", "position"], name="signer_position_once"),
            models.UniqueConstraint(fields=["session", "person", "capacity"], name="signer_capacity_once"),
            models.CheckConstraint(
                condition=Q(state="signed", result__isnull=False, signed_at__isnull=False, consented_at__isnull=False)
                | (~Q(state="signed") & Q(result__isnull=True, signed_at__isnull=True)),
                name="signer_signed_with_its_result",
            ),
        ]
        indexes = [models.Index(fields=["person"], condition=Q(state="waiting"), name="signer_waiting")]

    def __str__(self) -> str:
        return f"{self.name}, {self.capacity}" if self.capacity else self.name


class Proof(models.Model):
    """A signed version's proof: until when its last timestamp holds by itself, and when it is looked at again."""

    version = models.OneToOneField("documents.Version", on_delete=models.CASCADE, primary_key=True, related_name="proof")
    until = models.DateTimeField(null=True, help_text="when the certificate of its last timestamp expires; empty: it has none")
    look_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.version_id} {self.until or ''}".strip()


class Issued(models.Model):
    """A certificate that the authority issued to a person. Never its key, which was not kept."""

    id = Key()
    serial = models.CharField(max_length=40, unique=True, help_text="hexadecimal")
    issuer = models.CharField(max_length=40, help_text="the name of the issuing key, hexadecimal")
    person = models.UUIDField(db_index=True)
    not_before = models.DateTimeField()
    not_after = models.DateTimeField()

    class Meta:
        verbose_name = _("signer’s certificate")
        verbose_name_plural = _("signers’ certificates")
        constraints = [models.CheckConstraint(condition=Q(not_after__gt=F("not_before")), name="issued_for_a_while")]

    def __str__(self) -> str:
        return self.serial


class Revocation(models.Model):
    """A certificate of this platform that is no longer to be believed, and since when. Never undone."""

    class Reason(models.TextChoices):
        """Those of RFC 5280, 5.3.1 that can be said of a certificate of ours."""

        UNSPECIFIED = "unspecified", _("no particular reason")
        KEY_COMPROMISE = "keyCompromise", _("somebody else may have the key")
        AFFILIATION_CHANGED = "affiliationChanged", _("the person has another name or capacity")
        SUPERSEDED = "superseded", _("replaced by another certificate")
        CESSATION = "cessationOfOperation", _("no longer used")
        PRIVILEGE_WITHDRAWN = "privilegeWithdrawn", _("the person may no longer sign")

    id = Key()
    serial = models.CharField(_("serial number"), max_length=40, unique=True, help_text=_("of the certificate, in hexadecimal"))
    issuer = models.CharField(_("issuer"), max_length=40, db_index=True, help_text=_("the name of the issuing key, in hexadecimal"))
    revoked_at = models.DateTimeField(_("revoked at"))
    reason = models.CharField(_("reason"), max_length=30, choices=Reason)
    by = models.UUIDField(_("by"), null=True, help_text=_("the administrator; none: by command"))

    class Meta:
        verbose_name = _("revoked certificate")
        verbose_name_plural = _("revoked certificates")

    def __str__(self) -> str:
        return self.serial
