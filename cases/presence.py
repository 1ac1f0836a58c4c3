"""Who is looking at which filing of the desk: a courtesy, forgotten by itself a minute after it was last said."""

from collections.abc import Iterable
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


def looking(cases: Iterable[UUID]) -> dict[UUID, str]:
    """Of each of these cases that somebody looks at, the name of who was last seen looking; asked once for all."""
    keys = {_key(case): case for case in cases}
    with suppress(RedisError):
        return {keys[key]: str(name) for key, name in cache.get_many(keys).items()}
    return {}


def _key(case: UUID) -> str:
    return f"looking:{case}"
