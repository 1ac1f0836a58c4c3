"""The people of a case: who is there and what each may see of the others; invitations sent, corrected, cancelled; a lawyer named, a child added."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backend.keys import uuid7
from cases import access, actions, mandates
from cases.models import Counsel, Invitation, Spouse
from frontend.errors import shown_on
from frontend.forms.base import ActingForm, DayField
from frontend.outlooks import CaseView
from frontend.pages.of_case import of_case, shown

TONES = {"sent": "info", "accepted": "success", "changes": "warning", "cancelled": ""}


@require_safe
@of_case
def people(request: HttpRequest, view: CaseView) -> HttpResponse:
    """Everyone who takes part."""
    return shown(request, view, "case/people.html", _("People"), children=list(view.case.children.all()), names=nameable(view), key=uuid7())


def nameable(view: CaseView) -> list[tuple[int, str]]:
    """The spouses whose lawyer this person may name."""
    sides = [(spouse.side, spouse.short_name) for spouse in view.case.spouses.all()]
    return [(side, name) for side, name in sides if mandates.may_name(view.seen.actor, view.case, side)]


class InviteForm(ActingForm):
    """To which address."""

    email = forms.EmailField(label=gettext_lazy("E-mail address of this person"))


class LawyerForm(ActingForm):
    """The lawyer of a spouse who has none, or no longer wants the common one."""

    side = forms.TypedChoiceField(label=gettext_lazy("Of which spouse?"), coerce=int, widget=forms.RadioSelect)
    full_name = forms.CharField(label=gettext_lazy("Name of the lawyer"), max_length=200)
    email = forms.EmailField(label=gettext_lazy("Business e-mail address"))
    bar = forms.CharField(label=gettext_lazy("Bar"), max_length=100, required=False)


class ChildForm(ActingForm):
    """A child of the marriage."""

    first_names = forms.CharField(label=gettext_lazy("First names"), max_length=200)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    born = DayField(label=gettext_lazy("Day of birth"))
    birthplace = forms.CharField(label=gettext_lazy("Place of birth"), max_length=200, required=False)
    nationality = forms.CharField(label=gettext_lazy("Nationality"), max_length=100, required=False)


@require_safe
@of_case
def invitations(request: HttpRequest, view: CaseView) -> HttpResponse:
    """Who was invited, what they answered, and who is still to be invited."""
    every = list(access.invitations(view.seen.actor, view.case).select_related("spouse", "counsel"))
    rows = [row(view, one) for one in reversed(every)]
    return shown(request, view, "case/invitations.html", _("Invitations"), rows=rows, absent=absent(view, every), key=uuid7())


def row(view: CaseView, invitation: Invitation) -> dict[str, Any]:
    """An invitation in the list; its address only for whoever may see it."""
    person = invitation.spouse or invitation.counsel
    hidden = invitation.spouse is not None and not access.sees_contact(view.seen.actor, view.case, invitation.spouse)
    return {
        "invitation": invitation,
        "name": str(person),
        "email": "" if hidden else invitation.email,
        "said": invitation.get_state_display(),
        "tone": TONES[invitation.state],
        "open": invitation.state in ("sent", "changes") and person is not None and mandates.may_bring(view.seen.actor, view.case, person),
    }


def absent(view: CaseView, every: list[Invitation]) -> list[dict[str, Any]]:
    """Those who have not joined and to whom no invitation is open."""
    asked = {one.spouse_id or one.counsel_id for one in every if one.state == Invitation.State.SENT}
    spouses = [("spouse", one) for one in view.case.spouses.all() if one.user_id is None and one.pk not in asked]
    counsels = [("counsel", one) for one in view.case.counsels.all() if one.user_id is None and one.until is None and one.pk not in asked]
    everyone: list[tuple[str, Spouse | Counsel]] = [*spouses, *counsels]
    return [
        {"role": role, "pk": one.pk, "name": str(one), "url": reverse("invite", args=[view.case.pk, role, one.pk])}
        for role, one in everyone
        if mandates.may_invite(view.seen.actor, view.case, one)
    ]


@require_http_methods(["GET", "POST"])
@of_case
def invite(request: HttpRequest, view: CaseView, role: str, person: UUID) -> HttpResponse:
    """Invite a spouse or the other lawyer, by e-mail."""
    rows = view.case.spouses.all() if role == "spouse" else view.case.counsels.all()
    found = next((one for one in rows if one.pk == person), None)
    known = found.email if found and (role == "counsel" or access.sees_contact(view.seen.actor, view.case, found)) else ""  # type: ignore[arg-type]
    form = InviteForm(request.POST or None, initial={"email": known})
    if form.is_valid():
        with shown_on(form):
            asked = {role: person, "email": form.cleaned_data["email"]}
            actions.invitation.send(view.seen.actor, view.case, key=form.idempotency_key, **asked)
            messages.success(request, _("The invitation is sent."))
            return redirect("invitations", view.case.pk)
    lead = _("This person receives a link that is theirs alone, used once, and a date to answer by. They are reminded once.")
    back = reverse("invitations", args=[view.case.pk])
    title = _("Invite %(name)s") % {"name": found or ""}
    return shown(request, view, "case/form.html", title, form=form, lead=lead, act=_("Send the invitation"), back_url=back)


@require_http_methods(["GET", "POST"])
@of_case
def resend(request: HttpRequest, view: CaseView, invitation_id: UUID) -> HttpResponse:
    """Send an invitation again, to a corrected address if need be; the link sent before dies."""
    found = next((row(view, one) for one in access.invitations(view.seen.actor, view.case).filter(pk=invitation_id)), None)
    form = InviteForm(request.POST or None, initial={"email": found["email"] if found else ""})
    if form.is_valid():
        with shown_on(form):
            actions.invitation.resend(
                view.seen.actor, view.case, invitation=invitation_id, email=form.cleaned_data["email"], key=form.idempotency_key
            )
            messages.success(request, _("The invitation is sent again. The link sent before does not work any more."))
            return redirect("invitations", view.case.pk)
    back = reverse("invitations", args=[view.case.pk])
    return shown(request, view, "case/form.html", _("Send the invitation again"), form=form, act=_("Send the invitation"), back_url=back)


@require_POST
@of_case
def cancel(request: HttpRequest, view: CaseView, invitation_id: UUID) -> HttpResponse:
    """Cancel an invitation: its link dies at once."""
    form = ActingForm(request.POST)
    if form.is_valid():
        with shown_on(form):
            actions.invitation.cancel(view.seen.actor, view.case, invitation=invitation_id, key=form.idempotency_key)
            messages.success(request, _("The invitation is cancelled: its link does not work any more."))
    for problems in form.errors.values():
        messages.error(request, " ".join(map(str, problems)))
    return redirect("invitations", view.case.pk)


@require_http_methods(["GET", "POST"])
@of_case
def name_lawyer(request: HttpRequest, view: CaseView) -> HttpResponse:
    """Name the lawyer of a spouse (CC 250)."""
    form = LawyerForm(request.POST or None)
    form.fields["side"].choices = nameable(view)  # type: ignore[attr-defined]
    if form.is_valid():
        with shown_on(form):
            made = actions.counsel.name(view.seen.actor, view.case, key=form.idempotency_key, **form.values)
            messages.success(request, _("The lawyer is named. Invite them now."))
            return redirect("invite", view.case.pk, "counsel", made.pk)
    context = {"act": _("Name this lawyer"), "why": _("Each spouse has a lawyer: one chosen together, or one each."), "law": "CC 250"}
    return shown(request, view, "case/form.html", _("Name a lawyer"), form=form, **context)


@require_http_methods(["GET", "POST"])
@of_case
def add_child(request: HttpRequest, view: CaseView) -> HttpResponse:
    """Add a child of the marriage."""
    form = ChildForm(request.POST or None)
    if form.is_valid():
        with shown_on(form):
            actions.opening.add_child(view.seen.actor, view.case, key=form.idempotency_key, **form.values)
            messages.success(request, _("The child is added."))
            return redirect("people", view.case.pk)
    return shown(request, view, "case/form.html", _("Add a child"), form=form, act=_("Add this child"))


@require_POST
@of_case
def remove_child(request: HttpRequest, view: CaseView, child_id: UUID) -> HttpResponse:
    """Take out a child entered by mistake."""
    form = ActingForm(request.POST)
    if form.is_valid():
        actions.opening.remove_child(view.seen.actor, view.case, child=child_id, key=form.idempotency_key)
        messages.success(request, _("The child is taken out."))
    return redirect("people", view.case.pk)


urlpatterns = [
    path("dossiers/<uuid:case_id>/personnes/", people, name="people"),
    path("dossiers/<uuid:case_id>/personnes/avocat/", name_lawyer, name="name-lawyer"),
    path("dossiers/<uuid:case_id>/personnes/enfant/", add_child, name="add-child"),
    path("dossiers/<uuid:case_id>/personnes/enfant/<uuid:child_id>/retirer/", remove_child, name="remove-child"),
    path("dossiers/<uuid:case_id>/invitations/", invitations, name="invitations"),
    path("dossiers/<uuid:case_id>/invitations/<uuid:invitation_id>/renvoyer/", resend, name="invitation-resend"),
    path("dossiers/<uuid:case_id>/invitations/<uuid:invitation_id>/annuler/", cancel, name="invitation-cancel"),
    path("dossiers/<uuid:case_id>/inviter/<str:role>/<uuid:person>/", invite, name="invite"),
]
