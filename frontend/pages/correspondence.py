"""Correspondence: each conversation apart, with who reads it written above."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from backend.errors import NotFound
from cases import access, actions
from cases.actions.correspondence import open_to
from cases.models import Message
from frontend.errors import shown_on
from frontend.forms.base import ActingForm
from frontend.outlooks import CaseView
from frontend.pages.of_case import of_case, shown

AT_ONCE = 200


class MessageForm(ActingForm):
    """A message."""

    body = forms.CharField(label=gettext_lazy("Your message"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 5}))


@require_http_methods(["GET", "POST"])
@of_case
def correspondence(request: HttpRequest, view: CaseView, channel: str = "") -> HttpResponse:
    """The conversations this person takes part in."""
    channels = open_to(view.seen.actor, view.case)
    if not channels or (channel and channel not in channels):
        raise NotFound
    here = Message.Channel(channel or channels[0])
    form = MessageForm(request.POST or None)
    if form.is_valid():
        with shown_on(form):
            actions.correspondence.write(view.seen.actor, view.case, channel=here, body=form.cleaned_data["body"], key=form.idempotency_key)
            return redirect("conversation", view.case.pk, here.value)
    messages = access.messages(view.seen.actor, view.case).filter(channel=here).order_by("-pk")[:AT_ONCE]
    tabs = [(title(view, one), reverse("conversation", args=[view.case.pk, one.value]), one == here) for one in channels]
    context = {"tabs": tabs, "messages_here": messages, "form": form, "who": readers(view, here), "here": here}
    return shown(request, view, "case/correspondence.html", _("Correspondence"), **context)


def title(view: CaseView, channel: Message.Channel) -> str:
    """What a conversation is called for this reader."""
    if channel in (Message.Channel.LAWYERS, Message.Channel.REGISTRY, Message.Channel.JUDGE):
        return str(channel.label)
    return _("%(name)s and their lawyer") % {"name": _spouse(view, channel)}


def readers(view: CaseView, channel: Message.Channel) -> str:
    """Who reads it."""
    if channel == Message.Channel.LAWYERS:
        return _("the lawyers of this case and their staff")
    if channel == Message.Channel.JUDGE:
        return _("the judges of this case only")
    if channel == Message.Channel.REGISTRY:
        return _("the lawyers of this case, the registry and the judge")
    return _("%(name)s, their lawyer and the lawyer's staff") % {"name": _spouse(view, channel)}


def _spouse(view: CaseView, channel: Message.Channel) -> str:
    return next(spouse.short_name for spouse in view.case.spouses.all() if channel.value == f"side:{spouse.side}")


urlpatterns = [
    path("dossiers/<uuid:case_id>/courrier/", correspondence, name="correspondence"),
    path("dossiers/<uuid:case_id>/courrier/<str:channel>/", correspondence, name="conversation"),
]
