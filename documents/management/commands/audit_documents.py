"""Reads every document of the vault again, or one, and says which are not as they were stored."""

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandParser

from documents import audit
from documents.models import Version


class Command(BaseCommand):
    help = "Read every document again and hold it against its digest: after the restore of a backup, say. Exits 1 where one is not sound."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("document", nargs="?", type=UUID, help="the id of one document")

    def handle(self, *args: Any, **options: Any) -> None:
        ready = Version.objects.ready().order_by("pk")
        wanted = ready.filter(document=options["document"]) if options["document"] else ready
        count = faulty = 0
        for version in wanted.iterator(100):
            count += 1
            if fault := audit.check(version):
                faulty += 1
                self.stdout.write(f"{version.pk}: {fault}")
        self.stdout.write(f"{count} read, {faulty} faulty")
        if faulty:
            raise SystemExit(1)
