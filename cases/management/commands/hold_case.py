"""The operator holds a case by its number, or releases it, without reading any of it."""

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from backend.errors import DomainError
from backend.people.actor import Actor
from cases import actions
from cases.models import Case


class Command(BaseCommand):
    help = "Hold a case so that nothing of it is erased, or release one of its holds. Both are noted in the register of the case."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("case", help="its RG number, or its id")
        parser.add_argument("--court", default="", help="the name of the court, where two gave the same number")
        parser.add_argument("--reason", default="", help="why it is held")
        parser.add_argument("--release", type=UUID, metavar="HOLD", help="the id of a hold to release")

    def handle(self, *args: Any, **options: Any) -> None:
        case = self.found(options["case"], options["court"])
        try:
            if options["release"]:
                actions.keeping.release(Actor.platform(), case, hold=options["release"])
            else:
                self.stdout.write(str(actions.keeping.hold(Actor.platform(), case, reason=options["reason"]).pk))
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{case.holds.standing().count()} holds stand")

    def found(self, name: str, court: str) -> Case:
        """The one case of this name. Raises CommandError."""
        try:
            rows = Case.objects.filter(pk=UUID(name))
        except ValueError:
            rows = Case.objects.filter(rg_number=name)
        found = list(rows.filter(court__name=court) if court else rows)
        if len(found) != 1:
            raise CommandError(f"{len(found)} cases have this number: say of which court" if found else "there is no such case")
        return found[0]
