"""Copies that nobody came to use, because their worker died, or the exhibit went: nothing of them can be read some days later."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from backend import clock
from backend.errors import Unavailable
from cases import actions, making
from cases.actions import letters
from cases.models import Exhibit
from documents import vault, watermarking
from documents.models import Maker, State, Version
from tests.faults import labour
from tests.faults.conftest import until
from tests.world import World


def copies() -> dict[Any, str]:
    """The state of each copy, by its document."""
    return dict(Version.objects.filter(made_by=Maker.STAMP).values_list("document", "state"))


def test_a_copy_whose_worker_died_is_made_again_and_the_first_is_erased_with_what_serves_nothing(
    committed: Any, worker: Any, settings: Any
) -> None:
    labour.book().with_name("once-copy").touch()
    world = World()
    case = world.joint_petition(spouses=False)
    exhibit = world.exhibit(case, world.lawyer, "identity-paper")
    until(lambda: Exhibit.objects.filter(pk=exhibit.pk, marked__isnull=False).exists(), seconds=60)
    assert (labour.lines(), len(copies())) == (["died at copy"], 2)
    with clock.at(clock.now() + timedelta(days=settings.UNBOUND_DAYS, minutes=1)):
        vault.erase_left_alone()
    kept = Exhibit.objects.get(pk=exhibit.pk).marked_id
    assert sorted(copies().values()) == [State.ERASED, State.READY]
    assert copies()[kept] == State.READY


@pytest.mark.django_db
def test_a_copy_of_what_is_taken_back_meanwhile_is_erased_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    case = world.joint_petition()
    exhibit = actions.exhibit.add(world.spouse_1, case, kind="identity-paper", side=1, document=world.brought(world.spouse_1))

    def taken_back(*asked: Any, work: Callable[..., bytes] = watermarking.watermark) -> bytes:
        actions.exhibit.remove(world.spouse_1, case, exhibit=exhibit.pk)
        return work(*asked)

    monkeypatch.setattr(watermarking, "watermark", taken_back)
    making.mark(str(exhibit.pk))
    assert list(copies().values()) == [State.ERASED]


@pytest.mark.django_db
def test_a_letter_that_cannot_be_attached_is_erased_and_owed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    case = world.joint_petition()
    world.bring(case)
    world.to_sign(case)
    world.all_sign(case)
    actions.filing.submit(world.lawyer, case)
    receipt = case.instruments.get(kind="receipt")
    attach, refused = letters.attach, iter([True])

    def once_refused(*about: Any, **asked: Any) -> Any:
        if next(refused, False):
            raise Unavailable
        return attach(*about, **asked)

    monkeypatch.setattr(letters, "attach", once_refused)
    with pytest.raises(Unavailable):
        making.make(str(receipt.pk))
    assert list(Version.objects.filter(at__gt=receipt.at).values_list("made_by", "state")) == [
        (Maker.PLATFORM, State.ERASED),
        (Maker.SEAL, State.ERASED),
    ]
    making.make(str(receipt.pk))
    receipt.refresh_from_db()
    assert receipt.document.head.state == State.READY
    assert receipt.document.loose_since is None
