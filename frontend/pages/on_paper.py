"""Signing on paper: what each brings and does in the room, the scan of each paper, what its comparison found, and the button that confirms it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backend.errors import Text
from cases import actions
from cases.ceremonies import Ceremony
from cases.models import Instrument
from frontend.forms.signing import LookedForm, ScanFile
from frontend.outlooks import CaseView
from frontend.pages.acting import Act, CaseForm, Forms

SAID: Mapping[str, Text] = {
    "page-count": gettext_lazy("Number of pages: %(page)d in the text, %(scanned)d in the scan."),
    "page-missing": gettext_lazy("Page %(page)d of the text was not found in the scan."),
    "page-moved": gettext_lazy("Page %(page)d of the text is page %(scanned)d of the scan."),
    "page-different": gettext_lazy("Page %(page)d: only %(alike)d %% of the text was recognised."),
    "page-numbers": gettext_lazy("Page %(page)d: these numbers of the text were not recognised: %(lacking)s."),
    "page-extra": gettext_lazy("Page %(scanned)d of the scan is no page of the text."),
    "page-unreadable": gettext_lazy("Nothing could be read on page %(scanned)d of the scan: compare it yourself."),
}


@dataclass(frozen=True)
class Shown:
    """A finding in words, with the page of the text and that of the scan, to be held side by side."""

    said: str
    text: str
    scan: str


@dataclass(frozen=True)
class Scanned:
    """How far one paper is: its scan brought, compared, confirmed, which waits for the presence of all to be attested. `region`: of the page."""

    region: str
    upload: forms.Form | None
    brought: bool
    compared: bool
    findings: list[Shown]
    confirm: forms.Form | None
    absent: bool


def on_paper(gathered: Ceremony | None) -> bool:
    return gathered is not None and gathered.way == Ceremony.Way.PAPER


def acts(papers: list[Instrument], gathered: Ceremony | None) -> dict[str, Act]:
    """Confirming each scan that was compared."""
    if not on_paper(gathered):
        return {}
    return {f"confirm-{one.pk}": _confirm(one) for one in papers if one.session and one.session.state == "open" and one.session.compared_at}


def scanned(view: CaseView, instrument: Instrument, beside: Forms, absent: Collection[UUID]) -> Scanned | None:
    """How far one paper is; None where it is not signed on paper, or not any more."""
    session = instrument.session
    if session is None or session.state != "open" or not on_paper(session.ceremony):
        return None
    here = reverse("signature", args=[view.case.pk])
    initial = {"case": view.case.pk, "next": here, "instrument": instrument.pk}
    return Scanned(
        region=f"scan-{instrument.pk}",
        upload=ScanFile(initial=initial) if view.may("paper.bring") else None,
        brought=session.scan_id is not None,
        compared=session.compared_at is not None,
        findings=[_shown(view, instrument, one) for one in session.differences],
        confirm=beside.get(f"confirm-{instrument.pk}"),
        absent=bool(absent),
    )


def _shown(view: CaseView, instrument: Instrument, one: Mapping[str, Any]) -> Shown:
    base = f"/api/v1/cases/{view.case.pk}/instruments/{instrument.pk}"
    counted = one["doubt"] == "page-count"
    text = f"{base}/pages/{one['page']}" if one["page"] and not counted else ""
    scan = f"{base}/scan/pages/{one['scanned']}" if one["scanned"] and not counted else ""
    return Shown(str(SAID[one["doubt"]]) % one, text, scan)


def _confirm(instrument: Instrument) -> Act:
    return Act(
        "paper.confirm",
        _("Confirm that this scan is what was signed"),
        _("The scan is confirmed: it is bound to the text that was frozen."),
        lambda view, form: _do(view, form, instrument),
        LookedForm if instrument.session and instrument.session.differences else CaseForm,
    )


def _do(view: CaseView, form: Any, instrument: Instrument) -> object:
    looked = form.cleaned_data.get("looked", "")
    return actions.paper.confirm(view.seen.actor, view.case, instrument=instrument.pk, looked=looked, key=form.idempotency_key)
