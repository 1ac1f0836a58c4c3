"""Checking a paper by the code printed on it, or a file by its signatures, for anybody who holds it; and, in the demonstration, everybody's mailbox."""

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from backend.api import problems
from backend.errors import DomainError
from cases import receipts, signed
from cases.api.checking import checked
from cases.notices import mailbox
from frontend.forms.base import Form
from frontend.pages.signatures import in_words, pdf


class CodeForm(Form):
    """The code printed on the paper."""

    code = forms.CharField(
        label=gettext_lazy("The code printed on the paper"), help_text=gettext_lazy("For instance: 7KQM-2WXB-9HTD."), max_length=60
    )

    def clean_code(self) -> str:
        return receipts.as_printed(self.cleaned_data["code"]) or "-"


class FileForm(Form):
    """The file in one's hands: it goes to the door of `cases.api.checking`."""

    form = forms.ChoiceField(
        label=gettext_lazy("The answer"),
        choices=[("page", gettext_lazy("on a page")), ("pdf", gettext_lazy("as a PDF, sealed, to hand on"))],
        widget=forms.RadioSelect,
        initial="page",
    )
    file = forms.FileField(label=gettext_lazy("The file (PDF)"), widget=forms.FileInput(attrs={"accept": "application/pdf"}))


def by_file() -> dict[str, Any]:
    """What the form of a file needs."""
    return {"files": FileForm(), "most": settings.CHECK_MAX_BYTES}


@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    """Type a code."""
    form = CodeForm(request.GET if "code" in request.GET else None)
    if form.is_valid():
        return redirect("verification", form.cleaned_data["code"])
    return render(request, "pages/verify.html", {"title": _("Check a document"), "form": form, **by_file()})


@require_safe
def verification(request: HttpRequest, code: str) -> HttpResponse:
    """What the code is of: kind, day, court, digest; nothing of anybody."""
    code = receipts.as_printed(code)
    found = receipts.verified(code)
    kind = found.title if found else ""
    signatures = signed.of_code(code) if found else None
    context = {"title": _("Check a document"), "form": CodeForm(), "code": code, "found": found, "kind": kind, **by_file()}
    if signatures:
        context |= {"signatures": signatures, "worth": signed.VERDICTS[signatures["verdict"]]}
    return render(request, "pages/verified.html", context, status=200 if found else 404)


@require_safe
@never_cache
def report(request: HttpRequest) -> HttpResponse:
    """What the door of files found in the one that was just sent."""
    found = checked(request)
    if found is None:
        return redirect("verify")
    context = {"title": _("Signatures of a file"), "name": found.name, "refusal": found.refusal, **by_file()}
    if found.refusal:
        return render(request, "pages/checked.html", context, status=status_of(found.refusal))
    kind = found.known.title if found.known else ""
    if found.form == "pdf":
        return pdf(signed.as_pdf(found.report, found.name, known=str(kind)))
    return render(request, "pages/checked.html", context | {"report": in_words(found.report), "known": found.known, "kind": kind})


def status_of(refusal: DomainError) -> int:
    """The same as the API answers."""
    told = problems.handle(refusal, {})
    return told.status_code if told else 422


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
    path("verifier/rapport/", report, name="checked-file"),
    path("verifier/<str:code>", verification, name="verification"),
    path("boite-aux-lettres/", letters, name="mailbox"),
    path("boite-aux-lettres/<uuid:key>/", letters, name="letter"),
]
