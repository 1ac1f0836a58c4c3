"""A person's account, known by its e-mail address."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from backend import clock
from backend.keys import Key

if TYPE_CHECKING:
    from backend.people.models.enrolment import Enrolment
    from backend.people.models.membership import Membership


class UserManager(BaseUserManager["User"]):
    """Accounts, found by an address whose capitals do not count."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """An account; without a password, one that cannot sign in by password."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A platform administrator, who manages organisations and accounts and reads no case."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in. What they may do comes from memberships and cases, never from here."""

    id = Key()
    email = models.EmailField(
        _("e-mail address"), unique=True, error_messages={"unique": _("There is already an account with this address.")}
    )
    first_names = models.CharField(_("first names"), max_length=150, blank=True)
    last_name = models.CharField(_("last name"), max_length=150, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="fr")
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("Untick to close the account: every session and token ends at once.")
    )
    is_staff = models.BooleanField(
        _("platform administrator"), default=False, help_text=_("Manages organisations and accounts, and reads no case.")
    )
    consent_electronic_at = models.DateTimeField(
        _("agreed to electronic exchange on"), null=True, blank=True, help_text=_("The express consent of CPC 748-2.")
    )
    date_joined = models.DateTimeField(_("account created on"), default=clock.now, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ["last_name", "first_names", "id"]
        constraints = [models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_in_lower_case")]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """The name people read; the address where no name is known."""
        return f"{self.first_names} {self.last_name}".strip() or self.email

    @property
    def current_memberships(self) -> "models.QuerySet[Membership]":
        """Those that hold today, with their organisations."""
        return self.memberships.current().select_related("organisation")

    @property
    def known_enrolment(self) -> "Enrolment | None":
        """What a lawyer states of their enrolment at a bar."""
        return getattr(self, "enrolment", None)

    def clean(self) -> None:
        super().clean()
        self.email = self.email.lower()
