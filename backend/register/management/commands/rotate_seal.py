"""Replaces the key that seals the register's entries."""

from typing import Any

from django.core.management.base import BaseCommand

from backend.register import seal


class Command(BaseCommand):
    help = "Make a new seal key for the register; restart web and workers after it. Earlier entries stay verifiable."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(seal.rotate().key_id)
