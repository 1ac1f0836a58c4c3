"""Rotating the key-encryption key: every data key wrapped anew, while people read and write."""

from django.db import transaction

from documents import keyring
from documents.models import Version

BATCH = 500


def rewrap() -> int:
    """Wrap with today's key each data key that another one wraps. Returns how many. Stopped half-way, it goes on where it stopped.

    Raises Tampered where a data key was wrapped by a key that is not at hand.
    """
    done = 0
    while wrapped := _some():
        done += wrapped
    return done


def _some() -> int:
    with transaction.atomic():
        others = Version.objects.kept().exclude(key_id=keyring.current())
        versions = list(others.select_for_update(of=("self",)).order_by("pk")[:BATCH])
        for version in versions:
            version.wrapped_key, version.key_id = keyring.wrap(keyring.unwrap(bytes(version.wrapped_key), version.key_id))
        return Version.objects.bulk_update(versions, ["wrapped_key", "key_id"])
