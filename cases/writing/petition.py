"""The joint petition and the list of exhibits."""

from backend import clock
from cases import facts
from cases.courts import covers
from cases.letters import parts
from cases.letters.petition import ExhibitList, JointPetition
from cases.models import Case, Exhibit, Filing, Instrument, Spouse
from cases.proceedings.predicates import contribution_due, land_register, something_to_liquidate
from cases.writing.parts import children, lawyers, marriage, reference, seat, spouses

LABELS = {0: "Pièce commune n° {}", 1: "Pièce n° {}", 2: "Pièce n° {}"}
ANNEXED = ("child-form", "liquidation-statement", "nothing-to-liquidate")


def joint_petition(instrument: Instrument) -> JointPetition:
    """CPC 54, 57, 1075, 1089 to 1091."""
    case = instrument.case
    known = facts.of(case)
    exhibits = list(case.exhibits.kept().with_files())
    return JointPetition(
        reference=reference(instrument),
        court=seat(case),
        dated=clock.today(case.zone),
        spouses=spouses(case),
        lawyers=lawyers(case),
        marriage=marriage(known.answer("marriage")),
        children=children(case),
        residents=tuple(spouse.short_name for spouse in case.spouses.all() if _lives_there(case, spouse)),
        annexes=(
            parts.Paper(label="Convention portant règlement complet des effets du divorce"),
            *(paper(row) for row in exhibits if row.kind in ANNEXED),
        ),
        exhibits=tuple(paper(row) for row in exhibits if row.kind not in ANNEXED and (row.communicated_at or row.side == 0)),
        liquidation="none" if not something_to_liquidate(known) else "notarial" if land_register(known) else "private",
        contribution="La contribution de 50 euros est acquittée ; le justificatif est joint." if _paid(known, exhibits) else "",
        costs=_costs(known),
    )


def list_of_exhibits(instrument: Instrument) -> ExhibitList:
    """CPC 132: of all that goes with a filing, or of what one side communicates."""
    return _filed(instrument) if instrument.about else _communicated(instrument)


def _communicated(instrument: Instrument) -> ExhibitList:
    case, side = instrument.case, int(instrument.data["side"])
    ours = [spouse.short_name for spouse in case.spouses.all() if side in (0, spouse.side)]
    theirs = [spouse.short_name for spouse in case.spouses.all() if spouse.short_name not in ours]
    counsels = lawyers(case)
    acting = next((lawyer for lawyer in counsels if set(ours) & set(lawyer.acts_for)), counsels[0])
    answering = [lawyer.name for lawyer in counsels if lawyer != acting and set(theirs) & set(lawyer.acts_for)]
    listed = case.exhibits.filter(pk__in=instrument.data["exhibits"]).select_related("document__head").order_by("number")
    return ExhibitList(
        reference=reference(instrument),
        court=seat(case),
        dated=clock.day(instrument.at, case.zone),
        case=case.title,
        rg_number=case.rg_number,
        communicated_by=acting,
        communicated_for=tuple(ours),
        communicated_to=tuple(answering or theirs or ([case.court.name] if case.court else ours)),
        exhibits=tuple(paper(row) for row in listed),
    )


def _filed(instrument: Instrument) -> ExhibitList:
    case = instrument.case
    filing = Filing.objects.get(pk=instrument.about)
    counsels = lawyers(case)
    return ExhibitList(
        reference=reference(instrument),
        court=seat(case),
        dated=clock.day(filing.submitted_at, case.zone),
        case=case.title,
        rg_number=case.rg_number,
        communicated_by=counsels[0],
        communicated_for=tuple(spouse.short_name for spouse in case.spouses.all()),
        communicated_to=(case.court.name,) if case.court else (),
        exhibits=tuple(paper(row) for row in filing.exhibits.with_files()),
    )


def paper(row: Exhibit) -> parts.Paper:
    """An exhibit as a list names it."""
    head = row.shared.head if row.shared else None
    number = LABELS[row.side].format(row.number) if row.number else ""
    return parts.Paper(
        label=row.title, number=number, dated=row.dated, pages=head.pages if head else None, sha256=head.sha256 if head else ""
    )


def _lives_there(case: Case, spouse: Spouse) -> bool:
    """Whether the petition, which both sides read, says that a spouse lives where the court sits (CPC 1070): not of whom conceals it."""
    return case.court is not None and not spouse.concealed and bool(covers(case.court, spouse.postal_code))


def _paid(known: facts.Facts, exhibits: list[Exhibit]) -> bool:
    return contribution_due(known) and any(row.kind == "contribution-receipt" for row in exhibits)


def _costs(known: facts.Facts) -> str:
    costs = known.answer("costs")
    if costs is None or costs.first == costs.second:
        return "Les frais sont partagés par moitié."
    return f"Les frais sont supportés à hauteur de {costs.first} % et {costs.second} %."
