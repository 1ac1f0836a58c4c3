"""The digest: what a person who asked for one message a day is told of the day before."""

from uuid import uuid5

from django.conf import settings
from django.utils import translation

from backend import clock
from backend.people.models import User
from cases.models import Case
from cases.notices import mail, wording
from cases.notices.models import Notice, Preference

AT_MOST = 200  # lines of one mail; what is beyond comes the next day


def awaited_by() -> list[User]:
    """The people for whom something waits, and who had no digest on this day."""
    waiting = User.objects.filter(pk__in=Notice.objects.for_digest().values("user"))
    return list(waiting.exclude(notice_preference__digest_on=clock.today(settings.TIME_ZONE)).order_by("pk"))


def send(user: str) -> None:
    """Send a person what waits for them, in one mail, at most once a day (job `notices.digest`)."""
    person = User.objects.get(pk=user)
    today = clock.today(settings.TIME_ZONE)
    if Preference.objects.filter(user=person, digest_on=today).exists():
        return
    notices = _current(person)
    if notices:
        with translation.override(person.language):
            wording.message(wording.digest(notices, person), person.email, uuid5(person.pk, today.isoformat())).send()
        Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(sent_at=clock.now())
    Preference.objects.update_or_create(user=person, defaults={"digest_on": today})


def _current(person: User) -> list[Notice]:
    """What waits and still concerns this person; what does not any more is dropped."""
    waiting = list(Notice.objects.for_digest().filter(user=person).select_related("entry").order_by("case", "id")[:AT_MOST])
    cases = Case.objects.with_people().in_bulk({notice.case_id for notice in waiting})
    current = []
    for notice in waiting:
        notice.case = cases[notice.case_id]
        if mail.concerns(notice, notice.case, person):
            current.append(notice)
        else:
            notice.drop()
    return current
