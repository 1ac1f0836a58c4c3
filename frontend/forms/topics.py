"""A topic's typed answer as a form: one input for each field, a few lines for a list, one amount for each child; no JavaScript needed."""

import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal, Union, get_args, get_origin

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from backend.errors import Text
from cases.models import Child, Spouse
from cases.proceedings.questions import Topic
from frontend.forms import topic_words as said
from frontend.forms.base import ActingForm, DayField, Group

SPARE, AT_MOST = 1, 40


@dataclass(frozen=True)
class People:
    """Those the answers speak of."""

    spouses: Sequence[Spouse]
    children: Sequence[Child]


class TopicForm(ActingForm):
    """The page of one topic. Names of fields are the paths of the answer's type, so that what is wrong is told beside its field.

    `since` is the sequence of the case at which the question is read.
    """

    since = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, topic: Topic, people: People, data: Any = None, *, since: int, value: Mapping[str, Any] | None = None) -> None:
        self.topic, self.people, self.given = topic, people, dict(value or {})
        self.lists: dict[str, tuple[type[BaseModel], int]] = {}
        self.maps: list[str] = []
        super().__init__(data, initial={"since": since})
        for name, info in topic.model.model_fields.items():
            self._add(name, info)

    def _add(self, name: str, info: FieldInfo) -> None:
        kind = unwrapped(info.annotation)
        if get_origin(kind) is list:
            return self._add_lines(name, get_args(kind)[0])
        if get_origin(kind) is dict:
            return self._add_amounts(name)
        self.fields[name] = self._field(f"{self.topic.name}.{name}", info, kind)
        self.initial[name] = plain(self.given.get(name, default_of(info)), kind, info)

    def _add_lines(self, name: str, model: type[BaseModel]) -> None:
        held = self.given.get(name) or []
        count = min(AT_MOST, self._asked(name, len(held) + SPARE))
        self.lists[name] = (model, count)
        self.fields[f"{name}.count"] = forms.IntegerField(widget=forms.HiddenInput, required=False)
        self.initial[f"{name}.count"] = count
        for line in range(count):
            for inner, info in model.model_fields.items():
                kind = unwrapped(info.annotation)
                path = f"{name}.{line}.{inner}"
                self.fields[path] = self._field(f"{self.topic.name}.{name}.{inner}", info, kind)
                self.fields[path].required = False
                if line < len(held):
                    self.initial[path] = plain(held[line].get(inner), kind, info)

    def _asked(self, name: str, otherwise: int) -> int:
        """How many lines the page had, one more where more were asked for."""
        if not self.is_bound:
            return otherwise
        told = str(self.data.get(f"{name}.count", ""))
        return (int(told) if told.isdigit() else otherwise) + (self.data.get("more") == name)

    def _add_amounts(self, name: str) -> None:
        self.maps.append(name)
        label = said.LABELS[f"{self.topic.name}.{name}"]
        for child in self.people.children:
            path = f"{name}.{child.pk}"
            self.fields[path] = amount(label=f"{child.short_name} – {label}", required=False)
            self.initial[path] = (self.given.get(name) or {}).get(str(child.pk))

    def _field(self, path: str, info: FieldInfo, kind: Any) -> forms.Field:
        about = {"label": said.LABELS[path], "help_text": said.HELPS.get(path, ""), "required": info.is_required() and kind is not bool}
        if choices := self._choices(path, info):
            widget = forms.RadioSelect if len(choices) <= 3 else forms.Select
            return forms.ChoiceField(choices=choices, widget=widget, **about)  # type: ignore[arg-type]
        if kind is date:
            return DayField(**{name: value for name, value in about.items() if value != ""})
        if kind is Decimal:
            return amount(**about)
        if kind is int:
            return forms.IntegerField(min_value=0, widget=forms.TextInput(attrs={"inputmode": "numeric"}), **about)  # type: ignore[arg-type]
        if kind is bool:
            return forms.BooleanField(**about)  # type: ignore[arg-type]
        return forms.CharField(max_length=254, widget=forms.TextInput(attrs=TYPES.get(path.rpartition(".")[2], {})), **about)  # type: ignore[arg-type]

    def _choices(self, path: str, info: FieldInfo) -> list[tuple[str, Text]]:
        if path in said.CHOICES:
            return list(said.CHOICES[path])
        names = [(str(spouse.side) if path in said.SIDES else spouse.short_name, spouse.short_name) for spouse in self.people.spouses]
        if path in said.SIDES:
            return [("", _("Choose")), *names, *([("both", said.IN_TURN[path])] if path in said.IN_TURN else [])]
        if path in said.NAMED:
            return [("", _("Choose")), *names, ("both", _("both"))]
        if unwrapped(info.annotation) is bool and (info.is_required() or nullable(info.annotation)):
            return [*said.YES_NO, *([] if info.is_required() else [said.UNKNOWN])]
        return []

    @property
    def asks_for_more(self) -> bool:
        """Whether the button pressed was the one that adds a line: nothing is saved, nothing is lost."""
        return self.is_bound and self.data.get("more") in self.lists

    def read_again(self, since: int) -> None:
        """Whoever was told of an answer given meanwhile has seen that: what they save next takes its place."""
        self.data = {**dict(self.data.items()), "since": since}

    def value(self) -> dict[str, Any]:
        """The answer as its type reads it: empty lines left out, empty fields at their default."""
        found: dict[str, Any] = {}
        for name, info in self.topic.model.model_fields.items():
            if name in self.lists:
                found[name] = [line for line in self._lines(name) if line]
            elif name in self.maps:
                amounts = {str(child.pk): self.cleaned_data.get(f"{name}.{child.pk}") for child in self.people.children}
                found[name] = {key: amount for key, amount in amounts.items() if amount is not None}
            else:
                found |= kept(name, self.cleaned_data.get(name), info)
        return found

    def _lines(self, name: str) -> Iterator[dict[str, Any]]:
        model, count = self.lists[name]
        for line in range(count):
            values = {inner: self.cleaned_data.get(f"{name}.{line}.{inner}") for inner in model.model_fields}
            if any(value not in (None, "", False) for value in values.values()):
                yield {key: item for inner, value in values.items() for key, item in kept(inner, value, model.model_fields[inner]).items()}

    def groups(self) -> Iterator[Group]:
        """The fields as the page shows them."""
        single = [self[name] for name in self.fields if name.partition(".")[0] not in self.lists and not self[name].is_hidden]
        for name, (model, count) in self.lists.items():
            for line in range(count):
                legend = _("%(what)s no. %(number)s") % {"what": said.LABELS[f"{self.topic.name}.{name}"], "number": line + 1}
                yield Group(legend, [self[f"{name}.{line}.{inner}"] for inner in model.model_fields])
        if single:
            yield Group("", single)

    def hidden(self) -> list[BoundField]:
        return self.hidden_fields()


