"""An entry of the register as it is told to people and programs: who, when, on whose behalf, what, about what."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from backend.people.models import Organisation, User
from backend.register.models import Entry
from cases.models import Spouse


def told(entries: QuerySet[Entry] | Iterable[Entry]) -> list[dict[str, Any]]:
    """The entries as JSON values, in four queries whatever their number."""
    rows = list(entries)
    people = User.objects.in_bulk({row.actor_id for row in rows if row.actor_id})
    spouses = Spouse.objects.in_bulk({row.on_behalf_of for row in rows if row.on_behalf_of})
    places = Organisation.objects.in_bulk({row.organisation_id for row in rows if row.organisation_id})
    return [
        {
            "seq": row.seq,
            "kind": row.kind,
            "at": row.at.isoformat(),
            "who": people[row.actor_id].full_name if row.actor_id in people else None,
            "for": spouses[row.on_behalf_of].short_name if row.on_behalf_of in spouses else None,
            "where": str(places[row.organisation_id]) if row.organisation_id in places else None,
            "about": {"type": row.about_type, "id": str(row.about_id)} if row.about_id else None,
            "facts": row.facts,
            "digests": row.digests,
            "hash": bytes(row.hash).hex(),
        }
        for row in rows
    ]
