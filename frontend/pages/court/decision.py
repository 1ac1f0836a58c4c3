"""The judge's page of a case: the agreement, what the checks found, the children; the decision drafted from it, read and signed; private notes."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from backend.errors import Text
from cases import access, actions
from cases.models import Decision, Message
from cases.writing.decisions import proposed, proposed_text
from frontend import calls
from frontend.forms.base import DayField
from frontend.outlooks import CaseView, instrument_row
from frontend.pages.acting import Act, CaseForm, Forms, asked, done
from frontend.pages.court.bench import at_bench
from frontend.pages.drafts import pages_of
from frontend.pages.of_case import of_case, shown

KINDS: Mapping[Decision.Kind, Text] = {
    Decision.Kind.HOMOLOGATION: gettext_lazy("The agreement is approved and the divorce is pronounced, in one judgment."),
    Decision.Kind.ADJOURNMENT: gettext_lazy("The agreement does not do yet: the order says what the new one must meet, within six months."),
    Decision.Kind.LAPSE: gettext_lazy("No new agreement came in time, or it is refused a second time: the petition is at its end."),
}
LINES = forms.Textarea(attrs={"rows": 4})


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class DraftForm(CaseForm):
    """A decision of one kind: its day, its text, and what an adjournment asks."""

    kind = forms.ChoiceField(choices=Decision.Kind.choices, widget=forms.HiddenInput)
    on = DayField(label=gettext_lazy("Pronounced on"))
    conditions = forms.CharField(
        label=gettext_lazy("Conditions of the new agreement"),
        help_text=gettext_lazy("One per line."),
        error_messages={"required": gettext_lazy("Say which conditions the new agreement must meet.")},
        widget=LINES,
    )
    provisional_measures = forms.CharField(
        label=gettext_lazy("Provisional measures"), help_text=gettext_lazy("One per line."), required=False, widget=LINES
    )
    body = forms.CharField(
        label=gettext_lazy("Text of the decision"),
        help_text=gettext_lazy("A blank line parts paragraphs; a line that starts with # is a heading, with - a point of a list."),
        required=False,
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 24}),
    )

    def fit(self, view: CaseView) -> None:
        if self["kind"].value() != Decision.Kind.ADJOURNMENT:
            del self.fields["conditions"], self.fields["provisional_measures"]

    @property
    def values(self) -> dict[str, Any]:
        said = super().values
        return {**said, **{name: lines(said.get(name, "")) for name in ("conditions", "provisional_measures")}}


class SignForm(CaseForm):
    """The judge's signature on exactly what was shown."""

    shown = forms.CharField(widget=forms.HiddenInput)
    read = forms.BooleanField(
        label=gettext_lazy("I have read this decision and I sign it"),
        error_messages={"required": gettext_lazy("Tick the box once you have read the decision.")},
    )


class NoteForm(CaseForm):
    """A note of the judge."""

    body = forms.CharField(label=gettext_lazy("Your note"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 3}))


ACTS: Mapping[str, Act] = {
    "draft": Act(
        "decision.draft",
        gettext_lazy("Save the draft"),
        gettext_lazy("The draft is saved and is being typeset. Read it, then sign."),
        lambda view, form: actions.decision.draft(view.seen.actor, view.case, **form.values, key=form.idempotency_key),
        DraftForm,
    ),
    "discard": Act(
        "decision.discard",
        gettext_lazy("Set the draft aside"),
        gettext_lazy("The draft is set aside."),
        lambda view, form: actions.decision.discard(view.seen.actor, view.case, key=form.idempotency_key),
    ),
    "sign": Act(
        "decision.sign",
        gettext_lazy("Sign and deliver"),
        gettext_lazy("The decision is signed. It is delivered to all in a moment."),
        lambda view, form: actions.decision.sign(view.seen.actor, view.case, shown=form.cleaned_data["shown"], key=form.idempotency_key),
        SignForm,
    ),
    "note": Act(
        "correspondence.write",
        gettext_lazy("Keep the note"),
        gettext_lazy("The note is kept. Only the judges of this case read it."),
        lambda view, form: actions.correspondence.write(
            view.seen.actor, view.case, channel=Message.Channel.JUDGE, body=form.cleaned_data["body"], key=form.idempotency_key
        ),
        NoteForm,
    ),
}


@require_http_methods(["GET", "POST"])
@at_bench
@of_case
def decision(request: HttpRequest, view: CaseView) -> HttpResponse:
    """The case on one page, and its decision (CC 250-1 to 250-3; CPC 1099 to 1101)."""
    row = access.decisions(view.seen.actor, view.case).select_related("instrument__document__head").last()
    draft = row if row and row.state == Decision.State.DRAFT else None
    kind = request.POST.get("draft-kind") or request.GET.get("kind") or (draft.kind if draft else "")
    head = draft.instrument.document.head if draft and draft.instrument and draft.instrument.document else None
    found = asked(request, view, ACTS, draft=begun(view, draft, kind), sign={"shown": head.sha256 if head else ""})
    if not view.seen.standing.sees(access.JUDGES):
        found = Forms()
    if name := done(request, view, ACTS, found):
        return redirect(f"{reverse('decision', args=[view.case.pk])}{'' if name == 'note' else '#decision'}")
    agreement = calls.current(view.seen, "agreement")
    context = {
        "row": row,
        "draft": draft,
        "ready": head is not None,
        "kind": kind,
        "kinds": [(kind.value, kind.label, hint) for kind, hint in KINDS.items()],
        "forms": found,
        "pages": pages_of(view.case, row.instrument) if row and row.instrument else [],
        "paper": instrument_row(view.case, row.instrument) if row and row.instrument else None,
        "agreement": instrument_row(view.case, agreement) if agreement else None,
        "agreement_pages": pages_of(view.case, agreement) if agreement else [],
        "children": [(child, getattr(child, "hearing", None)) for child in view.case.children.all()],
        "notes": access.messages(view.seen.actor, view.case).filter(channel=Message.Channel.JUDGE),
    }
    return shown(request, view, "court/decision.html", _("Decision"), **context)


def begun(view: CaseView, draft: Decision | None, kind: str) -> dict[str, Any]:
    """What the form of a draft starts from: the draft, or the text the platform proposes."""
    if kind not in Decision.Kind.values:
        return {}
    row = draft if draft and draft.kind == kind else proposed(view.case, kind, view.seen.actor.user_id)
    return {
        "kind": kind,
        "on": row.on,
        "body": row.body or proposed_text(view.case, row),
        "conditions": "\n".join(row.conditions),
        "provisional_measures": "\n".join(row.provisional_measures),
    }


urlpatterns = [path("dossiers/<uuid:case_id>/decision/", decision, name="decision")]
