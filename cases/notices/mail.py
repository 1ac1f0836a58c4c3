"""Telling people by mail what happened: an entry owes one notice for each person concerned, and each notice is one mail."""

from datetime import timedelta

from django.db import transaction
from django.utils import translation

from backend.people.models import User
from backend.register.models import Entry
from backend.work import Job
from backend.work.owing import owe
from cases.models import Case, Invitation
from cases.notices import preferences, recipients, wording
from cases.notices.approaching import still_due
from cases.notices.models import Notice
from cases.notices.occasions import OCCASIONS, Occasion


def deliver(entry: str) -> None:
    """Owe a notice to each person an entry concerns (job `register.mail`). May be run again: nobody is told twice of one entry."""
    found = Entry.objects.get(pk=entry)
    occasion = OCCASIONS.get(found.kind)
    case = Case.objects.with_people().filter(chain=found.chain_id).first()
    if occasion is None or case is None or not occasion.covers(found.facts):
        return
    with transaction.atomic(durable=True):
        Notice.objects.bulk_create(_notices(found, case, occasion), ignore_conflicts=True)
        owe(Job("notices.send", key) for key in Notice.objects.waiting().filter(entry=found, held=False).values_list("pk", flat=True))


def send(notice: str) -> None:
    """Send one notice, unless it concerns the person no more (job `notices.send`).

    At least once: a death between the mail and its mark sends it again, under the same Message-ID.
    """
    found = Notice.objects.waiting().select_related("entry", "user").filter(pk=notice).first()
    if found is None:
        return
    case = Case.objects.with_people().get(pk=found.case_id)
    sent = _to_person(found, case, found.user) if found.user else _to_invitee(found)
    if sent:
        found.sent()
    else:
        found.drop()


def concerns(notice: Notice, case: Case, user: User) -> bool:
    """Whether a notice is still for this person: they see what it tells, and it still stands."""
    if notice.entry is None:
        return still_due(notice, case, user)
    return recipients.sees(user, case, notice.entry)


def _notices(entry: Entry, case: Case, occasion: Occasion) -> list[Notice]:
    people = recipients.users(entry, case, occasion)
    daily = set() if occasion.urgent else preferences.in_digest(people)
    told = _gathered(entry, case, occasion.gather) if occasion.gather else set()
    notices = [
        Notice(case=case, entry=entry, kind=entry.kind, user=user, email=user.email, held=user.pk in daily)
        for user in people
        if user.email not in told
    ]
    if invitation := recipients.invitation(entry, occasion):
        notices.append(Notice(case=case, entry=entry, kind=entry.kind, email=invitation.email))
    return notices


def _gathered(entry: Entry, case: Case, within: timedelta) -> set[str]:
    """Those whom a notice of the same kind, a moment before, tells of this entry as well."""
    before = Notice.objects.filter(case=case, kind=entry.kind, entry__seq__lt=entry.seq, entry__at__gte=entry.at - within)
    return set(before.values_list("email", flat=True))


def _to_person(notice: Notice, case: Case, user: User) -> bool:
    if not concerns(notice, case, user):
        return False
    with translation.override(user.language):
        wording.message(wording.news(notice, case, user), user.email, notice.pk).send()
    return True


def _to_invitee(notice: Notice) -> bool:
    invitation = recipients.invitation(notice.entry, OCCASIONS[notice.kind]) if notice.entry else None
    if invitation is None:
        return False
    with translation.override(_language(invitation)):
        wording.message(wording.invited(notice, invitation), invitation.email, notice.pk).send()
    return True


def _language(invitation: Invitation) -> str:
    """That of the invited person's account where there is one; else that of who invites."""
    known = User.objects.filter(email=invitation.email.lower()).values_list("language", flat=True).first()
    return known or (invitation.sent_by.language if invitation.sent_by else "fr")
