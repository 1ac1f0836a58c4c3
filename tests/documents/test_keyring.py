"""Key-encryption keys: those of the environment and those of Vault's transit engine, replaced, moved and retired."""

from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import call_command

from backend.errors import Unavailable
from documents import keyring, previews, rotation, vault
from documents.checks import no_key_is_retired_too_early
from documents.envelope import Tampered, new_key
from documents.keyring.errors import NoKey
from documents.models import Version
from tests.documents.transit import TOKEN, Key, Transit, transit

FIRST, SECOND = "first-key-of-the-tests-0000000000000000", "second-key-of-the-tests-000000000000000"


@pytest.fixture(autouse=True)
def local(settings) -> None:
    settings.DOCUMENTS_KEYRING, settings.DOCUMENTS_KEY, settings.DOCUMENTS_OTHER_KEYS = "local", FIRST, []


@pytest.fixture
def engine(settings) -> Iterator[Transit]:
    """A Vault on loopback, in use."""
    with transit() as running:
        settings.DOCUMENTS_KEYRING, settings.VAULT_ADDR, settings.VAULT_TOKEN = "vault-transit", running.address, TOKEN
        yield running


def rotated() -> str:
    out = StringIO()
    call_command("rotate_documents_key", stdout=out)
    return out.getvalue()


def test_a_data_key_comes_back_from_the_key_that_wrapped_it(settings):
    data_key = new_key()
    wrapped, key_id = keyring.wrap(data_key)
    settings.DOCUMENTS_KEY, settings.DOCUMENTS_OTHER_KEYS = SECOND, [FIRST]

    assert keyring.unwrap(wrapped, key_id) == data_key
    assert keyring.wrap(data_key)[1] == keyring.present() != key_id


def test_a_wrapped_key_that_has_changed_does_not_open_with_either_keyring(engine):
    wrapped, key_id = keyring.wrap(new_key())
    with pytest.raises(Tampered):
        keyring.unwrap(wrapped[:-6] + b"AAAAAA", key_id)
    with pytest.raises(Tampered):
        keyring.unwrap(b"not a ciphertext \xff", key_id)
    local, local_id = keyring.local.wrap(new_key())
    with pytest.raises(Tampered):
        keyring.unwrap(bytes([local[0] ^ 1]) + local[1:], local_id)


def test_a_key_that_is_not_at_hand_is_said_and_is_no_tampering(settings):
    wrapped, key_id = keyring.wrap(new_key())
    settings.DOCUMENTS_KEY = SECOND
    with pytest.raises(NoKey):
        keyring.unwrap(wrapped, key_id)


def test_a_coming_key_can_be_made_known_before_it_is_used(settings):
    settings.DOCUMENTS_KEY, settings.DOCUMENTS_OTHER_KEYS = SECOND, [FIRST]
    wrapped, key_id = keyring.wrap(data_key := new_key())  # by a process that wraps with it already
    settings.DOCUMENTS_KEY, settings.DOCUMENTS_OTHER_KEYS = FIRST, [SECOND]  # read by one that does not yet

    assert key_id != keyring.present()
    assert keyring.unwrap(wrapped, key_id) == data_key


def test_vault_wraps_and_the_version_that_did_is_named(engine):
    data_key = new_key()
    wrapped, key_id = keyring.wrap(data_key)
    assert (key_id, keyring.present()) == ("vault:commun-accord:v1", "vault:commun-accord:v1")
    assert data_key not in wrapped
    engine.rotate()
    assert keyring.unwrap(wrapped, key_id) == data_key
    assert keyring.present() == "vault:commun-accord:v2"


def test_rewrapping_happens_inside_vault(engine):
    wrapped, key_id = keyring.wrap(data_key := new_key())
    engine.rotate()
    engine.asked.clear()
    again, again_id = keyring.rewrap(wrapped, key_id)

    assert engine.asked == ["/v1/transit/rewrap/commun-accord"]
    assert again_id == "vault:commun-accord:v2"
    assert keyring.unwrap(again, again_id) == data_key


def test_a_version_that_vault_no_longer_uses_is_not_at_hand(engine):
    wrapped, key_id = keyring.wrap(new_key())
    engine.rotate()
    engine.retire(2)
    with pytest.raises(NoKey):
        keyring.unwrap(wrapped, key_id)


def test_a_key_of_another_name_still_unwraps_and_passes_to_the_present_one(engine, settings):
    wrapped, key_id = keyring.wrap(data_key := new_key())
    engine.keys["next"] = Key()
    settings.VAULT_TRANSIT_KEY = "next"
    again, again_id = keyring.rewrap(wrapped, key_id)
    assert again_id == "vault:next:v1"
    assert keyring.unwrap(again, again_id) == data_key


