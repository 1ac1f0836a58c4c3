"""Documents and their versions: what is kept, in what state, and under which key."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backend import clock
from backend.errors import Finding, Text
from backend.keys import Key
from documents import naming
from documents.remarks import remarks
from documents.verdicts import BLOCKER, findings


class State(models.TextChoices):
    """What people are told of a version."""

    RECEIVED = "received", pgettext_lazy("document", "received")
    CHECKING = "checking", pgettext_lazy("document", "being checked")
    READY = "ready", pgettext_lazy("document", "ready")
    REFUSED = "refused", pgettext_lazy("document", "refused")
    QUARANTINED = "quarantined", pgettext_lazy("document", "set aside")
    STUCK = "stuck", pgettext_lazy("document", "could not be checked")
    ERASED = "erased", pgettext_lazy("document", "erased")


REJECTED = frozenset({State.REFUSED, State.QUARANTINED, State.STUCK})


class Stage(models.TextChoices):
    """What is being done with a version at this moment; nothing where it is empty."""

    SCAN = "scan", _("search for viruses")
    SCAN_WAITS = "scan-waits", _("waiting for the virus scan: the scanner does not answer")
    STRUCTURE = "structure", _("what the file is made of")
    CONTENT = "content", _("what its pages show")
    PICTURES = "pictures", _("pictures of its pages")
    TEXT = "text", _("text of its pages")


class Maker(models.TextChoices):
    """Where the bytes come from."""

    UPLOAD = "upload", pgettext_lazy("document", "sent by a person")
    PLATFORM = "platform", pgettext_lazy("document", "made by the platform")
    STAMP = "stamp", pgettext_lazy("document", "stamped copy")
    SIGNATURE = "signature", pgettext_lazy("document", "signature")
    SEAL = "seal", pgettext_lazy("document", "seal")
    TIMESTAMP = "timestamp", pgettext_lazy("document", "timestamp renewed")
    COPY = "copy", pgettext_lazy("document", "passing copy")


class Fault(models.TextChoices):
    """What was found wrong with a version when it was read again."""

    MISSING = "missing", pgettext_lazy("document", "its object is gone from the store")
    TAMPERED = "tampered", pgettext_lazy("document", "its object is not what was sealed")
    CHANGED = "changed", pgettext_lazy("document", "it opens, and has another digest than its row")
    UNREADABLE = "unreadable", pgettext_lazy("document", "the store answers, and does not give its object")
    NO_KEY = "no-key", pgettext_lazy("document", "the key that wraps its data key is not at hand")


class DocumentQuerySet(models.QuerySet["Document"]):
    def locked(self, document_id: UUID) -> "Document":
        """The document, its row held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=document_id)

    def loose(self) -> "DocumentQuerySet":
        """What nobody keeps."""
        return self.filter(loose_since__isnull=False)

    def left_alone(self) -> "DocumentQuerySet":
        """What was sent or made long ago and serves nothing."""
        return self.filter(loose_since__lt=clock.now() - timedelta(days=settings.UNBOUND_DAYS))


