"""What each act of the divorce by mutual consent before the judge asks of the facts, beside the step it belongs to; part of every version that names it."""

from cases.proceedings import predicates as a
from cases.proceedings.declare import When
from cases.proceedings.joint_petition import texts

SIGNING = [When(a.my_signature_is_awaited, law="CPC 1090, 1091", why=texts.NOTHING_TO_SIGN)]
HERE = When(a.not_signed_on_paper, law="", why=texts.SIGNED_ON_PAPER, code="on-paper")
ON_PAPER = When(a.not_signed_here, law="", why=texts.NOT_ON_PAPER, code="not-on-paper")
UNDECIDED = [When(a.nothing_is_pronounced, law="CPC 1099", why=texts.PRONOUNCED, mend=texts.WAIT_FOR_DELIVERY)]
DRAFTED = [When(a.a_draft_waits, law="CPC 1099", why=texts.NOTHING_DRAFTED)]

PROVIDED = {
    "signing.sign": [*SIGNING, HERE],
    "signing.refuse": SIGNING,
    "ceremony.rehearse": [*SIGNING, HERE],
    "ceremony.attest": [When(a.not_signed_apart, law="CC 1175, 1374", why=texts.SIGNED_APART, code="apart")],
    "paper.bring": [ON_PAPER],
    "paper.confirm": [ON_PAPER],
    "filing.answer": [When(a.my_answer_is_awaited, law="", why=texts.NOTHING_ASKED)],
    "hearing.move": UNDECIDED,
    "hearing.drop": UNDECIDED,
    "decision.draft": UNDECIDED,
    "decision.sign": DRAFTED,
    "decision.discard": DRAFTED,
    "recourse.appeal": [
        When(a.an_appeal_lies, law="CPC 1102", why=texts.NO_APPEAL, mend=texts.TAKE_CASSATION),
        When(a.time_for_recourse_runs, law="CPC 1102, 642", why=texts.RECOURSE_OVER),
    ],
    "recourse.petition_for_cassation": [When(a.time_for_recourse_runs, law="CPC 1103, 642", why=texts.RECOURSE_OVER)],
    "recourse.end": [When(a.a_recourse_is_open, law="CPC 1102, 1103", why=texts.NO_RECOURSE)],
    "certificate.issue": [
        When(a.not_certified, law="CPC 1102, 1103", why=texts.CERTIFIED),
        When(a.no_recourse_is_open, law="CPC 1102, 1103", why=texts.RECOURSE_OPEN),
        When(a.time_for_recourse_is_over, law="CPC 1102, 1103, 642", why=texts.RECOURSE_RUNS, mend=texts.SEE_THE_DATES),
    ],
    "closing.close": [When(a.certified, law="CPC 1082", why=texts.NOT_CERTIFIED)],
    "withdrawal.withdraw": [When(a.nothing_final_is_decided, law="CPC 1102, 1103", why=texts.DECIDED)],
}
