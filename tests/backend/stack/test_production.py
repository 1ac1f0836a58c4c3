"""In production the program refuses to start on what is missing, short or known, and shows nothing of itself."""

import subprocess
import sys

import pytest

from backend.stack.checks import ROOT

LONG = "0123456789abcdef0123456789abcdef"
GIVEN = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": f"a{LONG}",
    "DOCUMENTS_KEY": f"b{LONG}",
    "KEYS_PASSPHRASE": f"c{LONG}",
    "S3_SECRET_KEY": f"d{LONG}",
    "S3_ACCESS_KEY": "platform",
    "S3_ENDPOINT": "http://objects:8333",
    "DATABASE_URL": "postgres://app:x@database:5432/commun_accord",
    "VALKEY_URL": "redis://:x@valkey:6379/0",
    "BASE_URL": "https://accord.example.fr",
    "DEBUG": "true",
    "DEMO": "true",
}
SECRETS = ("SECRET_KEY", "DOCUMENTS_KEY", "KEYS_PASSPHRASE", "S3_SECRET_KEY")
ADDRESSES = ("S3_ACCESS_KEY", "S3_ENDPOINT", "DATABASE_URL", "VALKEY_URL", "BASE_URL")


def settings(given: dict[str, str], shown: str = "'loaded'") -> str:
    """What a program says that loads the settings and shows something of them."""
    program = f"from backend.config import settings; print({shown})"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=given, capture_output=True, text=True, check=False)
    return (done.stdout or done.stderr).strip().splitlines()[-1]


def test_with_all_of_it_given_it_starts_and_shows_neither_its_faults_nor_the_demo() -> None:
    assert settings(GIVEN, "settings.DEBUG, settings.DEMO, settings.SESSION_COOKIE_SECURE") == "False False True"


@pytest.mark.parametrize("name", [*SECRETS, *ADDRESSES])
def test_it_refuses_to_start_without(name: str) -> None:
    said = settings({other: value for other, value in GIVEN.items() if other != name})
    assert said.startswith(f"django.core.exceptions.ImproperlyConfigured: {name} must be set")


@pytest.mark.parametrize("name", SECRETS)
def test_it_refuses_a_short_secret_and_the_one_of_development(name: str) -> None:
    development = settings({"ENVIRONMENT": "development"}, f"settings.{name}")
    for known in ("short", development):
        assert "must be set" in settings(GIVEN | {name: known})
