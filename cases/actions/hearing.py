"""Hearings: lists of a chamber, cases put on them, spouses summoned at least fifteen days before (CPC 1092)."""

from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from backend import clock
from backend.errors import Conflict, Invalid, NotFound, NotNow
from backend.people.actor import Actor
from backend.people.models import Organisation
from backend.register.entries import record
from cases import access, benches, instruments, timing
from cases.actions.base import action, court_action
from cases.models import Book, Case, Hearing, HearingList, Summons
from cases.proceedings.declare import CLERK, JUDGE


@court_action(CLERK, JUDGE)
def make_list(actor: Actor, book: Book, *, chamber: UUID, on: date, starts: time, room: str, judge: UUID | None = None) -> HearingList:
    """Make a hearing list of one of the court's chambers, for one of those who judge there."""
    found = _chambers(book).filter(pk=chamber).first()
    if found is None:
        raise Invalid(_("Choose a chamber of your court."), field="chamber")
    if on <= clock.today(book.organisation.zone):
        raise Invalid(_("Choose a day to come."), field="on")
    if judge and not benches.judges(_chambers(book).filter(pk=found.pk)).filter(pk=judge).exists():
        raise Invalid(_("Choose a judge of this chamber."), field="judge")
    if HearingList.objects.filter(chamber=found, on=on, starts=starts, room=room).exists():
        raise Conflict(_("This list exists already."))
    made = HearingList.objects.create(chamber=found, on=on, starts=starts, room=room, judge_id=judge)
    record(book.chain, "hearing.list_made", actor, about=made, facts={"on": str(on)}, audience=access.COURT)
    return made


@court_action(CLERK, JUDGE)
def close_list(actor: Actor, book: Book, *, hearing_list: UUID) -> HearingList:
    """Close a hearing list: no case is added or moved to it any more."""
    found = HearingList.objects.select_for_update(of=("self",)).filter(pk=hearing_list, chamber__in=_chambers(book)).first()
    if found is None:
        raise NotFound
    if found.closed_at:
        raise Conflict(_("This list is closed already."))
    found.closed_at = clock.now()
    found.save(update_fields=["closed_at"])
    record(book.chain, "hearing.list_closed", actor, about=found, audience=access.COURT)
    return found


@action()
def schedule(actor: Actor, case: Case, *, hearing_list: UUID, at: time | None = None) -> Hearing:
    """Put the case on a hearing list and summon each spouse by simple letter; the lawyers are told (CPC 1092)."""
    found = _list(case, hearing_list)
    _in_time(case, found)
    hearing = _put_on(case, found, at)
    case.reach("scheduled")
    record(case.chain, "hearing.scheduled", actor, about=hearing, facts={"at": hearing.at.isoformat()}, audience=access.EVERYONE)
    return hearing


@action()
def move(actor: Actor, case: Case, *, hearing_list: UUID, reason: str, at: time | None = None) -> Hearing:
    """Move the hearing to another list, with a reason: the spouses are summoned again."""
    before = _scheduled(case)
    if not reason.strip():
        raise Invalid(_("Say why: everyone is told."), field="reason")
    found = _list(case, hearing_list)
    _in_time(case, found)
    before.state, before.reason = Hearing.State.DROPPED, reason.strip()
    before.save(update_fields=["state", "reason"])
    hearing = _put_on(case, found, at)
    record(case.chain, "hearing.moved", actor, about=hearing, facts={"at": hearing.at.isoformat()}, audience=access.EVERYONE)
    return hearing


@action()
def drop(actor: Actor, case: Case, *, reason: str) -> Hearing:
    """Take the case off its hearing list, with a reason; it waits for another date."""
    hearing = _scheduled(case)
    if not reason.strip():
        raise Invalid(_("Say why: everyone is told."), field="reason")
    hearing.state, hearing.reason = Hearing.State.DROPPED, reason.strip()
    hearing.save(update_fields=["state", "reason"])
    case.reach("dropped")
    record(case.chain, "hearing.dropped", actor, about=hearing, audience=access.EVERYONE)
    return hearing


@action()
def serve_summons(actor: Actor, case: Case, *, summons: UUID, on: date) -> Summons:
    """Note the day on which a summons was posted."""
    hearing = _scheduled(case)
    found = hearing.summonses.filter(pk=summons).first()
    if found is None:
        raise NotFound
    if on > clock.today(case.zone):
        raise Invalid(_("Choose a day that has come."), field="on")
    latest = timing.laid(case, "summons", clock.day(hearing.at, case.zone)).on
    if on > latest:
        raise Invalid(
            _("A summons sent after %(day)s is too late: move the hearing.") % {"day": date_format(latest, "DATE_FORMAT")},
            field="on",
            law="CPC 1092",
        )
    found.sent_on, found.by_post = on, True
    found.save(update_fields=["sent_on", "by_post"])
    record(
        case.chain,
        "hearing.summons_served",
        actor,
        about=found,
        facts={"on": str(on), "person": str(found.spouse_id)},
        audience=access.EVERYONE,
    )
    return found


def _in_time(case: Case, hearing_list: HearingList) -> None:
    latest = timing.laid(case, "summons", hearing_list.on).on
    if clock.today(case.zone) > latest:
        raise NotNow(
            _("The spouses must be summoned at least fifteen days before: by %(day)s at the latest for this list.")
            % {"day": date_format(latest, "DATE_FORMAT")},
            law="CPC 1092",
            field="hearing_list",
            mend=_("Choose a later list."),
        )


def _put_on(case: Case, hearing_list: HearingList, at: time | None) -> Hearing:
    """A hearing of the case on this list, the spouses summoned to it; the case goes to the list's chamber, whose judges see what they hear."""
    case.chamber_id = hearing_list.chamber_id
    hearing = Hearing.objects.create(case=case, list=hearing_list, at=_moment(case, hearing_list, at), scheduled_at=clock.now())
    _summon(case, hearing)
    return hearing


def _summon(case: Case, hearing: Hearing) -> None:
    for spouse in case.spouses.all():
        instrument = instruments.ask_for(
            case, "summons", (*access.side(spouse.side), *access.COURT), about=spouse.pk, data={"hearing": str(hearing.pk)}
        )
        Summons.objects.create(hearing=hearing, spouse=spouse, instrument=instrument)
    instruments.ask_for(case, "notice-to-lawyers", (*access.LAWYERS, *access.COURT), about=hearing.pk)


def _list(case: Case, key: UUID) -> HearingList:
    """The list, held so that it is not closed meanwhile. Raises Invalid, NotNow."""
    found = HearingList.objects.select_for_update(of=("self",)).filter(pk=key, chamber__parent=case.court_id).first()
    if found is None:
        raise Invalid(_("Choose a hearing list of this court."), field="hearing_list")
    if found.closed_at:
        raise NotNow(_("This list is closed."), field="hearing_list")
    return found


def _scheduled(case: Case) -> Hearing:
    hearing = case.hearings.filter(state=Hearing.State.SCHEDULED).first()
    if hearing is None:
        raise NotNow
    return hearing


def _moment(case: Case, hearing_list: HearingList, at: time | None) -> datetime:
    return datetime.combine(hearing_list.on, at or hearing_list.starts, ZoneInfo(case.zone))


def _chambers(book: Book) -> QuerySet[Organisation]:
    return Organisation.objects.filter(parent=book.organisation_id)
