"""What is wrong with the secrets of second factors before anybody meets it."""

from collections.abc import Sequence
from typing import Any

from allauth.mfa.models import Authenticator
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection

from backend.people import sealed


@register(Tags.database)
def no_key_of_a_second_factor_is_lost(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Each secret opens. Runs before `migrate`, and with `check --database default`."""
    if not databases or Authenticator._meta.db_table not in connection.introspection.table_names():
        return []
    told = "%s secrets of second factors are under a key that is not at hand. Give it back in DOCUMENTS_OTHER_KEYS, then run `manage.py rotate_documents_key`."
    return [Error(told % lost, id="people.E001")] if (lost := sealed.lost()) else []
