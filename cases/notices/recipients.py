"""Who is told of an entry: those the occasion names, of whom the entry is for their eyes, less its author."""

from collections.abc import Callable, Iterable, Mapping
from uuid import UUID

from backend.people.actor import Actor
from backend.people.models import User
from backend.register.models import Entry
from cases import access
from cases.models import Case, Invitation, Question
from cases.notices.occasions import ASKED, CLERK, HOLDER, INVITEE, LAWYER, PARTY, SIGNER, Occasion
from cases.timing import Due
from signatures.models import Session, Signer

Keys = Iterable[UUID | None]


def users(entry: Entry, case: Case, occasion: Occasion) -> list[User]:
    """The people with an account who are told of this entry. Takes a case with its people."""
    keys = [key for name in occasion.who if name in _GROUPS for key in _GROUPS[name](entry, case)]
    return [user for user in _accounts(keys) if user.pk != entry.actor_id and sees(user, case, entry)]


def invitation(entry: Entry, occasion: Occasion) -> Invitation | None:
    """The open invitation an entry sends or recalls: its address is told, whoever reads there."""
    if INVITEE not in occasion.who:
        return None
    sent = Invitation.objects.select_related("sent_by", "spouse", "counsel").filter(state=Invitation.State.SENT)
    return sent.filter(pk=entry.about_id).first() if entry.about_id else None


def sees(user: User, case: Case, entry: Entry) -> bool:
    """Whether the entry is for this person's eyes at this moment."""
    return user.is_active and access.standing(Actor.of(user), case).sees(entry.audience)


def of_date(case: Case, due: Due) -> list[User]:
    """The people of a case who keep this date: of its spouses, lawyers and the clerk of its filing, those of the roles concerned, or those asked."""
    people = _accounts([*_parties(None, case), *_lawyers(None, case), *_clerk(None, case)])
    return [user for user in people if due.concerns(user.pk) and access.standing(Actor.of(user), case).is_any(*due.period.who)]


def _accounts(keys: Keys) -> list[User]:
    return list(User.objects.filter(pk__in={key for key in keys if key}, is_active=True).order_by("pk"))


def _parties(entry: Entry | None, case: Case) -> Keys:
    return [spouse.user_id for spouse in case.spouses.all()]


def _lawyers(entry: Entry | None, case: Case) -> Keys:
    return [counsel.user_id for counsel in case.counsels.all() if counsel.until is None]


def _clerk(entry: Entry | None, case: Case) -> Keys:
    return case.filings.filter(claimed_by__isnull=False).order_by("-submitted_at").values_list("claimed_by", flat=True)[:1]


def _asked(entry: Entry | None, case: Case) -> Keys:
    return Question.to.through.objects.filter(question=entry.about_id).values_list("user", flat=True) if entry else []


def _signers(entry: Entry | None, case: Case) -> Keys:
    if entry is None or entry.about_id is None:
        return []
    return (
        Signer.objects.called().filter(session__ceremony=entry.about_id, session__state=Session.State.OPEN).values_list("person", flat=True)
    )


def _holder(entry: Entry | None, case: Case) -> Keys:
    return [UUID(entry.facts["taken_from"])] if entry and "taken_from" in entry.facts else []


_GROUPS: Mapping[str, Callable[[Entry | None, Case], Keys]] = {
    PARTY: _parties,
    LAWYER: _lawyers,
    CLERK: _clerk,
    ASKED: _asked,
    HOLDER: _holder,
    SIGNER: _signers,
}
