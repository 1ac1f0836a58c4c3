"""A lawyer's page of their enrolment at a bar: what they state, which an administrator then verifies."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from backend.errors import NotFound
from backend.people import professional
from frontend.errors import shown_on
from frontend.forms.base import Form


class EnrolmentForm(Form):
    """The bar and the number there."""

    bar = forms.CharField(
        label=gettext_lazy("Your bar"), help_text=gettext_lazy("The town of the bar: Rouen, for instance."), max_length=100
    )
    number = forms.CharField(
        label=gettext_lazy("Your number there"),
        help_text=gettext_lazy("As it is written in the list of the bar, or on your card."),
        max_length=100,
    )


@login_required
@require_http_methods(["GET", "POST"])
def enrolment(request: HttpRequest) -> HttpResponse:
    """State one's bar and number: what was verified before stands no more where they change."""
    user: Any = request.user
    if not professional.is_lawyer(user):
        raise NotFound
    known = professional.of([user.pk]).get(user.pk)
    form = EnrolmentForm(request.POST or None, initial={"bar": known.bar, "number": known.number} if known else None)
    if form.is_valid():
        with shown_on(form):
            professional.state(user, **form.values)
            messages.success(request, _("Saved. The administrator of the platform verifies it in the list of the bar."))
            return redirect("account")
    context = {
        "title": _("My enrolment at the bar"),
        "form": form,
        "verified": bool(known and known.is_verified),
        "back_url": reverse("account"),
    }
    return render(request, "identity/enrolment_form.html", context)


urlpatterns = [path("mon-compte/barreau/", enrolment, name="enrolment")]
