"""The base of every form: rendered in the design system's way, what was typed kept, an acting form sent once."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backend.errors import DomainError, Finding, Text
from cases.bytes import takes_texts


@dataclass(frozen=True)
class Group:
    """Fields shown together, under a legend where they are of one person, or one line of a list."""

    legend: Text
    fields: list[BoundField]


class Form(forms.Form):
    """A form whose refusals say how to mend them. Rendered by `{% form %}`, or field by field by `{% field form.name %}`."""

    error_css_class = "is-wrong"
    required_css_class = "is-required"
    use_required_attribute = False  # the page says what is missing, in its own words and language

    said_at: Mapping[str, str] = MappingProxyType({})  # by what an action names, the field that says it, where that has another name
    refusal: DomainError | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def values(self) -> dict[str, Any]:
        """What was said, for an action's keywords."""
        return dict(self.cleaned_data)

    def beside(self, named: str | None) -> str | None:
        """The field beside which it is shown what an action refuses of what it names; None: the form as a whole."""
        field = self.said_at.get(named or "", named)
        return field if field in self.fields else None

    def groups(self) -> Iterable[Group]:
        """The fields that a page shows together."""
        return ()

    def named(self, bound: BoundField) -> Text:
        """What a field is called away from its neighbours: with the legend it stands under."""
        legend = next((group.legend for group in self.groups() if bound in group.fields), "")
        return f"{legend}, {str(bound.label).lower()}" if legend else bound.label


class ActingForm(Form):
    """A form that acts: it carries the key that makes a double click, or the same page sent again, the same act."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4, error_messages={"required": _("Open this page again.")})

    @property
    def idempotency_key(self) -> str:
        return str(self.cleaned_data["key"])

    @property
    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "key"}


class ReasonForm(ActingForm):
    """An act that needs saying why: the page of a confirmation."""

    reason = forms.CharField(label=_("Your reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, label: str | None = None, required: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = required
        if label:
            self.fields["reason"].label = label


class DayField(forms.DateField):
    """A day, typed or picked; the machine's own picker where there is one."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("Day, month, year. For example: 27/03/1998."))
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        super().__init__(**kwargs)


PICTURES = "image/jpeg,image/png,image/heic,image/heif,image/tiff"
TEXTS = ".docx,.odt,.rtf"


def accepts() -> str:
    """The kinds of file that can be sent on this platform, for the machine's own picker."""
    return f"application/pdf,{PICTURES},{TEXTS}" if takes_texts() else f"application/pdf,{PICTURES}"


def accepted() -> str:
    """The same in words."""
    if takes_texts():
        return gettext("PDF, photograph (JPEG, PNG, HEIC, TIFF) or text document (DOCX, ODT, RTF)")
    return gettext("PDF or photograph (JPEG, PNG, HEIC, TIFF)")


class FileInput(forms.FileInput):
    """An input that offers the kinds named; without a name, all that can be sent here."""

    def __init__(self, kinds: str = "") -> None:
        super().__init__()
        self.kinds = kinds

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        return super().get_context(name, value, {"accept": self.kinds or accepts(), **(attrs or {})})


class DocumentField(forms.FileField):
    """A file from a person, who is told before choosing what is accepted and how heavy it may be."""

    def __init__(self, *, kinds: str = "", said: Text = lazy(accepted, str)(), **kwargs: Any) -> None:  # noqa: B008 - asked when it is shown
        kwargs.setdefault("help_text", said)
        kwargs.setdefault("widget", FileInput(kinds))
        super().__init__(**kwargs)
