"""Identity providers: going there, coming back, and the identities linked to one's account."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import Resolver404, path, resolve, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from backend.errors import Conflict, DomainError, NotNow, Unavailable
from backend.people.federation import ceremony, configured, joining, leaving, linked
from backend.people.federation.ceremony import Back
from cases import links
from frontend import carrying
from frontend.pages import confirm as confirming
from frontend.refusals import strong


@never_cache
@require_POST
def begin(request: HttpRequest, provider: str) -> HttpResponse:
    """Sign in at a provider."""
    return led(request, provider, ceremony.SIGN_IN, confirming.where(request))


@login_required
@never_cache
@require_POST
@strong
def link(request: HttpRequest, provider: str) -> HttpResponse:
    """Link an identity to one's account: for whoever has just confirmed that it is them."""
    return led(request, provider, ceremony.LINK, reverse("account"))


@login_required
@never_cache
@require_POST
@strong
def unlink(request: HttpRequest, key: int) -> HttpResponse:
    """Unlink an identity from one's account."""
    try:
        linked.unlink(request, request.user, key)  # type: ignore[arg-type]
    except Conflict as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("This identity is no longer linked to your account."))
    return redirect("account")


@login_required
@never_cache
@require_POST
def confirm(request: HttpRequest, provider: str) -> HttpResponse:
    """Confirm that it is oneself at a provider: what a refused form held is sealed meanwhile."""
    actor: Any = request.actor  # type: ignore[attr-defined]
    back, fields = confirming.where(request), confirming.taken(request)
    try:
        response = lead(request, provider, ceremony.CONFIRM, back, least=actor.needs)
    except Unavailable as away:
        return ask_again(request, away, back, fields)
    carrying.keep(request, response, back, fields)
    return response


def led(request: HttpRequest, provider: str, process: str, back: str) -> HttpResponse:
    """To the provider; where it is away, told so with every other way on."""
    try:
        return lead(request, provider, process, back)
    except Unavailable as away:
        return told(request, away)


def lead(request: HttpRequest, provider: str, process: str, back: str, **asked: int) -> HttpResponse:
    """Lead the browser to a provider by a page of ours: a form of this site may lead nowhere else (the content security policy).

    Raises NotFound, Unavailable.
    """
    where = ceremony.begin(request, provider, process, next_url=back, **asked)
    name = configured.of(provider).name
    response = render(request, "identity/leading.html", {"title": _("You are going to %(provider)s") % {"provider": name}, "where": where})
    response.delete_cookie(carrying.COOKIE, samesite="Lax")  # what an earlier confirmation carried and never came back for
    return response


@never_cache
@require_GET
def returned(request: HttpRequest, provider: str) -> HttpResponseBase:
    """Back from a provider: signed in, linked, confirmed; or told why not, and what else one may do."""
    try:
        back = ceremony.returned(request, provider)
        return ENDS[back.process](request, back)
    except (ceremony.Refused, Conflict, Unavailable) as refusal:
        page, fields = carrying.taken_back(request)
        return ask_again(request, refusal, page, fields) if page and request.user.is_authenticated else told(request, refusal)


def signed_in(request: HttpRequest, back: Back) -> HttpResponseBase:
    """Into the account that the identity is linked to; else into one made for it, where it may be."""
    if linked.owner(back.identity) is None:
        joining.join(request, back.identity, invited_at(back.next), getattr(request, "LANGUAGE_CODE", "fr"))
    anew = linked.differs_anew(back.identity)
    answer = linked.sign_in(request, back.identity, back.next)
    if anew:
        said = _("%(provider)s knows you otherwise than what is written here. Nothing was changed: “My account” shows where.")
        messages.warning(request, said % {"provider": back.identity.provider.name})
    return answer


def is_linked(request: HttpRequest, back: Back) -> HttpResponse:
    actor: Any = request.actor  # type: ignore[attr-defined]
    if not actor.strong:
        messages.error(request, _("It took too long: confirm that it is you again, then link this identity."))
    else:
        linked.link(request, request.user, back.identity)  # type: ignore[arg-type]
        messages.success(request, _("Your identity of %(provider)s is linked to your account.") % {"provider": back.identity.provider.name})
    return redirect("account")


def confirmed(request: HttpRequest, back: Back) -> HttpResponse:
    """Back to what one was doing, with what was typed."""
    linked.confirm(request, request.user, back.identity)  # type: ignore[arg-type]
    _page, fields = carrying.taken_back(request)
    return confirming.onward(request, back.next, fields)


ENDS = {ceremony.SIGN_IN: signed_in, ceremony.LINK: is_linked, ceremony.CONFIRM: confirmed}


def invited_at(page: str) -> str:
    """The address that an invitation was sent to, where that is the page one came from and it still stands."""
    try:
        match = resolve(page.partition("?")[0])
        found = links.invitation(match.kwargs["token"]) if match.view_name == "invitation" else None
    except (Resolver404, NotNow):
        return ""
    return found.email.strip().lower() if found else ""


@never_cache
@require_GET
def leave(request: HttpRequest, ticket: str) -> HttpResponse:
    """Sign out at the provider too, once signed out here."""
    found = leaving.way_out(ticket)
    if found is None:
        return redirect("home")
    return render(
        request,
        "identity/leading.html",
        {"title": _("You are signing out of %(provider)s too") % {"provider": found[0]}, "where": found[1]},
    )


def ask_again(request: HttpRequest, refusal: DomainError, back: str, fields: carrying.Fields) -> HttpResponse:
    """The page of the confirmation again, with why the provider's was not taken, and all that was typed."""
    messages.error(request, str(refusal))
    return confirming.ask(request, back, fields)


def told(request: HttpRequest, refusal: DomainError) -> HttpResponse:
    """Why it was not taken, and every other way on."""
    status = 503 if isinstance(refusal, Unavailable) else 409 if isinstance(refusal, Conflict) else 403
    return render(request, "identity/refused.html", {"title": _("Nothing has changed"), "refusal": refusal}, status=status)


urlpatterns = [
    path("identite/<slug:provider>/", begin, name="identity-begin"),
    path("identite/<slug:provider>/retour/", returned, name="identity-returned"),
    path("identite/<slug:provider>/lier/", link, name="identity-link"),
    path("identite/<slug:provider>/confirmer/", confirm, name="identity-confirm"),
    path("identite/<int:key>/delier/", unlink, name="identity-unlink"),
    path("identite/depart/<str:ticket>/", leave, name="identity-leaving"),
]
