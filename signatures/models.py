"""Signing sessions, their signers, the ceremony that gathers them, what was shown and attested there; and the certificates issued."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from backend import clock
from backend.keys import Key


class Ceremony(models.Model):
    """Those who sign, gathered once for all the documents of its sessions: in which way, where, from when and until when."""

    class Way(models.TextChoices):
        APART = "apart", _("each where they are")
        TOGETHER = "together", _("all together in one place")
        PAPER = "paper", _("all together in one place, on paper")

    id = Key()
    way = models.CharField(max_length=16, choices=Way, default=Way.APART)
    place = models.CharField(max_length=300, blank=True)
    opens_at = models.DateTimeField(help_text="nobody signs before")
    closes_at = models.DateTimeField(help_text="nobody signs after; what is not finished by then signs nothing")
    paused_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="ceremony_closes_after_it_opens"),
            models.CheckConstraint(condition=Q(way="apart") | ~Q(place=""), name="ceremony_together_has_a_place"),
        ]

    def __str__(self) -> str:
        return f"{self.way} {self.opens_at:%Y-%m-%d %H:%M}"

    @property
    def gathers(self) -> bool:
        """Whether all are in one place, where the presence of those who must be is attested."""
        return self.way != self.Way.APART


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
        EXPIRED = "expired", _("closed before everyone had signed")

    id = Key()
    ceremony = models.ForeignKey(Ceremony, null=True, on_delete=models.PROTECT, related_name="sessions", help_text="none: one signs alone")
    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, related_name="signing_sessions")
    base = models.ForeignKey("documents.Version", on_delete=models.PROTECT, related_name="+", help_text="what the signers read")
    newest = models.ForeignKey(
        "documents.Version", on_delete=models.PROTECT, related_name="+", help_text="the base with the signatures so far"
    )
    scan = models.ForeignKey(
        "documents.Version",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="of what was signed by hand, in a document of its own",
    )
    compared_at = models.DateTimeField(null=True, help_text="when the scan was held against the base")
    differences = models.JSONField(default=list, help_text="what that found: signatures.paper.Found")
    confirmation = models.JSONField(default=dict, help_text="who confirmed the scan, what they saw on it, and how they were known")
    ordered = models.BooleanField(default=False)
    sheet = models.BooleanField(
        default=False, help_text="one more sheet after the pages of the base bears the signatures and nothing else: every signer is told"
    )
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

    @property
    def at_once(self) -> bool:
        """Whether one could sign from the moment it was opened: no hour was set at which all come together."""
        return self.ceremony is not None and self.ceremony.opens_at <= self.opened_at


class SignerQuerySet(models.QuerySet["Signer"]):
    def waiting(self) -> "SignerQuerySet":
        """Those who have not answered yet."""
        return self.filter(state=Signer.State.WAITING)

    def called(self) -> "SignerQuerySet":
        """Those who may answer now: all who have not; where one signs after the other, the first of them."""
        earlier = Signer.objects.waiting().filter(session=OuterRef("session"), position__lt=OuterRef("position"))
        return self.waiting().exclude(Q(Exists(earlier), session__ordered=True))

    def before(self, signer: "Signer") -> "SignerQuerySet":
        """Those who come before a signer in the session's order."""
        return self.filter(session=signer.session_id, position__lt=signer.position)


