"""Reading the environment: where the program runs, and what production refuses to guess."""

from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parents[2]
env = environ.Env()

# --- Where it runs: "development", "test" or "production"
ENVIRONMENT = env.str("ENVIRONMENT", "production")
PRODUCTION = ENVIRONMENT == "production"
VAR_DIR = Path(env.str("VAR_DIR", str(BASE_DIR / "var")))


def secret(name: str, development: str) -> str:
    """A secret from the environment. Production refuses to start where it is missing or still the development one."""
    value = env.str(name, "" if PRODUCTION else development)
    if PRODUCTION and (not value or value == development or len(value) < 32):
        raise ImproperlyConfigured(f"{name} must be set, to a value of your own of 32 characters or more")
    return value


def address(name: str, development: str) -> str:
    """Where something is, or a name it is known by. Production refuses to guess."""
    if PRODUCTION and not env.str(name, ""):
        raise ImproperlyConfigured(f"{name} must be set")
    return env.str(name, development)
