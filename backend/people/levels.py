"""What a person proves themself by, and how much that is worth."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Method(TextChoices):
    """What a person proved themself by."""

    PASSWORD = "password", _("password")
    MAIL_CODE = "mail-code", _("password and code received by e-mail")
    TOTP = "totp", _("code of an authenticator app")
    PASSKEY = "passkey", _("passkey")
    RECOVERY_CODE = "recovery-code", _("recovery code")
    OIDC = "oidc", _("identity provider")


class Level(IntegerChoices):
    """How much a proof is worth; the last two are those of Regulation (EU) 910/2014, 8. A binding act takes no single factor."""

    SINGLE = 1, _("a single factor")
    MAILED = 2, _("a code received by e-mail, with the password")
    SUBSTANTIAL = 3, _("an authenticator app or a passkey")
    HIGH = 4, _("a passkey")
