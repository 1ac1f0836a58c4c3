"""One of each letter, over the story of the first example: plain values, no database."""

from datetime import UTC, date, datetime

from cases import letters

REFERENCE = letters.Reference(code="7KQ4-M2XP-9TRV", url="https://accord.exemple.fr/v/7KQ4-M2XP-9TRV")
ROUEN = letters.Seat(
    name="tribunal judiciaire de Rouen",
    address="Place du Maréchal-Foch",
    postal_code="76000",
    city="Rouen",
    chamber="Chambre de la famille, cabinet 2",
    email="jaf.rouen@exemple.fr",
)
ARMELLE = letters.Spouse(
    title="Madame",
    last_name="Vauquelin",
    used_name="Desmarets",
    first_names="Armelle Jeanne",
    occupation="infirmière",
    born=date(1982, 6, 14),
    birthplace="Dieppe",
    nationality="française",
    address="8 rue des Tanneurs-Bleus, 76000 Rouen",
    email="armelle.vauquelin@example.fr",
    bodies=(
        letters.Body(kind="Assurance maladie", name="CPAM de Rouen-Elbeuf-Dieppe", address="76000 Rouen", number="2 82 06 76 217 004"),
        letters.Body(kind="Prestations familiales", name="CAF de Seine-Maritime", address="76000 Rouen", number="1234567 A"),
        letters.Body(kind="Retraite", name="Carsat Normandie", address="76000 Rouen"),
    ),
)
THIBAULT = letters.Spouse(
    title="Monsieur",
    last_name="Desmarets",
    first_names="Thibault",
    occupation="menuisier",
    born=date(1979, 11, 30),
    birthplace="Elbeuf",
    nationality="française",
    address="41 quai du Vieux-Lavoir, 76000 Rouen",
    bodies=(letters.Body(kind="Assurance maladie", name="CPAM de Rouen-Elbeuf-Dieppe", address="76000 Rouen"),),
)
HOUEL = letters.Lawyer(
    name="Maître Solène Houël",
    bar="Rouen",
    firm="Cabinet Houël",
    structure="exercice individuel",
    address="12 rue de la Toise, 76000 Rouen",
    email="houel@example.fr",
    phone="06 00 00 00 01",
    acts_for=(ARMELLE.name, THIBAULT.name),
)
ZELIE = letters.Child(
    first_names="Zélie",
    last_name="Desmarets",
    born=date(2012, 11, 3),
    birthplace="Rouen",
    nationality="française",
    occupation="collégienne",
    residence=ARMELLE.address,
    hearing="asks",
)
OSCAR = letters.Child(
    first_names="Oscar",
    last_name="Desmarets",
    born=date(2022, 2, 18),
    birthplace="Rouen",
    nationality="française",
    residence=ARMELLE.address,
    hearing="without-discernment",
)
MARRIAGE = letters.Marriage(day=date(2010, 7, 3), place="Rouen")
CASE = "Vauquelin / Desmarets"
RG = "26/02417"
FILED = datetime(2026, 5, 11, 9, 5, 42, tzinfo=UTC)
HEARING = letters.Hearing(at=datetime(2026, 6, 26, 8, 0, tzinfo=UTC), room="salle 4, rez-de-chaussée", judge="Madame Hélène Aubry")
TO_ARMELLE = letters.Addressee(name="Madame Armelle Vauquelin", address=ARMELLE.address, greeting="Madame,")
TO_HOUEL = letters.Addressee(name="Maître Solène Houël", address=HOUEL.address, greeting="Maître,")
CASSATION = letters.Recourse(kind="cassation", until=date(2026, 7, 13))
APPEAL = letters.Recourse(kind="appeal", until=date(2026, 7, 13))
COMMON = {"reference": REFERENCE, "court": ROUEN}
DECISION = {
    **COMMON,
    "rg_number": RG,
    "minute": "26/00812",
    "judge": "Madame Hélène Aubry",
    "clerk": "Monsieur Luc Fermanel",
    "decided_on": date(2026, 6, 26),
    "heard_on": date(2026, 6, 26),
    "spouses": (ARMELLE, THIBAULT),
    "lawyers": (HOUEL,),
    "marriage": MARRIAGE,
    "children": (ZELIE, OSCAR),
    "petition_filed_on": date(2026, 5, 11),
    "agreement_dated": date(2026, 5, 4),
}
NOTICE = {**COMMON, "to": TO_HOUEL, "dated": date(2026, 5, 13), "case": CASE, "clerk": "Monsieur Luc Fermanel"}


