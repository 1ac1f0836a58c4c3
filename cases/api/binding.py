"""What a page's form does with each of its files: the same action the API calls, its fields coerced in the same way."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from backend.api import idempotency
from backend.errors import Conflict, Invalid
from backend.people.actor import Actor
from cases import access, actions, photographs
from cases.actions.base import found_again
from cases.api.ceremonies import ScanIn
from cases.api.exhibits import ExhibitIn, ExhibitPatch
from cases.bytes import same_bytes
from cases.models import Case, Exhibit, Instrument
from documents.models import Version

Purpose = Callable[[Actor, Case, Mapping[str, str], Version, str], None]


class Fields(serializers.Serializer[Any]):
    """What every form with files says beside its own fields."""

    case = serializers.UUIDField()
    purpose = serializers.CharField()
    key = serializers.UUIDField(required=False)


def check(actor: Actor, fields: Mapping[str, str]) -> tuple[Case, Purpose]:
    """The case a form is of, and what its files are for: asked before their bytes are taken. Raises NotFound, Invalid."""
    said = coerced(Fields, fields)
    purpose = PURPOSES.get(said["purpose"])
    if purpose is None:
        raise Invalid(_("Say what this file is for."), field="purpose")
    return access.case(actor, said["case"]), purpose


def bind(actor: Actor, fields: Mapping[str, str], version: Version, place: int) -> None:
    """Bind a file to the case its form names, for the purpose it names. The same form sent again under its key binds nothing more."""
    case, purpose = check(actor, fields)
    key = f"{fields['key']}:{place}" if fields.get("key") else ""
    try:
        purpose(actor, case, fields, version, key)
    except Conflict as refusal:
        if refusal.code != "key-reused" or not brought_before(actor, key, version):
            raise


def brought_before(actor: Actor, key: str, version: Version) -> bool:
    """Whether this person brought these very bytes under this key already."""
    made = map(found_again, idempotency.made_under(actor, key))
    return any(same_bytes(row.document, version) for row in made if isinstance(row, Exhibit | Instrument))


def coerced(shape: type[serializers.Serializer[Any]], fields: Mapping[str, str]) -> dict[str, Any]:
    """The fields of a form that a shape names, those left empty being left out. Raises Invalid on the first that cannot be taken."""
    known = shape().fields
    given = shape(data={name: value for name, value in fields.items() if value and name in known})
    if not given.is_valid():
        field, faults = next(iter(given.errors.items()))
        raise Invalid(str(faults[0]), field=field)
    return dict(given.validated_data)


def _exhibit(actor: Actor, case: Case, fields: Mapping[str, str], version: Version, key: str) -> None:
    said = coerced(ExhibitIn, {"kind": "other", "side": "0", "title": version.document.name, **{k: v for k, v in fields.items() if v}})
    actions.exhibit.add(actor, case, **said | {"document": version.document_id}, key=key)


def _file_of_exhibit(actor: Actor, case: Case, fields: Mapping[str, str], version: Version, key: str) -> None:
    exhibit = access.exhibit(actor, case, fields.get("exhibit", ""))
    said = coerced(ExhibitPatch, {name: fields.get(name, "") for name in ("dated",)})
    actions.exhibit.describe(actor, case, exhibit=exhibit.pk, document=version.document_id, **said, key=key)


def _agreement(actor: Actor, case: Case, fields: Mapping[str, str], version: Version, key: str) -> None:
    actions.agreement.upload(actor, case, document=version.document_id, key=key)


def _scan(actor: Actor, case: Case, fields: Mapping[str, str], version: Version, key: str) -> None:
    said = coerced(ScanIn, {"instrument": fields.get("instrument", ""), "document": str(version.document_id)})
    actions.paper.bring(actor, case, **said, key=key)


def _photograph(actor: Actor, case: Case, fields: Mapping[str, str], version: Version, key: str) -> None:
    photographs.add(actor, case, version.document_id, key=key)


PURPOSES: dict[str, Purpose] = {
    "exhibit": _exhibit,
    "exhibit-file": _file_of_exhibit,
    "agreement": _agreement,
    "scan": _scan,
    "photograph": _photograph,
}
