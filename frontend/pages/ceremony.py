"""Around the signature: how it is opened, tried beforehand, paused and resumed; whose presence is attested; one signature given again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from backend import clock
from backend.errors import Text
from cases import actions, ceremonies
from cases.ceremonies import Attended, Ceremony
from frontend import labels, words
from frontend.errors import shown_on
from frontend.forms.signing import OpeningForm, RedoForm, ResumeForm
from frontend.outlooks import CaseView
from frontend.pages.acting import Act, CaseForm, Forms
from frontend.pages.of_case import of_case, shown

PAUSING: Mapping[str, Act] = {
    "pause": Act(
        "ceremony.pause",
        gettext_lazy("Pause the signature"),
        gettext_lazy("The signature is paused. What is signed stays."),
        lambda view, form: actions.ceremony.pause(view.seen.actor, view.case, key=form.idempotency_key),
    ),
    "resume": Act(
        "ceremony.resume",
        gettext_lazy("Go on with the signature"),
        gettext_lazy("The signature goes on: everyone is told."),
        lambda view, form: actions.ceremony.resume(view.seen.actor, view.case, **form.asked, key=form.idempotency_key),
        ResumeForm,
    ),
}


@dataclass(frozen=True)
class Seat:
    """A signer where all sign: whether they tried beforehand, whether they are there, and the form by which their lawyer attests it."""

    who: Attended
    rehearsed: str
    present: str
    form: forms.Form | None


@dataclass(frozen=True)
class Hours:
    """When and where all sign, in words."""

    ceremony: Ceremony
    opens: str
    closes: str
    begun: bool
    at_once: bool
    ordered: bool
    seats: list[Seat]
    may_rehearse: bool

    @property
    def way(self) -> Text:
        return self.ceremony.get_way_display()


def hours(view: CaseView, gathered: Ceremony | None, attesting: Forms) -> Hours | None:
    """The ceremony as the page of the signature shows it."""
    if gathered is None:
        return None
    zone, me = view.case.zone, view.seen.actor.user_id
    seats = [
        Seat(
            who,
            words.moment_words(who.rehearsed_at, zone) if who.rehearsed_at else "",
            words.moment_words(who.present_since, zone) if who.present_since else "",
            attesting.get(f"attest-{who.spouse}"),
        )
        for who in ceremonies.attended(view.case, gathered)
    ]
    tried = any(seat.rehearsed for seat in seats if seat.who.person == me)
    awaited = gathered.way != Ceremony.Way.PAPER and bool(ceremonies.waiting_for(view.seen.actor, view.case))
    opens, closes = (words.moment_words(moment, zone) for moment in (gathered.opens_at, gathered.closes_at))
    sessions = gathered.sessions.select_related("ceremony")
    return Hours(
        gathered,
        opens,
        closes,
        begun=clock.now() >= gathered.opens_at,
        at_once=any(session.at_once for session in sessions),
        ordered=any(session.ordered for session in sessions),
        seats=seats,
        may_rehearse=awaited and not tried and view.may("ceremony.rehearse"),
    )


def acts(view: CaseView, gathered: Ceremony | None) -> dict[str, Act]:
    """What can be done on the page of the signature beside signing, as the ceremony stands."""
    if gathered is None:
        return {}
    found = {"resume": PAUSING["resume"]} if gathered.paused_at else {"pause": PAUSING["pause"]}
    if gathered.gathers and clock.now() >= gathered.opens_at:
        mine = view.seen.standing.sides
        there = ceremonies.attended(view.case, gathered)
        found |= {f"attest-{who.spouse}": attest(who) for who in there if who.spouse and not who.present_since and who.side in mine}
    return found


def attest(who: Attended) -> Act:
    """The lawyer attests that one spouse is there."""
    return Act(
        "ceremony.attest",
        gettext_lazy("I attest that this person is here"),
        _("You have attested the presence of: %(name)s.") % {"name": who.name},
        lambda view, form: actions.ceremony.attest(view.seen.actor, view.case, spouse=who.spouse, key=form.idempotency_key),
    )


@require_http_methods(["GET", "POST"])
@of_case
def opening(request: HttpRequest, view: CaseView) -> HttpResponse:
    """Together or apart, where, from when and until when; or at once, from the button of the page before."""
    if not view.may("signing.open"):
        return redirect("signature", view.case.pk)
    now = request.method == "POST" and "way" not in request.POST
    form: CaseForm = CaseForm(view, request.POST) if now else OpeningForm(view, request.POST or None)
    if form.is_valid():
        with shown_on(form):
            asked = form.asked if isinstance(form, OpeningForm) else {}
            actions.signing.open(view.seen.actor, view.case, **asked, key=form.idempotency_key)
            messages.success(request, _("The signature is open: everyone concerned is told."))
            return redirect("signature", view.case.pk)
    if now:
        for problems in form.errors.values():
            messages.error(request, " ".join(map(str, problems)))
        return redirect("signature", view.case.pk)
    return _asked(request, view, form, _("Open the signature"), lead=_("Everyone is told, with the place and the hours."))


@require_http_methods(["GET", "POST"])
@of_case
def rehearsal(request: HttpRequest, view: CaseView) -> HttpResponse:
    """All but the signature: a page is shown, it is confirmed that it is oneself, and nothing is signed."""
    gathered = ceremonies.seen_by(view.seen.actor, view.case)
    if gathered is None or not view.may("ceremony.rehearse"):
        return redirect("signature", view.case.pk)
    form = CaseForm(view, request.POST or None)
    if form.is_valid():
        with shown_on(form):
            actions.ceremony.rehearse(view.seen.actor, view.case, key=form.idempotency_key)
            messages.success(request, _("It works: this device, your code and your connection are ready. Nothing is signed."))
            return redirect("signature", view.case.pk)
    waiting = ceremonies.waiting_for(view.seen.actor, view.case)
    picture = f"/api/v1/cases/{view.case.pk}/instruments/{waiting[0].pk}/pages/1?size=reading" if waiting else ""
    return shown(
        request, view, "case/rehearsal.html", _("Try the signature"), form=form, picture=picture, hours=hours(view, gathered, Forms())
    )


@require_http_methods(["GET", "POST"])
@of_case
def redo(request: HttpRequest, view: CaseView, signer: UUID) -> HttpResponse:
    """Take one signature back, so that it is given again in its place."""
    gathered = ceremonies.seen_by(view.seen.actor, view.case)
    if gathered is None or not view.may("ceremony.redo"):
        return redirect("signature", view.case.pk)
    name, kinds = ceremonies.given_by(gathered, signer)
    form = RedoForm(view, request.POST or None)
    if form.is_valid():
        with shown_on(form):
            reason = form.cleaned_data["reason"]
            actions.ceremony.redo(view.seen.actor, view.case, signer=signer, reason=reason, key=form.idempotency_key)
            messages.success(request, _("The signature is taken back: it can be given again. The others stay."))
            return redirect("signature", view.case.pk)
    said = {"name": name, "documents": ", ".join(str(labels.instrument(kind)) for kind in kinds)}
    taken = _("Taken back: the signature of %(name)s in each of these documents: %(documents)s.") % said
    after = _("The others have nothing to sign again. Everyone is told.")
    lead = f"{taken} {after}" if gathered.paused_at else f"{taken} {_('The signature goes on.')} {after}"
    return _asked(request, view, form, _("Take back a signature, to give it again"), lead=lead, act=_("Take this signature back"))


def _asked(request: HttpRequest, view: CaseView, form: CaseForm, title: str, **context: Any) -> HttpResponse:
    back = {"back_url": reverse("signature", args=[view.case.pk]), "back": _("Back to the signature")}
    return shown(request, view, "case/form.html", title, form=form, **{"act": title, **back, **context})


@require_http_methods(["GET", "POST"])
@of_case
def cancelled(request: HttpRequest, view: CaseView) -> HttpResponse:
    """End the signature before everyone has signed, once one has read what is lost."""
    gathered = ceremonies.seen_by(view.seen.actor, view.case)
    if gathered is None or not view.may("signing.cancel"):
        return redirect("signature", view.case.pk)
    form = CaseForm(view, request.POST or None)
    if form.is_valid():
        with shown_on(form):
            actions.signing.cancel(view.seen.actor, view.case, key=form.idempotency_key)
            messages.success(request, _("The signature is ended. Nothing that was signed counts."))
            return redirect("signature", view.case.pk)
    names = " · ".join(ceremonies.given(gathered))
    lost = _("The signatures already given count no more: %(names)s.") % {"names": names} if names else _("Nobody has signed yet.")
    after = _("The documents can then be changed; once the signature is opened again, everyone signs anew. Everyone is told.")
    return _asked(request, view, form, _("End the signature"), lead=f"{lost} {after}")


urlpatterns = [
    path("dossiers/<uuid:case_id>/signature/ouvrir/", opening, name="signature-open"),
    path("dossiers/<uuid:case_id>/signature/essayer/", rehearsal, name="signature-rehearsal"),
    path("dossiers/<uuid:case_id>/signature/annuler/", cancelled, name="signature-cancel"),
    path("dossiers/<uuid:case_id>/signature/reprendre/<uuid:signer>/", redo, name="signature-redo"),
]
