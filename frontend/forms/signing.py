"""What is filled in around a signature: how it is opened, until when it goes on, why one signature is given again."""

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import ceremonies
from cases.ceremonies import Ceremony
from frontend.forms.base import ActingForm, DayField, DocumentField
from frontend.pages.acting import CaseForm

WAYS = [
    (Ceremony.Way.APART, gettext_lazy("Each where they are")),
    (Ceremony.Way.TOGETHER, gettext_lazy("All together in one place")),
    (Ceremony.Way.PAPER, gettext_lazy("All together in one place, on paper")),
]
MORNING, EVENING = time(9), time(18)
AT_ITS_DAY = {"opens_at": "opens_on", "closes_at": "closes_on"}


class HourField(forms.TimeField):
    """A time of day, typed or picked."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), required=False, **kwargs)


class OpeningForm(CaseForm):
    """In which way, where, from when, until when; left alone: each where they are, from now on."""

    said_at = AT_ITS_DAY
    way = forms.ChoiceField(label=gettext_lazy("How does everyone sign?"), choices=WAYS, widget=forms.RadioSelect, initial="apart")
    ordered = forms.BooleanField(
        label=gettext_lazy("One after the other: the spouses first, then the lawyers"),
        help_text=gettext_lazy("Each is told when their turn comes. Else everyone may sign at once, in any order."),
        required=False,
    )
    place = forms.CharField(
        label=gettext_lazy("Where, if all come together"),
        help_text=gettext_lazy("For example: the law firm, with its full address. The lawyers attest there that the spouses are present."),
        max_length=300,
        required=False,
    )
    opens_on = DayField(label=gettext_lazy("First day"), required=False, help_text=gettext_lazy("Empty: from now on."))
    opens_at_hour = HourField(label=gettext_lazy("From"))
    closes_on = DayField(
        label=gettext_lazy("Last day"),
        required=False,
        help_text=gettext_lazy("What is not finished by then signs nothing, and everyone is told. Empty: in a month."),
    )
    closes_at_hour = HourField(label=gettext_lazy("Until"))

    @property
    def asked(self) -> dict[str, Any]:
        return {**self._where_and_when, "ordered": self.cleaned_data["ordered"]}

    @property
    def _where_and_when(self) -> dict[str, Any]:
        said, zone = self.cleaned_data, self.view.case.zone
        hours = {
            "opens_at": moment(said.get("opens_on"), said.get("opens_at_hour") or MORNING, zone),
            "closes_at": moment(said.get("closes_on"), said.get("closes_at_hour") or EVENING, zone),
        }
        return {"way": said.get("way", ""), "place": said.get("place", ""), **{name: value for name, value in hours.items() if value}}

    def clean(self) -> dict[str, Any]:
        """An hour is of a day; and what the action would refuse of the rest is told at the same time."""
        for day, hour in (("opens_on", "opens_at_hour"), ("closes_on", "closes_at_hour")):
            if self.cleaned_data.get(hour) and not self.cleaned_data.get(day) and day not in self.errors:
                self.add_error(day, _("Say on which day as well."))
        for fault in ceremonies.faults(**self._where_and_when):
            field = self.beside(fault.field)
            if field not in self.errors:
                self.add_error(field, str(fault))
        return self.cleaned_data


class ResumeForm(CaseForm):
    """Going on, with more time where some was lost."""

    said_at = AT_ITS_DAY
    closes_on = DayField(label=gettext_lazy("New last day"), required=False, help_text=gettext_lazy("Empty: as before."))
    closes_at_hour = HourField(label=gettext_lazy("Until"))

    @property
    def asked(self) -> dict[str, Any]:
        said = self.cleaned_data
        closes_at = moment(said["closes_on"], said["closes_at_hour"] or EVENING, self.view.case.zone)
        return {"closes_at": closes_at} if closes_at else {}


class RedoForm(CaseForm):
    """Why a signature is given again."""

    reason = forms.CharField(label=gettext_lazy("The reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class LookedForm(CaseForm):
    """What whoever confirms a scan saw with their own eyes, where something was found."""

    looked = forms.CharField(label=gettext_lazy("What you saw on these pages"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class ScanFile(ActingForm):
    """The scan of one paper, for the door of files."""

    case = forms.UUIDField(widget=forms.HiddenInput)
    purpose = forms.CharField(widget=forms.HiddenInput, initial="scan")
    next = forms.CharField(widget=forms.HiddenInput)
    instrument = forms.UUIDField(widget=forms.HiddenInput)
    file = DocumentField(label=gettext_lazy("The scan, all pages in order"), kinds="application/pdf", said=gettext_lazy("One PDF file."))


def moment(day: date | None, hour: time, zone: str) -> datetime | None:
    """An hour of a day where the court sits; nothing without a day."""
    return datetime.combine(day, hour, ZoneInfo(zone)) if day else None
