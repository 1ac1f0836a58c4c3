"""Examples 01 to 04, played to their ends: every line of what they expect holds."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from backend import clock
from backend.register.verify import verify
from cases import proceedings
from cases.demo.examples import data
from tests.journeys.examples import expecting, names, trying
from tests.journeys.examples.player import Player

PLAYED = ("01", "02", "03", "04")
Check = Callable[[], Iterator[str]]


def example(number: str) -> dict[str, Any]:
    """The file of an example, as it is; the test is skipped where the folder of examples is absent."""
    found = list(Path(settings.EXAMPLES_DIR).glob(f"{number}-*.yaml"))
    if not found:
        pytest.skip(f"the example cases are not in {settings.EXAMPLES_DIR}: set EXAMPLES_DIR to their folder")
    loaded: dict[str, Any] = yaml.safe_load(found[0].read_text())
    return loaded


@pytest.mark.parametrize("number", PLAYED)
def test_no_line_of_the_example_goes_unread(number: str) -> None:
    assert list(names.unknown(example(number))) == []


def test_a_line_that_nobody_reads_is_found() -> None:
    assert list(names.unknown({"expect": {"routes": {"as_of": "today", "arbitration": {}}}, "pets": 2})) == [
        "expect.routes.arbitration",
        "pets",
    ]


@pytest.mark.parametrize("number", sorted(names.NOT_YET))
def test_what_is_passed_over_is_a_line_of_the_file_that_nothing_here_could_try(number: str) -> None:
    expected = example(number)["expect"]
    lines = {f"expect.acts: {act['act']}" for act in expected["acts"]}
    lines |= {f"expect.deadlines: {row['name']}: certainty" for row in expected["deadlines"] if "certainty" in row}
    assert set(names.NOT_YET[number]) <= {*lines, *(f"expect.{name}" for name in expected)}

    kinds = {kind for kind, _version in proceedings.all_versions()}
    acts = {path.removeprefix("expect.acts: ") for path in names.LATER.get(number, {}) if path.startswith("expect.acts: ")}
    assert acts & set(trying.ACTS) == set()
    assert not {"without-a-judge", "parental-agreement"} & kinds, "it is there now: play these lines"


@pytest.mark.parametrize("number", PLAYED)
def test_the_demo_tells_the_family_as_it_is(number: str) -> None:
    """What the demo plays is this example: its people, its marriage, its papers and what happens, on the days they are written for."""
    shared, told = example(number), data.example(number, last="opened", on=example(number)["events"][0]["date"])
    for name in ("marriage", "income", "allowance", "maintenance", "exhibits"):
        assert told[name] == shared[name], name
    plain = [
        [{**row, "email": row.get("email", "").replace("demo.example", "example.fr")} for row in people["spouses"]]
        for people in (told["people"], shared["people"])
    ]
    assert plain[0] == plain[1]
    assert (told["people"]["children"], told["people"]["lawyers"]) == (shared["people"]["children"], shared["people"]["lawyers"])
    assert [(event["what"], event.get("date", event.get("at"))) for event in told["events"]] == [
        (event["what"], event.get("date", event.get("at"))) for event in shared["events"]
    ]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("number", PLAYED)
def test_every_line_of_the_example_holds(number: str, db: None) -> None:
    show = Show(number, example(number))

    assert show.play() == []
    assert list(verify(show.player.case.chain_id)) == []


class Show:
    """An example on stage: its events, acts and checks in the order of their moments."""

    def __init__(self, number: str, written: Mapping[str, Any]) -> None:
        self.data, self.expect = written, written["expect"]
        self.not_yet = names.NOT_YET.get(number, {})
        self.player = Player(written)
        self.wrong: list[str] = []

    def play(self) -> list[str]:
        """What is wrong, in words; nothing where every line holds."""
        for moment, _, happening in sorted(self.happenings(), key=lambda happening: happening[:2]):
            with clock.at(moment):
                self.wrong += happening() or ()
                self.player.observe()
        return self.wrong

    def happenings(self) -> Iterator[tuple[datetime, int, Callable[[], Any]]]:
        """(moment, rank within it, what happens)"""
        yield from self.player.preparations()
        for event in self.data["events"]:
            moment = self.player.moment_of(event)
            for check in self.checks_before(event["what"], moment):
                yield moment, 1, check
            yield moment, 2, lambda event=event: self.player.happen(event)
        for act in self.acts():
            moment = self.player.moment(act, time(10, 30))
            yield self.slot(act, moment), 1, lambda act=act, moment=moment: self.attempt(act, moment)
        as_of = datetime.combine(self.expect["routes"]["as_of"], time(10), self.player.zone)
        yield as_of, 0, lambda: expecting.the_routes(self.player, self.expect["routes"])
        yield from self.end()

    def checks_before(self, what: str, moment: datetime) -> Iterator[Callable[[], Any]]:
        """What is looked at just before an event."""
        player, expect = self.player, self.expect
        if what in ("filed", "filing tried"):
            yield lambda: expecting.the_findings(player, expect["findings_before_filing"])
            yield lambda: expecting.the_courts(player, expect["competent_courts"])
            if "expect.required_exhibits" not in self.not_yet:
                yield lambda: expecting.the_required_exhibits(player, expect["required_exhibits"])
        if what == "new agreement" and "findings_before_new_agreement" in expect:
            yield lambda: expecting.the_findings_on_the_new_agreement(player, expect["findings_before_new_agreement"])
        if what == "suggestions read":
            yield lambda: expecting.the_suggestions(player, expect["suggestions"])

    def acts(self) -> list[Mapping[str, Any]]:
        return [act for act in self.expect["acts"] if f"expect.acts: {act['act']}" not in self.not_yet]

    def slot(self, act: Mapping[str, Any], moment: datetime) -> datetime:
        """Where an act is tried: at its moment, or in the place of the event it stands for."""
        replaced = trying.INSTEAD_OF.get(act["act"])
        event = next((event for event in self.data["events"] if event["what"] == replaced), None)
        return self.player.moment(event, time(12)) if event else moment

    def attempt(self, act: Mapping[str, Any], moment: datetime) -> list[str]:
        with clock.at(moment):
            return list(trying.wrong(self.player, act))

    def end(self) -> Iterator[tuple[datetime, int, Callable[[], Any]]]:
        """After everything: the file closed where it can be, the deadlines that were seen, the outcome."""
        moments = [self.player.moment(row, time(23)) for row in (*self.data["events"], *self.acts())]
        last = max(moments) + timedelta(days=1)
        if self.expect["outcome"]["dissolved"]:
            yield last, 0, self.player.finish
        yield last, 1, lambda: expecting.the_deadlines(self.player, self.expect["deadlines"], self.not_yet)
        yield last, 2, lambda: expecting.the_outcome(self.player, self.expect["outcome"])
        if "maintenance_transmission" in self.expect:
            yield last, 3, lambda: expecting.the_transmission(self.player, self.expect["maintenance_transmission"])