@pytest.mark.parametrize("hurt", ["sealed", "refused", "gone"])
def test_a_vault_that_does_not_serve_is_unavailable(engine, settings, hurt):
    wrapped, key_id = keyring.wrap(new_key())
    engine.sealed = hurt == "sealed"
    settings.VAULT_TOKEN = "" if hurt == "refused" else TOKEN
    settings.VAULT_ADDR = "http://127.0.0.1:9" if hurt == "gone" else engine.address
    for ask in (keyring.present, lambda: keyring.wrap(new_key()), lambda: keyring.unwrap(wrapped, key_id)):
        with pytest.raises(Unavailable) as refusal:
            ask()
        assert not isinstance(refusal.value, NoKey)


def test_a_vault_that_dawdles_is_unavailable(engine, monkeypatch):
    monkeypatch.setattr("documents.keyring.transit.PATIENCE", 0.2)
    monkeypatch.setattr("documents.keyring.transit.AGAIN", 0)
    engine.slow = 1.0
    with pytest.raises(Unavailable):
        keyring.wrap(new_key())


@pytest.mark.django_db
def test_rotating_wraps_everything_again_and_says_that_the_earlier_key_may_go(settings):
    versions = [vault.keep(b"one", name="one"), vault.keep(b"two", name="two")]
    erased = vault.keep(b"gone", name="gone")
    vault.erase(erased.document)
    first = keyring.present()
    settings.DOCUMENTS_KEY, settings.DOCUMENTS_OTHER_KEYS = SECOND, [FIRST]

    assert "no earlier key is needed any more" in rotated()
    settings.DOCUMENTS_OTHER_KEYS = []
    assert [vault.content(Version.objects.get(pk=version.pk)) for version in versions] == [b"one", b"two"]
    assert first not in rotation.in_use()
    assert no_key_is_retired_too_early(["default"]) == []


@pytest.mark.django_db
def test_what_is_made_from_a_document_opens_after_a_rotation_too(settings, pdf):
    version = vault.keep(pdf(), name="acte.pdf")
    picture = previews.page(version, 1)
    settings.DOCUMENTS_KEY, settings.DOCUMENTS_OTHER_KEYS = SECOND, [FIRST]
    rotated()
    settings.DOCUMENTS_OTHER_KEYS = []
    assert previews.page(Version.objects.get(pk=version.pk), 1) == picture


@pytest.mark.django_db
def test_a_key_that_still_wraps_something_cannot_be_retired(settings):
    vault.keep(b"one", name="one")
    settings.DOCUMENTS_KEY = SECOND
    (error,) = no_key_is_retired_too_early(["default"])
    assert error.id == "documents.E001"
    with pytest.raises(SystemExit):
        rotated()


@pytest.mark.django_db
def test_a_key_whose_last_row_went_while_it_was_looked_for_is_missed_by_nobody():
    assert rotation._opens("local:of-a-row-erased-meanwhile")


@pytest.mark.django_db
def test_what_the_environment_wrapped_moves_to_vault_and_back(engine, settings):
    settings.DOCUMENTS_KEYRING = "local"
    version = vault.keep(b"moving", name="moving")
    for ring, mark in (("vault-transit", True), ("local", False)):
        settings.DOCUMENTS_KEYRING = ring
        rotated()
        moved = Version.objects.get(pk=version.pk)
        assert moved.key_id.startswith("vault:") is mark
        assert vault.content(moved) == b"moving"


@pytest.mark.django_db
def test_a_row_erased_while_it_is_wrapped_again_stays_erased(settings, monkeypatch):
    version = vault.keep(b"gone", name="gone")
    settings.DOCUMENTS_KEY, settings.DOCUMENTS_OTHER_KEYS = SECOND, [FIRST]
    ordinary = keyring.rewrap

    def erased_meanwhile(wrapped: bytes, key_id: str) -> tuple[bytes, str]:
        vault.erase(version.document)
        return ordinary(wrapped, key_id)

    monkeypatch.setattr(keyring, "rewrap", erased_meanwhile)
    rotation.rewrap()
    assert bytes(Version.objects.get(pk=version.pk).wrapped_key) == b""


@pytest.mark.django_db
def test_one_data_key_that_does_not_unwrap_does_not_stop_the_others(settings, caplog):
    spoilt, sound = vault.keep(b"spoilt", name="spoilt"), vault.keep(b"sound", name="sound")
    Version.objects.filter(pk=spoilt.pk).update(wrapped_key=b"spoilt")
    settings.DOCUMENTS_KEY, settings.DOCUMENTS_OTHER_KEYS = SECOND, [FIRST]
    with pytest.raises(SystemExit):
        rotated()
    assert str(spoilt.pk) in caplog.text
    assert Version.objects.get(pk=sound.pk).key_id == keyring.present()


@pytest.mark.django_db
def test_the_work_is_cut_into_turns(settings, monkeypatch):
    vault.keep(b"one", name="one")
    settings.DOCUMENTS_KEY, settings.DOCUMENTS_OTHER_KEYS = SECOND, [FIRST]
    assert rotation.rewrap(seconds=-1) is False
    assert rotation.rewrap(seconds=60) is True
