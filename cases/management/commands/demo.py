"""Make the demo: a court, three firms, twelve people, forty cases, everything done through the actions on its own day."""

from argparse import ArgumentParser
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from backend import clock
from cases.demo import cast, stories, whole
from cases.demo.cast import Cast
from cases.demo.examples import told
from cases.demo.household import Household
from cases.models import Case

TOLD_EACH = 5


class Command(BaseCommand):
    """Plays what is missing. Stopped at any moment, it leaves whole cases, and goes on with the others when called again."""

    help = "Load the demo, or print its accounts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--accounts", action="store_true", help="Only print the accounts to try.")
        parser.add_argument("--people", action="store_true", help="Only make the court, the firms and the accounts.")
        parser.add_argument("--cases", type=int, default=0, help="Add this many filings that wait for a clerk.")
        parser.add_argument("--only", type=int, default=None, help="Play only this many of the stories.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["accounts"]:
            self.stdout.write("\n".join([*cast.printed(), "Among the cases, four written as examples:", *told.printed()]))
            return
        if settings.PRODUCTION:
            raise CommandError("The demo is not for production: its accounts have a known password.")
        people = cast.cast()
        if options["people"]:
            return
        started, played = monotonic(), self.play(people, options["cases"], options["only"])
        self.stdout.write(f"Demo: complete. {played} cases played in {monotonic() - started:.0f} s; {Case.objects.count()} are there.")

    def play(self, people: Cast, more: int, only: int | None) -> int:
        """Play the stories whose spouses have no case yet; gives how many."""
        today = clock.today()
        stories.make_lists(people, today)
        played, plots = 0, list(stories.plots(more))[:only]
        for place, (number, plot) in enumerate(plots, 1):
            home, play = stories.home_of(people, number, plot, today)
            if is_played(home):
                continue
            with whole.at_once():
                case = play()
            whole.tell(case)
            played += 1
            if place % TOLD_EACH == 0 or place <= stories.FIRST:
                self.stdout.write(f"Demo: {place} of {len(plots)} cases are there.")
                self.stdout.flush()
        return played


def is_played(home: Household) -> bool:
    """Whether these two spouses have their case."""
    cases = Case.objects.all()
    for one in home.spouses:
        cases = cases.filter(spouses__first_names=one.first_names, spouses__birth_name=one.birth_name)
    return cases.exists()
