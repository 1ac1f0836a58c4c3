"""Exhibits: sending files, saying what each is, choosing what is communicated."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from frontend import asked, labels
from frontend.forms.base import ActingForm, DayField, DocumentField
from frontend.outlooks import CaseView


class Files(forms.FileInput):
    """An input that takes several files."""

    allow_multiple_selected = True


def kinds_of(view: CaseView) -> list[tuple[str, Any]]:
    return [("", _("Choose")), *labels.exhibit_kinds(view.seen.proceeding).items()]


def people_of(view: CaseView) -> list[tuple[str, Any]]:
    return [("", _("Nobody in particular")), *((str(key), person.short_name) for key, person in asked.people_of(view.case).items())]


def sides_of(view: CaseView) -> list[tuple[str, Any]]:
    """For whom one brings an exhibit: one's own side, or both."""
    mine = {spouse.side: spouse.short_name for spouse in view.case.spouses.all() if spouse.side in view.seen.standing.sides}
    return [
        ("0", _("%(both)s: seen by both sides at once") % {"both": view.both}),
        *((str(side), _("%(name)s: private until communicated") % {"name": name}) for side, name in mine.items()),
    ]


class SendForm(ActingForm):
    """Files for the door that takes bytes (`/envoyer`): fields first, files last."""

    case = forms.UUIDField(widget=forms.HiddenInput)
    purpose = forms.CharField(widget=forms.HiddenInput, initial="exhibit")
    next = forms.CharField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("What it is"))
    about = forms.ChoiceField(label=_("Of whom"), required=False)
    side = forms.ChoiceField(label=_("Who brings it"), widget=forms.RadioSelect)
    dated = DayField(label=_("Date on the document"), required=False)

    def __init__(self, view: CaseView, back: str, **initial: Any) -> None:
        super().__init__(initial={"case": view.case.pk, "next": back, "side": "0", **initial})
        self.fields["kind"].choices = kinds_of(view)  # type: ignore[attr-defined]
        self.fields["about"].choices = people_of(view)  # type: ignore[attr-defined]
        self.fields["side"].choices = sides_of(view)  # type: ignore[attr-defined]


class PhotographsForm(ActingForm):
    """Photographs for the same door, kept until they become one document."""

    case = forms.UUIDField(widget=forms.HiddenInput)
    purpose = forms.CharField(widget=forms.HiddenInput, initial="photograph")
    next = forms.CharField(widget=forms.HiddenInput)


class AgreementFile(ActingForm):
    """The agreement's file, for the same door."""

    case = forms.UUIDField(widget=forms.HiddenInput)
    purpose = forms.CharField(widget=forms.HiddenInput, initial="agreement")
    next = forms.CharField(widget=forms.HiddenInput)
    file = DocumentField(label=_("The agreement"), kinds="application/pdf", said=_("One PDF file."))


class ExhibitFile(ActingForm):
    """The file of an exhibit announced as to follow."""

    case = forms.UUIDField(widget=forms.HiddenInput)
    purpose = forms.CharField(widget=forms.HiddenInput, initial="exhibit-file")
    next = forms.CharField(widget=forms.HiddenInput)
    exhibit = forms.UUIDField(widget=forms.HiddenInput)
    file = DocumentField(label=_("The file"))


class AnnounceForm(ActingForm):
    """An exhibit announced as to follow: no file yet."""

    kind = forms.ChoiceField(label=_("What it is"))
    about = forms.TypedChoiceField(label=_("Of whom"), required=False, coerce=UUID, empty_value=None)
    side = forms.TypedChoiceField(label=_("Who brings it"), coerce=int, widget=forms.RadioSelect, initial="0")

    def __init__(self, view: CaseView, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = kinds_of(view)  # type: ignore[attr-defined]
        self.fields["about"].choices = people_of(view)  # type: ignore[attr-defined]
        self.fields["side"].choices = sides_of(view)  # type: ignore[attr-defined]


class GatherForm(AnnounceForm):
    """What the photographs are of: one exhibit, with its name."""

    title = forms.CharField(label=_("How it is called in the list of exhibits"), max_length=200)
    dated = DayField(label=_("Date on the document"), required=False)


class DescribeForm(ActingForm):
    """What an exhibit is, and of which day."""

    kind = forms.ChoiceField(label=_("What it is"))
    title = forms.CharField(label=_("How it is called in the list of exhibits"), max_length=200)
    dated = DayField(label=_("Date on the document"), required=False)
    form = forms.ChoiceField(
        label=_("How it was drawn up"),
        required=False,
        choices=[("", _("It does not matter")), ("private", _("Between the spouses")), ("notarial", _("By a notary"))],
    )

    def __init__(self, view: CaseView, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = kinds_of(view)  # type: ignore[attr-defined]
