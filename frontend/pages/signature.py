"""The signature: each document page by page with its digest, who has signed, and the two buttons: sign, or refuse and say why."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from backend.errors import Finding, Text
from cases import actions
from cases.checks import drafts
from cases.models import Instrument
from frontend import asked, calls, labels
from frontend.errors import shown_on
from frontend.forms.base import ActingForm, ReasonForm
from frontend.outlooks import CaseView
from frontend.pages.drafts import pages_of
from frontend.pages.of_case import of_case, shown
from frontend.words import moment_words

TO_SIGN = ("petition", "agreement")
SIGNED: dict[str, tuple[Text, str]] = {
    "waiting": (gettext_lazy("has not signed yet"), "new"),
    "consented": (gettext_lazy("has signed; the signature is being placed"), "info"),
    "signed": (gettext_lazy("has signed"), "success"),
    "refused": (gettext_lazy("has refused"), "error"),
}


class SignForm(ActingForm):
    """One's consent, with the digest of each document that was shown."""

    read = forms.BooleanField(
        label=gettext_lazy("I have read these documents and I sign them"),
        error_messages={"required": gettext_lazy("Tick the box once you have read the documents.")},
    )

    def shown(self) -> dict[str, str]:
        """What the page showed: by instrument, its digest."""
        return {name.removeprefix("shown-"): str(value) for name, value in self.data.items() if name.startswith("shown-")}


@require_http_methods(["GET", "POST"])
@of_case
def signature(request: HttpRequest, view: CaseView) -> HttpResponse:
    """Read, then sign. Asks who one is, and comes back with what was ticked."""
    form = SignForm(request.POST or None)
    if form.is_valid():
        with shown_on(form):
            actions.signing.sign(view.seen.actor, view.case, shown=form.shown(), key=form.idempotency_key)
            messages.success(request, _("You have signed. Your signature is being placed in each document."))
            return redirect("signature", view.case.pk)
    papers = [paper(view, one) for one in (calls.current(view.seen, kind) for kind in TO_SIGN) if one]
    waits = [one for one in papers if one["waits"]]
    context = {"papers": papers, "waits": waits, "form": form, "before": before(view)}
    return shown(request, view, "case/signature.html", _("Signature"), **context)


def paper(view: CaseView, instrument: Instrument) -> dict[str, Any]:
    """A document to sign: its pages, its digest, and where each signer stands."""
    session = instrument.session
    head = instrument.document.head if instrument.document else None
    return {
        "instrument": instrument,
        "title": labels.instrument(instrument.kind),
        "pages": pages_of(view.case, instrument),
        "digest": session.base.sha256 if session else head.sha256 if head else "",
        "waits": calls.waits_for(instrument, view.seen),
        "read": reverse("instrument-read", args=[view.case.pk, instrument.pk]) if head and head.state == "ready" else "",
        "file": f"/api/v1/cases/{view.case.pk}/instruments/{instrument.pk}/file",
        "signers": [_signer(view, one) for one in session.signers.all()] if session else [],
    }


def _signer(view: CaseView, signer: Any) -> dict[str, Any]:
    word, tone = SIGNED[signer.state]
    when = moment_words(signer.signed_at or signer.consented_at, view.case.zone) if signer.consented_at else ""
    return {"name": signer.name, "capacity": signer.capacity, "word": word, "tone": tone, "when": when, "reason": signer.reason}


def before(view: CaseView) -> dict[Finding, str]:
    """What must be done before the signature is opened, each with the page where it is done."""
    found = drafts.before_signing(view.case) if view.may("signing.open") else []
    return {finding: asked.mended_at(view.seen, finding) for finding in found}


@require_POST
@of_case
def opened(request: HttpRequest, view: CaseView) -> HttpResponse:
    """The lawyer opens the signature to each spouse and each lawyer."""
    return _done(request, view, actions.signing.open, _("The signature is open: everyone concerned is told."))


@require_POST
@of_case
def cancelled(request: HttpRequest, view: CaseView) -> HttpResponse:
    """End the signature before everyone has signed."""
    return _done(request, view, actions.signing.cancel, _("The signature is ended. Nothing that was signed counts."))


def _done(request: HttpRequest, view: CaseView, act: Any, said: str) -> HttpResponse:
    form = ActingForm(request.POST)
    if form.is_valid():
        with shown_on(form):
            act(view.seen.actor, view.case, key=form.idempotency_key)
            messages.success(request, said)
    for problems in form.errors.values():
        messages.error(request, " ".join(map(str, problems)))
    return redirect("signature", view.case.pk)


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
    path("dossiers/<uuid:case_id>/signature/ouvrir/", opened, name="signature-open"),
    path("dossiers/<uuid:case_id>/signature/annuler/", cancelled, name="signature-cancel"),
    path("dossiers/<uuid:case_id>/signature/refuser/", refused, name="signature-refuse"),
]
