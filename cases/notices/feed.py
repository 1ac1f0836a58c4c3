"""The live feed: tells open pages that there is news up to a sequence. The register, not this, is the guarantee."""

import logging
from typing import Any
from uuid import UUID

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from redis.exceptions import RedisError

from backend.register.models import Entry
from cases.groups import case_group, desk_group, person_group
from cases.models import Bundle, Case, Exhibit
from documents.models import Version

log = logging.getLogger(__name__)


def deliver(entry: str) -> None:
    """Tell a case's listeners, and its court's desk, that the register went on (job `register.feed`)."""
    found = Entry.objects.only("chain", "seq", "kind").get(pk=entry)
    case = Case.objects.only("pk", "court", "chamber", "filed_at").filter(chain=found.chain_id).first()
    if case is None:
        return
    tell(case_group(case.pk), {"type": "news", "case": str(case.pk), "seq": found.seq})
    if case.filed_at:
        for bench in filter(None, {case.court_id, case.chamber_id}):
            tell(desk_group(bench), {"type": "news", "case": str(case.pk), "seq": found.seq})


def document_changed(version: UUID, state: str) -> None:
    """Tell the person who sent a file how its check goes, and the case it is bound to."""
    found = Version.objects.select_related("document").get(pk=version)
    news = {"document": str(found.document_id), "state": state, "stage": found.stage if found.state == state else ""}
    if found.document.created_by:
        tell(person_group(found.document.created_by), {"type": "progress", **news})
    for case in Exhibit.objects.filter(document=found.document_id).values_list("case", flat=True):
        tell(case_group(case), {"type": "checked", "case": str(case), **news})


def person_changed(user: UUID) -> None:
    """What a person may do has changed: their open sockets look at once whether they may stay."""
    tell(person_group(user), {"type": "rights"})


def bundle_changed(bundle: UUID) -> None:
    """Tell a case's listeners that a bundle went on; each socket asks who may see it."""
    case = Bundle.objects.values_list("case", flat=True).get(pk=bundle)
    tell(case_group(case), {"type": "bundle", "case": str(case), "bundle": str(bundle)})


def tell(group: str, message: dict[str, Any]) -> None:
    """Send to a group. A channel layer that does not answer loses a signal, never an entry: sockets look for themselves too."""
    layer = get_channel_layer()
    try:
        async_to_sync(layer.group_send)(group, message)
    except (OSError, RedisError) as fault:
        log.warning("the feed could not be told: %s", type(fault).__name__)
