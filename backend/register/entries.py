"""Opening a chain and recording in it."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models

from backend import clock, keys
from backend.register import canonical
from backend.register.models import Chain, Entry
from backend.work.jobs import Job
from backend.work.owing import owe

if TYPE_CHECKING:
    from backend.people.actor import Actor

EMPTY: Mapping[str, Any] = MappingProxyType({})


def open_chain() -> Chain:
    """A new, empty chain."""
    key = keys.uuid7()
    return Chain.objects.create(pk=key, head=canonical.genesis(key), opened_at=clock.now())


def record(
    chain: Chain,
    kind: str,
    actor: "Actor",
    *,
    about: models.Model | None = None,
    digests: Mapping[str, str] = EMPTY,
    facts: Mapping[str, Any] = EMPTY,
    audience: Sequence[str],
) -> Entry:
    """Append an entry to a chain locked by the caller (`Chain.objects.locked`), and owe it to every subscriber.

    `kind` is `matter.verb_in_the_past`; `audience`, the words of those it is for. `facts` hold ids, days, numbers; never a name or an address: those are referred to by `about`.
    Raises Conflict when the chain was not locked and went on meanwhile, TypeError for a fact without a canonical form.
    """
    entry = chain.append(kind, actor, about, digests, facts, audience)
    owe(Job(f"register.{name}", entry.pk, lane=f"{chain.pk}:{name}") for name in settings.REGISTER_SUBSCRIBERS)
    return entry
