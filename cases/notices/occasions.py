"""Of which entries people are told by mail, who, and in which words. Every kind of entry is here: in OCCASIONS, or in UNTOLD."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise

PARTY = "party"  # the spouses who have an account
LAWYER = "lawyer"  # their lawyers; not the lawyers' staff
CLERK = "clerk"  # who took the filing on their desk
HOLDER = "holder"  # who had taken the filing that another put back
ASKED = "asked"  # those a question was put to
SIGNER = "signer"  # those whose signature is awaited; where one signs after the other, whose turn it is
INVITEE = "invitee"  # who was invited, by the address given, with the link
ALL = (PARTY, LAWYER, CLERK)
THE_PARTIES = (PARTY, LAWYER)


@dataclass(frozen=True)
class Occasion:
    """What is said of an entry, to whom. Recipients are always narrowed to those who may see the entry, less its author.

    `only` are facts the entry must have; `date` the fact, or the attribute of what it is about, that gives the day or moment to keep;
    `urgent` goes out at once even to those who asked for a digest; entries of a kind within `gather` of another are told together.
    """

    who: Sequence[str]
    said: Text
    todo: Text = ""
    date: str = ""
    only: Mapping[str, object] | None = None
    never: Mapping[str, object] | None = None
    urgent: bool = False
    gather: timedelta | None = None

    def covers(self, facts: Mapping[str, object]) -> bool:
        """Whether an entry with these facts is told."""
        wanted, unwanted = (self.only or {}).items(), (self.never or {}).items()
        return all(facts.get(name) == value for name, value in wanted) and not any(facts.get(name) == value for name, value in unwanted)


OCCASIONS: Mapping[str, Occasion] = {
    "invitation.sent": Occasion([INVITEE], "", date="answer_by", urgent=True),
    "invitation.reminded": Occasion([INVITEE], "", date="answer_by", urgent=True),
    "invitation.accepted": Occasion([LAWYER], _("A person you invited has joined the case.")),
    "invitation.changes_asked": Occasion(
        [LAWYER],
        _("A person you invited asks for changes before joining the case."),
        _("Read their comment, correct what must be, and invite them again."),
    ),
    "counsel.named": Occasion(THE_PARTIES, _("Another lawyer was named in the case.")),
    "exhibit.communicated": Occasion(
        THE_PARTIES, _("Exhibits were communicated to you."), _("Read them in the case."), never={"side": 0}, gather=timedelta(minutes=2)
    ),
    "exhibit.infected": Occasion(
        THE_PARTIES,
        _("A virus was found in the file of an exhibit. It was set aside: nobody can open it."),
        _("Bring the document again, from another device if you can."),
        urgent=True,
    ),
    "agreement.uploaded": Occasion(THE_PARTIES, _("The agreement, or a new version of it, is in the case."), _("Read it in the case.")),
    "agreement.reopened": Occasion(
        THE_PARTIES,
        _("The petition and the agreement were set aside, so that something can be changed."),
        _("You will be told when there is something to sign."),
    ),
    "signing.opened": Occasion(
        THE_PARTIES,
        _("The signature of the petition and of the agreement is set."),
        _("Read them in your case, and try the signature beforehand. You then sign them, or say why you do not."),
        date="opens_at",
    ),
    "signing.consented": Occasion(
        [SIGNER],
        _("It is your turn to sign."),
        _("Read the documents in your case, then sign them, or say why you do not."),
        only={"ordered": True},
        urgent=True,
    ),
    "ceremony.reminded": Occasion(
        [SIGNER],
        _("Your signature is awaited."),
        _("Read the documents in your case, then sign them, or say why you do not. Not finished in time, nothing is signed."),
        date="opens_at",
        urgent=True,
    ),
    "ceremony.paused": Occasion(
        THE_PARTIES, _("The signature is paused. What is signed stays."), _("You will be told when it goes on."), urgent=True
    ),
    "ceremony.resumed": Occasion(
        THE_PARTIES,
        _("The signature goes on where it stopped."),
        _("Sign in your case, if you have not yet."),
        date="opens_at",
        urgent=True,
    ),
    "ceremony.signature_taken_back": Occasion(
        THE_PARTIES,
        _("One signature was taken back, to be given again. The others stay."),
        _("If it is yours, sign again in your case."),
        urgent=True,
    ),
    "paper.scan_compared": Occasion(
        [LAWYER],
        _("The scan of what was signed on paper was compared with the text."),
        _("Look at what was found, then confirm that the scan is what was signed."),
    ),
    "ceremony.closed": Occasion(
        THE_PARTIES,
        _("The signature closed before everyone had signed: nothing is signed."),
        _("You will be told when it is opened again."),
        urgent=True,
    ),
    "signing.completed": Occasion(THE_PARTIES, _("Everyone has signed."), _("The lawyers can now file the petition with the court.")),
    "signing.refused": Occasion(
        THE_PARTIES, _("Somebody has refused to sign. Nothing that was signed counts."), _("The reason is in the case.")
    ),
    "signing.cancelled": Occasion(
        THE_PARTIES, _("The signature was ended before everyone had signed."), _("You will be told when it is opened again.")
    ),
    "message.written": Occasion(ALL, _("You have received a message."), _("Read it, and answer, in the case.")),
    "filing.submitted": Occasion(
        THE_PARTIES, _("The petition was filed with the court."), _("There is nothing to do: the registry checks it.")
    ),
    "filing.new_agreement_submitted": Occasion(
        ALL, _("The new agreement was presented to the court."), _("You will be told of the hearing.")
    ),
    "filing.asked": Occasion(
        [ASKED],
        _("The registry of the court puts a question to you."),
        _("Read it and answer it in the case."),
        date="answer_by",
        urgent=True,
    ),
    "filing.released": Occasion(
        [HOLDER], _("A filing you had taken was put back in the queue by a colleague."), _("The reason is with the filing.")
    ),
    "filing.answered": Occasion([CLERK], _("The question you put was answered."), _("Read the answer in the case.")),
    "filing.returned_for_correction": Occasion(
        THE_PARTIES,
        _("The court returned the petition for correction. Nothing is lost."),
        _("The case says what to correct. The petition is then filed again."),
    ),
    "filing.accepted": Occasion(
        THE_PARTIES, _("The court accepted the petition and gave the case its number."), _("The court will set a date.")
    ),
    "filing.acceptance_undone": Occasion(
        THE_PARTIES, _("The registry took back its acceptance of the petition, to look at it again."), _("There is nothing to do for now.")
    ),
    "child.heard": Occasion(THE_PARTIES, _("The judge has taken a step before the hearing."), _("Read it in the case.")),
    "child.hearing_refused": Occasion(THE_PARTIES, _("The judge has taken a step before the hearing."), _("Read it in the case.")),
    "hearing.scheduled": Occasion(
        [LAWYER], _("The court has set the date of the hearing."), _("The spouses are summoned."), date="at", urgent=True
    ),
    "hearing.moved": Occasion(
        [LAWYER], _("The court has moved the hearing to another date."), _("The spouses are summoned again."), date="at", urgent=True
    ),
    "hearing.dropped": Occasion(
        THE_PARTIES,
        _("The hearing will not be held on the date you were given."),
        _("The court will set another date: you will be told."),
        urgent=True,
    ),
    "letter.attached": Occasion(
        [PARTY],
        _("The court summons you to a hearing."),
        _("Your summons is in the case: read it, and come."),
        date="hearing",
        only={"kind": "summons"},
        urgent=True,
    ),
    "decision.delivered": Occasion(
        ALL, _("The court's decision has been delivered."), _("Read it in the case: it says which recourse is open, and until when.")
    ),
    "decision.mentioned": Occasion(THE_PARTIES, _("The decision now stands on the civil-status records.")),
    "recourse.appealed": Occasion(ALL, _("An appeal against the decision was noted.")),
    "recourse.petitioned_for_cassation": Occasion(ALL, _("A petition for cassation against the decision was noted.")),
    "recourse.ended": Occasion(THE_PARTIES, _("A recourse against the decision has ended.")),
    "certificate.issued": Occasion(
        THE_PARTIES, _("The registry certifies that no recourse is open any more."), _("The certificate is in the case: keep it.")
    ),
    "case.withdrawn": Occasion(ALL, _("One of the spouses has withdrawn. The case ends here."), _("Everything in it stays readable.")),
    "case.erasure_announced": Occasion(
        THE_PARTIES,
        _("The documents of your case will soon be erased: they were kept as long as they must be."),
        _("The case says until when. Download what you wish to keep."),
        urgent=True,
    ),
    "case.erased": Occasion(THE_PARTIES, _("The documents of your case were erased, having been kept as long as they must be.")),
    "case.closed": Occasion(THE_PARTIES, _("The case is closed."), _("Everything in it stays readable.")),
}

# Steps of one's own work, or of the registry's, that the page shows and nobody waits for.
UNTOLD = frozenset(
    {
        "answer.saved",
        "bundle.asked",
        "case.held",
        "case.opened",
        "case.released",
        "ceremony.presence_attested",
        "paper.scan_brought",
        "paper.signed",
        "ceremony.rehearsed",
        "child.added",
        "child.removed",
        "court.chosen",
        "decision.discarded",
        "decision.drafted",
        "decision.maintenance_sent",
        "decision.served",
        "decision.signed",
        "decision.title_sent",
        "document.downloaded",
        "document.opened",
        "exhibit.added",
        "exhibit.described",
        "exhibit.marked",
        "exhibit.ordered",
        "exhibit.original_erased",
        "exhibit.original_opened",
        "exhibit.removed",
        "exhibit.stamped",
        "filing.claimed",
        "filing.assigned",
        "hearing.list_closed",
        "hearing.list_made",
        "hearing.summons_served",
        "invitation.cancelled",
        "petition.prepared",
        "signing.prepared",
        "signing.signed",
    }
)
