"""Idempotency keys: the same key and request give the same answer, done once (draft-ietf-httpapi-idempotency-key-header-07).

Inside an action's own transaction: `remembered` claims the key or gives what it made before, `remember` keeps what was made.
A twin that comes at the same instant waits on the unique index until the first commits, then reads its result; if the first
fails, the twin acts in its place. Nothing is left "in progress" by a crash, since the claim and the act commit together.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import rfc8785
from django.core.serializers.json import DjangoJSONEncoder
from django.db import OperationalError, connection
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from psycopg import errors as postgres
from rest_framework.request import Request

from backend import clock
from backend.api.models import Remembered
from backend.errors import Busy, Conflict, Invalid
from backend.keys import uuid7
from backend.people.actor import Actor

KEPT = timedelta(days=2)
KEY = re.compile(r"[\x21-\x7e]{1,255}")
CLAIM = """
    INSERT INTO api_remembered (id, actor_id, action, key, digest, result, created_at, expires_at)
    VALUES (%(id)s, %(actor)s, %(action)s, %(key)s, %(digest)s, '{}', %(now)s, %(expires)s)
    ON CONFLICT (actor_id, action, key) DO UPDATE
       SET digest = excluded.digest, result = '{}', created_at = excluded.created_at, expires_at = excluded.expires_at
     WHERE api_remembered.expires_at < excluded.created_at
    RETURNING id
"""


def key_of(request: Request | HttpRequest) -> str | None:
    """The Idempotency-Key of a request, with or without its quotes; None where there is none. Raises Invalid on an unfit one."""
    header = request.headers.get("Idempotency-Key", "").strip()
    if not header:
        return None
    key = header[1:-1] if len(header) > 2 and header[0] == header[-1] == '"' else header
    if not KEY.fullmatch(key):
        raise Invalid(_("A key is 1 to 255 printable characters."), field="Idempotency-Key", code="key-invalid")
    return key


def digest_of(asked: Any) -> str:
    """The SHA-256, in hexadecimal, of what is asked, whatever the order of its fields (RFC 8785); dates, UUIDs and numbers as text."""
    plain = json.loads(json.dumps(asked, cls=DjangoJSONEncoder), parse_float=str)
    return hashlib.sha256(rfc8785.dumps(plain)).hexdigest()


def remembered(actor: Actor, name: str, key: str | None, digest: str) -> Mapping[str, Any] | None:
    """What this person's action already made under this key; None where it is now to be done, the key being claimed.

    Inside the action's transaction. Without a key or a person there is nothing to remember: None. Raises Conflict
    "key-reused" (422) where the key came with another request, Busy (409) where the first is still running.
    """
    if not key or actor.user_id is None or _claimed(actor, name, key, digest):
        return None
    return kept(actor, name, key, digest)


def kept(actor: Actor, name: str, key: str | None, digest: str) -> Mapping[str, Any] | None:
    """The same without claiming the key: None where nothing was made under it yet. Raises Conflict "key-reused"."""
    if not key or actor.user_id is None:
        return None
    found = Remembered.objects.filter(actor_id=actor.user_id, action=name, key=key, expires_at__gte=clock.now()).first()
    if found is None:
        return None
    if found.digest != digest:
        raise Conflict(_("This key was used for another request."), code="key-reused", field="Idempotency-Key")
    return found.result


def remember(actor: Actor, name: str, key: str | None, result: Mapping[str, Any]) -> None:
    """Keep the identifiers of what the action made, in its transaction."""
    if key and actor.user_id:
        Remembered.objects.filter(actor_id=actor.user_id, action=name, key=key).update(result=dict(result))


def made_under(actor: Actor, key: str) -> list[Mapping[str, Any]]:
    """What this person made under a key, whatever the action."""
    return list(Remembered.objects.filter(actor_id=str(actor.user_id), key=key).values_list("result", flat=True))


def forget() -> int:
    """Remove what is older than the promise to remember; gives how many."""
    return Remembered.objects.expired(clock.now()).delete()[0]


def _claimed(actor: Actor, name: str, key: str, digest: str) -> bool:
    now = clock.now()
    values = {"id": uuid7(), "actor": actor.user_id, "action": name, "key": key, "digest": digest, "now": now, "expires": now + KEPT}
    try:
        with connection.cursor() as cursor:
            cursor.execute(CLAIM, values)
            return cursor.fetchone() is not None
    except OperationalError as failure:
        if isinstance(failure.__cause__, postgres.LockNotAvailable):
            raise Busy from failure
        raise
