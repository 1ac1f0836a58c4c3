"""Whether the program and what it stands on answer: one word to strangers, each part to administrators."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import asdict
from typing import Any

import redis
import urllib3
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache

from documents import audit, recognising, sandbox, scanner

PATIENCE = 2.0  # seconds, for all parts together


@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """200 while the database answers ("ok", or "degraded" where another part does not), 503 otherwise."""
    parts = _state()
    state = "ok" if all(parts.values()) else "degraded" if parts["database"] else "down"
    actor = getattr(request, "actor", None)
    told = _details(parts) if actor and actor.is_administrator else {}
    return JsonResponse({"status": state, **told}, status=200 if parts["database"] else 503)


def _details(parts: dict[str, bool]) -> dict[str, Any]:
    """Each part, and how the store of documents was when it was last read again."""
    documents = asdict(audit.standing()) if parts["database"] else {}
    return {"parts": {name: "ok" if up else "down" for name, up in parts.items()}, "documents": documents, **_guards()}


def _state() -> dict[str, bool]:
    """Each part and whether it answered in time; one that hangs holds nobody up."""
    asked: dict[str, Callable[[], None]] = {"database": _database, "valkey": _valkey, "storage": _storage}
    if scanner.configured():
        asked["scanner"] = _scanner
    pool = ThreadPoolExecutor(len(asked))
    answers = {name: pool.submit(ask) for name, ask in asked.items()}
    done, _late = wait(answers.values(), timeout=PATIENCE)
    pool.shutdown(wait=False)
    return {name: answer in done and answer.exception() is None for name, answer in answers.items()}


def _database() -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    finally:
        connection.close()


def _valkey() -> None:
    with redis.Redis.from_url(settings.VALKEY_URL, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE) as client:
        client.ping()


def _scanner() -> None:
    if not scanner.answers():
        raise ConnectionError


def _guards() -> dict[str, object]:
    """What holds the process that parses files, as this machine allows it; whether files are searched for viruses, and pictures read."""
    try:
        held: object = sandbox.run("documents.sandbox.limits:told").facts
    except (sandbox.Failed, sandbox.NotStarted):
        held = "down"
    return {"sandbox": held, "virus_scanner": scanner.configured(), "reading_of_pictures": recognising.able()}


def _storage() -> None:
    with urllib3.PoolManager(timeout=PATIENCE, retries=False) as pool:
        pool.request("HEAD", settings.S3_ENDPOINT, redirect=False)
