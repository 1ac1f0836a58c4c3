"""The signature: each document page by page with its digest, who has signed, and the two buttons: sign, or refuse and say why."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from backend.errors import Finding, Text
from cases import actions, ceremonies
from cases.checks import drafts
from cases.models import Case, Instrument
from frontend import asked, calls, labels
from frontend.errors import shown_on
from frontend.forms.base import ActingForm, ReasonForm
from frontend.outlooks import CaseView
from frontend.pages import ceremony, on_paper, own_certificate
from frontend.pages.acting import asked as asked_of
from frontend.pages.acting import done
from frontend.pages.drafts import pages_of
from frontend.pages.of_case import of_case, shown
from frontend.words import moment_words

TO_SIGN = ("petition", "agreement")
SIGNED: dict[str, tuple[Text, str]] = {
    "waiting": (gettext_lazy("has not signed yet"), "new"),
    "consented": (gettext_lazy("has signed; the signature is being placed"), "info"),
    "signed": (gettext_lazy("has signed"), "success"),
    "by-hand": (gettext_lazy("has signed on paper"), "success"),
    "refused": (gettext_lazy("has refused"), "error"),
}


class SignForm(ActingForm):
    """One's consent in words, with the digest of each document that was shown."""

    read = forms.BooleanField(error_messages={"required": gettext_lazy("Tick the box once you have read the documents.")})
    statement = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any, statement: str) -> None:
        super().__init__(data, initial={"statement": statement})
        self.fields["read"].label = statement

    def shown(self) -> dict[str, str]:
        """What the page showed: by instrument, its digest."""
        return {name.removeprefix("shown-"): str(value) for name, value in self.data.items() if name.startswith("shown-")}


@require_http_methods(["GET", "POST"])
@of_case
def signature(request: HttpRequest, view: CaseView) -> HttpResponse:
    """Read, then sign. Asks who one is, and comes back with what was ticked."""
    gathered = ceremonies.seen_by(view.seen.actor, view.case)
    found = [one for one in (calls.current(view.seen, kind) for kind in TO_SIGN) if one]
    acts = ceremony.acts(view, gathered) | on_paper.acts(found, gathered)
    beside = asked_of(request, view, acts)
    if done(request, view, acts, beside):
        return redirect("signature", view.case.pk)
    waiting = ceremonies.waiting_for(view.seen.actor, view.case)
    words = ceremonies.statement(view.seen.actor, waiting)
    form = SignForm(request.POST if request.POST and "act" not in request.POST else None, words)
    if form.is_valid():
        with shown_on(form):
            ceremonies.read_first(view.seen.actor, waiting)
            if "own" in request.POST:
                return own_certificate.sign(request, view, form)
            said = form.cleaned_data["statement"]
            actions.signing.sign(view.seen.actor, view.case, shown=form.shown(), statement=said, key=form.idempotency_key)
            messages.success(request, _("You have signed. Your signature is being placed in each document."))
            return redirect("signature", view.case.pk)
        waiting = ceremonies.waiting_for(view.seen.actor, view.case)  # what was refused may have been given meanwhile
    missing = ceremonies.absent(gathered)
    papers = [{**paper(view, one), "scan": on_paper.scanned(view, one, beside, missing)} for one in found]
    waits = [one for one in papers if one["waits"]]
    context = {
        "papers": papers,
        "waits": waits,
        "unread": any(one["unread"] for one in waits),
        "absent": view.seen.actor.user_id in missing,
        "complete": complete(view, found),
        "before_me": " · ".join(ceremonies.before(view.seen.actor, waiting)),
        "form": form,
        "taken_back": taken_back(view, waiting),
        "offer": own_certificate.offer(request, view) if waits else None,
        "before": before(view),
        "beside": beside,
        "on_paper": on_paper.on_paper(gathered),
        "hours": ceremony.hours(view, gathered, beside),
    }
    return shown(request, view, "case/signature.html", _("Signature"), **context)


def complete(view: CaseView, found: list[Instrument]) -> dict[str, str]:
    """Where the evidence of a signature is read, once everybody has signed, by those who may: nothing before, an empty address while it is made."""
    if not found or not all(one.signed_at and one.session for one in found):
        return {}
    about = {one.session.ceremony_id for one in found if one.session}
    proofs = [one for one in view.seen.instruments if one.kind == "signing-evidence" and one.about in about and not one.superseded_at]
    ready = next((one for one in proofs if one.document and one.document.head and one.document.head.state == "ready"), None)
    return {"evidence": reverse("instrument-read", args=[view.case.pk, ready.pk]) if ready else ""}


