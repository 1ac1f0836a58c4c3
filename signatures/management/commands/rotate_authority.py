"""Replaces a key of the embedded authority."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from signatures import authority


class Command(BaseCommand):
    help = (
        "Make a new key and certificate for a part of the embedded authority, while the platform is in use. What was certified, signed or sealed before "
        "stays trusted and answered for. A new root is followed by all that stands below it: give its certificate to those who trust the earlier one. "
        "Where the earlier key may be in other hands, `revoke_certificate` does both."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("part", choices=sorted(authority.PARTS))

    def handle(self, *args: Any, part: str, **options: Any) -> None:
        made = authority.rotate(part)
        self.stdout.write(f"{part}: certificate {made.certificate.serial_number:x}, until {made.certificate.not_valid_after_utc:%Y-%m-%d}")
