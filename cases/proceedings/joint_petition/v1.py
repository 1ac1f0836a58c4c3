"""Divorce by mutual consent before the judge (*requête conjointe*), first version."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.proceedings import predicates as a
from cases.proceedings import questions as q
from cases.proceedings.declare import (
    CLERK,
    JUDGE,
    LAWYER,
    PARTY,
    PLATFORM,
    STAFF,
    WARN,
    Document,
    Period,
    Proceeding,
    Retention,
    Step,
    When,
)
from cases.proceedings.joint_petition import texts
from cases.proceedings.joint_petition.provided import PROVIDED

OPENING = ["answers.save", "opening.add_child", "opening.remove_child", "opening.choose_court"]
EXHIBITS = ["exhibit.add", "exhibit.describe", "exhibit.remove", "exhibit.renumber"]
DRAFTS = ["agreement.upload", "petition.prepare"]
INVITING = ["invitation.send", "invitation.resend", "invitation.cancel"]
PREPARING = {
    PARTY: ["answers.save", "exhibit.add", "exhibit.describe", "exhibit.remove", "exhibit.communicate", "counsel.name", *INVITING],
    STAFF: [*OPENING, *EXHIBITS, *DRAFTS, *INVITING],
    LAWYER: [*OPENING, "counsel.name", *EXHIBITS, "exhibit.communicate", *DRAFTS, "signing.open", *INVITING],
}
EACH_SIGNER = ["signing.sign", "signing.refuse", "ceremony.rehearse", "ceremony.redo"]
ON_PAPER = ["paper.bring", "paper.confirm"]
SIGNING = {PARTY: EACH_SIGNER, LAWYER: [*EACH_SIGNER, "signing.cancel", "ceremony.attest", "ceremony.pause", "ceremony.resume", *ON_PAPER]}
EVERYBODY = {role: ["bundle.ask"] for role in (PARTY, LAWYER, STAFF, CLERK, JUDGE)}
KEEPING = ["keeping.hold", "keeping.release"]
RECOURSE: dict[str, Any] = {"days": 15, "who": [PARTY, LAWYER], "abroad": True}
FOLLOWING = ["decision.record_service", "decision.record_transmission", "decision.record_mention"]

PROCEEDING = Proceeding(
    kind="joint-petition",
    version=1,
    law="CC 229, 230, 232, 247, 250 to 250-3; CPC 1088 to 1105",
    title=_("Divorce by mutual consent before the judge"),
    plain=texts.PLAIN,
    open_when=[
        When(a.a_child_asks_to_be_heard, law="CC 229-2 1°, 230", why=texts.NO_CHILD_ASKS, mend=texts.TAKE_ANOTHER_ROUTE, code="route"),
    ],
    excluded=[
        When(a.a_protected_adult, law="CC 249-4", why=texts.PROTECTED, mend=texts.TAKE_ACCEPTED_DIVORCE, code="protection"),
        When(
            a.a_request_for_protection_is_pending,
            law="CC 249-3",
            why=texts.PROTECTION_PENDING,
            mend=texts.WAIT_FOR_PROTECTION,
            code="protection",
        ),
    ],
    needs=[
        When(a.discernment_known, law="CC 388-1", why=texts.DISCERNMENT_UNKNOWN, mend=texts.SAY_DISCERNMENT, code="child-form"),
        When(a.no_silent_child, law="CC 388-1; CPC 338-1", why=texts.SILENT_CHILD, mend=texts.RESOLVE_SILENCE, code="child-form"),
        When(a.forms_ask_to_be_heard, law="CPC 1091", why=texts.FORM_DOES_NOT_ASK, mend=texts.NEVER_ASK_AGAIN, code="child-form"),
        When(a.forms_are_dated_and_signed, law="CPC 1091", why=texts.FORM_UNSIGNED, mend=texts.SIGN_FORM, code="child-form"),
        When(a.each_spouse_has_a_lawyer, law="CC 250", why=texts.NO_LAWYER, mend=texts.NAME_A_LAWYER, code="lawyer"),
        When(a.court_is_competent, law="CPC 1070", why=texts.COURT_NOT_COMPETENT, mend=texts.CHOOSE_A_COURT, code="court"),
        When(a.signed_by_all("agreement"), law="CPC 1091", why=texts.AGREEMENT_UNSIGNED, mend=texts.SIGN_IT, code="agreement"),
        When(a.signed_by_all("petition"), law="CPC 1090", why=texts.PETITION_UNSIGNED, mend=texts.SIGN_IT, code="petition"),
    ],
    doubts=[
        When(
            a.maintenance_is_not_low,
            law="CC 232",
            why=texts.LOW_MAINTENANCE,
            mend=texts.SHOW_MAINTENANCE,
            code="maintenance",
            configurable=True,
        ),
    ],
    topics=[
        q.SPOUSE_IDENTITY,
        q.SPOUSE_CONTACT,
        q.SPOUSE_PROTECTION,
        q.SPOUSE_BODIES,
        q.INCOME,
        q.NAMES,
        q.CHILD_IDENTITY,
        q.CHILD_VOICE,
        q.MARRIAGE,
        q.HOMES,
        q.PROPERTY,
        q.DEBTS,
        q.ALLOWANCE,
        q.MAINTENANCE,
        q.COSTS,
        q.EFFECTS_DATE,
    ],
    requires=[
        Document(
            "child-form",
            _("The child's form, dated and signed, asking to be heard"),
            of=a.each_child_asking,
            law="CPC 1091",
            why=texts.WHY_CHILD_FORM,
        ),
        Document(
            "liquidation-statement",
            _("Liquidation statement"),
            when=a.something_to_liquidate,
            form=a.liquidation_form,
            law="CPC 1091",
            mend=texts.MEND_LIQUIDATION,
        ),
        Document("nothing-to-liquidate", _("Declaration that there is nothing to liquidate"), when=a.nothing_to_liquidate, law="CPC 1091"),
        Document(
            "social-bodies-information",
            _("Social bodies of each spouse"),
            when=a.bodies_not_answered,
            law="CPC 1075, 1090",
            mend=texts.MEND_BODIES,
        ),
        Document(
            "resources-statement",
            _("Sworn statement of resources"),
            of=a.each_spouse,
            when=a.an_allowance_is_discussed,
            law="CC 272; CPC 1075-1",
        ),
        Document(
            "birth-certificate",
            _("Full birth certificate"),
            of=a.each_spouse,
            law="practice",
            at_most_months=3,
            otherwise=WARN,
            configurable=True,
        ),
        Document(
            "birth-certificate",
            _("Full birth certificate"),
            of=a.each_child,
            law="practice",
            at_most_months=3,
            otherwise=WARN,
            configurable=True,
        ),
        Document(
            "marriage-certificate", _("Full marriage certificate"), law="practice", at_most_months=3, otherwise=WARN, configurable=True
        ),
        Document(
            "marriage-contract", _("Marriage contract"), when=a.a_contract_was_made, law="practice", otherwise=WARN, configurable=True
        ),
        Document(
            "legal-aid-decision",
            _("Legal-aid decision"),
            of=a.each_spouse_with_legal_aid,
            law="practice",
            otherwise=WARN,
            configurable=True,
        ),
        Document(
            "contribution-receipt",
            _("Receipt of the contribution of 50 euros"),
            when=a.contribution_due,
            law="CGI 1635 bis Q",
            otherwise=WARN,
            configurable=True,
            mend=texts.MEND_CONTRIBUTION,
        ),
    ],
    steps=[
        Step(
            "prepare",
            _("Preparation"),
            texts.STEP_PREPARE,
            may=PREPARING,
            then={"signing-opened": "sign"},
            signs=["petition", "agreement"],
            turn=LAWYER,
            law="CPC 1089 to 1091",
        ),
        Step(
            "sign",
            _("Signature"),
            texts.STEP_SIGN,
            may=SIGNING,
            then={"all-signed": "file", "signing-ended": "prepare"},
            turn=PARTY,
            law="CPC 1090, 1091",
        ),
        Step(
            "file",
            _("Filing with the court"),
            texts.STEP_FILE,
            may={
                LAWYER: ["filing.submit", *EXHIBITS, "exhibit.communicate", "agreement.reopen"],
                STAFF: EXHIBITS,
                PARTY: ["exhibit.add", "exhibit.communicate"],
            },
            then={"filed": "check", "reopened": "prepare"},
            turn=LAWYER,
            law="CPC 1092",
        ),
        Step(
            "check",
            _("Check by the registry"),
            texts.STEP_CHECK,
            may={
                CLERK: ["filing.claim", "filing.release", "filing.ask", "filing.return_for_correction", "filing.accept", "filing.assign"],
                LAWYER: ["filing.answer"],
                PARTY: ["filing.answer"],
            },
            then={"returned": "file", "accepted": "hear-child"},
            turn=CLERK,
        ),
        Step(
            "hear-child",
            _("Hearing of the child"),
            texts.STEP_HEAR_CHILD,
            may={JUDGE: ["child.hear", "child.refuse_hearing"], CLERK: ["filing.undo_acceptance", "filing.assign"]},
            then={"children-heard": "schedule", "acceptance-undone": "check"},
            turn=JUDGE,
            law="CPC 1092, 338-1 to 338-12",
        ),
        Step(
            "schedule",
            _("Summons"),
            texts.STEP_SCHEDULE,
            may={JUDGE: ["hearing.schedule"], CLERK: ["hearing.schedule", "filing.assign"]},
            then={"scheduled": "hear"},
            turn=JUDGE,
            law="CPC 1092",
        ),
        Step(
            "hear",
            _("Hearing"),
            texts.STEP_HEAR,
            may={
                JUDGE: ["hearing.move", "hearing.drop", "decision.draft", "decision.discard", "decision.sign"],
                CLERK: ["hearing.serve_summons", "hearing.move", "hearing.drop"],
            },
            then={"dropped": "schedule", "homologated": "recourse", "adjourned": "new-agreement", "lapsed": "lapsed"},
            turn=JUDGE,
            law="CC 232, 250; CPC 1092, 1099",
        ),
        Step(
            "new-agreement",
            _("New agreement"),
            texts.STEP_NEW_AGREEMENT,
            may={
                PARTY: ["answers.save", "exhibit.add", "exhibit.communicate", *SIGNING[PARTY], "recourse.appeal"],
                STAFF: ["answers.save", "exhibit.add", "agreement.upload"],
                LAWYER: [
                    "answers.save",
                    "exhibit.add",
                    "exhibit.communicate",
                    "agreement.upload",
                    "signing.open",
                    *SIGNING[LAWYER],
                    "filing.submit_new_agreement",
                    "recourse.appeal",
                ],
                JUDGE: ["decision.draft", "decision.discard", "decision.sign"],
                CLERK: [*FOLLOWING, "recourse.end"],
            },
            then={
                **dict.fromkeys(("signing-opened", "signing-ended", "all-signed"), "new-agreement"),
                "new-agreement-filed": "schedule",
                "lapsed": "lapsed",
            },
            signs=["agreement"],
            turn=LAWYER,
            law="CC 250-2; CPC 1100, 1101",
            on_the_way=False,
        ),
        Step(
            "recourse",
            _("Time for recourse"),
            texts.STEP_RECOURSE,
            may={
                PARTY: ["recourse.petition_for_cassation"],
                LAWYER: ["recourse.petition_for_cassation"],
                CLERK: [*FOLLOWING, "certificate.issue", "recourse.end", "closing.close"],
            },
            then={"closed": "closed"},
            turn=CLERK,
            law="CC 260 2°; CPC 1086, 1102, 1103",
        ),
        Step(
            "lapsed",
            _("Lapse"),
            texts.STEP_LAPSED,
            may={
                PARTY: ["recourse.appeal"],
                LAWYER: ["recourse.appeal"],
                CLERK: [*FOLLOWING, "certificate.issue", "recourse.end", "closing.close"],
            },
            then={"closed": "closed"},
            turn=CLERK,
            law="CC 250-3; CPC 1101, 1102",
            on_the_way=False,
        ),
        Step(
            "withdrawn",
            _("Withdrawn"),
            texts.STEP_WITHDRAWN,
            may={**EVERYBODY, CLERK: ["bundle.ask", *KEEPING]},
            on_the_way=False,
            ends=True,
        ),
        Step(
            "closed",
            _("Divorce pronounced, case closed"),
            texts.STEP_CLOSED,
            may={
                **EVERYBODY,
                CLERK: ["decision.record_mention", "bundle.ask", "exhibit.open_original", *KEEPING],
                JUDGE: ["bundle.ask", "exhibit.open_original"],
            },
            ends=True,
        ),
    ],
    throughout={
        PARTY: ["correspondence.write", "bundle.ask", "withdrawal.withdraw"],
        LAWYER: ["correspondence.write", "bundle.ask"],
        STAFF: ["correspondence.write", "bundle.ask"],
        CLERK: ["correspondence.write", "bundle.ask", "exhibit.open_original", *KEEPING],
        JUDGE: ["correspondence.write", "bundle.ask", "exhibit.open_original"],
        PLATFORM: [
            *("letters.attach", "letters.stamp", "letters.mark", "exhibit.set_aside", "signing.record_signature", "invitation.remind"),
            *("ceremony.remind", "ceremony.close", "paper.compare"),
            *("keeping.announce", "keeping.erase", "keeping.erase_originals", *KEEPING),
        ],
    },
    retention=[
        Retention("divorced", 120, texts.ENDED_DIVORCED, law="CPCE L.111-4"),
        Retention("lapsed", 60, texts.ENDED_LAPSED, law="CC 2224"),
        Retention("withdrawn", 12, texts.ENDED_WITHDRAWN, law="RGPD 5, 1, e", copies=False),
    ],
    periods=[
        Period(
            "summons", _("Summons of the spouses"), law="CPC 1092", since="hearing", days=15, who=[CLERK], done="summoned", backward=True
        ),
        Period(
            "new-agreement",
            _("New agreement"),
            law="CC 250-2; CPC 1100, 1101",
            since="adjourned",
            months=6,
            who=[PARTY, LAWYER],
            done="new-agreement-filed",
            suspended_by="appeal-of-adjournment",
        ),
        Period("appeal", _("Appeal of the adjournment"), since="adjourned", done="appeal-of-adjournment", law="CPC 1102", **RECOURSE),
        Period("appeal-of-lapse", _("Appeal of the lapse"), since="lapsed", done="appeal-of-lapse", law="CPC 1102", **RECOURSE),
        Period("cassation", _("Petition for cassation"), since="homologated", done="cassation", law="CPC 1103", **RECOURSE),
        Period(
            "maintenance-data",
            _("Maintenance data to the family-benefits body"),
            law="CPC 1074-4",
            since="homologated",
            days=7,
            who=[CLERK],
            done="maintenance-sent",
            when=a.intermediation_applies,
        ),
        Period(
            "maintenance-title",
            _("Title to the family-benefits body"),
            law="CPC 1074-4",
            since="served",
            days=42,
            who=[CLERK],
            done="title-sent",
            when=a.intermediation_applies,
            configurable=True,
        ),
        Period("question", _("Answer to the registry"), law="", since="asked", who=[PARTY, LAWYER], named=True),
        Period("invitation", _("Answer to the invitation"), law="", since="invited", named=True),
    ],
    provided=PROVIDED,
)
