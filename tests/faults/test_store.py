"""The store when it has no room left, is slow, or says nothing: what is asked of it is refused in words or done late; nothing is half there."""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings
from minio.error import S3Error

from backend.errors import Unavailable
from backend.stack.seaweed import Seaweed
from backend.work.doing import run_due
from backend.work.models import Owed
from cases import actions
from documents import intake, storage, vault
from documents.models import Version
from tests.faults.ways import silent, slowly, way
from tests.outside import Site
from tests.pdfs import pdf
from tests.world import World

MB = 1024 * 1024
ROOM = 320  # MB of a disk that is soon full
SILENCE = 0.3  # seconds


class SmallSeaweed(Seaweed):
    """One whose folder is a small disk of its own: a filesystem in memory that nobody else sees."""

    def command(self) -> list[str]:
        mounted = f'mount -t tmpfs -o size={ROOM}m tmpfs "{self.folder}" && exec "$@"'
        unshare = str(shutil.which("unshare"))
        return [unshare, "--user", "--map-root-user", "--mount", str(shutil.which("sh")), "-c", mounted, "sh", *super().command()]

    def fill(self) -> None:
        """Put so much in it that it takes nothing more, not even something small."""
        client = self.client()
        for size in (5 * MB, MB // 8, 1024):
            with suppress(S3Error):
                for number in range(ROOM):
                    client.put_object(settings.S3_BUCKET, f"ballast/{size}/{number}", BytesIO(os.urandom(size)), size)


@pytest.fixture
def small(tmp_path: Path) -> Iterator[SmallSeaweed]:
    store = SmallSeaweed(tmp_path / "small", settings.S3_ACCESS_KEY, settings.S3_SECRET_KEY, tmp_path / "small.log", hasty=True)
    store.start()
    store.wait()
    yield store
    store.stop()


def objects() -> set[str]:
    return {key for key, _ in storage.walk("documents/")}


def test_on_a_full_disk_nothing_more_is_taken_in_while_reading_and_signing_in_go_on(site: Site, small: SmallSeaweed) -> None:
    program = site.serve(S3_ENDPOINT=small.url)
    there = Site(program.address, site.database, site.world, site.serve)
    lawyer = there.program(site.world.lawyer_user)
    with override_settings(S3_ENDPOINT=small.url):
        kept = vault.keep(pdf("Convention"), name="Convention", created_by=site.world.lawyer.user_id)
        before = Version.objects.count(), objects()
        small.fill()

        refused = lawyer.post("/api/v1/documents", params={"name": "Acte"}, content=pdf("Acte"))

        assert (refused.status_code, refused.json()["type"].rpartition(":")[2]) == (503, "unavailable")
        assert "What is there can still be read" in refused.json()["detail"]
        assert (Version.objects.count(), objects()) == before
        assert vault.content(kept) == pdf("Convention")
    assert there.browser(site.world.spouse_1_user, fresh=True).get("/dossiers/").status_code == 200
    there.close()


@pytest.mark.django_db
def test_a_slow_store_takes_in_and_gives_back_late_and_whole():
    content = b"%PDF-1.7" + os.urandom(3 * MB)
    with way(slowly(0.02)) as address, override_settings(S3_ENDPOINT=address):
        version = intake.take_in_bytes(content, name="x", created_by=None, limit=10 * MB)
        assert b"".join(vault.unchecked(version)) == content
    assert version.sha256 == sha256(content).hexdigest()


@pytest.mark.django_db
def test_a_store_that_says_nothing_is_not_waited_for_and_leaves_no_row():
    kept = vault.keep(bytes(MB), name="x")
    before = set(Version.objects.all()), objects()
    with way(silent) as address, override_settings(S3_ENDPOINT=address, S3_SECONDS=SILENCE):
        began = time.monotonic()
        with pytest.raises(Unavailable):
            intake.take_in_bytes(b"%PDF-1.7" + bytes(MB), name="x", created_by=None, limit=10 * MB)
        with pytest.raises(Unavailable):
            vault.content(kept)
        assert time.monotonic() - began < 100 * SILENCE
    assert (set(Version.objects.all()), objects()) == before
    assert vault.content(kept) == bytes(MB)


@pytest.mark.django_db
def test_a_signature_given_while_the_store_says_nothing_is_made_once_it_answers(settings: Any):
    settings.REGISTER_SUBSCRIBERS = []
    Owed.objects.all().delete()  # of the other tests here, whose platform is the same
    world = World()
    case = world.joint_petition(at="sign")
    read = world.read(world.spouse_1, case)
    with way(silent) as address, override_settings(S3_ENDPOINT=address, S3_SECONDS=SILENCE):
        actions.signing.sign(world.spouse_1, case, **read)
        with pytest.raises(Unavailable):
            run_due()
        waiting = Owed.objects.filter(kind="signatures.apply")
        assert waiting.exists()
        assert {row.last_error.partition(" ")[0] for row in waiting if row.last_error} == {"Unavailable"}

    Owed.objects.try_again()
    world.work()

    signers = [signer for one in case.instruments.current() if one.session for signer in one.session.signers.all()]
    mine = [signer.state for signer in signers if signer.person == world.spouse_1.user_id]
    assert mine
    assert set(mine) == {"signed"}
