"""What a program shows to act in a person's name."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from backend import clock
from backend.keys import Key


class TokenQuerySet(models.QuerySet["Token"]):
    """Tokens, by whether they still open anything."""

    def valid(self) -> "TokenQuerySet":
        """Neither expired nor revoked, and of an account that is open."""
        return self.filter(expires_at__gt=clock.now(), revoked_at=None, user__is_active=True)


class Token(models.Model):
    """An API token: only its digest is kept, so that nobody who reads the database can use it."""

    id = Key()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="tokens", verbose_name=_("account"))
    name = models.CharField(_("name"), max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("created on"))
    expires_at = models.DateTimeField(_("expires on"))
    last_used_at = models.DateTimeField(_("last used on"), null=True)
    revoked_at = models.DateTimeField(_("revoked on"), null=True)

    objects = TokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("token")
        verbose_name_plural = _("tokens")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(expires_at__gt=models.F("created_at")), name="token_expires_after_it_is_created")
        ]

    def __str__(self) -> str:
        return self.name
