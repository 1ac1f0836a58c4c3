"""What a person is told by mail about the safety of their account."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.keys import Key


class Occasion(models.TextChoices):
    """What happened to an account."""

    NEW_DEVICE = "new-device", _("Your account was opened on a new device")
    PASSKEY_ADDED = "passkey-added", _("A passkey was added to your account")
    PASSKEY_REMOVED = "passkey-removed", _("A passkey was removed from your account")
    APP_ADDED = "app-added", _("An authenticator app was added to your account")
    APP_REMOVED = "app-removed", _("The authenticator app was removed from your account")
    CODES_MADE = "codes-made", _("New recovery codes were made for your account")
    CODE_USED = "code-used", _("A recovery code of your account was used")
    IDENTITY_LINKED = "identity-linked", _("An identity provider was linked to your account")
    IDENTITY_UNLINKED = "identity-unlinked", _("An identity provider was unlinked from your account")
    TOKEN_MADE = "token-made", _("A program was let into your account")
    ENROLMENT_TO_VERIFY = "enrolment-to-verify", _("Your enrolment at the bar is to be verified again, since your name has changed")
    ADDRESS_CHANGED = "address-changed", _("An administrator gave your account another e-mail address")
    FACTORS_RESET = "factors-reset", _("An administrator removed the passkeys, the app and the codes of your account")


class SafetyNotice(models.Model):
    """One mail that is owed, then sent: what happened (`about`: to what), when, from which address and with which browser.

    It goes to the account's address, or to the one that was (`to`).
    """

    id = Key()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="safety_notices")
    occasion = models.CharField(max_length=20, choices=Occasion)
    at = models.DateTimeField()
    address = models.CharField(max_length=45, blank=True)
    browser = models.CharField(max_length=100, blank=True)
    about = models.CharField(max_length=100, blank=True)
    to = models.EmailField(blank=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["user", "-at"], name="safety_notice_of_a_person")]

    def __str__(self) -> str:
        return f"{self.occasion} {self.at:%Y-%m-%d %H:%M}"