def petition(**changes) -> letters.JointPetition:
    return letters.JointPetition(
        **{
            **COMMON,
            "dated": date(2026, 5, 4),
            "spouses": (ARMELLE, THIBAULT),
            "lawyers": (HOUEL,),
            "marriage": MARRIAGE,
            "children": (ZELIE, OSCAR),
            "residents": ("Armelle Jeanne Vauquelin", "Thibault Desmarets"),
            "annexes": (
                letters.Paper(label="Convention portant règlement complet des effets du divorce", dated=date(2026, 5, 4)),
                letters.Paper(label="État liquidatif du régime matrimonial", dated=date(2026, 5, 4)),
                letters.Paper(label="Formulaire par lequel Zélie demande à être entendue", dated=date(2026, 3, 2)),
            ),
            "exhibits": (
                letters.Paper(number="Pièce n° 1", label="Acte de naissance d'Armelle Vauquelin", dated=date(2026, 3, 30)),
                letters.Paper(number="Pièce n° 2", label="Acte de naissance de Thibault Desmarets", dated=date(2026, 3, 31)),
                letters.Paper(number="Pièce n° 3", label="Acte de mariage", dated=date(2026, 3, 30)),
            ),
            "contribution": "50 euros, justificatif joint",
            **changes,
        }
    )


def exhibit_list() -> letters.ExhibitList:
    papers = tuple(
        letters.Paper(number=f"Pièce n° {n}", label=f"Acte de naissance n° {n}", dated=date(2026, 3, n), pages=n) for n in range(1, 8)
    )
    return letters.ExhibitList(
        **COMMON,
        dated=date(2026, 5, 4),
        case=CASE,
        communicated_by=HOUEL,
        communicated_for=("Armelle Vauquelin",),
        communicated_to=("Maître Ronan Kerdoncuff",),
        exhibits=papers,
    )


