"""Bytes were taken in before: an action only binds them. Whose they are, and whether they may serve, is asked here."""

from uuid import UUID

from django.utils.translation import gettext as _

from backend.errors import Invalid
from backend.people.actor import Actor
from cases.models import Exhibit, Instrument
from documents.models import Document


def brought(actor: Actor, key: UUID) -> Document:
    """The document this person sent in, not bound to any case yet and not refused by its inspection."""
    document = Document.objects.select_related("head").filter(pk=key, created_by=actor.user_id).first()
    if document is None or document.head is None or _bound(document):
        raise Invalid(_("This file was not found. Send it again."), field="document")
    if document.head.rejected:
        raise Invalid(_("This file was refused when it was checked. Send another one."), field="document")
    return document


def ready(actor: Actor, key: UUID) -> Document:
    """Such a document whose inspection is over."""
    document = brought(actor, key)
    if document.head is None or document.head.state != "ready":
        raise Invalid(_("This file is still being checked. Try again in a moment."), field="document", code="still-checking")
    return document


def _bound(document: Document) -> bool:
    return Exhibit.objects.filter(document=document).exists() or Instrument.objects.filter(document=document).exists()
