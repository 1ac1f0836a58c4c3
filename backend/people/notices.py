"""Mails about the safety of an account: owed in rows with their cause, sent by a worker."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.http import HttpRequest
from django.utils import translation
from django.utils.formats import date_format
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from backend import clock
from backend.people import browsers, logged
from backend.people.models import Occasion, SafetyNotice, User

KEPT = timedelta(days=365)


def owe(user: User, occasion: Occasion, request: HttpRequest | None = None, *, about: str = "", to: str = "") -> None:
    """Owe a person the mail that says what happened to their account (`about`: with what), where from if somebody's browser did it.

    It is owed to settings.PEOPLE_OWES, and sent to the account's address where `to` gives no other.
    """
    seen = {"address": logged.address(request), "browser": browsers.named(request.headers.get("User-Agent", ""))} if request else {}
    logged.changed(user, occasion, request)
    with transaction.atomic():
        SafetyNotice.objects.filter(user=user, at__lt=clock.now() - KEPT).delete()
        notice = SafetyNotice.objects.create(user=user, occasion=occasion, about=about, to=to, at=clock.now(), **seen)
        import_string(settings.PEOPLE_OWES)("people.notice", notice.pk)


def send(notice: str) -> None:
    """Send one notice (job `people.notice`): at least once, under the same Message-ID."""
    found = SafetyNotice.objects.filter(pk=notice, sent_at=None).select_related("user").first()
    if found is None:
        return
    with translation.override(found.user.language):
        _message(found).send()
    SafetyNotice.objects.filter(pk=found.pk).update(sent_at=clock.now())


def _message(notice: SafetyNotice) -> EmailMessage:
    what = str(Occasion(notice.occasion).label)
    lines = [
        _("%(what)s: %(about)s.") % {"what": what, "about": notice.about} if notice.about else f"{what}.",
        _("When: %(when)s") % {"when": date_format(notice.at.astimezone(ZoneInfo(settings.TIME_ZONE)), "DATETIME_FORMAT")},
        *(
            [_("With: %(browser)s, from the address %(address)s") % {"browser": notice.browser, "address": notice.address}]
            if notice.address
            else []
        ),
        "",
        *(
            [_("This address opens it no more. If you did not ask for that, tell the court or the lawyer you deal with at once.")]
            if notice.to
            else [
                _("If it was you, there is nothing to do."),
                _("If it was not you, change your password at once, then end the sessions and the programs that are not yours:"),
                f"{settings.BASE_URL}{settings.PEOPLE_SAFETY_PAGE}",
            ]
        ),
    ]
    subject = f"{settings.SITE_NAME} : {what}"
    headers = {"Message-ID": f"<{notice.pk}@{settings.BASE_URL.partition('://')[2].partition(':')[0].partition('/')[0]}>"}
    return EmailMessage(subject, "\n".join(lines), to=[notice.to or notice.user.email], headers=headers)
