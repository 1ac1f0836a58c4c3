"""An example played in a test: what was seen on the way is noted, and what the events say is held to."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from cases import facts, timing
from cases.demo.examples.player import Player as Played
from cases.models import Case
from tests.journeys.examples.cast import Cast

Row = Mapping[str, Any]


class Player(Played):
    """An example being played, and what was seen on the way."""

    def __init__(self, data: Row) -> None:
        super().__init__(data, Cast(data))
        self.seen: dict[tuple[str, date], timing.Due] = {}

    def observe(self) -> None:
        """Note the deadlines as they stand at this moment."""
        self.case = Case.objects.with_people().get(pk=self.case.pk)
        for due in timing.dues(self.case, facts.of(self.case)):
            self.seen[due.period.name, due.counted.day_0] = due

    def on_hearing(self, event: Row) -> None:
        assert self.case.hearings.get(state="scheduled").at == datetime.fromisoformat(event["at"]).replace(tzinfo=self.zone)

    def on_appeal_period_ended(self, event: Row) -> None:
        assert self.seen["appeal", self.case.decisions.get(kind="adjournment").on].on == event["date"]
