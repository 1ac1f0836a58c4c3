"""A notice in words: short, plain, in the reader's language. No name in a subject, no address and no content of a case anywhere."""

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backend.people.models import User
from backend.register.models import Entry
from cases import links
from cases.models import Case, Hearing, Instrument, Invitation
from cases.notices.approaching import period_of
from cases.notices.models import Notice
from cases.notices.occasions import OCCASIONS, Text


@dataclass(frozen=True)
class Line:
    """One piece of news: what happened, what to do, by when, and where."""

    said: Text
    todo: Text = ""
    when: str = ""
    case: str = ""
    link: str = ""


@dataclass(frozen=True)
class Words:
    """Everything a mail says."""

    subject: str
    greeting: str
    lines: tuple[Line, ...]
    button: str
    why: str
    link: str


def news(notice: Notice, case: Case, user: User) -> Words:
    """What a person with an account is told of an entry, or of a date that approaches."""
    return Words(
        subject=_("%(site)s: news in your case") % {"site": settings.SITE_NAME},
        greeting=_greeting(user.full_name),
        lines=(line(notice, case),),
        button=_("Open the case"),
        why=_("You receive this message because you take part in this case. You can ask for one message a day in your account."),
        link=case_page(case.pk),
    )


def digest(notices: list[Notice], user: User) -> Words:
    """The news of a day, all together."""
    return Words(
        subject=ngettext("%(site)s: news in your cases", "%(site)s: %(count)d pieces of news in your cases", len(notices))
        % {"site": settings.SITE_NAME, "count": len(notices)},
        greeting=_greeting(user.full_name),
        lines=tuple(line(notice, notice.case) for notice in notices),
        button=_("Open %(site)s") % {"site": settings.SITE_NAME},
        why=_("You receive this message once a day, as you asked. You can change this in your account."),
        link=settings.BASE_URL,
    )


def invited(notice: Notice, invitation: Invitation) -> Words:
    """The invitation, or its reminder, with the link that is used once."""
    reminder = notice.kind == "invitation.reminded"
    inviting = invitation.sent_by.full_name if invitation.sent_by else settings.SITE_NAME
    said = _("%(name)s, a lawyer, invites you to join a case on %(site)s.") % {"name": inviting, "site": settings.SITE_NAME}
    if reminder:
        said = _("%(name)s, a lawyer, has invited you to join a case on %(site)s, and awaits your answer.") % {
            "name": inviting,
            "site": settings.SITE_NAME,
        }
    link = f"{settings.BASE_URL}/invitation/{links.token(invitation.pk)}"
    todo = _(
        "Open the link to see what is proposed. You can join, or say first what should be changed. The link is yours alone and is used once."
    )
    return Words(
        subject=(_("%(site)s: an invitation awaits your answer") if reminder else _("%(site)s: an invitation for you"))
        % {"site": settings.SITE_NAME},
        greeting=_greeting(_name(invitation)),
        lines=(Line(said, todo, _("Answer %(deadline)s.") % {"deadline": deadline_words(invitation.answer_by)}),),
        button=_("See the invitation"),
        why=_("If you do not know who invites you, or expected nothing, do nothing: nobody can join in your place without this link."),
        link=link,
    )


def line(notice: Notice, case: Case) -> Line:
    """One piece of news. The case is told by its number, or nothing: its names stay behind the sign-in."""
    said, todo = _date_said(notice, case) if notice.entry is None else (OCCASIONS[notice.kind].said, OCCASIONS[notice.kind].todo)
    number = _("Case number %(number)s") % {"number": case.rg_number} if case.rg_number else ""
    return Line(said, todo, _when(notice, case), number, case_page(case.pk))


def message(words: Words, to: str, key: UUID) -> EmailMultiAlternatives:
    """The mail, in text and in simple HTML, in the language that is active. Its Message-ID comes from `key`: the same mail sent twice is one."""
    context = {"words": words, "site": settings.SITE_NAME, "language": translation.get_language()}
    headers = {"Message-ID": f"<{key}@{host()}>", "Auto-Submitted": "auto-generated"}
    mail = EmailMultiAlternatives(words.subject, render_to_string("notices/mail.txt", context), to=[to], headers=headers)
    mail.attach_alternative(render_to_string("notices/mail.html", context), "text/html")
    return mail


def host() -> str:
    return urlsplit(settings.BASE_URL).hostname or "localhost"


def case_page(case: UUID) -> str:
    """The address of a case's page; the site's own where an installation shows no pages."""
    try:
        return f"{settings.BASE_URL}{reverse('case', args=[case])}"
    except NoReverseMatch:
        return settings.BASE_URL


def day_words(day: date) -> str:
    """A day with its name: "lundi 7 décembre 2026"."""
    words = date_format(day, "l j F Y")
    return words.replace(" 1 ", " 1er ", 1) if (translation.get_language() or "").startswith("fr") else words


def deadline_words(day: date) -> str:
    """A last day, in full: it ends at midnight (CPC 642)."""
    return _("at the latest on %(day)s, at midnight") % {"day": day_words(day)}


def moment_words(moment: datetime, zone: str) -> str:
    """A moment where the court sits."""
    local = moment.astimezone(ZoneInfo(zone))
    return _("%(day)s at %(time)s") % {"day": day_words(local.date()), "time": time_format(local.time(), "TIME_FORMAT")}


def _greeting(name: str) -> str:
    return _("Hello %(name)s,") % {"name": name} if name else _("Hello,")


def _name(invitation: Invitation) -> str:
    return invitation.spouse.short_name if invitation.spouse else str(invitation.counsel)


def _date_said(notice: Notice, case: Case) -> tuple[Text, Text]:
    period = next(period for period in case.proceeding.periods if period.name == period_of(notice))
    return _("A date of your case approaches: %(title)s.") % {"title": str(period.title).lower()}, _(
        "The case says what can be done until then."
    )


def _when(notice: Notice, case: Case) -> str:
    """By when to act, or the moment of the hearing, in words."""
    if notice.on:
        return _capitalised(deadline_words(notice.on))
    name = OCCASIONS[notice.kind].date
    entry = notice.entry
    if not name or entry is None:
        return ""
    if name == "answer_by":
        return _("Answer %(deadline)s.") % {"deadline": deadline_words(date.fromisoformat(entry.facts["answer_by"]))}
    if name == "opens_at":
        opens, closes = (moment_words(datetime.fromisoformat(entry.facts[key]), case.zone) for key in ("opens_at", "closes_at"))
        return _("The signature is open from %(opens)s to %(closes)s.") % {"opens": opens, "closes": closes}
    moment = datetime.fromisoformat(entry.facts["at"]) if name == "at" else _hearing_of(entry)
    return _("The hearing is on %(moment)s.") % {"moment": moment_words(moment, case.zone)} if moment else ""


def _hearing_of(entry: Entry) -> datetime | None:
    """When the hearing is that a summons calls to."""
    asked = Instrument.objects.filter(pk=str(entry.about_id)).values_list("data__hearing", flat=True).first()
    return Hearing.objects.filter(pk=asked).values_list("at", flat=True).first() if asked else None


def _capitalised(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."
