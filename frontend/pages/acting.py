"""Pages that hold several acts: each its own form, shown only to whoever may do it now, everything typed kept when one is refused."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest

from backend.errors import Text
from frontend.errors import shown_on
from frontend.forms.base import ActingForm
from frontend.outlooks import CaseView


class Forms(dict[str, ActingForm]):
    """The forms of a page, by act: nothing for an act that is not this person's now."""

    def __missing__(self, name: str) -> None:
        return None


class CaseForm(ActingForm):
    """An acting form that knows the case it acts on, for its choices."""

    label: Text = ""

    def __init__(self, view: CaseView, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.view = view
        self.fit(view)

    def fit(self, view: CaseView) -> None:
        """Give the fields what the case offers."""


@dataclass(frozen=True)
class Act:
    """One act of a page: the action it needs, the form it asks for, what it does, and what is said once it is done, of what was done too."""

    action: str
    label: Text
    said: Text | Callable[[Any], Text]
    do: Callable[[CaseView, Any], object]
    form: Callable[..., CaseForm] = CaseForm


def asked(request: HttpRequest, view: CaseView, acts: Mapping[str, Act], **initial: Any) -> Forms:
    """The form of each act this person may do now, by name: the one that was sent holds what was typed."""
    sent = request.POST.get("act")
    found = Forms()
    for name, act in acts.items():
        if view.may(act.action):
            data = request.POST if name == sent else None
            form = act.form(view, data, prefix=name, initial=initial.get(name))
            form.label = act.label
            found[name] = form
    return found


def done(request: HttpRequest, view: CaseView, acts: Mapping[str, Act], forms: Forms) -> str:
    """Do the act that was sent. Gives its name, empty where nothing was done: its form then says why."""
    name = request.POST.get("act", "")
    form = forms.get(name)
    if form is None or not form.is_valid():
        return ""
    with shown_on(form):
        result, said = acts[name].do(view, form), acts[name].said
        messages.success(request, str(said(result) if callable(said) else said))
        return name
    return ""
