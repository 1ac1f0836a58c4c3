"""Making what an action asked for: typeset, seal, keep, attach; stamp and mark exhibits. Jobs, outside every lock of the case."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.utils import translation

from backend.errors import Conflict
from backend.people.actor import Actor
from backend.work import Later
from cases import writing
from cases.actions import letters
from cases.letters.base import make as typeset
from cases.letters.petition import JointPetition
from cases.models import Exhibit, Instrument
from cases.writing.petition import LABELS
from documents import stamping, vault, watermarking
from documents.models import Document, Maker, State, Version
from signatures import evidence, seals
from signatures.models import Ceremony

WAIT_SECONDS = 2.0


def make(instrument: str) -> None:
    """Typeset an instrument, seal it where it is the platform's own word, and attach it (job `cases.make`)."""
    asked = Instrument.objects.select_related("case__court", "case__chamber").filter(pk=instrument).first()
    if asked is None or asked.document_id or asked.superseded_at or asked.case.erased_at:
        return
    if asked.kind == writing.EVIDENCE:
        return _attach(asked, vault.keep(_evidence(asked), name="preuve-de-signature.pdf"), sealed=True)
    letter = writing.letter(asked)
    with translation.override("fr"):
        version = vault.keep(typeset(letter), name=letter.file_name)
    _attach(asked, version, sealed=asked.kind in writing.SEALED, said=letter.said if isinstance(letter, JointPetition) else "")


def _evidence(asked: Instrument) -> bytes:
    """The evidence of a ceremony; where a spouse conceals where they live, their network address is withheld from it (CPC 1136-5)."""
    hidden = [spouse.user_id for spouse in asked.case.spouses.all() if spouse.concealed and spouse.user_id]
    found = evidence.facts(Ceremony.objects.get(pk=asked.about), withheld=hidden)
    return evidence.make(found, heading=f"Affaire {asked.case.title} · {asked.code}", zone=asked.case.zone)


def _attach(asked: Instrument, version: Version, *, sealed: bool, said: str = "") -> None:
    with _put_to_use(version.document):
        if sealed:
            seals.seal(version)
        letters.attach(Actor.platform(), asked.case, instrument=asked.pk, document=version.document_id, said=said)


@contextmanager
def _put_to_use(made: Document) -> Iterator[None]:
    """Erase what was made where nobody came to keep it, whatever stood in the way. Conflict says that nobody needs it any more: all is well."""
    try:
        yield
    except Conflict:
        vault.discard(made)
    except BaseException:
        vault.discard(made)
        raise


def mark(exhibit: str) -> None:
    """Make the copy of an identity paper that others see (job `cases.mark`): pictures of its pages, each crossed by what it is for."""
    row = _exhibit(exhibit)
    if not row.is_identity or row.removed_at or row.marked_id or (head := _ready(row.document)) is None:
        return
    label = f"Copie pour le dossier {row.case.title}, ne pas utiliser ailleurs"
    with vault.at_hand(head) as content:
        marked = watermarking.watermark(content, label)
    copy = vault.keep(marked, name="copie-piece-d-identite.pdf", made_by=Maker.STAMP, based_on=head)
    with _put_to_use(copy.document):
        letters.mark(Actor.platform(), row.case, exhibit=row.pk, document=copy.document_id, of=head.document_id)


def stamp(exhibit: str) -> None:
    """Make the stamped copy of a communicated exhibit (job `cases.stamp`): "Pièce n° 3" on each page; what is stamped stays as it is."""
    row = _exhibit(exhibit)
    if row.stamped_id or (head := _ready(row.shared)) is None:
        return
    with stamping.stamp(vault.served(head), LABELS[row.side].format(row.number)) as running:
        copy = vault.keep_stream(
            running.chunks(),
            pages=lambda: running.facts()["pages"],
            name=f"piece-{row.number}.pdf",
            made_by=Maker.STAMP,
            based_on=head,
        )
    with _put_to_use(copy.document):
        letters.stamp(Actor.platform(), row.case, exhibit=row.pk, document=copy.document_id)


def _exhibit(key: str) -> Exhibit:
    return Exhibit.objects.with_files().select_related("case").get(pk=UUID(str(key)))


def _ready(document: Document | None) -> Version | None:
    """The file to make a copy of; nothing where it will never be shown. Raises Later while it is being checked."""
    head = document.head if document else None
    if head is None or head.rejected or head.state == State.ERASED:
        return None
    if head.state != State.READY:
        raise Later(WAIT_SECONDS)
    return head
