"""Signing with one's own certificate: to the service and back, twice. What must come back waits in the session, once; no token ever does."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from backend.errors import DomainError, Invalid, NotNow
from cases import access, actions, ceremonies, elsewhere, own
from cases.elsewhere import Choice, Gone
from cases.models import Case
from frontend.outlooks import CaseView
from frontend.pages.of_case import actor_of, of_case

GONE, FOUND = "own-certificate-gone", "own-certificates"  # in the session: where one went, and which certificates one showed
SHOW, SIGN = "show", "sign"
WAYS_AT_MOST = 5  # unfinished, of one browser


@dataclass(frozen=True)
class Offer:
    """What the page of the signature offers: the service, and the certificates of whoever showed them."""

    service: str
    choices: list[Choice]


def offer(request: HttpRequest, view: CaseView) -> Offer | None:
    """Nothing where the operator configured no service, or nothing of the case waits for this person."""
    if not own.offered() or not view.may("signing.sign"):
        return None
    return Offer(own.offered(), elsewhere.choices(view.seen.actor, view.case, request.session.get(FOUND, [])))


@require_POST
@of_case
def begin(request: HttpRequest, view: CaseView) -> HttpResponse:
    """To the service, to show one's certificates: nothing is signed by that."""
    if not own.offered() or not ceremonies.waiting_for(view.seen.actor, view.case):
        raise Http404
    return lead(request, view.case, SHOW, elsewhere.to_show_oneself(back()))


def sign(request: HttpRequest, view: CaseView, form: Any) -> HttpResponse:
    """Consent as for any signature, then to the service, to authorise it. Raises what `signing.prepare` and the preparation do."""
    certificate = elsewhere.chosen(request.session.get(FOUND, []), request.POST["own"])
    if not own.offered() or certificate is None:
        raise Invalid(_("Show your certificate again: what was known of it is gone."))
    said = {"shown": form.shown(), "statement": form.cleaned_data["statement"], "certificate": certificate}
    actions.signing.prepare(view.seen.actor, view.case, **said)  # without its key: the same page sent again begins again
    return lead(request, view.case, SIGN, elsewhere.to_authorise(view.seen.actor, view.case, back()))


def lead(request: HttpRequest, case: Case, process: str, gone: Gone) -> HttpResponse:
    """Lead the browser there by a page of ours: a form of this site may lead nowhere else (the content security policy)."""
    ways = dict(list(request.session.get(GONE, {}).items())[1 - WAYS_AT_MOST :])
    kept = {"process": process, "case": str(case.pk), "verifier": gone.verifier, "user": str(request.user.pk)}
    request.session[GONE] = {**ways, gone.state: kept}
    title = _("You are going to %(provider)s") % {"provider": own.offered()}
    return render(request, "identity/leading.html", {"title": title, "where": gone.url})


@login_required
@never_cache
@require_GET
def returned(request: HttpRequest) -> HttpResponse:
    """Back from the service: with one's certificates, or with what signs; or told why not, and what else one may do."""
    way = taken(request)
    if way is None:
        messages.error(request, _("What came back was not awaited, or was used already. Look at the signature: it says where you stand."))
        return redirect("home")
    case = access.case(actor_of(request), UUID(way["case"]))
    try:
        ENDS[way["process"]](request, case, code_of(request, case, way), way["verifier"])
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return redirect(f"{reverse('signature', args=[case.pk])}#sign")


def taken(request: HttpRequest) -> dict[str, str] | None:
    """What was kept for this return, and is kept no longer: a second one, even at the same moment, finds nothing."""
    ways = dict(request.session.get(GONE, {}))
    way: dict[str, str] | None = ways.pop(request.GET.get("state", ""), None)
    request.session[GONE] = ways
    request.session.save()  # now, not once the service has answered
    return way if way and way["user"] == str(request.user.pk) else None


def code_of(request: HttpRequest, case: Case, way: dict[str, str]) -> str:
    """What the service gave. Raises NotNow where it gave none: whoever went to sign has given that up."""
    code = request.GET.get("code", "")
    if "error" in request.GET or not code:
        if way["process"] == SIGN:
            elsewhere.give_up(actor_of(request), case)
        said = _("You came back from %(service)s without going on there: nothing is signed. Try again, or sign without your certificate.")
        raise NotNow(said % {"service": own.offered()})
    return code


def shown(request: HttpRequest, case: Case, code: str, verifier: str) -> None:
    """Keep the certificates that were found, to choose from: their public part."""
    found = elsewhere.found(code, verifier, back())
    request.session[FOUND] = found
    if not found:
        message = _("%(service)s has no certificate of yours that can sign here.")
        messages.warning(request, message % {"service": own.offered()})


def signed(request: HttpRequest, case: Case, code: str, verifier: str) -> None:
    elsewhere.signed(actor_of(request), case, code, verifier, back())
    messages.success(request, _("You have signed with your certificate. Your signature is being placed in each document."))


ENDS = {SHOW: shown, SIGN: signed}


def back() -> str:
    """The address that the operator registers at the service."""
    return f"{settings.BASE_URL}{reverse('own-certificate-returned')}"


urlpatterns = [
    path("dossiers/<uuid:case_id>/signature/certificat/", begin, name="own-certificate"),
    path("signature/certificat/retour/", returned, name="own-certificate-returned"),
]
