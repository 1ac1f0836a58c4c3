"""Around the hearings."""

from collections.abc import Iterable
from uuid import UUID

from django.conf import settings

from backend import clock
from cases import letters
from cases.letters import parts
from cases.letters.hearings import ChildHearing, LawyerNotice, Summons
from cases.models import Child, Decision, Hearing, HearingList, Instrument, Spouse
from cases.writing.parts import addressee, bench, hearing, lawyers, name_of, reference, seat

BRING = ("votre pièce d'identité", "cette convocation")


def summons(instrument: Instrument) -> Summons:
    """One spouse's own letter: their address is on it, and nobody else's (CPC 1092)."""
    case = instrument.case
    row = _hearing(UUID(instrument.data["hearing"]))
    spouse = Spouse.objects.get(pk=instrument.about)
    mine = [lawyer.name for lawyer in lawyers(case) if spouse.short_name in lawyer.acts_for]
    return Summons(
        reference=reference(instrument),
        court=seat(case),
        to=addressee(spouse),
        dated=clock.day(instrument.at, case.zone),
        rg_number=case.rg_number,
        case=case.title,
        hearing=hearing(row),
        lawyer=" et ".join(mine),
        bring=BRING,
        new_agreement=_second(instrument),
    )


def notice_to_lawyers(instrument: Instrument) -> LawyerNotice:
    case = instrument.case
    counsels = list(case.counsels.filter(until=None).select_related("firm"))
    to = parts.Addressee(name=" et ".join(counsel.name for counsel in counsels), greeting="Maître,")
    return LawyerNotice(
        reference=reference(instrument),
        court=seat(case),
        to=addressee(counsels[0]) if len(counsels) == 1 else to,
        dated=clock.day(instrument.at, case.zone),
        rg_number=case.rg_number,
        case=case.title,
        hearing=hearing(_hearing(instrument.about)),
        clients=tuple(spouse.short_name for spouse in case.spouses.all()),
        new_agreement=_second(instrument),
    )


def child_hearing(instrument: Instrument) -> ChildHearing:
    """The refusal to hear a child, with its reason (CPC 338-4, 338-5)."""
    case = instrument.case
    child = Child.objects.select_related("hearing__by").get(pk=instrument.about)
    return ChildHearing(
        reference=reference(instrument),
        court=seat(case),
        to=parts.Addressee(name=" et ".join(spouse.short_name for spouse in case.spouses.all())),
        dated=child.hearing.on,
        rg_number=case.rg_number,
        case=case.title,
        child=str(child),
        asked_on=child.form_dated or child.informed_on or child.hearing.on,
        decision="refused",
        judge=name_of(child.hearing.by),
        reason=child.hearing.reason,
    )


def hearing_list(row: HearingList, on_it: Iterable[Hearing]) -> letters.HearingList:
    """The list of a day, with these cases, as it stands now: no instrument of a case, typeset whenever it is asked for."""
    return letters.HearingList(
        reference=parts.Reference(code=f"{row.on:%Y%m%d}-{row.pk.hex[-6:]}", url=f"{settings.BASE_URL}/audiences/{row.pk}/"),
        court=bench(row.chamber.parent or row.chamber, row.chamber),
        day=row.on,
        room=row.room,
        judge=name_of(row.judge),
        cases=tuple(_listed(hearing) for hearing in on_it),
    )


def _listed(row: Hearing) -> letters.Listed:
    adjourned = any(one.kind == Decision.Kind.ADJOURNMENT and one.delivered_at for one in row.case.decisions.all())
    return letters.Listed(
        at=row.at,
        rg_number=row.case.rg_number,
        case=row.case.title,
        lawyers=tuple(counsel.name for counsel in row.case.counsels.all() if counsel.until is None),
        note="nouvelle convention" if adjourned else "",
    )


def _hearing(key: UUID | None) -> Hearing:
    return Hearing.objects.select_related("list__judge").get(pk=key)


def _second(instrument: Instrument) -> bool:
    return instrument.case.decisions.filter(kind=Decision.Kind.ADJOURNMENT, state=Decision.State.DELIVERED).exists()
