"""Several at the same instant, and a worker that dies in the middle: one signature each, none lost."""

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from django.db import connections, transaction

from backend.errors import NotNow, Outdated
from documents import vault
from signatures import ceremony, pades, seals
from signatures.models import Session, Signer
from tests.signatures.making import NAMES, draft, four, pdfsig, signatures

APPLY = "import sys, django; django.setup(); from signatures import ceremony; [ceremony.apply(pk) for pk in sys.argv[1:]]"


def consented() -> tuple[Session, list[UUID]]:
    """A session to which all four have consented."""
    people = four()
    session = ceremony.open_session(draft(), people)
    return session, [ceremony.consent(session.pk, person.person, evidence={}).pk for person in people]


def at_once(*works):  # type: ignore[no-untyped-def]
    """What each answers or raises, all started at the same instant, each with its own connection."""
    barrier = threading.Barrier(len(works))

    def run(work):  # type: ignore[no-untyped-def]
        try:
            barrier.wait(10)
            return work()
        except Exception as fault:
            return fault
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def assert_four_valid(session: Session) -> None:
    session.refresh_from_db()
    assert session.state == Session.State.COMPLETE
    content = vault.content(session.newest)
    assert sorted(status.signer for status in signatures(content) if status.ok) == sorted(name for name, _ in NAMES)
    assert pdfsig(content) == ["Signature is Valid."] * 4
    assert session.document.versions.count() == 5


def test_four_who_sign_at_the_same_instant_all_have_their_signature_on_one_document(committed: object) -> None:
    session, signers = consented()

    answers = at_once(*(lambda pk=pk: ceremony.apply(pk) for pk in signers))

    assert sorted(answer.complete for answer in answers) == [False, False, False, True]
    assert_four_valid(session)


def test_two_workers_of_everything_leave_one_signature_each(committed) -> None:
    session, signers = consented()
    works = [signers, signers[::-1]]
    started = [subprocess.Popen([sys.executable, "-c", APPLY, *map(str, work)], env=environment(committed)) for work in works]

    assert [process.wait(120) for process in started] == [0, 0]
    assert_four_valid(session)


def test_four_who_consent_at_the_same_instant_are_all_heard(committed: object) -> None:
    people = four()
    session = ceremony.open_session(draft(), people)

    at_once(*(lambda one=one: ceremony.consent(session.pk, one.person, evidence={}) for one in people * 2))

    assert not session.signers.exclude(state=Signer.State.CONSENTED).exists()


@pytest.mark.parametrize("after", [0.0, 0.05, 0.15, 0.3])
def test_a_worker_killed_in_the_middle_leaves_nothing_half_done(committed, after: float) -> None:
    session, signers = consented()
    ready = APPLY.replace("[ceremony", "print('now', flush=True); [ceremony")
    process = subprocess.Popen(
        [sys.executable, "-c", ready, str(signers[0])], env=environment(committed), stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(after)
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    process.stdout.close()

    for pk in signers:
        ceremony.apply(pk)

    assert_four_valid(session)


@pytest.mark.parametrize("before", [0, 1])
def test_a_session_cancelled_while_a_signature_is_being_made_keeps_nothing_of_it(
    committed: object, monkeypatch: pytest.MonkeyPatch, before: int
) -> None:
    session, signers = consented()
    for signer in signers[:before]:
        ceremony.apply(signer)
    inside, go_on = threading.Event(), threading.Event()
    sign = pades.sign

    def slowly(*args, **kwargs) -> bytes:  # type: ignore[no-untyped-def]
        inside.set()
        assert go_on.wait(10)
        return sign(*args, **kwargs)

    monkeypatch.setattr(pades, "sign", slowly)

    def cancel() -> Session:
        assert inside.wait(10)
        ended = ceremony.cancel(session)  # an action does not wait for the signature
        go_on.set()
        return ended

    applied, cancelled = at_once(lambda: ceremony.apply(signers[before]), in_transaction(cancel))

    assert applied is None
    assert cancelled.state == Session.State.CANCELLED
    session.document.refresh_from_db()
    assert session.document.head == session.base
    assert session.document.versions.count() == 1 + before
    assert session.signers.filter(state=Signer.State.SIGNED).count() == before


def test_a_signature_taken_back_while_another_is_being_made_on_it_leaves_four_valid_ones(
    committed: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, signers = consented()
    ceremony.apply(signers[0])
    inside, go_on = threading.Event(), threading.Event()
    sign = pades.sign

    def slowly(*args, **kwargs) -> bytes:  # type: ignore[no-untyped-def]
        inside.set()
        assert go_on.wait(10)
        return sign(*args, **kwargs)

    monkeypatch.setattr(pades, "sign", slowly)
    first = Signer.objects.get(pk=signers[0]).person

    def take_back() -> list[Signer]:
        assert inside.wait(10)
        again = ceremony.redo(session.pk, first, by_name="", reason="")
        go_on.set()
        return again

    made, again = at_once(lambda: ceremony.apply(signers[1]), in_transaction(take_back))
    assert isinstance(made, Outdated)  # the job is done again
    assert again == []
    ceremony.consent(session.pk, first, evidence={})
    for pk in signers:
        ceremony.apply(pk)
    session.refresh_from_db()
    assert session.state == Session.State.COMPLETE
    assert pdfsig(vault.content(session.newest)) == ["Signature is Valid."] * 4


def test_two_sealers_at_once_make_one_seal(committed: object) -> None:
    version = draft()

    first, second = at_once(lambda: seals.seal(version), lambda: seals.seal(version))

    assert first == second
    assert version.document.versions.count() == 2


def test_a_refusal_and_a_consent_at_the_same_instant_never_end_in_a_signature(committed: object) -> None:
    people = four()[:2]
    session = ceremony.open_session(draft(), people)

    consent, _ = at_once(
        lambda: ceremony.consent(session.pk, people[0].person, evidence={}),
        lambda: ceremony.refuse(session.pk, people[1].person, reason="No."),
    )

    assert isinstance(consent, NotNow) or ceremony.apply(consent.pk) is None


def environment(committed) -> dict[str, str]:  # type: ignore[no-untyped-def]
    return os.environ | committed.environment | {"DJANGO_SETTINGS_MODULE": "backend.config.settings"}


def in_transaction(work):  # type: ignore[no-untyped-def]
    """The work as an action does it."""

    def run():  # type: ignore[no-untyped-def]
        with transaction.atomic():
            return work()

    return run
