"""Confirming that it is oneself: the password and a code sent by mail, then back to what one was doing."""

from collections.abc import Sequence

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

from backend.people import accounts, strength
from frontend.errors import shown_on
from frontend.forms.base import Form

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


@login_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """Ask for a code, then prove oneself; what a refused form held is carried from page to page, never stored."""
    back, carried = where(request), taken(request)
    if request.method == "GET":
        return ask(request, back, carried)
    if "send" in request.POST:
        return send(request, back, carried)
    form = ConfirmForm(request.POST)
    if form.is_valid():
        with shown_on(form):
            accounts.confirm(request, request.user, request.actor.key, **form.values)  # type: ignore[attr-defined, arg-type]
            return onward(request, back, carried)
    return ask(request, back, carried, form=form, sent=True)


def ask(request: HttpRequest, back: str, carried: Fields, *, form: forms.Form | None = None, sent: bool = False) -> HttpResponse:
    """The page: first the button that sends a code, then the two fields."""
    context = {"title": _("Confirm that it is you"), "form": form or ConfirmForm(), "back": back, "carried": carried, "sent": sent}
    return render(request, "pages/confirm.html", context)


def send(request: HttpRequest, back: str, carried: Fields) -> HttpResponse:
    """Mail a code, and show where to type it."""
    form = ConfirmForm({})
    form.errors.clear()
    with shown_on(form):
        strength.ask_code(request.user, request.actor.key)  # type: ignore[attr-defined, arg-type]
        return ask(request, back, carried, sent=True)
    return ask(request, back, carried, form=form)


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