class Signer(models.Model):
    """A person who is to sign, in one capacity."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        CONSENTED = "consented", _("consented")
        SIGNED = "signed", _("signed")
        BY_HAND = "by-hand", _("signed by hand")
        REFUSED = "refused", _("refused")

    id = Key()
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="signers")
    position = models.PositiveSmallIntegerField(help_text="from 1")
    person = models.UUIDField()
    name = models.CharField(max_length=700)
    capacity = models.CharField(max_length=1000, blank=True)
    attested = models.BooleanField(default=False, help_text="their presence is attested where all are gathered")
    state = models.CharField(max_length=16, choices=State, default=State.WAITING)
    consented_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True, help_text="of a refusal")
    evidence = models.JSONField(default=dict, help_text="how the person was known and what they were shown")
    taken_back = models.JSONField(
        default=list, help_text="signatures given before, and taken back: when each was given, when and why it was taken back"
    )
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


class Turn(models.Model):
    """A signer who signs with a certificate of their own, at a service: what they sign there. Nobody else's signature is placed in the session meanwhile."""

    session = models.OneToOneField(Session, primary_key=True, on_delete=models.CASCADE, related_name="turn")
    signer = models.OneToOneField(Signer, on_delete=models.CASCADE, related_name="turn")
    until = models.DateTimeField(help_text="how long the session waits for them; what is signed by then is placed, however long that takes")
    evidence = models.JSONField(help_text="of their consent, once they come back")
    certificate = models.JSONField(help_text="signatures.remote.Own")
    based_on = models.ForeignKey("documents.Version", null=True, on_delete=models.PROTECT, related_name="+", help_text="what is signed")
    added = models.BinaryField(null=True, help_text="what the prepared file has beyond it: the room for the signature")
    facts = models.JSONField(default=dict, help_text="where that room is: signatures.pades.Prepared")
    signature = models.BinaryField(null=True, help_text="what the service made, checked; no token of theirs is ever kept")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(added__isnull=True) | Q(based_on__isnull=False), name="turn_prepared_over_a_version"),
            models.CheckConstraint(condition=Q(signature__isnull=True) | Q(added__isnull=False), name="turn_signed_once_prepared"),
        ]

    def __str__(self) -> str:
        return f"{self.signer_id} {self.until:%Y-%m-%d %H:%M}"


class Proof(models.Model):
    """A signed version's proof: until when its last timestamp holds by itself, and when it is looked at again."""

    version = models.OneToOneField("documents.Version", on_delete=models.CASCADE, primary_key=True, related_name="proof")
    until = models.DateTimeField(null=True, help_text="when the certificate of its last timestamp expires; empty: it has none")
    look_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.version_id} {self.until or ''}".strip()


class Shown(models.Model):
    """A page of what a session froze, shown to one of its signers; page 0 is the whole file, handed over."""

    id = Key()
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="shown")
    person = models.UUIDField()
    page = models.PositiveIntegerField()
    at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["session", "person", "page"]
        constraints = [models.UniqueConstraint(fields=["session", "person", "page"], name="shown_first_time_counts")]

    def __str__(self) -> str:
        return f"{self.person} {self.page}"


class Presence(models.Model):
    """That a person is there, attested by another who sees them."""

    id = Key()
    ceremony = models.ForeignKey(Ceremony, on_delete=models.CASCADE, related_name="presences")
    person = models.UUIDField()
    by = models.UUIDField()
    by_name = models.CharField(max_length=400)
    at = models.DateTimeField(default=clock.now, editable=False)
    evidence = models.JSONField(default=dict, help_text="how who attests was known")

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["ceremony", "person"], name="presence_once"),
            models.CheckConstraint(condition=~Q(person=F("by")), name="presence_by_another"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.at:%Y-%m-%d %H:%M}"


class Rehearsal(models.Model):
    """A signer's trial of all but the signature: their device showed the pages, their second factor worked, their connection held."""

    id = Key()
    ceremony = models.ForeignKey(Ceremony, on_delete=models.CASCADE, related_name="rehearsals")
    person = models.UUIDField()
    at = models.DateTimeField(default=clock.now, editable=False)
    evidence = models.JSONField(default=dict, help_text="with what, and by which factor")

    class Meta:
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["ceremony", "person"], name="rehearsal_newest")]

    def __str__(self) -> str:
        return f"{self.person} {self.at:%Y-%m-%d %H:%M}"


class Issued(models.Model):
    """A certificate that the authority issued to a person. Never its key, which was not kept."""

    id = Key()
    serial = models.CharField(_("serial number"), max_length=40, unique=True, help_text=_("of the certificate, in hexadecimal"))
    issuer = models.CharField(_("issuer"), max_length=40, help_text=_("the name of the issuing key, in hexadecimal"))
    person = models.UUIDField(_("person"), db_index=True)
    not_before = models.DateTimeField(_("valid from"))
    not_after = models.DateTimeField(_("valid until"))

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
