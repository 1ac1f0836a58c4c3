"""Checks a proof of the register that somebody shows."""

import base64
import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.module_loading import import_string

from backend.errors import Invalid
from backend.register import checker


class Command(BaseCommand):
    help = (
        "Check a proof (preuve.json), with its timestamp under the roots trusted here. Reads no database. Exits 1 where it does not hold."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            proof = json.loads(options["file"].read_text())
            digest = checker.check(proof)
            found = import_string(settings.REGISTER_TIMESTAMP_CHECK)(base64.b64decode(proof["token"]), digest)
        except OSError as fault:
            raise CommandError(fault.strerror) from fault
        except (checker.Wrong, Invalid, LookupError, TypeError, ValueError) as wrong:
            raise CommandError(f"the proof does not hold: {wrong}") from wrong
        self.stdout.write(f"the proof holds: {len(proof['entries'])} entries of chain {proof['chain']}")
        self.stdout.write(f"sealed at {found.at:%Y-%m-%d %H:%M:%S} UTC, says {found.authority}")
