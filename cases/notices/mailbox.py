"""The demo's mailbox: keeps what would be sent, sends nothing anywhere, and shows it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage

from backend import clock
from backend.errors import NotFound
from cases.notices.models import Posted


class Backend(BaseEmailBackend):
    """Django's mail backend of the demo. The same Message-ID is kept once."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep each message; gives how many, as a backend that sends does."""
        for message in email_messages:
            Posted.objects.get_or_create(message_id=message.message()["Message-ID"], defaults=_kept(message))
        return len(email_messages)


def posted(limit: int = 100, to: str = "") -> list[Posted]:
    """The last messages, newest first, to one address where it is given; none where this is no demo."""
    found = Posted.objects.filter(to__contains=[to]) if to else Posted.objects.all()
    return list(found[:limit]) if settings.DEMO else []


def recipients() -> list[str]:
    """Every address something was posted to; none where this is no demo."""
    rows = Posted.objects.order_by().values_list("to", flat=True).distinct() if settings.DEMO else []
    return sorted({address for to in rows for address in to})


def message(key: UUID | str) -> Posted:
    """One message. Raises NotFound, also where this is no demo."""
    found = Posted.objects.filter(pk=key).first() if settings.DEMO else None
    if found is None:
        raise NotFound
    return found


def _kept(message: EmailMessage) -> dict[str, Any]:
    parts = getattr(message, "alternatives", [])
    html = next((str(content) for content, media_type in parts if media_type == "text/html"), "")
    return {"to": message.recipients(), "subject": message.subject, "text": str(message.body), "html": html, "at": clock.now()}
