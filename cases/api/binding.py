"""What a page's form does with each of its files: the same action the API calls."""

from collections.abc import Callable, Mapping
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from backend.errors import Invalid
from backend.people.actor import Actor
from cases import access, actions
from cases.models import Case
from documents.models import Version


def bind(actor: Actor, fields: Mapping[str, str], version: Version, place: int) -> None:
    """Bind a file to the case its form names, for the purpose it names."""
    case = access.case(actor, fields.get("case", ""))
    purpose = PURPOSES.get(fields.get("purpose", ""))
    if purpose is None:
        raise Invalid(_("Say what this file is for."), field="purpose")
    purpose(actor, case, fields, version, f"{fields['key']}:{place}" if fields.get("key") else "")


def _exhibit(actor: Actor, case: Case, fields: Mapping[str, str], version: Version, key: str) -> None:
    actions.exhibit.add(
        actor,
        case,
        kind=fields.get("kind") or "other",
        side=int(fields["side"]) if fields.get("side", "").isdigit() else 0,
        document=version.document_id,
        about=_uuid(fields.get("about")),
        title=fields.get("title") or version.document.name,
        dated=_day(fields.get("dated")),
        form=fields.get("form", ""),
        key=key,
    )


def _file_of_exhibit(actor: Actor, case: Case, fields: Mapping[str, str], version: Version, key: str) -> None:
    exhibit = access.exhibit(actor, case, fields.get("exhibit", ""))
    actions.exhibit.describe(actor, case, exhibit=exhibit.pk, document=version.document_id, dated=_day(fields.get("dated")), key=key)


def _agreement(actor: Actor, case: Case, fields: Mapping[str, str], version: Version, key: str) -> None:
    actions.agreement.upload(actor, case, document=version.document_id, key=key)


PURPOSES: dict[str, Callable[[Actor, Case, Mapping[str, str], Version, str], None]] = {
    "exhibit": _exhibit,
    "exhibit-file": _file_of_exhibit,
    "agreement": _agreement,
}


def _uuid(value: str | None) -> UUID | None:
    try:
        return UUID(value) if value else None
    except ValueError as unfit:
        raise Invalid(_("Say of whom."), field="about") from unfit


def _day(value: str | None) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError as unfit:
        raise Invalid(_("Write a date, for instance 2026-09-30."), field="dated") from unfit
