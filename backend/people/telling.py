"""Tells whoever keeps doors open for people that what somebody may do has changed, once that is committed."""

from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string


def tell(user_id: UUID) -> None:
    """A membership, a session, a token or the account itself ended or changed (settings.PEOPLE_CHANGED)."""
    if settings.PEOPLE_CHANGED:
        transaction.on_commit(lambda: import_string(settings.PEOPLE_CHANGED)(user_id), robust=True)
