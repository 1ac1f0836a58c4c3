"""How a field of any form is shown: which of the design system's inputs it is, and what is chosen in a filter."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict

from backend.errors import Text

KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Select, "select"),
    (forms.FileInput, "file"),
    (forms.Textarea, "textarea"),
)
CLASSES = {"select": "fr-select", "file": "fr-upload", "input": "fr-input", "textarea": "fr-input"}


def kind(bound: BoundField) -> str:
    """The design system's name for a field's input."""
    return next((name for widget, name in KINDS if isinstance(bound.field.widget, widget)), "input")


def shown(bound: BoundField, hint: Text = "") -> dict[str, Any]:
    """What the template of a field needs. Django ties help and errors to the input; the classes are added here."""
    shape = kind(bound)
    given = bound.field.widget.attrs.get("class", "")
    classes = " ".join(filter(None, [CLASSES.get(shape, ""), given]))
    if hint:
        bound.help_text = str(hint)
    return {
        "field": bound,
        "kind": shape,
        "input": bound if bound.field.widget.use_fieldset else bound.as_widget(attrs={"class": classes} if classes else {}),
        "options": list(bound) if shape in {"radios", "checkboxes"} else [],
        "required": bound.field.required,
        "described": bound.aria_describedby or "",
    }


def chosen(form: forms.Form) -> Iterator[dict[str, str]]:
    """The filters that are on: what each says, and the query without it."""
    if not form.is_bound:
        return
    for bound in form.visible_fields():
        value = bound.data
        if value in (None, "", []):
            continue
        query = QueryDict(mutable=True)
        query.update(form.data)
        query.pop(bound.html_name, None)
        query.pop("page", None)
        yield {"label": str(bound.label), "value": said(bound, value), "without": query.urlencode()}


def said(bound: BoundField, value: Any) -> str:
    """A chosen value as people read it."""
    choices = dict(getattr(bound.field, "choices", ()))
    values = value if isinstance(value, list) else [value]
    return ", ".join(str(choices.get(one, one)) for one in values)
