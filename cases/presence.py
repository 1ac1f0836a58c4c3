"""Who is looking at which filing of the desk: a courtesy, forgotten by itself a minute after it was last said."""

from contextlib import suppress
from uuid import UUID

from django.core.cache import cache
from redis.exceptions import RedisError

SECONDS = 60


def note(case: UUID, name: str) -> None:
    """Somebody is looking at a case."""
    with suppress(RedisError):
        cache.set(_key(case), name, SECONDS)


def forget(case: UUID, name: str) -> None:
    """They no longer are; whoever came after them still is."""
    with suppress(RedisError):
        if cache.get(_key(case)) == name:
            cache.delete(_key(case))


def looking(case: UUID) -> str:
    """The name of who was last seen looking; empty where nobody is."""
    with suppress(RedisError):
        return str(cache.get(_key(case), ""))
    return ""


def _key(case: UUID) -> str:
    return f"looking:{case}"
