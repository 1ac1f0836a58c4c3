"""Four people sign while their worker dies, again and again: each signature stands once, everyone is told once, and the case goes on."""

from typing import Any

import pytest

from cases import access
from cases.actions import signing
from cases.models import Case
from documents import vault
from signatures.models import Signer
from tests.faults import labour
from tests.faults.conftest import until
from tests.signatures.making import pdfsig, signatures
from tests.world import World


@pytest.fixture
def world(committed: Any) -> World:
    return World()


@pytest.fixture
def case(world: World) -> Case:
    return world.joint_petition(at="sign", lawyers=2)


def test_a_worker_killed_while_it_signs_loses_nothing_and_signs_nothing_twice(world: World, case: Case, worker: Any) -> None:
    for stage in ("making", "placing"):
        labour.book().with_name(f"once-{stage}").touch()
    four = (world.spouse_1, world.spouse_2, world.lawyer, world.second_lawyer)
    for actor in four:
        world.signs(actor, case)

    until(lambda: Case.objects.get(pk=case.pk).step == "file", seconds=90)

    assert labour.lines() == ["died at making", "died at placing"]
    assert Signer.objects.filter(state="signed").count() == Signer.objects.count() == 8
    for instrument in case.instruments.current().of_kind(*signing.TO_SIGN).select_related("document__head"):
        content = vault.content(instrument.document.head)
        assert len(signatures(content)) == 4
        assert pdfsig(content) == ["Signature is Valid."] * 4
    told = access.entries(world.lawyer, case).filter(kind="signing.signed")
    assert told.count() == told.values("about_id").distinct().count() == 8
