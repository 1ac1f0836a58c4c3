"""From a case to the letter of an instrument: the one place where what a reader may see becomes what a letter says."""

from collections.abc import Callable

from cases.letters.base import Letter
from cases.models import Instrument
from cases.writing import decisions, filings, hearings, petition

WRITERS: dict[str, Callable[[Instrument], Letter]] = {
    "petition": petition.joint_petition,
    "list-of-exhibits": petition.list_of_exhibits,
    "receipt": filings.receipt,
    "return-notice": filings.return_notice,
    "question-notice": filings.question_notice,
    "acceptance-notice": filings.acceptance_notice,
    "withdrawal-notice": filings.withdrawal_notice,
    "child-hearing-notice": hearings.child_hearing,
    "summons": hearings.summons,
    "notice-to-lawyers": hearings.notice_to_lawyers,
    "decision": decisions.decision,
    "notification": decisions.notification,
    "certificate": decisions.certificate,
    "civil-status-extract": decisions.civil_status_extract,
}
EVIDENCE = "signing-evidence"  # written by `signatures.evidence`, of a ceremony
SEALED = frozenset([*WRITERS, EVIDENCE]) - {"petition", "decision"}  # the platform's own word; the others are signed by people


def letter(instrument: Instrument) -> Letter:
    """The letter of an instrument, with the values its case gives it at this moment."""
    return WRITERS[instrument.kind](instrument)