class Document(models.Model):
    """A thing people call one document, whatever number of versions it went through."""

    id = Key()
    name = models.CharField(max_length=255, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    created_by = models.UUIDField(null=True, editable=False)
    loose_since = models.DateTimeField(null=True, help_text="sent or made, and in no use since then; empty once somebody keeps it")
    head = models.ForeignKey("Version", null=True, on_delete=models.SET_NULL, related_name="+")

    objects = DocumentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["created_by"], name="document_sender", condition=Q(created_by__isnull=False)),
            models.Index(fields=["loose_since"], name="document_loose", condition=Q(loose_since__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def erased(self) -> bool:
        return self.head is not None and self.head.state == State.ERASED


class Keyed(models.Model):
    """A row that holds a data key, wrapped by a key-encryption key that may be replaced meanwhile (`documents.rotation`)."""

    wrapped_key = models.BinaryField(help_text="the data key, wrapped; empty once erased")
    key_id = models.CharField(max_length=80, help_text=_("which key-encryption key wraps it"), verbose_name=_("key that wraps its own"))

    class Meta:
        abstract = True


class VersionQuerySet(models.QuerySet["Version"]):
    def ready(self) -> "VersionQuerySet":
        """Versions whose bytes may be shown."""
        return self.filter(state=State.READY)

    def waiting(self) -> "VersionQuerySet":
        """Versions not yet checked."""
        return self.filter(state__in=(State.RECEIVED, State.CHECKING))

    def faulty(self) -> "VersionQuerySet":
        """Versions that were not sound when last read again."""
        return self.kept().exclude(fault="")

    def kept(self) -> "VersionQuerySet":
        """Versions whose bytes are here."""
        return self.exclude(state=State.ERASED)

    def whole(self) -> "VersionQuerySet":
        """Of those, what is one object in the store: what came in parts may still have to be put together."""
        return self.kept().exclude(sha256="")


class Version(Keyed):
    """The bytes of a document at one moment. Once ready they never change: a change is another version."""

    id = Key()
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("number"))
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.RECEIVED)
    stage = models.CharField(_("stage"), max_length=16, choices=Stage, blank=True, default="")
    verdict = models.JSONField(default=list, help_text="[{code, severity, pages}]: `findings` gives each its reason and its mend")
    facts = models.JSONField(default=dict, help_text="what the inspection saw and does not judge: scanned, signed, text, language, picture")
    sha256 = models.CharField(_("digest (SHA-256)"), max_length=64, help_text=_("empty while its parts are put together"))
    sent_sha256 = models.CharField(
        _("digest as sent (SHA-256)"),
        max_length=64,
        help_text=_("of the bytes as sent: another where a picture became a page, or damage was repaired"),
    )
    size = models.PositiveBigIntegerField(_("size"), help_text=_("bytes"))
    media_type = models.CharField(_("type of content"), max_length=64)
    pages = models.PositiveIntegerField(null=True)
    key = models.CharField(_("name in the store"), max_length=200, unique=True)
    sealed_size = models.PositiveBigIntegerField(_("size in the store"), help_text=_("bytes, once encrypted"))
    made_by = models.CharField(_("where it comes from"), max_length=16, choices=Maker, default=Maker.UPLOAD)
    at = models.DateTimeField(_("came on"), default=clock.now, editable=False)
    checked_at = models.DateTimeField(_("read again on"), null=True, help_text=_("when it was last read whole and held against its digest"))
    fault = models.CharField(_("fault"), max_length=16, choices=Fault, blank=True, help_text=_("what was wrong when it was read again"))
    based_on = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="derived")

    objects = VersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="version_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="version_number_from_one"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="version_state_known"),
            models.CheckConstraint(condition=Q(made_by__in=Maker.values), name="version_maker_known"),
            models.CheckConstraint(condition=Q(fault__in=["", *Fault.values]), name="version_fault_known"),
            models.CheckConstraint(condition=Q(state=State.ERASED) | ~Q(wrapped_key=b""), name="version_has_its_key"),
        ]
        indexes = [
            models.Index(fields=["at"], name="version_waiting", condition=Q(state__in=("received", "checking"))),
            models.Index(fields=["checked_at"], name="version_faulty", condition=~Q(fault="")),
            models.Index(fields=["sha256"], name="version_digest"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} v{self.number}"

    @property
    def associated(self) -> bytes:
        """What the encryption binds these bytes to."""
        return f"{self.document_id}:{self.number}".encode()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The verdict with its reasons and mends, in the reader's language."""
        return findings(self.verdict)

    @property
    def remarks(self) -> tuple[Text, ...]:
        """What the inspection saw and does not judge, in the reader's language."""
        return tuple(remarks(self.facts))

    @property
    def rejected(self) -> bool:
        """Whether it will never be shown: refused, set aside, or not to be checked."""
        return self.state in REJECTED

    @property
    def why(self) -> Finding:
        """Of a version that is rejected, the first reason."""
        return next(finding for finding in self.findings if finding.severity == BLOCKER)

    def pages_of(self, code: str) -> tuple[int, ...]:
        """The pages on which something was found."""
        return tuple(page for item in self.verdict if item["code"] == code for page in item.get("pages", ()))

    @property
    def signed(self) -> bool:
        """Whether the file carried an electronic signature when it came."""
        return bool(self.facts.get("signed"))

    @property
    def filename(self) -> str:
        """The document's name with the ending of what it now is."""
        return naming.with_ending(self.document.name, self.media_type)


class UploadQuerySet(models.QuerySet["Upload"]):
    def awaited(self) -> "UploadQuerySet":
        """Those that may still go on."""
        return self.filter(version=None, expires_at__gt=clock.now())

    def known(self) -> "UploadQuerySet":
        """Those that may be asked after: what goes on, and for a time what has come whole."""
        return self.filter(expires_at__gt=clock.now())

    def over(self) -> "UploadQuerySet":
        """Those that nobody may ask after any more, and whose parts serve nothing."""
        return self.filter(expires_at__lte=clock.now()).exclude(version__in=Version.objects.kept().filter(sha256=""))


class Upload(Keyed):
    """A file that comes part by part. Its data key becomes its version's once it has come whole."""

    id = Key()
    created_by = models.UUIDField(editable=False)
    name = models.CharField(max_length=255)
    length = models.PositiveBigIntegerField(help_text="bytes, as announced")
    offset = models.PositiveBigIntegerField(default=0, help_text="bytes that have come and are stored")
    about = models.JSONField(default=dict, help_text="what its sender said of it, for the door that took it")
    media_type = models.CharField(max_length=64, blank=True)
    expires_at = models.DateTimeField()
    version = models.OneToOneField(Version, null=True, on_delete=models.CASCADE, related_name="upload")

    objects = UploadQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(offset__lte=models.F("length")), name="upload_within_its_length"),
            models.CheckConstraint(condition=Q(version=None) | Q(wrapped_key=b""), name="upload_gives_its_key_away"),
        ]
        indexes = [
            models.Index(fields=["created_by"], name="upload_sender"),
            models.Index(fields=["expires_at"], name="upload_over"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.offset}/{self.length}"

    @property
    def missing(self) -> int:
        """How many bytes have not come yet."""
        return self.length - self.offset


class Part(models.Model):
    """Some bytes of an upload, in an object of their own."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="parts")
    start = models.PositiveBigIntegerField(help_text="bytes before it")
    size = models.PositiveBigIntegerField(help_text="bytes")
    key = models.CharField(max_length=200, unique=True, help_text="of the object in the store")

    class Meta:
        ordering = ["upload", "start"]
        constraints = [models.UniqueConstraint(fields=["upload", "start"], name="part_once")]

    def __str__(self) -> str:
        return f"{self.upload_id} +{self.start}"

    @property
    def associated(self) -> bytes:
        """What the encryption binds these bytes to."""
        return f"{self.upload_id}+{self.start}".encode()
