"""Confirming that it is oneself: by a passkey, a code of one's app, or the password and a code sent by mail; then back to what one was doing."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from backend.people import accounts, factors, passkeys, strength
from backend.people.levels import Method
from backend.people.requests import Visit
from frontend.errors import shown_on
from frontend.forms.base import Form
from frontend.pages.security import lacks

CARRIED = "carried-"
Fields = Sequence[tuple[str, str]]


class ConfirmForm(Form):
    """The two factors: what one knows, and what one receives."""

    password = forms.CharField(
        label=gettext_lazy("Your password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    code = forms.CharField(
        label=gettext_lazy("The code received by e-mail"),
        help_text=gettext_lazy("Six digits. It can be used once, within ten minutes."),
        max_length=6,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def clean_code(self) -> str:
        return str(self.cleaned_data["code"]).replace(" ", "")


class AppForm(Form):
    """A code of the app, or a recovery code."""

    code = forms.CharField(
        label=gettext_lazy("The code shown by your app, or a recovery code"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class PasskeyForm(Form):
    """What the browser answered for a passkey."""

    credential = forms.CharField(widget=forms.HiddenInput, max_length=20_000)


@login_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def confirm(request: Visit) -> HttpResponse:
    """Prove oneself by what one has; what a refused form held is carried from page to page, never stored."""
    back, carried = where(request), taken(request)
    if request.method == "GET":
        return ask(request, back, carried)
    if "send" in request.POST:
        return send(request, back, carried)
    if "credential" in request.POST or strength.has_factor(request.user):
        return by_ones_own(request, back, carried)
    form = ConfirmForm(request.POST)
    if form.is_valid():
        with shown_on(form):
            accounts.confirm(request, request.user, request.actor.key, **form.values)
            return onward(request, back, carried)
    return ask(request, back, carried, form=form, sent=True)


def by_ones_own(request: Visit, back: str, carried: Fields) -> HttpResponse:
    """By a passkey, or by a code."""
    by_passkey = "credential" in request.POST
    form = PasskeyForm(request.POST) if by_passkey else AppForm(request.POST)
    if form.is_valid():
        with shown_on(form):
            prove = accounts.confirm_by_passkey if by_passkey else accounts.confirm_by_code
            method = prove(request, request.user, request.actor.key, *form.values.values())
            return recovered(request) if method == Method.RECOVERY_CODE else onward(request, back, carried)
    return ask(request, back, carried, form=form)


def ask(request: HttpRequest, back: str, carried: Fields, *, form: forms.Form | None = None, sent: bool = False) -> HttpResponse:
    """The page: the passkey and the code of who has them; for the others the button that sends a code, then the two fields."""
    user: Any = request.user
    own = factors.of(user) if user.is_authenticated else factors.Factors(None, [], 0)
    context = {"title": _("Confirm that it is you"), "back": back, "carried": carried, "sent": sent, "own": own, "wrong": form}
    context["form"] = form if form and not isinstance(form, PasskeyForm) else AppForm() if own.any else ConfirmForm()
    if own.passkeys:
        context["options"] = passkeys.to_prove(request, user)
    if own_affair := back.startswith(reverse("security")):
        return render(request, "pages/confirm.html", context | {"own_affair": own_affair})
    return render(request, "pages/confirm.html", context | {"lacks": lacks(request.actor.needs, own)})  # type: ignore[attr-defined]


def send(request: Visit, back: str, carried: Fields) -> HttpResponse:
    """Mail a code, and show where to type it."""
    form = ConfirmForm({})
    form.errors.clear()
    with shown_on(form):
        strength.ask_code(request.user, request.actor.key)
        return ask(request, back, carried, sent=True)
    return ask(request, back, carried, form=form)


def recovered(request: HttpRequest) -> HttpResponse:
    """A recovery code lets one mend one's account, and binds nobody."""
    messages.success(
        request, _("It is you: thank you. Remove what you have lost, then add what you have now. A recovery code signs nothing.")
    )
    return redirect("security")


def onward(request: HttpRequest, back: str, carried: Fields) -> HttpResponse:
    """Back to where one was: with what was typed, sent again by one press of a button."""
    if not carried:
        messages.success(request, _("It is you: thank you. You may go on."))
        return redirect(back)
    return render(request, "pages/confirmed.html", {"title": _("It is you: thank you"), "back": back, "carried": carried})


def where(request: HttpRequest) -> str:
    """The page to go back to, on this site only."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return asked if safe else reverse("home")


def taken(request: HttpRequest) -> Fields:
    """The fields carried by the page, under their own names again."""
    return [(name.removeprefix(CARRIED), value) for name, values in request.POST.lists() if name.startswith(CARRIED) for value in values]


urlpatterns = [path("confirmer/", confirm, name="confirm")]
