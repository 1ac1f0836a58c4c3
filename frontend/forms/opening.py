"""Opening a case: the spouses, their children, for whom the lawyer acts; and what that says of the routes that are open."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backend import clock
from backend.keys import uuid7
from cases.proceedings.facts import ChildFacts, CounselFacts, Facts, SpouseFacts
from frontend.forms.base import ActingForm, DayField, Group
from frontend.forms.topic_words import CHOICES

CHILDREN_AT_MOST = 15
VOICES = [
    ("", gettext_lazy("Not known yet")),
    ("asks", gettext_lazy("Was told, and asks to be heard")),
    ("silent", gettext_lazy("Was told, and does not ask")),
    ("young", gettext_lazy("Does not understand enough")),
]
ACTS_FOR = {"both": (1, 2), "1": (1,), "2": (2,)}


class OpeningForm(ActingForm):
    """One page: who, their children, one lawyer together or one each."""

    acts_for = forms.ChoiceField(
        label=gettext_lazy("For whom do you act?"),
        choices=[
            ("both", gettext_lazy("For both spouses, who chose me together")),
            ("1", gettext_lazy("For the first spouse")),
            ("2", gettext_lazy("For the second spouse")),
        ],
        widget=forms.RadioSelect,
        initial="both",
    )
    protected = forms.BooleanField(label=gettext_lazy("One of the spouses is a protected adult"), required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        for side in (1, 2):
            self._add_spouse(side)
        self.count = self._lines(data)
        self.fields["children"] = forms.IntegerField(widget=forms.HiddenInput, required=False)
        self.initial["children"] = self.count
        for line in range(self.count):
            self._add_child(line)

    def _add_spouse(self, side: int) -> None:
        at = f"spouses.{side - 1}"
        self.fields[f"{at}.title"] = forms.ChoiceField(label=_("Title"), choices=CHOICES["identity.title"], required=False)
        self.fields[f"{at}.first_names"] = forms.CharField(label=_("First names"), max_length=200)
        self.fields[f"{at}.birth_name"] = forms.CharField(label=_("Birth name"), max_length=100)
        self.fields[f"{at}.used_name"] = forms.CharField(
            label=_("Name used"), max_length=100, required=False, help_text=_("The name used every day, where it is another.")
        )

    def _add_child(self, line: int) -> None:
        at = f"children.{line}"
        self.fields[f"{at}.first_names"] = forms.CharField(label=_("First names"), max_length=200, required=False)
        self.fields[f"{at}.name"] = forms.CharField(label=_("Name"), max_length=100, required=False)
        self.fields[f"{at}.born"] = DayField(label=_("Day of birth"), required=False)
        self.fields[f"{at}.voice"] = forms.ChoiceField(label=_("The child's right to be heard"), choices=VOICES, required=False)

    def _lines(self, data: Any) -> int:
        told = str(data.get("children", "")) if data else ""
        return min(CHILDREN_AT_MOST, (int(told) if told.isdigit() else 2) + bool(data and data.get("more")))

    def clean(self) -> dict[str, Any]:
        """A child begun is a child finished: name and day of birth."""
        cleaned = super().clean() or self.cleaned_data
        for line in range(self.count):
            begun = any(cleaned.get(f"children.{line}.{field}") for field in ("first_names", "name", "born", "voice"))
            for field in ("first_names", "name", "born") if begun else ():
                path = f"children.{line}.{field}"
                if not cleaned.get(path) and path not in self.errors:
                    self.add_error(path, _("This answer is needed."))
        return cleaned

    def groups(self) -> Iterator[Group]:
        """The fields of each person under a legend."""
        for side, legend in ((0, _("The first spouse")), (1, _("The second spouse"))):
            yield Group(legend, [self[f"spouses.{side}.{field}"] for field in ("title", "first_names", "birth_name", "used_name")])
        for line in range(self.count):
            legend = _("Child no. %(number)s") % {"number": line + 1}
            yield Group(legend, [self[f"children.{line}.{field}"] for field in ("first_names", "name", "born", "voice")])

    @property
    def spouses(self) -> list[dict[str, Any]]:
        return [self._of(f"spouses.{side}", ("title", "first_names", "birth_name", "used_name")) for side in (0, 1)]

    @property
    def children(self) -> list[dict[str, Any]]:
        return [self._of(f"children.{line}", ("first_names", "name", "born")) for line in self._known()]

    @property
    def sides(self) -> tuple[int, ...]:
        return ACTS_FOR[self.cleaned_data["acts_for"]]

    def _known(self) -> list[int]:
        return [line for line in range(self.count) if self.cleaned_data.get(f"children.{line}.first_names")]

    def _of(self, at: str, fields: tuple[str, ...]) -> dict[str, Any]:
        return {field: self.cleaned_data.get(f"{at}.{field}") or "" for field in fields}

    def facts(self) -> Facts:
        """What was said, as the rules of the routes read it."""
        protected = "curatelle" if self.cleaned_data.get("protected") else "none"
        spouses = tuple(
            SpouseFacts(uuid7(), side, "", {}, "", "France", protected if side == 1 else "none", False, "none") for side in (1, 2)
        )
        sides = self.sides
        counsels = [CounselFacts(uuid7(), "", sides)] + [CounselFacts(uuid7(), "", (side,)) for side in (1, 2) if side not in sides]
        return Facts(clock.today(), spouses, tuple(self._child(line) for line in self._known()), tuple(counsels), (), {})

    def _child(self, line: int) -> ChildFacts:
        voice = self.cleaned_data.get(f"children.{line}.voice", "")
        told = clock.today() if voice in ("asks", "silent") else None
        asks = {"asks": True, "silent": False}.get(voice)
        discernment = {"young": False, "": None}.get(voice, True)
        names = self.cleaned_data[f"children.{line}.first_names"]
        return ChildFacts(uuid7(), names, self.cleaned_data[f"children.{line}.born"], discernment, told, asks, None, False)
