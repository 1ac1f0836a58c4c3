"""How long the documents of a case are kept, and the holds that keep them longer."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from cases import access, actions, keeping
from cases.models import Hold
from frontend.forms.court import HoldForm
from frontend.outlooks import CaseView
from frontend.pages.acting import Act, asked, done
from frontend.pages.of_case import of_case, shown

ACTS: Mapping[str, Act] = {
    "hold": Act(
        "keeping.hold",
        gettext_lazy("Hold the case"),
        gettext_lazy("The case is held: nothing of it is erased."),
        lambda view, form: actions.keeping.hold(view.seen.actor, view.case, reason=form.cleaned_data["reason"], key=form.idempotency_key),
        HoldForm,
    )
}


@require_http_methods(["GET", "POST"])
@of_case
def kept(request: HttpRequest, view: CaseView) -> HttpResponse:
    """Until when, by which rule, and who holds it."""
    standing = list(access.holds(view.seen.actor, view.case).filter(released_at=None))
    acts = {**ACTS, **{f"release-{one.pk}": released(one) for one in standing}}
    forms = asked(request, view, acts)
    if done(request, view, acts, forms):
        return redirect("keeping", view.case.pk)
    context = {
        "found": keeping.keeping(view.case),
        "rules": [(rule, keeping.months(rule)) for rule in view.seen.proceeding.retention],
        "holds": [(one, forms.get(f"release-{one.pk}")) for one in standing],
        "held": view.case.holds.filter(released_at=None).exists(),
        "forms": forms,
    }
    return shown(request, view, "case/keeping.html", _("Keeping of the documents"), **context)


def released(hold: Hold) -> Act:
    """Release one hold."""
    return Act(
        "keeping.release",
        gettext_lazy("Release it"),
        gettext_lazy("The hold is released."),
        lambda view, form: actions.keeping.release(view.seen.actor, view.case, hold=hold.pk, key=form.idempotency_key),
    )


urlpatterns = [path("dossiers/<uuid:case_id>/conservation/", kept, name="keeping")]
