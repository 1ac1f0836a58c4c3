"""What stays in the store: locked, brought back, swept, read again night after night."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from time import sleep
from uuid import UUID, uuid4

import pytest
from django.conf import settings as django_settings
from django.contrib.admin.sites import site
from django.core.management import call_command
from django.test import override_settings

from backend import clock
from backend.errors import NotFound, Unavailable
from backend.work.doing import run_due
from backend.work.models import Owed
from documents import audit, carrying, rounds, storage, sweeping, vault
from documents.models import Fault, State, Version
from documents.rotation import in_use
from tests.backend.people.cast import PASSWORD, person
from tests.faults.ways import way

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_bucket")]
NOON = datetime(2027, 3, 10, 12, tzinfo=UTC)


@pytest.fixture
def kept() -> Version:
    version = vault.keep(b"an act of some length" * 1000, name="act")
    vault.bind(version.document)
    return version


@pytest.fixture
def no_grace(monkeypatch) -> None:
    monkeypatch.setattr(sweeping, "GRACE", timedelta(seconds=-5))


def left_behind(content: bytes = b"left behind") -> str:
    key = f"documents/{uuid4()}/{uuid4()}/{uuid4()}"
    storage.put(key, BytesIO(content), len(content))
    return key


def there(key: str) -> bool:
    return key in dict(storage.walk("documents/"))


def deleted_by_somebody(key: str) -> None:
    """What a deletion through any S3 client leaves: a mark over the object."""
    storage._client().remove_object(django_settings.S3_BUCKET, key)


# --- Locks


def test_the_bucket_keeps_versions_and_has_locks():
    client = storage._client()
    assert client.get_bucket_versioning(django_settings.S3_BUCKET).status == "Enabled"
    client.get_object_lock_config(django_settings.S3_BUCKET)  # raises where there is none


def test_what_is_ready_is_locked_and_nobody_removes_it_through_the_store(kept):
    run_due()
    held = storage._client().get_object_retention(django_settings.S3_BUCKET, kept.key)
    assert held.mode == "GOVERNANCE"
    assert held.retain_until_date > clock.machine() + timedelta(days=django_settings.S3_LOCK_DAYS - 1)
    assert storage.delete([kept.key]) == {kept.key}
    assert vault.content(kept)


def test_a_lock_is_never_shortened(kept):
    later = clock.machine() + timedelta(days=90)
    storage.lock(kept.key, later)
    storage.lock(kept.key, clock.machine() + timedelta(days=1))
    held = storage._client().get_object_retention(django_settings.S3_BUCKET, kept.key)
    assert abs(held.retain_until_date - later) < timedelta(seconds=2)


def test_a_store_without_locks_can_be_used(kept, settings):
    settings.S3_OBJECT_LOCK = "none"
    run_due()
    assert storage.delete([kept.key]) == set()
    assert not there(kept.key)


def test_a_bucket_made_without_locks_is_given_them(settings):
    client = storage._client()
    name = f"plain-{uuid4()}"
    client.make_bucket(name)
    settings.S3_BUCKET = name
    version = vault.keep(b"x", name="x")
    run_due()
    assert storage.delete([version.key]) == {version.key}


def test_a_locked_document_is_erased_all_the_same_and_its_object_goes_when_the_lock_has_run_out(
    kept, no_grace, django_capture_on_commit_callbacks
):
    sweeping.sweep()  # what other tests left would take the time of the lock
    until = clock.machine() + timedelta(seconds=3)
    storage.lock(kept.key, until)
    with django_capture_on_commit_callbacks(execute=True):
        vault.erase(kept.document)
    assert there(kept.key)
    with pytest.raises(NotFound):
        vault.content(Version.objects.get(pk=kept.pk))
    assert sweeping.sweep().locked >= 1
    while clock.machine() <= until + timedelta(seconds=1):
        sleep(0.1)
    sweeping.sweep()
    assert not there(kept.key)


def test_erasing_removes_every_version_of_every_object(kept, django_capture_on_commit_callbacks):
    storage.put(kept.key, BytesIO(b"over it"), 7)
    deleted_by_somebody(kept.key)
    with django_capture_on_commit_callbacks(execute=True):
        vault.erase(kept.document)
    assert storage._versions_of(kept.key) == []


# --- Sweeping


def test_the_sweep_removes_objects_without_a_row_and_only_those(kept, monkeypatch):
    orphan = left_behind()
    replaced, preview = (f"documents/{kept.document_id}/{kept.pk}/{name}" for name in (uuid4(), "page-1"))
    for key in (replaced, preview):
        storage.put(key, BytesIO(b"x"), 1)
    sweeping.sweep()
    assert there(orphan)  # too young: its row may be on the way
    monkeypatch.setattr(sweeping, "GRACE", timedelta(seconds=-5))
    assert sweeping.sweep().removed >= 2
    assert [there(key) for key in (orphan, replaced, preview, kept.key)] == [False, False, True, True]


def test_the_sweep_names_the_rows_that_lost_their_object(kept):
    last = vault.keep(b"last of all", name="last")
    storage.delete([kept.key, last.key])
    assert {kept.pk, last.pk} <= set(sweeping.sweep().missing)
    assert Version.objects.get(pk=kept.pk).fault == Fault.MISSING


def test_what_somebody_deleted_is_brought_back(kept):
    deleted_by_somebody(kept.key)
    with pytest.raises(NotFound):
        vault.content(kept)
    assert kept.pk not in sweeping.sweep().missing
    assert vault.content(kept)


def test_the_sweep_goes_on_where_it_was_cut(no_grace, monkeypatch):
    orphans = [left_behind() for _ in range(5)]
    versions = [vault.keep(b"x", name="x") for _ in range(5)]
    monkeypatch.setattr(sweeping, "STRETCH", 2)
    monkeypatch.setattr(sweeping, "TURN_SECONDS", -1)
    sweeping.work(str(sweeping.START))
    assert Owed.objects.filter(kind="documents.sweep").count() == 1
    run_due()
    assert not any(map(there, orphans))
    assert all(there(version.key) for version in versions)
    assert not Owed.objects.filter(kind="documents.sweep").exists()


def test_what_is_not_ours_in_the_bucket_is_left_alone(no_grace):
    storage.put("documents/readme", BytesIO(b"x"), 1)
    storage.put("documents/not-a-document/x/y", BytesIO(b"x"), 1)
    sweeping.sweep()
    assert there("documents/readme")
    assert there("documents/not-a-document/x/y")
    storage.delete_under("documents/readme")
    storage.delete_under("documents/not-a-document/")


# --- Auditing


def spoil(version: Version) -> None:
    storage.put(version.key, BytesIO(b"\x28" + bytes(5000)), 5001)


def test_a_sound_version_is_read_and_its_lock_renewed(kept):
    with clock.at(NOON):
        assert audit.check(kept) == ""
    kept.refresh_from_db()
    assert (kept.checked_at, kept.fault) == (NOON, "")
    assert storage.delete([kept.key]) == {kept.key}


@pytest.mark.parametrize(
    ("hurt", "fault"),
    [
        (lambda version: storage.delete([version.key]), Fault.MISSING),
        (spoil, Fault.TAMPERED),
        (lambda version: Version.objects.filter(pk=version.pk).update(sha256="0" * 64), Fault.CHANGED),
        (lambda version: Version.objects.filter(pk=version.pk).update(size=version.size - 1), Fault.TAMPERED),
        (lambda version: Version.objects.filter(pk=version.pk).update(key_id="of-another-house"), Fault.NO_KEY),
        (lambda version: Version.objects.filter(pk=version.pk).update(wrapped_key=b"spoilt"), Fault.TAMPERED),
    ],
)
def test_what_is_not_as_it_was_stored_is_told(kept, hurt, fault, caplog):
    hurt(kept)
    assert audit.check(Version.objects.get(pk=kept.pk)) == fault
    assert Version.objects.get(pk=kept.pk).fault == fault
    assert str(kept.pk) in caplog.text
    assert audit.standing().faulty == 1


def test_a_fault_that_was_mended_is_forgotten(kept):
    Version.objects.filter(pk=kept.pk).update(fault=Fault.MISSING)
    audit.check(kept)
    assert not Version.objects.faulty().exists()


def test_a_store_that_does_not_answer_is_no_fault_of_the_document(kept, settings):
    settings.S3_ENDPOINT = "http://127.0.0.1:9"
    with pytest.raises(Unavailable):
        audit.check(kept)
    assert Version.objects.get(pk=kept.pk).checked_at is None


@contextmanager
def withheld(version: Version) -> Iterator[None]:
    """A store that answers, and breaks off whenever this object is asked for."""

    def passes(which: str, chunk: bytes) -> bool:
        if which == "up" and chunk.startswith(b"GET ") and version.key.encode() in chunk.partition(b"\r\n")[0]:
            raise EOFError
        return True

    with way(passes) as address, override_settings(S3_ENDPOINT=address):
        yield


def test_an_object_that_the_store_does_not_give_is_told_and_holds_up_no_other(kept, settings):
    settings.AUDIT_NIGHTS = 1
    with clock.at(NOON - timedelta(days=1)):
        other = vault.keep(b"x", name="x")
    with clock.at(NOON):
        with withheld(kept):
            assert audit.audit(NOON) is True
        assert Version.objects.get(pk=kept.pk).fault == Fault.UNREADABLE
        assert (Version.objects.get(pk=other.pk).fault, Version.objects.get(pk=other.pk).checked_at) == ("", NOON)


def test_everything_is_read_once_in_so_many_nights_the_longest_unread_first(settings):
    settings.AUDIT_NIGHTS = 4
    with clock.at(NOON - timedelta(days=30)):
        versions = [vault.keep(b"x", name="x") for _ in range(10)]
    read: list[UUID] = []
    for night in range(4):
        with clock.at(NOON + timedelta(days=night)):
            assert audit.audit(clock.now())
            read += Version.objects.filter(checked_at=clock.now()).order_by("pk").values_list("pk", flat=True)
    assert read[:9] == [version.pk for version in versions][:9]
    assert set(read) == {version.pk for version in versions}


def test_a_night_cut_short_goes_on_and_reads_its_share_once(settings):
    settings.AUDIT_NIGHTS = 1
    for _ in range(3):
        vault.keep(b"x", name="x")
    with clock.at(NOON):
        assert audit.audit(NOON, seconds=-1) is False
        audit.check(Version.objects.order_by("pk")[0])
        assert audit.audit(NOON) is True
        assert Version.objects.filter(checked_at=NOON).count() == 3
    with clock.at(NOON + timedelta(minutes=5)):
        assert audit.audit(NOON) is True
        assert not Version.objects.filter(checked_at__gt=NOON).exists()


def test_only_what_is_ready_is_audited(settings, kept, django_capture_on_commit_callbacks):
    settings.AUDIT_NIGHTS = 1
    Version.objects.filter(pk=kept.pk).update(state=State.CHECKING)
    audit.audit(NOON)
    assert Version.objects.get(pk=kept.pk).checked_at is None


def test_an_operator_reads_everything_at_once_after_a_restore(kept):
    out = StringIO()
    call_command("audit_documents", stdout=out)
    assert "1 read, 0 faulty" in out.getvalue()
    spoil(kept)
    with pytest.raises(SystemExit):
        call_command("audit_documents", str(kept.document_id), stdout=out)
    assert f"{kept.pk}: tampered" in out.getvalue()


def test_faults_are_shown_first_in_the_administration_without_names(client, kept):
    boss = person("admin@example.fr", is_staff=True, is_superuser=True)
    client.post("/compte/login/", {"login": boss.email, "password": PASSWORD})
    sound = vault.keep(b"y", name="a name that is nobody's business")
    Version.objects.filter(pk=kept.pk).update(fault=Fault.TAMPERED)
    page = client.get("/admin/documents/version/").content.decode()
    assert page.index(str(kept.pk)) < page.index(str(sound.pk))
    one = client.get(f"/admin/documents/version/{sound.pk}/change/")
    assert one.status_code == 200
    assert "nobody&#x27;s business" not in page + one.content.decode()
    assert not site._registry[Version].has_change_permission(one.wsgi_request)


# --- The round


def test_the_night_has_its_work_once_and_does_it(kept, settings):
    settings.AUDIT_NIGHTS = 1
    with clock.at(NOON):
        rounds.owe_nightly()
        rounds.owe_nightly()
        assert Owed.objects.filter(kind__in=["documents.sweep", "documents.audit", "documents.rewrap"]).count() == 3
        run_due()
        assert Version.objects.get(pk=kept.pk).checked_at == NOON
    assert not Owed.objects.exists()
    assert len(in_use()) == 1


def test_the_night_does_not_begin_the_evening_before():
    with clock.at(datetime(2027, 3, 10, 23, 30, tzinfo=UTC)):  # half past midnight in Paris
        rounds.owe_nightly()
    assert not Owed.objects.exists()


# --- Backup


def test_a_backup_passes_over_what_is_erased_meanwhile_and_takes_along_what_came_in_parts(kept, tmp_path, monkeypatch, settings):
    part = f"uploads/{uuid4()}/{uuid4()}"
    storage.put(part, BytesIO(b"a part"), 6)
    walk = storage.walk

    def erased_meanwhile(root: str) -> Iterator[tuple[str, datetime]]:
        found = list(walk(root))
        storage.delete([kept.key])
        return iter(found)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(storage, "walk", erased_meanwhile)
        saved = carrying.save(tmp_path)
    assert not (tmp_path / kept.key).exists()
    assert (tmp_path / part).read_bytes() == b"a part"
    assert saved == sum(path.is_file() for path in tmp_path.rglob("*"))
    storage.delete([part])
    carrying.load(tmp_path)
    assert b"".join(storage.get(part)) == b"a part"
