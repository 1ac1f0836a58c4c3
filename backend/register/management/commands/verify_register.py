"""Recomputes the register's chains and says where one breaks."""

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandParser

from backend.register.verify import verify


class Command(BaseCommand):
    help = "Verify every chain of the register, or one. Exits 1 where one breaks."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("chain", nargs="?", type=UUID, help="the id of one chain")
        parser.add_argument("--all-signatures", action="store_true", help="check every signature, not only the last of each chain")

    def handle(self, *args: Any, **options: Any) -> None:
        broken = 0
        for found in verify(options["chain"], all_signatures=options["all_signatures"]):
            broken += 1
            self.stdout.write(f"{found.chain}: broken at {found.seq}: {found.fault}")
        if broken:
            self.stderr.write(f"{broken} broken")
            raise SystemExit(1)
        self.stdout.write("the register holds")
