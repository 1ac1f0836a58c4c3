"""Why a filing is returned for correction: reasons chosen from a list, each with the way to mend it, completed by the clerk."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Reason:
    title: str | Promise
    mend: str | Promise
    law: str = ""


REASONS = {
    "illegible": Reason(_("A document cannot be read"), _("Scan it again, flat and in full light.")),
    "wrong-document": Reason(_("A document is not what it is said to be"), _("Replace it with the right one.")),
    "certificate-too-old": Reason(_("A civil-status certificate is too old"), _("Ask the town hall for one of less than three months.")),
    "missing-exhibit": Reason(_("An exhibit is missing"), _("Add it to the exhibits and communicate it."), "CPC 1091"),
    "child-form": Reason(_("The child's form does not serve"), _("Have it dated and signed by the child."), "CPC 1091"),
    "missing-mention": Reason(
        _("A mention of the petition is missing or wrong"),
        _("Correct the answers, draw the petition up again and sign it."),
        "CPC 57, 1090",
    ),
    "agreement-incomplete": Reason(_("The agreement does not settle everything"), _("Complete it and sign it again."), "CPC 1091"),
    "liquidation": Reason(
        _("The liquidation statement does not serve"), _("Complete it, by a notary where land registration applies."), "CPC 1091"
    ),
    "signature": Reason(_("A signature is missing or does not hold"), _("Open the signature again."), "CPC 1090, 1091"),
    "competence": Reason(_("The court is not competent"), _("Choose the court where one of the spouses lives."), "CPC 1070"),
    "contribution": Reason(_("The contribution is not shown paid"), _("Add the receipt or the legal-aid decision."), "CGI 1635 bis Q"),
    "other": Reason(_("Another reason"), _("Do as the note says.")),
}
