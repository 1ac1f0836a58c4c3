"""What the registry and the judge fill in: a question, a return, a hearing list, a hearing, a decision, what follows it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backend import clock
from cases import benches
from cases.models import ChildHearing, Filing
from cases.reasons import REASONS
from frontend.forms.base import DayField
from frontend.outlooks import CaseView
from frontend.pages.acting import CaseForm

ANSWER_DAYS = 8
PARAGRAPHS = gettext_lazy("One per line.")


class WhyForm(CaseForm):
    """An act that everyone is told the reason of."""

    reason = forms.CharField(label=gettext_lazy("The reason, told to everyone"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class ReleaseForm(CaseForm):
    """Putting a filing back in the queue; whoever does it for the clerk who took it says why."""

    reason = forms.CharField(
        label=gettext_lazy("The reason, told to the clerk who took it"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def fit(self, view: CaseView) -> None:
        if view.case.filings.filter(state=Filing.State.RECEIVED, claimed_by=view.seen.actor.user_id).exists():
            self.fields["reason"].widget = forms.HiddenInput()


class ChamberForm(CaseForm):
    """Another chamber of the case's court."""

    chamber = forms.ModelChoiceField(label=gettext_lazy("Chamber"), queryset=None)  # type: ignore[var-annotated]

    def fit(self, view: CaseView) -> None:
        self.fields["chamber"].queryset = benches.chambers_beside(view.case)  # type: ignore[attr-defined]


class HoldForm(CaseForm):
    """Why a case is held."""

    reason = forms.CharField(
        label=gettext_lazy("The reason, for the court only"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class OnForm(CaseForm):
    """An act of a day that has come."""

    on = DayField(label=gettext_lazy("On"))

    def fit(self, view: CaseView) -> None:
        self.fields["on"].initial = clock.today(view.case.zone)


class QuestionForm(CaseForm):
    """A question to named people, with a date; the filing stays where it is."""

    to = forms.MultipleChoiceField(label=gettext_lazy("To whom"), widget=forms.CheckboxSelectMultiple)
    text = forms.CharField(label=gettext_lazy("Your question"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 4}))
    answer_by = DayField(label=gettext_lazy("Answer awaited by"))

    def fit(self, view: CaseView) -> None:
        lawyers = [(str(one.user_id), one.name) for one in view.case.counsels.all() if one.user_id and not one.until]
        spouses = [(str(one.user_id), one.short_name) for one in view.case.spouses.all() if one.user_id]
        self.fields["to"].choices = [*lawyers, *spouses]  # type: ignore[attr-defined]
        self.fields["to"].initial = [key for key, _name in lawyers]
        self.fields["answer_by"].initial = clock.today(view.case.zone) + timedelta(days=ANSWER_DAYS)

    def clean_to(self) -> list[UUID]:
        return [UUID(key) for key in self.cleaned_data["to"]]


class ReturnForm(CaseForm):
    """The reasons of a return, chosen from the list, each completed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, reason in REASONS.items():
            self.fields[f"reason-{code}"] = forms.BooleanField(label=str(reason.title), help_text=str(reason.mend), required=False)
            self.fields[f"note-{code}"] = forms.CharField(label=_("What exactly"), required=False, max_length=2000)

    def rows(self) -> list[tuple[Any, Any]]:
        """Each reason with its note, for the page."""
        return [(self[f"reason-{code}"], self[f"note-{code}"]) for code in REASONS]

    @property
    def reasons(self) -> list[dict[str, str]]:
        said = self.cleaned_data
        return [{"code": code, "note": said[f"note-{code}"]} for code in REASONS if said[f"reason-{code}"] or said[f"note-{code}"]]


class ChildForm(CaseForm):
    """How the child was heard (CPC 338-4 to 338-12)."""

    on = DayField(label=gettext_lazy("Heard on"))
    with_whom = forms.ChoiceField(label=gettext_lazy("With whom"), choices=ChildHearing.With.choices, widget=forms.RadioSelect)
    report = forms.CharField(
        label=gettext_lazy("Report"),
        help_text=gettext_lazy("The parties and their lawyers read it: write it in the interest of the child."),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def fit(self, view: CaseView) -> None:
        self.fields["on"].initial = clock.today(view.case.zone)


class TransmissionForm(OnForm):
    """What went to the family-benefits body, and when (CPC 1074-4)."""

    title = forms.TypedChoiceField(
        label=gettext_lazy("What was sent"),
        choices=[("", gettext_lazy("The maintenance data")), ("title", gettext_lazy("The judgment itself"))],
        coerce=bool,
        empty_value=False,  # type: ignore[arg-type]
        required=False,
    )