def paper(view: CaseView, instrument: Instrument) -> dict[str, Any]:
    """A document to sign: its pages, its digest, and where each signer stands."""
    session = instrument.session
    head = instrument.document.head if instrument.document else None
    waits = calls.waits_for(instrument, view.seen)
    return {
        "instrument": instrument,
        "title": labels.instrument(instrument.kind),
        "pages": frozen_pages(view.case, instrument) if waits else pages_of(view.case, instrument),
        "sheet": (session.base.pages or 0) + 1 if session and session.sheet and waits else 0,
        "unread": ceremonies.unread(view.seen.actor, instrument) if waits else [],
        "digest": session.base.sha256 if session else head.sha256 if head else "",
        "waits": waits,
        "read": reverse("instrument-read", args=[view.case.pk, instrument.pk]) if head and head.state == "ready" else "",
        "file": f"/api/v1/cases/{view.case.pk}/instruments/{instrument.pk}/file",
        "signers": [_signer(view, one) for one in session.signers.all()] if session else [],
    }


def frozen_pages(case: Case, instrument: Instrument) -> list[str]:
    """The pictures of every page of what awaits one's signature; that each was given is noted, and they are asked for anew each time."""
    count = (instrument.session.base.pages or 0) if instrument.session else 0
    base = f"/api/v1/cases/{case.pk}/instruments/{instrument.pk}/pages"
    return [f"{base}/{number}?size=reading" for number in range(1, count + 1)]


def taken_back(view: CaseView, waiting: list[Instrument]) -> dict[str, str]:
    """Of whoever gave their signature already: who took it back last, when and why. Nothing otherwise."""
    found = ceremonies.taken_back(view.seen.actor, waiting)
    if found is None:
        return {}
    reason = found["reason"] if found["reason"][-1:] in ".!?…" else f"{found['reason']}."
    return {"name": found["by_name"], "when": moment_words(datetime.fromisoformat(found["at"]), view.case.zone), "reason": reason}


def _signer(view: CaseView, signer: Any) -> dict[str, Any]:
    word, tone = SIGNED[signer.state]
    when = moment_words(signer.signed_at or signer.consented_at, view.case.zone) if signer.consented_at else ""
    mine = signer.person in ceremonies.takes_back(view.seen.standing, view.seen.actor, view.case)
    given = signer.state in ("consented", "signed") and signer.session.state == "open" and view.may("ceremony.redo")
    return {
        "name": signer.name,
        "capacity": signer.capacity,
        "word": word,
        "tone": tone,
        "when": when,
        "reason": signer.reason,
        "redo": reverse("signature-redo", args=[view.case.pk, signer.pk]) if given and mine else "",
    }


def before(view: CaseView) -> dict[Finding, str]:
    """What must be done before the signature is opened, each with the page where it is done."""
    found = drafts.before_signing(view.case) if view.may("signing.open") else []
    return {finding: asked.mended_at(view.seen, finding) for finding in found}


@require_http_methods(["GET", "POST"])
@of_case
def refused(request: HttpRequest, view: CaseView) -> HttpResponse:
    """Refuse to sign, and say why: the session ends and nothing of it counts."""
    form = ReasonForm(request.POST or None, label=_("Why do you refuse to sign?"))
    if form.is_valid():
        with shown_on(form):
            actions.signing.refuse(view.seen.actor, view.case, reason=form.cleaned_data["reason"], key=form.idempotency_key)
            messages.success(request, _("You have refused to sign. Nothing that was signed counts, and the others are told."))
            return redirect("case", view.case.pk)
    lead = _("The signature ends for everyone. Your lawyers can then mend what is wrong and open it again.")
    context = {"act": _("Refuse to sign"), "back_url": reverse("signature", args=[view.case.pk]), "back": _("Back to the signature")}
    return shown(request, view, "case/form.html", _("Refuse to sign"), form=form, lead=lead, **context)


urlpatterns = [
    path("dossiers/<uuid:case_id>/signature/", signature, name="signature"),
    path("dossiers/<uuid:case_id>/signature/refuser/", refused, name="signature-refuse"),
]
