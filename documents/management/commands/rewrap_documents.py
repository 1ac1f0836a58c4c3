"""Wraps every document's own key with today's DOCUMENTS_KEY."""

from typing import Any

from django.core.management.base import BaseCommand

from documents.rewrapping import rewrap


class Command(BaseCommand):
    help = "Wrap with today's DOCUMENTS_KEY what one of DOCUMENTS_OTHER_KEYS wraps. Nobody needs to stop reading or writing."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{rewrap()} keys wrapped anew; only today's DOCUMENTS_KEY is needed from now on.")
