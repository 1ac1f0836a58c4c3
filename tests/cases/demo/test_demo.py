"""The demo: its stories play to where they are left, twice changes nothing, and what they leave holds."""

from collections import Counter
from datetime import date
from typing import Any

import pytest
from django.core.management import call_command

from backend import clock
from backend.people.actor import Actor
from backend.people.models import User
from backend.register.models import Entry
from backend.register.verify import verify
from backend.work.models import Owed
from cases import access, facts
from cases.demo import cast, families, stories, story
from cases.demo.examples import data, told
from cases.demo.examples.player import SIGNED
from cases.demo.story import Plot, Story
from cases.models import Case, Recourse
from cases.outlook import outlook
from cases.proceedings import interpret
from signatures.models import Signer

FEW = stories.FIRST + 3  # the first, one of which is an example, and the three others
ENDS = {"01": ("sign", ""), "02": ("closed", "divorced"), "03": ("lapsed", "lapsed"), "04": ("prepare", "")}
NOTHING: dict[str, Any] = {"decisions": [], "recourses": 0, "closed": [], "waiting": []}
LEAVES: dict[str, dict[str, Any]] = {
    "01": {},
    "02": {"decisions": ["adjournment", "homologation"]},
    "03": {"decisions": ["adjournment", "lapse"], "recourses": 1},
    "04": {"closed": ["route"]},
}


def test_forty_households_are_forty_pairs_and_every_step_is_there() -> None:
    numbered = list(stories.plots())
    homes = [families.household(number, date(2026, 11, 24)) for number, _plot in numbered]
    pairs = Counter(tuple(one.name for one in home.spouses) for home in homes)
    assert (len(numbered), max(pairs.values())) == (40, 1)
    assert {"open", "sign", "file", "check", "hear-child", "schedule", "hear", "decided", "recourse", "closed"} <= {
        plot.until for _n, plot in numbered
    }


def test_the_accounts_are_printed_with_what_each_finds(capsys: Any) -> None:
    call_command("demo", accounts=True)
    said = capsys.readouterr().out
    assert cast.PASSWORD in said
    assert all(one.email in said for one in cast.ACCOUNTS)


@pytest.mark.usefixtures("db")
@pytest.mark.timeout(420)
def test_the_first_and_the_examples_play_once_and_hold(capsys: Any) -> None:
    """Of the examples one is closed, one lapsed, one refused at the door."""
    call_command("demo", only=FEW)
    assert f"{FEW} cases played" in capsys.readouterr().out
    entries = Entry.objects.count()
    call_command("demo", only=FEW)
    assert "0 cases played" in capsys.readouterr().out
    assert Entry.objects.count() == entries
    assert list(verify()) == []
    assert {"lapsed", "closed", "prepare", "sign", "check"} <= set(Case.objects.values_list("step", flat=True))
    for user in User.objects.all():
        actor = Actor.of(user)
        for case in access.visible_cases(actor).with_people():
            seen = outlook(actor, case)
            assert (seen.stages, list(seen.findings), seen.timeline) != ([], [], [])
    for number in told.TELLINGS:
        see_that_it_is_told(number)


def see_that_it_is_told(number: str) -> None:
    """An example among the cases: its people, its court, its papers, and where its story ends."""
    family = data.written()[number]
    title = " / ".join(spouse["birth_name"] for spouse in family["people"]["spouses"])
    case = Case.objects.get(title=title)
    assert [spouse.city for spouse in case.spouses.all()] == [data.split(one["address"])[2] for one in family["people"]["spouses"]]
    assert {child.first_names for child in case.children.all()} == {", ".join(one["first_names"]) for one in family["people"]["children"]}
    assert case.court.name == family["court"]
    papers = {row["type"] for row in family["exhibits"]} - set(SIGNED) - ({"contribution-receipt"} if number == "01" else set())
    assert {exhibit.kind for exhibit in case.exhibits.kept()} == papers
    assert (case.step, case.outcome) == ENDS[number]
    found = {
        "decisions": [decision.kind for decision in case.decisions.order_by("on")],
        "recourses": Recourse.objects.filter(decision__case=case, ended_on=None).count(),
        "closed": [finding.code for finding in interpret.closed_because(case.proceeding, facts.of(case))],
        "waiting": sorted(set(Signer.objects.filter(state="waiting").values_list("person", flat=True))) if number == "01" else [],
    }
    assert found == {**NOTHING, **LEAVES[number], **({"waiting": sorted(printed_spouses())} if number == "01" else {})}


def printed_spouses() -> list[Any]:
    """The two spouses whose accounts are printed: the first example is theirs, to read and sign."""
    return list(User.objects.filter(email__in=[one.email for one in cast.ACCOUNTS if one.role == "party"]).values_list("pk", flat=True))


def test_the_first_cases_give_nearly_everyone_something_to_look_at() -> None:
    first = [plot for _number, plot in list(stories.plots())[: stories.FIRST]]
    assert {name for plot in first for name in plot.lawyers} == {"Solène", "Ronan", "Bérénice"}
    assert first[0].until == "sign"  # the two spouses whose accounts are printed
    assert {"taken by another", "question"} <= {plot.twist for plot in first}


def test_a_play_that_is_cut_short_leaves_nothing_of_its_case_and_is_played_whole_the_next_time(
    committed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(story: Story) -> None:
        raise KeyboardInterrupt

    short = [(0, Plot("bring", 1))]
    monkeypatch.setattr(stories, "plots", lambda more: iter(short))
    monkeypatch.setattr(stories, "make_lists", lambda people, today: None)
    with monkeypatch.context() as patch:
        patch.setitem(story.WAY, "bring", (11, dies))
        with pytest.raises(KeyboardInterrupt):
            call_command("demo")
    assert (Case.objects.count(), Entry.objects.count(), Owed.objects.count()) == (0, 0, 0)

    call_command("demo")
    assert [case.exhibits.exists() for case in Case.objects.all()] == [True]
    assert set(Owed.objects.values_list("kind", flat=True)) <= {"register.feed"}  # nothing but the news that it is there


@pytest.mark.usefixtures("db")
def test_the_second_section_has_hearings_of_its_own() -> None:
    people, today = cast.cast(), clock.today()
    stories.make_lists(people, today)
    plots = [(number, plot) for number, plot in stories.plots() if plot.second]
    assert len(plots) > 3
    number, plot = next(pair for pair in plots if pair[1].until == "hear")
    _home, play = stories.home_of(people, number, plot, today)
    case = play()

    assert case.hearings.get().list.chamber == case.chamber == people.second_chamber
    assert access.at_court(Actor.of(people.user("Marc"))).filter(pk=case.pk).exists()
    assert case.step == "hear"
