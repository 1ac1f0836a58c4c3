"""An entry of the register as it is told to people and programs: who, when, on whose behalf, what, about what."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from backend.people.models import Organisation, User
from backend.register.models import Entry


def told(entries: QuerySet[Entry] | Iterable[Entry]) -> list[dict[str, Any]]:
    """The entries as JSON values, in three queries whatever their number."""
    rows = list(entries)
    people = User.objects.in_bulk({key for row in rows for key in (row.actor_id, row.on_behalf_of) if key})
    places = Organisation.objects.in_bulk({row.organisation_id for row in rows if row.organisation_id})
    return [
        {
            "seq": row.seq,
            "kind": row.kind,
            "at": row.at.isoformat(),
            "who": people[row.actor_id].full_name if row.actor_id in people else None,
            "for": people[row.on_behalf_of].full_name if row.on_behalf_of in people else None,
            "where": str(places[row.organisation_id]) if row.organisation_id in places else None,
            "about": {"type": row.about_type, "id": str(row.about_id)} if row.about_id else None,
            "facts": row.facts,
            "digests": row.digests,
            "hash": bytes(row.hash).hex(),
        }
        for row in rows
    ]
