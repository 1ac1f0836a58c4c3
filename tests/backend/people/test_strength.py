"""Proving oneself: one code, one session, few tries, a few minutes, and what each proof is worth."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from backend import clock
from backend.errors import Busy, Invalid
from backend.people import strength
from backend.people.actor import Actor
from backend.people.models import Confirmation, Level, Membership, Method, Proof, Role, User
from tests.backend.people.cast import PASSWORD, code_in, firm, person

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


def test_what_was_proved_before_stands_from_that_moment_and_nobody_proves_tomorrow(claire: User) -> None:
    earlier = NOON - timedelta(minutes=3)
    assert strength.raised(claire, "session", Method.OIDC, level=Level.SUBSTANTIAL, said={"acr": "eidas2"}, at=earlier) == NOON + timedelta(
        minutes=2
    )
    strength.raised(claire, "other", Method.OIDC, level=Level.SUBSTANTIAL, at=NOON + timedelta(hours=1))

    assert strength.until(claire, "session") == NOON + timedelta(minutes=2)
    assert strength.until(claire, "other") == NOON + timedelta(minutes=5)


def test_a_session_is_as_strong_as_its_best_proof_that_stands(claire: User) -> None:
    strength.raised(claire, "session", Method.PASSWORD, level=Level.SINGLE, opened=True)
    assert strength.until(claire, "session") is None
    strength.raised(claire, "session", Method.TOTP, level=Level.SUBSTANTIAL, at=NOON - timedelta(minutes=2))
    with clock.at(NOON + timedelta(minutes=1)):
        strength.raised(claire, "session", Method.MAIL_CODE, level=Level.MAILED)

        assert strength.until(claire, "session") == NOON + timedelta(minutes=6)
        assert strength.until(claire, "session", Level.SUBSTANTIAL) == NOON + timedelta(minutes=3)
        assert strength.until(claire, "session", Level.HIGH) is None
        assert strength.until(claire, "") is None


def test_how_strong_a_session_is_costs_one_query_however_often_it_was_proved(
    claire: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    strength.raised(claire, "session", Method.PASSKEY, level=Level.HIGH, opened=True)
    for minute in range(0, 60, 5):
        with clock.at(NOON + timedelta(minutes=minute)):
            strength.raised(claire, "session", Method.MAIL_CODE, level=Level.MAILED)

    with clock.at(NOON + timedelta(minutes=57)), django_assert_num_queries(1):
        told = strength.proofs(claire, "session")
    assert [(proof.method, proof.opened) for proof in told] == [("passkey", True), ("mail-code", False)]


def test_what_is_worth_too_little_where_one_works_makes_nobody_strong(claire: User) -> None:
    here = firm()
    here.binding_level = Level.SUBSTANTIAL
    here.save()
    Membership.objects.create(user=claire, organisation=here, role=Role.LAWYER, since=date(2020, 1, 1))
    strength.raised(claire, "session", Method.MAIL_CODE, level=Level.MAILED)
    mailed = Actor.of(claire, key="session", proofs=strength.proofs(claire, "session"))
    strength.raised(claire, "session", Method.TOTP, level=Level.SUBSTANTIAL)
    owned = Actor.of(claire, key="session", proofs=strength.proofs(claire, "session"))

    assert (mailed.strong, mailed.proved_by, mailed.needs) == (False, "", Level.SUBSTANTIAL)
    assert (owned.strong, owned.proved_by) == (True, "totp")


def test_a_session_that_is_over_leaves_no_strength(claire: User) -> None:
    strength.raised(claire, "session", Method.PASSKEY, level=Level.HIGH)
    strength.raised(claire, "other", Method.PASSKEY, level=Level.HIGH)
    strength.forget(claire.pk, "session")

    assert strength.until(claire, "session") is None
    assert strength.until(claire, "other")


def test_proofs_older_than_any_session_are_not_kept(claire: User, settings: Any) -> None:
    strength.raised(claire, "session", Method.PASSWORD, level=Level.SINGLE, opened=True)
    with clock.at(NOON + timedelta(seconds=settings.SESSION_COOKIE_AGE + 1)):
        strength.raised(claire, "next", Method.PASSWORD, level=Level.SINGLE, opened=True)
    assert [proof.key for proof in Proof.objects.all()] == ["next"]


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