def receipt(**changes) -> letters.FilingReceipt:
    papers = (
        letters.Paper(label="Requête conjointe", pages=6, sha256="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
        letters.Paper(label="Convention", pages=14, sha256="60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752"),
    )
    return letters.FilingReceipt(
        **{
            **COMMON,
            "case": CASE,
            "number": "D-2026-000117",
            "filed_at": FILED,
            "filed_by": "Maître Solène Houël, avocat au barreau de Rouen",
            "filed_for": (ARMELLE.name, THIBAULT.name),
            "papers": papers,
            **changes,
        }
    )


def return_notice() -> letters.ReturnNotice:
    reasons = (
        letters.Reason(
            about="Formulaire de l'enfant",
            reason="Le formulaire de Zélie n'est pas daté.",
            mend="Joindre le formulaire daté et signé par l'enfant.",
            law="article 1091 du code de procédure civile",
        ),
        letters.Reason(about="Contribution", reason="Le justificatif n'est pas lisible.", mend="Joindre une nouvelle copie."),
    )
    return letters.ReturnNotice(**NOTICE, filed_at=FILED, reasons=reasons, answer_by=date(2026, 6, 1))


def question_notice() -> letters.QuestionNotice:
    return letters.QuestionNotice(
        **NOTICE,
        filed_at=FILED,
        question="L'adresse de l'employeur de Madame est-elle bien celle du justificatif ?",
        asked=("Maître Solène Houël",),
        answer_by=date(2026, 5, 29),
    )


def acceptance_notice() -> letters.AcceptanceNotice:
    return letters.AcceptanceNotice(**NOTICE, filed_at=FILED, rg_number=RG, accepted_on=date(2026, 5, 13))


def withdrawal_notice() -> letters.WithdrawalNotice:
    return letters.WithdrawalNotice(
        **NOTICE, rg_number=RG, withdrawn_by="Monsieur Thibault Desmarets", withdrawn_at=datetime(2026, 5, 20, 16, 30, tzinfo=UTC)
    )


def summons(**changes) -> letters.Summons:
    return letters.Summons(
        **{
            **COMMON,
            "to": TO_ARMELLE,
            "dated": date(2026, 6, 8),
            "rg_number": RG,
            "case": CASE,
            "hearing": HEARING,
            "lawyer": "Maître Solène Houël",
            **changes,
        }
    )


def lawyer_notice() -> letters.LawyerNotice:
    return letters.LawyerNotice(
        **COMMON, to=TO_HOUEL, dated=date(2026, 6, 8), rg_number=RG, case=CASE, hearing=HEARING, clients=(ARMELLE.name, THIBAULT.name)
    )


def child_hearing(**changes) -> letters.ChildHearing:
    return letters.ChildHearing(
        **{
            **COMMON,
            "to": TO_HOUEL,
            "dated": date(2026, 5, 20),
            "rg_number": RG,
            "case": CASE,
            "child": "Zélie Desmarets",
            "asked_on": date(2026, 3, 2),
            "decision": "to-hear",
            "judge": "Madame Hélène Aubry",
            "hearing": letters.Hearing(at=datetime(2026, 6, 3, 12, 0, tzinfo=UTC), room="salle des enfants"),
            **changes,
        }
    )


def hearing_list() -> letters.HearingList:
    cases = tuple(
        letters.Listed(
            at=datetime(2026, 6, 26, 7 + n, 30, tzinfo=UTC),
            rg_number=f"26/0241{n}",
            case=CASE,
            lawyers=("Maître Solène Houël",),
            note="nouvelle convention" if n == 2 else "",
        )
        for n in range(4)
    )
    return letters.HearingList(**COMMON, day=date(2026, 6, 26), room="salle 4", judge="Madame Hélène Aubry", cases=cases)


def judgment(**changes) -> letters.Judgment:
    return letters.Judgment(**{**DECISION, "recourse": CASSATION, "children_heard": ("Zélie",), **changes})


def adjournment(**changes) -> letters.Adjournment:
    return letters.Adjournment(
        **{
            **DECISION,
            "recourse": APPEAL,
            "reasons": "La contribution prévue ne couvre pas ses frais de scolarité ; l'intérêt de Zélie n'est pas préservé.",
            "conditions": (
                "une contribution qui couvre les frais de scolarité de Zélie ;",
                "une garantie du paiement de cette contribution.",
            ),
            "provisional_measures": ("attribution à Madame de la jouissance du logement familial.",),
            "new_agreement_by": date(2026, 12, 28),
            **changes,
        }
    )


def lapse(**changes) -> letters.Lapse:
    return letters.Lapse(
        **{
            **DECISION,
            "recourse": APPEAL,
            "ground": "no-agreement",
            "adjourned_on": date(2025, 12, 1),
            "new_agreement_by": date(2026, 6, 1),
            **changes,
        }
    )


def notification(**changes) -> letters.Notification:
    return letters.Notification(
        **{
            **COMMON,
            "to": TO_ARMELLE,
            "dated": date(2026, 7, 2),
            "rg_number": RG,
            "case": CASE,
            "decision": "judgment",
            "decided_on": date(2026, 6, 26),
            "recourse": CASSATION,
            "enclosed": ("copie certifiée conforme du jugement",),
            **changes,
        }
    )


def no_recourse(**changes) -> letters.NoRecourse:
    return letters.NoRecourse(
        **{
            **COMMON,
            "rg_number": RG,
            "case": CASE,
            "decision": "judgment",
            "decided_on": date(2026, 6, 26),
            "recourse": CASSATION,
            "certified_on": date(2026, 7, 15),
            "clerk": "Luc Fermanel",
            **changes,
        }
    )


def civil_status_extract() -> letters.CivilStatusExtract:
    return letters.CivilStatusExtract(
        **COMMON,
        rg_number=RG,
        minute="26/00812",
        spouses=(ARMELLE, THIBAULT),
        marriage=MARRIAGE,
        decided_on=date(2026, 6, 26),
        final_since=date(2026, 7, 14),
        operative=(
            "homologue la convention datée du 4 mai 2026 ;",
            "prononce le divorce par consentement mutuel des époux ;",
            "ordonne la mention du divorce en marge des actes de l'état civil.",
        ),
        issued_on=date(2026, 7, 15),
        clerk="Luc Fermanel",
    )


def signature_report() -> letters.SignatureReport:
    return letters.SignatureReport(
        **COMMON,
        name="convention.pdf",
        sha256="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        size=48_213,
        checked_at=datetime(2026, 7, 15, 9, 30, tzinfo=UTC),
        meaning="Toutes les signatures sont valables.",
        advice="Rien à faire.",
        signatures=(
            letters.SignatureTold(
                title="Signature de Maître Solène Houël",
                worth="Valable",
                problems=(),
                lines=(letters.SignatureLine(label="Heure certifiée", text="4 mai 2026 à 11:02:09"),),
            ),
        ),
    )


EVERY = (
    petition,
    exhibit_list,
    receipt,
    return_notice,
    question_notice,
    acceptance_notice,
    withdrawal_notice,
    summons,
    lawyer_notice,
    child_hearing,
    hearing_list,
    judgment,
    adjournment,
    lapse,
    notification,
    no_recourse,
    civil_status_extract,
    signature_report,
)
