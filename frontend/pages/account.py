"""A person's own account: their name, language and consent, and the sessions that are open."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST
from django.views.generic import RedirectView

from backend.people import accounts
from frontend.errors import shown_on
from frontend.forms.base import Form


class AccountForm(Form):
    """What one may change of oneself; the address and the password have pages of their own."""

    first_names = forms.CharField(
        label=gettext_lazy("First names"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    last_name = forms.CharField(
        label=gettext_lazy("Last name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )
    phone = forms.CharField(
        label=gettext_lazy("Telephone"),
        help_text=gettext_lazy("For this site only: who sees a number in a case is chosen in the case."),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the pages and of the messages"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )


@login_required
@require_http_methods(["GET", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """See and change one's account."""
    user: Any = request.user
    known = {name: getattr(user, name) for name in AccountForm.base_fields}
    form = AccountForm(request.POST or None, initial=known)
    if form.is_valid():
        with shown_on(form):
            accounts.change(user, request, **form.values)
            return in_language(redirect("account"), request, form.values["language"])
    return render(request, "pages/account.html", {"title": _("My account"), "form": form})


@login_required
@require_POST
def consent(request: HttpRequest) -> HttpResponse:
    """Consent to receive acts and notices electronically (CPC 748-2)."""
    user: Any = request.user
    if request.POST.get("consent") != "yes":
        messages.error(request, _("Tick the box to consent."))
        return redirect("account")
    accounts.consent_to_electronic(user)
    messages.success(request, _("Your consent is recorded."))
    return redirect("account")


def in_language(response: HttpResponse, request: HttpRequest, language: str) -> HttpResponse:
    """Answer, and remember the language on this device."""
    with translation.override(language):
        messages.success(request, _("Saved."))
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=365 * 86400, samesite="Lax", secure=request.is_secure())
    return response


urlpatterns = [
    path("connexion/", RedirectView.as_view(pattern_name="account_login", query_string=True), name="sign-in"),
    path("mon-compte/", account, name="account"),
    path("mon-compte/consentement/", consent, name="consent"),
]
