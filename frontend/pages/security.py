"""The safety of one's account: what one proves oneself by, where one is signed in, and which programs act in one's name."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from backend.people import devices, factors, tokens
from backend.people.federation import linked
from backend.people.levels import Level
from backend.people.requests import Visit


@login_required
@never_cache
@require_safe
def security(request: Visit) -> HttpResponse:
    """Everything at once, each with its way to change it."""
    own = factors.of(request.user)
    context = {
        "title": _("Safety of my account"),
        "own": own,
        "lacks": "" if linked.confirms(request.user, request.actor.needs) else lacks(request.actor.needs, own),
        "sessions": devices.sessions_of(request.user, request),
        "programs": tokens.of(request.user),
    }
    return render(request, "security/security.html", context)


def lacks(needs: int, own: factors.Factors) -> str:
    """What the place where one works asks for and one has not; nothing where all is well."""
    if needs >= Level.HIGH and not own.passkeys:
        return _("Where you work, acts that bind are confirmed with a passkey. Add one: until then you can read and prepare, not sign.")
    if needs >= Level.SUBSTANTIAL and not own.any:
        return _(
            "Where you work, acts that bind are confirmed with a passkey or an authenticator app. Add one: until then you can read and prepare, not sign."
        )
    return ""


@login_required
@require_POST
def end_session(request: Visit, session_id: int) -> HttpResponse:
    """End one of the other sessions."""
    devices.end(request, request.user, session_id)
    messages.success(request, _("This session is ended."))
    return redirect("security")


@login_required
@require_POST
def end_others(request: Visit) -> HttpResponse:
    """End all the other sessions."""
    devices.end_others(request, request.user)
    messages.success(request, _("You are signed out everywhere else."))
    return redirect("security")


@login_required
@require_POST
def end_program(request: Visit, token_id: UUID) -> HttpResponse:
    """Revoke the token of a program."""
    tokens.revoke(request.user, token_id)
    messages.success(request, _("This program can do nothing more in your name."))
    return redirect("security")


urlpatterns = [
    path("mon-compte/securite/", security, name="security"),
    path("mon-compte/securite/sessions/fin/", end_others, name="end-other-sessions"),
    path("mon-compte/securite/sessions/<int:session_id>/fin/", end_session, name="end-session"),
    path("mon-compte/securite/programmes/<uuid:token_id>/fin/", end_program, name="end-program"),
]
