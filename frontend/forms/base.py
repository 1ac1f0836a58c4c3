"""The base of every form: rendered in the design system's way, what was typed kept, an acting form sent once."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backend.errors import DomainError, Finding, Text


class Form(forms.Form):
    """A form whose refusals say how to mend them. Rendered by `{% form %}`, or field by field by `{% field form.name %}`."""

    error_css_class = "is-wrong"
    required_css_class = "is-required"
    use_required_attribute = False  # the page says what is missing, in its own words and language

    refusal: DomainError | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def values(self) -> dict[str, Any]:
        """What was said, for an action's keywords."""
        return dict(self.cleaned_data)


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


PAPER = _("PDF, JPEG or PNG")


class DocumentField(forms.FileField):
    """A file from a person, who is told before choosing what is accepted and how heavy it may be."""

    def __init__(self, *, accepts: str = "application/pdf,image/jpeg,image/png", said: Text = PAPER, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", said)
        kwargs.setdefault("widget", forms.FileInput(attrs={"accept": accepts}))
        super().__init__(**kwargs)
