"""What waits for a slow reader."""

from cases.api.outbox import AT_MOST, BEHIND, Outbox


def test_the_newest_word_about_each_thing_waits_and_is_said_once() -> None:
    outbox = Outbox()
    for thing, state in (("a", 1), ("b", 2), ("a", 3)):
        outbox.put(thing, {"thing": thing, "state": state})
    assert outbox.take() == [{"thing": "b", "state": 2}, {"thing": "a", "state": 3}]
    assert outbox.take() == []


def test_past_its_limit_what_waited_gives_way_to_one_word() -> None:
    outbox = Outbox()
    for number in range(10 * AT_MOST + 1):
        outbox.put(number, {"number": number})
        assert len(outbox.take()) if number == AT_MOST - 1 else True
    taken = outbox.take()
    assert taken[0] == BEHIND
    assert taken[-1] == {"number": 10 * AT_MOST}
    assert len(taken) <= AT_MOST


async def test_it_is_time_to_look_when_asked_or_when_nothing_came_for_long_not_when_something_only_waits() -> None:
    outbox = Outbox()
    outbox.put("a", {})
    assert await outbox.stirred(3600) is False
    outbox.ask()
    assert await outbox.stirred(3600) is True
    assert await outbox.stirred(0.01) is True
