"""Revokes a certificate of this platform."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from backend.errors import DomainError
from signatures import authority, revocation
from signatures.models import Revocation


class Command(BaseCommand):
    help = "Revoke a certificate that this platform issued: from now on its OCSP answers and CRL say so. One in use here is replaced first. It cannot be undone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("certificate", help="its serial number in hexadecimal, or issuing, seal or timestamps for the one in use")
        parser.add_argument("--reason", choices=Revocation.Reason.values, default=Revocation.Reason.UNSPECIFIED)

    def handle(self, *args: Any, certificate: str, reason: str, **options: Any) -> None:
        used = {part.name: f"{one.serial_number:x}" for part, one, in_use in authority.own() if in_use}
        try:
            row = revocation.revoke(used.get(certificate, certificate), reason)
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{row.serial}: revoked at {row.revoked_at:%Y-%m-%d %H:%M:%S} UTC ({row.reason})")
