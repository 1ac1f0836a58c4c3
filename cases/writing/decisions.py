"""Decisions, and what follows them."""

from typing import Any
from uuid import UUID

from backend import clock
from cases import effects, facts, timing
from cases.letters import parts
from cases.letters.afterwards import CivilStatusExtract, NoRecourse, Notification
from cases.letters.decisions import Adjournment, Judgment, Lapse, default_text
from cases.letters.decisions import Decision as DecisionLetter
from cases.models import Case, Decision, Filing, Hearing, Instrument, Spouse
from cases.writing.parts import addressee, children, lawyers, marriage, name_of, reference, seat, spouses

NAMES = {Decision.Kind.HOMOLOGATION: "judgment", Decision.Kind.ADJOURNMENT: "adjournment", Decision.Kind.LAPSE: "lapse"}


def decision(instrument: Instrument) -> DecisionLetter:
    """The judgment or order, with the judge's text where they wrote one (CC 250-1 to 250-3; CPC 1099 to 1103)."""
    return letter_of(Decision.objects.select_related("by", "hearing").get(pk=instrument.about), instrument)


def proposed(case: Case, kind: str, by: UUID | None) -> Decision:
    """The decision a judge starts from, as of today and not saved, with its text."""
    hearing = case.hearings.filter(state=Hearing.State.SCHEDULED).first()
    row = Decision(case=case, kind=kind, on=clock.today(case.zone), by_id=by, hearing=hearing, refusal=is_refusal(kind, hearing))
    row.body = proposed_text(case, row)
    return row


def is_refusal(kind: str, hearing: Hearing | None) -> bool:
    """Whether a lapse refuses the agreement a second time, or follows from there being none (CC 250-3; CPC 1101)."""
    return kind == Decision.Kind.LAPSE and hearing is not None


def proposed_text(case: Case, row: Decision) -> str:
    """The text a judge starts from."""
    return default_text(letter_of(row, Instrument(case=case, code="")))


def letter_of(row: Decision, instrument: Instrument) -> DecisionLetter:
    case = row.case
    common = _common(case, row, instrument)
    match row.kind:
        case Decision.Kind.HOMOLOGATION:
            return Judgment(**common, **_heard(case), effects_from=effects.agreed(facts.of(case)))
        case Decision.Kind.ADJOURNMENT:
            return Adjournment(
                **common,
                reasons="",
                conditions=tuple(row.conditions),
                provisional_measures=tuple(row.provisional_measures),
                new_agreement_by=timing.laid(case, "new-agreement", row.on).on,
            )
    before = case.decisions.filter(kind=Decision.Kind.ADJOURNMENT).first()
    due = timing.due(case, facts.of(case), "new-agreement")  # with what an appeal has added to it
    return Lapse(
        **common,
        ground="second-refusal" if row.refusal else "no-agreement",
        adjourned_on=before.on if before else row.on,
        new_agreement_by=due.on if due else row.on,
        reasons="",
    )


def notification(instrument: Instrument) -> Notification:
    """The letter that serves a decision on one spouse (CPC 675, 680)."""
    case = instrument.case
    row = Decision.objects.get(pk=UUID(instrument.data["decision"]))
    return Notification(
        reference=reference(instrument),
        court=seat(case),
        to=addressee(Spouse.objects.get(pk=instrument.about)),
        dated=clock.day(instrument.at, case.zone),
        rg_number=case.rg_number,
        case=case.title,
        decision=NAMES[Decision.Kind(row.kind)],
        decided_on=row.on,
        recourse=_recourse(case, row),
    )


def certificate(instrument: Instrument) -> NoRecourse:
    """CPC 505, 506; CC 260 2°."""
    case, row = instrument.case, Decision.objects.get(pk=instrument.about)
    return NoRecourse(
        reference=reference(instrument),
        court=seat(case),
        rg_number=case.rg_number,
        case=case.title,
        decision=NAMES[Decision.Kind(row.kind)],
        decided_on=row.on,
        recourse=_recourse(case, row),
        certified_on=clock.day(row.certified_at or instrument.at, case.zone),
        clerk=_clerk(case),
    )


def civil_status_extract(instrument: Instrument) -> CivilStatusExtract:
    """CPC 1082."""
    case, row = instrument.case, Decision.objects.get(pk=instrument.about)
    last = timing.last_recourse(case, facts.of(case), "cassation")
    return CivilStatusExtract(
        reference=reference(instrument),
        court=seat(case),
        rg_number=case.rg_number,
        spouses=spouses(case),
        marriage=marriage(facts.answers_of(case).get(("marriage", None))),
        decided_on=row.on,
        final_since=last.first_day_after if last else row.on,
        operative=(
            "Homologue la convention portant règlement complet des effets du divorce",
            "Prononce le divorce par consentement mutuel des époux",
            "Ordonne la mention du divorce en marge des actes de l'état civil",
        ),
        issued_on=clock.day(instrument.at, case.zone),
        clerk=_clerk(case),
    )


def _common(case: Case, row: Decision, instrument: Instrument) -> dict[str, Any]:
    petition = case.filings.filter(kind="petition").latest("submitted_at")
    agreement = case.instruments.of_kind("agreement").exclude(signed_at=None).last()
    return {
        "reference": reference(instrument),
        "court": seat(case),
        "rg_number": case.rg_number,
        "judge": name_of(row.by),
        "clerk": _clerk(case),
        "decided_on": row.on,
        "heard_on": clock.day(row.hearing.at, case.zone) if row.hearing else row.on,
        "spouses": spouses(case),
        "lawyers": lawyers(case),
        "marriage": marriage(facts.answers_of(case).get(("marriage", None))),
        "children": children(case),
        "petition_filed_on": clock.day(petition.submitted_at, case.zone),
        "agreement_dated": clock.day(agreement.signed_at, case.zone) if agreement and agreement.signed_at else row.on,
        "recourse": _recourse(case, row),
        "body": row.body,
    }


def _heard(case: Case) -> dict[str, tuple[str, ...]]:
    rows = list(case.child_hearings.select_related("child"))
    return {
        "children_heard": tuple(str(row.child) for row in rows if row.state == "heard"),
        "children_not_heard": tuple(str(row.child) for row in rows if row.state == "refused"),
    }


def _recourse(case: Case, row: Decision) -> parts.Recourse:
    kind = "cassation" if row.kind == Decision.Kind.HOMOLOGATION else "appeal"
    return parts.Recourse(kind=kind, until=timing.laid(case, timing.RECOURSES[row.kind], row.on).on)


def _clerk(case: Case) -> str:
    accepted = case.filings.filter(state=Filing.State.ACCEPTED).exclude(answered_by=None).select_related("answered_by").first()
    return name_of(accepted.answered_by) if accepted else ""
