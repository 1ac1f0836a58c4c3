"""Adding and removing a passkey, an authenticator app, recovery codes: each page asks first who one is."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from backend.errors import NotFound
from backend.people import browsers, factors, passkeys
from backend.people.requests import Visit
from frontend.errors import shown_on
from frontend.forms.base import Form


class AppForm(Form):
    """The proof that the app was set up."""

    code = forms.CharField(
        label=gettext_lazy("The code that the app shows now"),
        help_text=gettext_lazy("Six digits. They change every thirty seconds."),
        max_length=10,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class PasskeyForm(Form):
    """A name to know it by, and what the browser answered."""

    name = forms.CharField(
        label=gettext_lazy("A name to know it by"), help_text=gettext_lazy("For example: my telephone."), max_length=60, required=False
    )
    credential = forms.CharField(widget=forms.HiddenInput, max_length=20_000)


Page = Callable[..., HttpResponse]


def guarded(page: Page) -> Page:
    """For whoever is signed in, and has just proved who they are."""

    @wraps(page)
    def asked(request: Visit, *args: Any, **kwargs: Any) -> HttpResponse:
        factors.guard(request.user, request.actor.key)
        return page(request, *args, **kwargs)

    return login_required(never_cache(sensitive_post_parameters()(require_http_methods(["GET", "POST"])(asked))))


@guarded
def add_app(request: Visit) -> HttpResponse:
    """Scan, then type the code that the app shows."""
    form = AppForm(request.POST or None)
    setup = factors.set_up_app(request, request.user)
    if form.is_valid():
        with shown_on(form):
            codes = factors.add_app(request, request.user, request.actor.key, **form.values)
            return done(request, codes, _("The app is added. From now on, its code is asked for when you sign in."))
    return render(request, "security/app.html", {"title": _("Add an authenticator app"), "form": form, "setup": setup})


@guarded
def add_passkey(request: Visit) -> HttpResponse:
    """One press: the device does the rest."""
    form = PasskeyForm(request.POST or None, initial={"name": browsers.named(request.headers.get("User-Agent", ""))})
    if form.is_valid():
        with shown_on(form):
            name = form.cleaned_data["name"] or browsers.named(request.headers.get("User-Agent", ""))
            answer = form.cleaned_data["credential"]
            codes = factors.add_passkey(request, request.user, request.actor.key, answer, name)
            return done(request, codes, _("The passkey is added. You may sign in with it from now on."))
    options = passkeys.to_add(request, request.user)
    return render(request, "security/passkey.html", {"title": _("Add a passkey"), "form": form, "options": options})


@guarded
def new_codes(request: Visit) -> HttpResponse:
    """Recovery codes anew: the earlier ones are worth nothing more."""
    if request.method == "POST":
        return done(request, factors.new_codes(request, request.user, request.actor.key), _("Your new recovery codes are made."))
    return render(request, "security/new_codes.html", {"title": _("New recovery codes")})


@guarded
def remove(request: Visit, factor: int) -> HttpResponse:
    """Take away the app or a passkey, once one has said so twice."""
    own = factors.of(request.user)
    held = next((each for each in [own.app, *own.passkeys] if each and each.pk == factor), None)
    if held is None:
        raise NotFound
    if request.method == "POST":
        factors.remove(request, request.user, request.actor.key, factor)
        messages.success(
            request, _("It is removed. If you removed it because it was lost or stolen, end the other sessions below as well.")
        )
        return redirect("security")
    last = len(own.passkeys) + bool(own.app) == 1
    title = _("Remove the authenticator app") if held == own.app else _("Remove the passkey “%(name)s”") % {"name": held}
    return render(request, "security/remove.html", {"title": title, "last": last})


def done(request: Visit, codes: list[str], said: str) -> HttpResponse:
    """Back to the safety page; or, where recovery codes were made, the page that shows them this once."""
    if not codes:
        messages.success(request, said)
        return redirect("security")
    return render(request, "security/codes.html", {"title": _("Your recovery codes"), "done": said, "codes": codes})


urlpatterns = [
    path("mon-compte/securite/application/", add_app, name="add-app"),
    path("mon-compte/securite/cle/", add_passkey, name="add-passkey"),
    path("mon-compte/securite/codes/", new_codes, name="new-codes"),
    path("mon-compte/securite/<int:factor>/retirer/", remove, name="remove-factor"),
]
