"""A bundle while what makes it dies: it is made all the same, once, and nothing of the first try is left when it ends."""

import subprocess
import sys
import time
from datetime import timedelta
from typing import Any

import pytest

from backend import clock
from backend.work.doing import run_due
from cases import actions, bundles
from cases.models import Bundle
from documents import storage, vault
from documents.models import State, Version
from tests.documents.test_merging import heavy
from tests.faults.conftest import until
from tests.world import World

MAKE = """
import sys, django
django.setup()
from cases import bundling
from django.conf import settings
settings.BUNDLE_CHANGED = ""
bundling.make(sys.argv[1])
"""


@pytest.fixture(autouse=True)
def bound_and_told_to_nobody(settings: Any) -> None:
    """What is read by eye in these pictures is noise, and takes a while."""
    settings.OCR_MAX_PAGES, settings.BUNDLE_CHANGED = 0, ""


def asked(limit: int = 0) -> Bundle:
    """A bundle of five documents, asked and not yet begun."""
    world = World()
    case = world.joint_petition(spouses=False)
    for number in range(5):
        document = world.brought(world.lawyer, f"Scan {number}", heavy(2, 300_000, number))
        actions.exhibit.add(world.lawyer, case, kind="other", side=0, title=f"Scan {number}", document=document)
    return actions.bundle.ask(world.lawyer, case, limit=limit)


def killed_when(reached: Any, bundle: Bundle, environment: dict[str, str]) -> None:
    """Make the bundle in a process of its own, killed as soon as `reached` is true of its row."""
    with subprocess.Popen([sys.executable, "-c", MAKE, str(bundle.pk)], env=environment) as worker:
        while worker.poll() is None and not reached(Bundle.objects.get(pk=bundle.pk)):
            time.sleep(0.005)
        worker.kill()


def read(bundle: Bundle) -> int:
    return len(vault.content(bundles.piece(bundle, 1)))


def test_a_worker_killed_while_it_prepares_goes_on_from_the_last_document(committed: Any) -> None:
    bundle = asked()
    killed_when(lambda row: row.done >= 2, bundle, committed.environment)
    left = Bundle.objects.get(pk=bundle.pk)
    prepared = [part["bound"] for part in left.plan if "bound" in part]
    assert (left.state, len(prepared) >= 1) == ("making", True)
    run_due()
    made = Bundle.objects.get(pk=bundle.pk)
    assert (made.state, made.pages) == ("ready", 11)
    assert [part["bound"] for part in made.plan][: len(prepared)] == prepared
    assert read(made) == made.pieces[0]["size"]


def test_a_worker_killed_while_it_binds_makes_it_all_the_same_and_leaves_nothing_behind(committed: Any, settings: Any) -> None:
    bundle = asked()
    killed_when(lambda row: row.doing == "binding", bundle, committed.environment)
    assert Bundle.objects.get(pk=bundle.pk).state == "making"
    run_due()
    made = Bundle.objects.get(pk=bundle.pk)
    assert (made.state, len(made.pieces)) == ("ready", 1)
    assert read(made) == made.pieces[0]["size"]
    with clock.at(clock.now() + timedelta(days=settings.BUNDLE_DAYS, minutes=1)):
        run_due()
    assert not {version.state for version in Version.objects.filter(document=made.document)} - {State.ERASED}
    assert not [key for key, _stored in storage.walk(f"documents/{made.document_id}/")]


def test_a_real_worker_makes_it_in_turns_and_cuts_it(committed: Any, worker: Any) -> None:
    bundle = asked(limit=1_000_000)
    until(lambda: Bundle.objects.get(pk=bundle.pk).state == "ready", seconds=120)
    made = Bundle.objects.get(pk=bundle.pk)
    assert len(made.pieces) > 2
    assert max(piece["size"] for piece in made.pieces) <= 1_000_000
