"""Copies the store's objects to a folder, or from it."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from documents import carrying


class Command(BaseCommand):
    help = "Copy the store's sealed objects to a folder (save), or put back those that are missing (load)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("way", choices=["save", "load"])
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        carry = {"save": carrying.save, "load": carrying.load}[options["way"]]
        self.stdout.write(f"{carry(options['folder'])} objects copied")
