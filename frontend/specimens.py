"""Invented values for each component, shown at /composants/ in the demonstration."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils.translation import gettext_lazy as _

from backend import clock
from backend.errors import Finding
from frontend.components import Call, Cell, Deadline, Detail, DocumentRow, Happening, Person, Step, Table
from frontend.forms.base import ActingForm, DayField, DocumentField


class SpecimenForm(ActingForm):
    """One of each field."""

    names = forms.CharField(label=_("First names"), help_text=_("As on the birth certificate, in the same order."))
    day = DayField(label=_("Day of birth"))
    living = forms.ChoiceField(label=_("Where do you live?"), choices=[("", "–"), ("fr", _("In France")), ("eu", _("Elsewhere"))])
    heard = forms.ChoiceField(
        label=_("Does your child ask to be heard?"), choices=[("y", _("Yes")), ("n", _("No"))], widget=forms.RadioSelect
    )
    conceal = forms.BooleanField(label=_("Conceal my address from the other side"), required=False)
    comment = forms.CharField(label=_("Anything to add"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    paper = DocumentField(label=_("The form signed by your child"))


class SpecimenFilters(forms.Form):
    """Filters as of a caseload."""

    step = forms.ChoiceField(label=_("Step"), required=False, choices=[("", _("All")), ("sign", _("Signature"))])
    words = forms.CharField(label=_("Search"), required=False)


def steps() -> list[Step]:
    return [
        Step(_("Prepare the petition"), "done", who=_("you and your lawyers")),
        Step(_("Sign"), "now", who=_("both spouses and their lawyers"), detail=_("Everyone signs the same document.")),
        Step(_("File with the court"), who=_("your lawyer")),
        Step(_("Check by the registry"), who=_("the clerk")),
        Step(_("Hearing"), who=_("the judge")),
    ]


def findings() -> list[Finding]:
    return [
        Finding(
            "missing",
            "blocker",
            "hearing-request",
            _("The form signed by your child is missing."),
            _("Add it to the exhibits."),
            "CPC 1091",
            "exhibits",
        ),
        Finding(
            "old",
            "warning",
            "birth-certificate",
            _("The birth certificate is five months old."),
            _("Ask the town hall for a new one."),
            "",
            "",
        ),
    ]


def people() -> list[Person]:
    details = (
        Detail(_("E-mail"), "camille.durand@example.fr", seen_by=_("everyone in the case")),
        Detail(_("Address"), "12 rue des Lilas, 69003 Lyon", concealed=True, seen_by=_("you and your lawyer")),
        Detail(_("Telephone"), "", concealed=True),
    )
    return [Person("Camille Durand", _("spouse"), details), Person("Me Anne Bernard", _("lawyer of Camille Durand"), note=_("Bar of Lyon"))]


def documents() -> list[DocumentRow]:
    return [
        DocumentRow(
            "Acte de naissance de Camille.pdf",
            _("Birth certificate"),
            "#",
            3,
            pages=2,
            size=1_240_000,
            download_url="#",
            seen_by=_("everyone in the case"),
        ),
        DocumentRow(
            "Avis d’imposition 2026.pdf", _("Tax statement"), state="checking", size=820_000, seen_by=_("you and your lawyer"), private=True
        ),
        DocumentRow(
            "photo.pdf",
            state="refused",
            size=9_000,
            reason=_("This file is locked by a password."),
            mend=_("Save it without the password and send it again."),
        ),
    ]


def table() -> Table:
    rows = [
        (Cell("Durand / Martin", "#"), Cell(_("Signature"), tone="info"), Cell(_("in 3 days")), Cell("12", number=True)),
        (Cell("Petit / Moreau", "#"), Cell(_("Returned"), tone="warning"), Cell(_("tomorrow")), Cell("8", number=True)),
    ]
    return Table(_("Cases that need you"), [_("Case"), _("Step"), _("By when"), _("Exhibits")], rows)


def specimens() -> dict[str, Any]:
    """All of it, as of today."""
    today, now = clock.today(), clock.now()
    return {
        "steps": steps(),
        "calls": [
            Call(
                _("Sign the petition"),
                _("Read the three documents, then sign."),
                "#",
                _("Read and sign"),
                today + timedelta(days=3),
                law="CPC 1090",
                why=_("The petition is dated and signed by each spouse."),
            ),
            Call(_("The court is checking your petition"), _("You will have a message as soon as the clerk has answered.")),
        ],
        "last_days": [
            Deadline(_("Answer the clerk’s question"), today + timedelta(days=2), _("your lawyer")),
            Deadline(_("Sign"), today + timedelta(days=12), law="CC 229-4", kind="first"),
            Deadline(_("File the new agreement"), today - timedelta(days=1)),
        ],
        "entries": [
            Happening(_("Petition filed with the court"), now, "Me Anne Bernard", "Camille Durand", receipt_url="#", seq=12),
            Happening(_("Exhibit 3 communicated"), now - timedelta(days=1, hours=2), "Me Anne Bernard", seq=11),
        ],
        "found": findings(),
        "people": people(),
        "documents": documents(),
        "table": table(),
        "filters": SpecimenFilters({"step": "sign"}),
        "page": Paginator(range(200), 20).get_page(4),
    }
