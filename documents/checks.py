"""Refuses to start with settings that cannot be, or where a key-encryption key was retired that still wraps data keys."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection

from backend.errors import Unavailable
from documents import keyring, rotation, storage
from documents.models import Version


@register()
def what_is_set_can_be_done(**kwargs: Any) -> list[CheckMessage]:
    """The settings of the vault are among those it knows, and agree."""
    faults = {
        "DOCUMENTS_KEYRING must be one of: " + ", ".join(keyring.PROVIDERS): settings.DOCUMENTS_KEYRING not in keyring.PROVIDERS,
        "S3_OBJECT_LOCK must be one of: " + ", ".join(storage.LOCKS): settings.S3_OBJECT_LOCK not in storage.LOCKS,
        "S3_LOCK_DAYS must be more than AUDIT_NIGHTS, which renew the locks": settings.S3_LOCK_DAYS <= settings.AUDIT_NIGHTS,
    }
    return [Error(said, id="documents.E002") for said, wrong in faults.items() if wrong]


@register(Tags.database)
def no_key_is_retired_too_early(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Each key that wraps something unwraps it. Runs before `migrate`, and with `check --database default`."""
    if not databases or Version._meta.db_table not in connection.introspection.table_names():
        return []
    try:
        retired = rotation.retired()
    except Unavailable:
        return []  # a keyring that does not answer is the health page's matter
    told = "%s documents are under the key %s, which is not at hand. Give it back, then run `manage.py rotate_documents_key`."
    return [Error(told % (count, key_id), id="documents.E001") for key_id, count in retired.items()]
