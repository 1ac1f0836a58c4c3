"""The words of the divorce by mutual consent before the judge: plain sentences for the people concerned."""

from django.utils.translation import gettext_lazy as _

PLAIN = _(
    "You agree on everything and one of your children asks to be heard: the judge hears the child, then you, and approves your agreement."
)

NO_CHILD_ASKS = _("This route needs a minor child who was told of the right to be heard and asks for it. None does.")
TAKE_ANOTHER_ROUTE = _("Choose one of the routes proposed: your answers and exhibits are kept.")
PROTECTED = _("One of the spouses is a protected adult.")
TAKE_ACCEPTED_DIVORCE = _("The accepted divorce is open to you, with the curator or through the guardian.")
PROTECTION_PENDING = _("A request for protection is pending for one of the spouses.")
WAIT_FOR_PROTECTION = _("Wait until the judge has answered that request.")

DISCERNMENT_UNKNOWN = _("It is not said whether each child understands enough to be heard.")
SAY_DISCERNMENT = _("Answer the question about each child.")
SILENT_CHILD = _("A child who understands was not told of the right to be heard, or the answer is not known.")
RESOLVE_SILENCE = _("Give the child the form, and note the day and the answer. No answer is not a no.")
FORM_DOES_NOT_ASK = _("The form to annex must ask to be heard.")
NEVER_ASK_AGAIN = _("Choose one of the routes proposed. A child is never asked again to change the answer.")
FORM_UNSIGNED = _("The child's form is not dated or not signed.")
SIGN_FORM = _("Have the child date and sign the form, and add it again.")
NO_LAWYER = _("Each spouse needs a lawyer: one chosen together, or one each.")
NAME_A_LAWYER = _("Name the lawyer of the spouse who has none.")
COURT_NOT_COMPETENT = _("No court is chosen, or the court chosen is not where either spouse lives.")
CHOOSE_A_COURT = _("Choose one of the courts proposed.")
AGREEMENT_UNSIGNED = _("The agreement does not bear every signature.")
PETITION_UNSIGNED = _("The petition does not bear every signature.")
SIGN_IT = _("Open the signature: each spouse and each lawyer signs.")

LOW_MAINTENANCE = _(
    "The contribution to a child's keep is low beside the income of the parent who pays. The judge may find the child's interest not sufficiently preserved."
)
SHOW_MAINTENANCE = _("Show in the agreement how the amount was reached.")

WHY_CHILD_FORM = _("Without the child's own request, the judge cannot be seized of this petition.")
MEND_LIQUIDATION = _("Add it, or declare that there is nothing to liquidate. Where land registration applies, a notary draws it up.")
MEND_BODIES = _("Answer the question about social bodies for each spouse, or add the information as an exhibit.")
MEND_CONTRIBUTION = _("Pay it and add the receipt, or show that none is due.")

STEP_PREPARE = _("The spouses answer the questions, bring their documents, and read the agreement that the lawyers draw up.")
STEP_SIGN = _("Each spouse and each lawyer reads and signs the petition and the agreement.")
STEP_FILE = _("Everything is signed. A lawyer hands it to the court.")
STEP_CHECK = _(
    "The registry checks that nothing is missing. It may ask a question, or send the petition back to be mended; nothing is lost."
)
STEP_HEAR_CHILD = _("The judge hears the child, alone, with a lawyer, or with a person of their choice.")
STEP_SCHEDULE = _("The judge sets the date of the hearing. The spouses are summoned at least fifteen days before.")
STEP_HEAR = _(
    "The judge sees each spouse alone, then both together, then with the lawyers, and approves the agreement if it protects everyone."
)
STEP_NEW_AGREEMENT = _("The judge asks for a new agreement. The spouses have six months to present it.")
STEP_RECOURSE = _("The decision is given. It becomes final when the time for recourse has run out.")
STEP_LAPSED = _("The petition has lapsed. The spouses may appeal; the file stays readable.")
STEP_WITHDRAWN = _("The petition was withdrawn. The file stays readable.")
ENDED_DIVORCED = _("The divorce was pronounced")
ENDED_LAPSED = _("The petition lapsed")
ENDED_WITHDRAWN = _("The petition was withdrawn")
STEP_CLOSED = _("The divorce is final and the case is closed. The file stays readable.")

NOTHING_TO_SIGN = _("Nothing waits for your signature.")
SIGNED_ON_PAPER = _("This is signed by hand, on paper.")
NOT_ON_PAPER = _("This is not signed on paper.")
SIGNED_APART = _("Each signs where they are: nobody's presence is attested.")
NOTHING_ASKED = _("No question of the registry waits for your answer.")
PRONOUNCED = _("The judge has signed the decision: it is on its way to the parties.")
WAIT_FOR_DELIVERY = _("Wait a moment: the case goes where the decision leads.")
NOTHING_DRAFTED = _("Draft the decision first.")
NO_APPEAL = _("An appeal lies against an adjournment or a lapse, never against the decision that pronounces the divorce.")
TAKE_CASSATION = _("A petition for cassation is open for a time.")
RECOURSE_OVER = _("The time for this recourse is over for both spouses.")
NO_RECOURSE = _("No recourse is open.")
CERTIFIED = _("The certificate was issued already.")
RECOURSE_OPEN = _("A recourse was made, and its end is not known.")
RECOURSE_RUNS = _("The time for recourse still runs for one of the spouses.")
SEE_THE_DATES = _("The dates of the case say until when.")
NOT_CERTIFIED = _("Issue the certificate that no recourse is open first.")
DECIDED = _("The judge has decided: the divorce can only be contested by a recourse.")
