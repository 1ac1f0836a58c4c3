"""What the registry answers to a filing."""

from uuid import UUID

from django.conf import settings
from django.utils import translation

from backend import clock
from backend.people.models import User
from cases.letters import parts
from cases.letters.registry import AcceptanceNotice, FilingReceipt, QuestionNotice, ReturnNotice, WithdrawalNotice
from cases.models import Case, Counsel, Filing, Instrument, Question
from cases.reasons import REASONS
from cases.writing.parts import addressee, name_of, reference, seat
from cases.writing.petition import paper

KINDS = {"petition": "Requête conjointe", "agreement": "Convention"}


def receipt(instrument: Instrument) -> FilingReceipt:
    """CPC 748-3."""
    case, filing = instrument.case, Filing.objects.select_related("submitted_by").get(pk=instrument.about)
    acts = [_act(row) for row in filing.instruments.select_related("document__head")]
    return FilingReceipt(
        reference=reference(instrument),
        court=seat(case),
        case=case.title,
        number=f"{filing.pk.hex[-12:].upper()}-{filing.attempt}",
        filed_at=filing.submitted_at,
        filed_by=name_of(filing.submitted_by),
        filed_for=tuple(spouse.short_name for spouse in case.spouses.all()),
        papers=(*acts, *(paper(row) for row in filing.exhibits.with_files())),
        ministerial_order=settings.MINISTERIAL_ORDER,
    )


def return_notice(instrument: Instrument) -> ReturnNotice:
    """The reasons chosen by the clerk, each with its note and its mend."""
    case, filing = instrument.case, Filing.objects.select_related("answered_by").get(pk=instrument.about)
    with translation.override("fr"):
        reasons = tuple(_reason(chosen) for chosen in filing.reasons)
    return ReturnNotice(
        reference=reference(instrument),
        court=seat(case),
        to=addressee(_filer(case, filing)),
        dated=clock.day(filing.answered_at or filing.submitted_at, case.zone),
        case=case.title,
        clerk=name_of(filing.answered_by),
        filed_at=filing.submitted_at,
        reasons=reasons,
    )


def question_notice(instrument: Instrument) -> QuestionNotice:
    case = instrument.case
    question = Question.objects.select_related("filing", "asked_by").get(pk=instrument.about)
    return QuestionNotice(
        reference=reference(instrument),
        court=seat(case),
        to=addressee(_filer(case, question.filing)),
        dated=clock.day(question.asked_at, case.zone),
        case=case.title,
        clerk=name_of(question.asked_by),
        filed_at=question.filing.submitted_at,
        question=question.text,
        asked=tuple(user.full_name for user in question.to.order_by("last_name", "first_names")),
        answer_by=question.answer_by,
    )


def acceptance_notice(instrument: Instrument) -> AcceptanceNotice:
    case, filing = instrument.case, Filing.objects.select_related("answered_by").get(pk=instrument.about)
    accepted_on = clock.day(filing.answered_at or filing.submitted_at, case.zone)
    return AcceptanceNotice(
        reference=reference(instrument),
        court=seat(case),
        to=addressee(_filer(case, filing)),
        dated=accepted_on,
        case=case.title,
        clerk=name_of(filing.answered_by),
        filed_at=filing.submitted_at,
        rg_number=case.rg_number,
        accepted_on=accepted_on,
    )


def withdrawal_notice(instrument: Instrument) -> WithdrawalNotice:
    """CC 232."""
    case = instrument.case
    first = case.spouses.all()[0]
    by = User.objects.filter(pk=UUID(instrument.data["by"])).first()
    return WithdrawalNotice(
        reference=reference(instrument),
        court=seat(case),
        to=parts.Addressee(name=" et ".join(spouse.short_name for spouse in case.spouses.all()) or str(first)),
        dated=clock.day(instrument.at, case.zone),
        case=case.title,
        rg_number=case.rg_number,
        withdrawn_by=name_of(by),
        withdrawn_at=instrument.at,
    )


def _act(row: Instrument) -> parts.Paper:
    head = row.document.head if row.document else None
    return parts.Paper(label=KINDS[row.kind], pages=head.pages if head else None, sha256=head.sha256 if head else "")


def _reason(chosen: dict[str, str]) -> parts.Reason:
    reason = REASONS[chosen["code"]]
    told = f"{reason.title} : {chosen['note']}" if chosen["note"] else str(reason.title)
    return parts.Reason(about=str(reason.title), reason=told, mend=str(reason.mend), law=reason.law)


def _filer(case: Case, filing: Filing) -> Counsel:
    counsels = case.counsels.select_related("firm")
    return (
        counsels.filter(user=filing.submitted_by_id).first()
        or counsels.first()
        or Counsel(case=case, name=name_of(filing.submitted_by), sides=[])
    )
