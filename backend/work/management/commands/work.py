"""Does what is owed, in this process: for a machine without a broker, or an operator in a hurry."""

from typing import Any

from django.core.management.base import BaseCommand

from backend.work.doing import run_due
from backend.work.models import Owed


class Command(BaseCommand):
    help = "Do everything that is owed and due, in this process."

    def handle(self, *args: Any, **options: Any) -> None:
        started = run_due(tolerant=True)
        parked = Owed.objects.parked().count()
        self.stdout.write(f"{started} started, {Owed.objects.waiting().count()} waiting, {parked} parked")
