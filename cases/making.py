"""Making what an action asked for: typeset, seal, keep, attach; stamp exhibits. Jobs, outside every lock of the case."""

from contextlib import suppress
from uuid import UUID

from django.utils import translation

from backend.errors import Conflict
from backend.people.actor import Actor
from backend.work import Later
from cases import writing
from cases.actions import letters
from cases.letters.base import make as typeset
from cases.models import Exhibit, Instrument
from cases.writing.petition import LABELS
from documents import stamping, vault
from documents.models import Version
from signatures import seals

WAIT_SECONDS = 2.0


def make(instrument: str) -> None:
    """Typeset an instrument, seal it where it is the platform's own word, and attach it (job `cases.make`)."""
    asked = Instrument.objects.select_related("case__court", "case__chamber").filter(pk=instrument).first()
    if asked is None or asked.document_id or asked.superseded_at:
        return
    letter = writing.letter(asked)
    with translation.override("fr"):
        version = vault.keep(typeset(letter), name=letter.file_name)
    if asked.kind in writing.SEALED:
        version = seals.seal(version)
    _attach(asked, version)


def _attach(asked: Instrument, version: Version) -> None:
    try:
        letters.attach(Actor.platform(), asked.case, instrument=asked.pk, document=version.document_id)
    except Conflict:
        vault.erase(version.document)


def stamp(exhibit: str) -> None:
    """Make the stamped copy of a communicated exhibit (job `cases.stamp`): "Pièce n° 3" on each page; the original stays as it is."""
    row = Exhibit.objects.select_related("case", "document__head").get(pk=UUID(str(exhibit)))
    head = row.document.head if row.document else None
    if row.stamped_id or head is None or head.rejected:
        return
    if head.state != "ready":
        raise Later(WAIT_SECONDS)
    copy = vault.keep(
        stamping.stamp(vault.content(head), LABELS[row.side].format(row.number)),
        name=f"piece-{row.number}.pdf",
        made_by="stamp",
        based_on=head,
    )
    with suppress(Conflict):
        letters.stamp(Actor.platform(), row.case, exhibit=row.pk, document=copy.document_id)
