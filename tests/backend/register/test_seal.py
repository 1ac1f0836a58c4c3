"""The seal key: made once, kept encrypted, replaced without losing what it signed."""

import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from backend.people.actor import Actor
from backend.register import seal
from backend.register.entries import open_chain, record
from backend.register.verify import verify

PLATFORM = Actor(user_id=None, name="Commun Accord")
EVERYONE = ["court", "parties"]
SIGN = "import django; django.setup(); from backend.register import seal; print(seal.current().key_id)"


@pytest.fixture
def keys(settings: Any, tmp_path: Path) -> Path:
    settings.KEYS_DIR = tmp_path / "keys"
    return settings.KEYS_DIR


def test_the_key_is_encrypted_and_the_owner_s_alone(keys: Path) -> None:
    seal.current()

    assert b"ENCRYPTED PRIVATE KEY" in (keys / "register-seal.pem").read_bytes()
    assert stat.S_IMODE((keys / "register-seal.pem").stat().st_mode) == 0o600
    assert stat.S_IMODE(keys.stat().st_mode) == 0o700


def test_of_several_processes_that_start_at_once_one_makes_the_key(keys: Path) -> None:
    environment = os.environ | {"KEYS_DIR": str(keys), "DJANGO_SETTINGS_MODULE": "backend.config.settings"}
    started = [subprocess.Popen([sys.executable, "-c", SIGN], env=environment, stdout=subprocess.PIPE, text=True) for _ in range(3)]

    assert len({process.communicate(timeout=60)[0] for process in started}) == 1


def test_what_an_earlier_key_signed_still_verifies(db: None, keys: Path) -> None:
    chain = open_chain()
    before = record(chain, "case.opened", PLATFORM, audience=EVERYONE)
    seal.rotate()
    after = record(chain, "case.noted", PLATFORM, audience=EVERYONE)

    assert before.key_id != after.key_id
    assert list(verify(chain.pk, all_signatures=True)) == []


def test_a_public_key_under_another_s_name_is_refused(keys: Path) -> None:
    first, second = seal.current().key_id, seal.rotate().key_id
    digest = bytes(32)
    signature, _ = seal.current().sign(digest)
    (keys / "register-seals" / f"{first}.pem").write_bytes((keys / "register-seals" / f"{second}.pem").read_bytes())

    with pytest.raises(ValueError, match=first):
        seal.verifies(first, digest, signature)
