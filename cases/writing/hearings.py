"""Around the hearings."""

from uuid import UUID

from backend import clock
from cases.letters import parts
from cases.letters.hearings import ChildHearing, LawyerNotice, Summons
from cases.models import Child, Decision, Hearing, Instrument, Spouse
from cases.writing.parts import addressee, hearing, lawyers, name_of, reference, seat

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


def _hearing(key: UUID | None) -> Hearing:
    return Hearing.objects.select_related("list__judge").get(pk=key)


def _second(instrument: Instrument) -> bool:
    return instrument.case.decisions.filter(kind=Decision.Kind.ADJOURNMENT, state=Decision.State.DELIVERED).exists()
