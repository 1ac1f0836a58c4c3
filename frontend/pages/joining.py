"""The page of an invitation: who invites, to what; an account made or signed in to; then joining, or asking for changes first."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from backend.errors import NotFound, NotNow
from backend.people import accounts
from cases import actions, links
from cases.models import Invitation
from frontend.errors import shown_on
from frontend.forms.base import ActingForm, Form
from frontend.pages.of_case import actor_of


class AccountForm(Form):
    """The account of whoever follows the link: the address is proved by it."""

    first_names = forms.CharField(
        label=gettext_lazy("First names"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    last_name = forms.CharField(
        label=gettext_lazy("Last name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )
    password = forms.CharField(
        label=gettext_lazy("Choose a password"),
        help_text=gettext_lazy("At least twelve characters. A short sentence is easy to remember."),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class JoinForm(ActingForm):
    """Joining, with or without the consent to electronic exchange (CPC 748-2)."""

    consent = forms.BooleanField(
        label=gettext_lazy("I consent to receive acts and notices by electronic means"),
        help_text=gettext_lazy("Otherwise the court writes to you on paper. You may change your mind in your account."),
        required=False,
    )


class ChangesForm(ActingForm):
    """What should be changed first."""

    comment = forms.CharField(label=gettext_lazy("What should be changed?"), max_length=5000, widget=forms.Textarea(attrs={"rows": 5}))


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What the link opens."""
    try:
        found, over = links.invitation(token), None
    except NotNow as passed:
        found, over = None, passed
    if found is None:
        return render(request, "joining/ended.html", {"title": _("This link does not work any more"), "over": over}, status=404)
    if not request.user.is_authenticated:
        return account(request, found)
    return answer(request, found, token)


def account(request: HttpRequest, found: Invitation) -> HttpResponse:
    """Make the account, for whoever has none; the page then goes on."""
    names = found.spouse.first_names.split(",")[0] if found.spouse else ""
    last = (found.spouse.used_name or found.spouse.birth_name) if found.spouse else ""
    form = AccountForm(request.POST or None, initial={"first_names": names, "last_name": last})
    if form.is_valid():
        with shown_on(form):
            accounts.invite(request, found.pk)
            user = accounts.create_invited(found.email, **form.values, language=getattr(request, "LANGUAGE_CODE", "fr"))
            accounts.login(request, user)
            return redirect(request.path)
    return page(request, "joining/account.html", found, form=form)


def answer(request: HttpRequest, found: Invitation, token: str) -> HttpResponse:
    """Join, or ask for changes; only the person invited may."""
    mine = request.user.email.lower() == found.email.lower()  # type: ignore[union-attr]
    joining = JoinForm(request.POST if "join" in request.POST else None)
    changes = ChangesForm(request.POST if "changes" in request.POST else None)
    case = links.case_of(token)
    if case is None:
        raise NotFound
    if joining.is_valid():
        with shown_on(joining):
            actions.invitation.accept(
                actor_of(request), case, token=token, consent=joining.cleaned_data["consent"], key=joining.idempotency_key
            )
            messages.success(request, _("You have joined the case."))
            return redirect("case", case.pk)
    if changes.is_valid():
        with shown_on(changes):
            actions.invitation.ask_for_changes(
                actor_of(request), case, token=token, comment=changes.cleaned_data["comment"], key=changes.idempotency_key
            )
            return page(request, "joining/asked.html", found)
    return page(
        request, "joining/answer.html", found, form=joining if joining.is_bound else changes, joining=joining, changes=changes, mine=mine
    )


def page(request: HttpRequest, template: str, found: Invitation, **context: Any) -> HttpResponse:
    """A page of this invitation: who invites whom to what, until when."""
    told = {
        "title": _("You are invited to a case"),
        "invitation": found,
        "who": found.sent_by.full_name if found.sent_by else "",
        "invited": str(found.spouse or found.counsel),
        "proceeding": found.case.proceeding,
    }
    return render(request, template, {**told, **context})


urlpatterns = [path("invitation/<str:token>", invitation, name="invitation")]
