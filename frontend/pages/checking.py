"""Checking a paper by the code printed on it, for anybody who holds it; and, in the demonstration, the mailbox of everybody."""

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from cases import receipts
from cases.notices import mailbox
from frontend import labels
from frontend.forms.base import Form


class CodeForm(Form):
    """The code printed on the paper."""

    code = forms.CharField(
        label=gettext_lazy("The code printed on the paper"), help_text=gettext_lazy("For instance: 7KQM-2WXB-9HTD."), max_length=20
    )


@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    """Type a code."""
    form = CodeForm(request.GET if "code" in request.GET else None)
    if form.is_valid():
        return redirect("verification", form.cleaned_data["code"].strip().upper())
    return render(request, "pages/verify.html", {"title": _("Check a document"), "form": form})


@require_safe
def verification(request: HttpRequest, code: str) -> HttpResponse:
    """What the code is of: kind, day, court, digest; nothing of anybody."""
    found = receipts.verified(code)
    kind = labels.instrument(found.kind) if found else ""
    context = {"title": _("Check a document"), "form": CodeForm(), "code": code, "found": found, "kind": kind}
    return render(request, "pages/verified.html", context, status=200 if found else 404)


class MailFilters(forms.Form):
    """Whose mail is read; it lives in the address."""

    to = forms.ChoiceField(label=gettext_lazy("Recipient"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [("", _("Everybody")), *((one, one) for one in mailbox.recipients())]  # type: ignore[attr-defined]

    def to_whom(self) -> str:
        """The address chosen; nothing for one that got no mail."""
        return str(self.cleaned_data["to"]) if self.is_valid() else ""


@require_safe
def letters(request: HttpRequest, key: UUID | None = None) -> HttpResponse:
    """What the demonstration would have sent."""
    if not settings.DEMO:
        raise Http404
    filters = MailFilters(request.GET)
    context = {
        "title": _("Mailbox of the demonstration"),
        "filters": filters,
        "letters": mailbox.posted(to=filters.to_whom()),
        "chosen": mailbox.message(key) if key else None,
    }
    return render(request, "mailbox/mailbox.html", context)


urlpatterns = [
    path("verifier/", ask, name="verify"),
    path("verifier/<str:code>", verification, name="verification"),
    path("boite-aux-lettres/", letters, name="mailbox"),
    path("boite-aux-lettres/<uuid:key>/", letters, name="letter"),
]
