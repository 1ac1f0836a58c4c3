"""Confirming oneself: one code, one session, few tries, a few minutes."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.core import mail
from django.db import connection

from backend import clock
from backend.errors import Busy, Invalid
from backend.people import strength
from backend.people.models import Confirmation, User
from tests.backend.people.cast import PASSWORD, code_in, person

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.at(NOON):
        yield


def sent(user: User, key: str = "session") -> str:
    strength.ask_code(user, key)
    return code_in(mail.outbox[-1])


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_a_code_and_the_password_make_a_session_strong_for_five_minutes(claire: User) -> None:
    until = strength.prove(claire, "session", PASSWORD, sent(claire))

    assert until == strength.until(claire, "session") == NOON + timedelta(minutes=5)
    with clock.at(NOON + timedelta(minutes=5)):
        assert strength.until(claire, "session") is None


def test_the_mail_tells_nothing_of_the_person_in_its_subject_and_nothing_of_the_code(claire: User) -> None:
    code = sent(claire)

    assert mail.outbox[0].to == [claire.email]
    assert code not in mail.outbox[0].subject
    assert "Morel" not in mail.outbox[0].subject + mail.outbox[0].body


def test_the_code_is_kept_as_a_digest(claire: User) -> None:
    assert sent(claire) not in Confirmation.objects.get().code


def test_a_code_serves_once(claire: User) -> None:
    code = sent(claire)
    strength.prove(claire, "session", PASSWORD, code)
    with pytest.raises(Invalid) as refusal:
        strength.prove(claire, "session", PASSWORD, code)
    assert (refusal.value.code, refusal.value.field) == ("code-expired", "code")


def test_a_code_of_another_session_is_refused(claire: User) -> None:
    code = sent(claire, "one")
    sent(claire, "other")
    with pytest.raises(Invalid):
        strength.prove(claire, "other", PASSWORD, code)
    with pytest.raises(Invalid):
        strength.prove(claire, "third", PASSWORD, code)
    assert strength.until(claire, "other") is None


def test_a_code_of_another_person_is_refused(claire: User) -> None:
    code = sent(claire)
    with pytest.raises(Invalid):
        strength.prove(person("marc@example.fr"), "session", PASSWORD, code)


def test_a_newer_code_replaces_the_older(claire: User) -> None:
    first = sent(claire)
    with clock.at(NOON + timedelta(seconds=1)):
        second = sent(claire)
        if first != second:
            with pytest.raises(Invalid):
                strength.prove(claire, "session", PASSWORD, first)
        assert strength.prove(claire, "session", PASSWORD, second)


def test_a_code_dies_after_ten_minutes(claire: User) -> None:
    code = sent(claire)
    with clock.at(NOON + timedelta(minutes=10)), pytest.raises(Invalid) as refusal:
        strength.prove(claire, "session", PASSWORD, code)
    assert refusal.value.code == "code-expired"


def test_after_five_wrong_tries_the_right_code_is_worth_nothing(claire: User) -> None:
    code = sent(claire)
    for _ in range(5):
        with pytest.raises(Invalid) as refusal:
            strength.prove(claire, "session", PASSWORD, other_than(code))
        assert refusal.value.code == "code-wrong"
    with pytest.raises(Invalid) as refusal:
        strength.prove(claire, "session", PASSWORD, code)
    assert refusal.value.code == "code-expired"


def test_who_has_no_code_learns_nothing_of_the_password(claire: User) -> None:
    code = sent(claire)
    for password in (PASSWORD, "autre chose"):
        with pytest.raises(Invalid) as refusal:
            strength.prove(claire, "session", password, other_than(code))
        assert (refusal.value.code, refusal.value.field) == ("code-wrong", "code")


def test_the_code_without_the_password_is_refused(claire: User) -> None:
    with pytest.raises(Invalid) as refusal:
        strength.prove(claire, "session", "autre chose", sent(claire))
    assert refusal.value.field == "password"
    assert strength.until(claire, "session") is None


def test_too_many_codes_are_not_sent(claire: User) -> None:
    for number in range(strength.CODES_ALLOWED):
        sent(claire, f"session-{number}")
    with pytest.raises(Busy) as refusal:
        strength.ask_code(claire, "one more")
    assert refusal.value.code == "too-many-codes"
    assert len(mail.outbox) == strength.CODES_ALLOWED
    with clock.at(NOON + strength.CODES_WITHIN):
        strength.ask_code(claire, "later")


def test_a_mail_that_cannot_go_is_said(claire: User, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    with pytest.raises(Busy) as refusal:
        strength.ask_code(claire, "session")
    assert refusal.value.code == "mail-down"


def at_once(times: int, act: Any) -> list[Any]:
    """What each of several answers, all begun at the same instant."""
    ready, answers = Barrier(times), []

    def one(number: int) -> None:
        with clock.at(NOON):
            ready.wait()
            try:
                answers.append(act(number))
            except Invalid as refusal:
                answers.append(refusal.code)
            finally:
                connection.close()

    threads = [Thread(target=one, args=[number]) for number in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_guesses_made_at_once_are_all_counted(committed: Any) -> None:
    claire = person()
    wrong = other_than(sent(claire))

    answers = at_once(12, lambda _: strength.prove(claire, "session", PASSWORD, wrong))

    assert sorted(answers) == ["code-expired"] * 7 + ["code-wrong"] * 5


def test_a_code_given_twice_at_once_serves_once(committed: Any) -> None:
    claire = person()
    code = sent(claire)

    answers = at_once(4, lambda _: strength.prove(claire, "session", PASSWORD, code))

    assert sorted(map(str, answers)) == [str(NOON + timedelta(minutes=5)), *["code-expired"] * 3]