TYPES = {
    "email": {"type": "email", "autocomplete": "off"},
    "phone": {"type": "tel"},
    "postal_code": {"inputmode": "numeric"},
}


def amount(**about: Any) -> forms.DecimalField:
    """An amount in euros, with a comma or a point."""
    return forms.DecimalField(
        min_value=0, max_digits=12, decimal_places=2, localize=True, widget=forms.TextInput(attrs={"inputmode": "decimal"}), **about
    )


def unwrapped(annotation: Any) -> Any:
    """The plain type of a field, without "or nothing"."""
    if get_origin(annotation) in (Union, types.UnionType):
        return next(unwrapped(part) for part in get_args(annotation) if part is not type(None))
    return str if get_origin(annotation) is Literal else annotation


def nullable(annotation: Any) -> bool:
    return get_origin(annotation) in (Union, types.UnionType) and type(None) in get_args(annotation)


def default_of(info: FieldInfo) -> Any:
    return None if info.is_required() else info.get_default(call_default_factory=True)


def plain(value: Any, kind: Any, info: FieldInfo) -> Any:
    """A value as its input shows it."""
    if kind is bool and (info.is_required() or nullable(info.annotation)):
        return {True: "yes", False: "no"}.get(value, "")
    if kind is Decimal and value is not None:
        return Decimal(str(value)) or (Decimal(0) if info.is_required() else "")
    return value


def kept(name: str, value: Any, info: FieldInfo) -> dict[str, Any]:
    """A field as the type reads it: left to its default where it is empty."""
    if unwrapped(info.annotation) is bool and isinstance(value, str):
        value = {"yes": True, "no": False}.get(value)
        return {} if value is None and not nullable(info.annotation) else {name: value}
    if value in (None, ""):
        return {name: None} if nullable(info.annotation) else {name: ""} if info.is_required() and unwrapped(info.annotation) is str else {}
    return {name: value}
