"""Fill the organisations with the courts of `cases/data/courts.csv`."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from backend.people.models import Organisation
from cases.courts import Court, known


class Command(BaseCommand):
    """Creates the courts that are missing, by name. What an administrator changed since is left as it is."""

    help = "Create the courts that are missing, with indicative territories to be checked by the installation."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        there = set(Organisation.objects.courts().values_list("name", flat=True))
        missing = [court for court in known() if court.name not in there]
        Organisation.objects.bulk_create(map(organisation, missing))
        self.stdout.write(f"{len(missing)} courts created, {len(there)} were there.")


def organisation(court: Court) -> Organisation:
    return Organisation(
        kind="court",
        name=court.name,
        address=court.address,
        postal_code=court.postal_code,
        city=court.city,
        territory=list(court.territory),
        zone=court.zone,
        holidays=court.holidays,
    )
