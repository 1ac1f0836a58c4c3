"""The demo: its stories play to where they are left, twice changes nothing, and what they leave holds."""

from collections import Counter
from datetime import date
from typing import Any

import pytest
from django.core.management import call_command

from backend.people.actor import Actor
from backend.people.models import User
from backend.register.models import Entry
from backend.register.verify import verify
from backend.work.models import Owed
from cases import access
from cases.demo import cast, families, stories, story
from cases.demo.story import Plot, Story
from cases.models import Case
from cases.outlook import outlook

FEW = stories.FIRST + 3


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
def test_the_first_and_the_oldest_stories_play_once_and_hold(capsys: Any) -> None:
    """The oldest go furthest: lapsed, closed, adjourned."""
    call_command("demo", only=FEW)
    assert f"{FEW} cases played" in capsys.readouterr().out
    entries = Entry.objects.count()
    call_command("demo", only=FEW)
    assert "0 cases played" in capsys.readouterr().out
    assert Entry.objects.count() == entries
    assert list(verify()) == []
    assert {"lapsed", "closed", "new-agreement"} <= set(Case.objects.values_list("step", flat=True))
    for user in User.objects.all():
        actor = Actor.of(user)
        for case in access.visible_cases(actor).with_people():
            seen = outlook(actor, case)
            assert (seen.stages, list(seen.findings), seen.timeline) != ([], [], [])


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
