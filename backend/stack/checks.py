"""`make check`: lint, format, types, imports, migrations, translations, API schema; all are tried, all that fails is shown."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from backend.stack import translations

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = ROOT / "docs" / "openapi.yaml"
PYTHON = sys.executable
PACKAGES = ("backend", "documents", "signatures", "cases", "frontend")


def command(*words: str) -> str:
    """Run a program at the root; answers what it said if it failed, nothing if all is well."""
    environment = {"ENVIRONMENT": "development", **os.environ}
    done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else (done.stdout + done.stderr).strip() or f"ended with {done.returncode}"


def schema() -> str:
    """The API's description is valid, and is the one committed."""
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "openapi.yaml"
        if said := command(PYTHON, "manage.py", "spectacular", "--lang", "en", "--validate", "--fail-on-warn", "--file", str(made)):
            return said
        same = SCHEMA.exists() and SCHEMA.read_text() == made.read_text()
        return "" if same else "docs/openapi.yaml is not what the code says: `make openapi`, then look at the difference"


def translated() -> str:
    """Every text has its French, and every French text fits its English."""
    return "\n".join(translations.faults(ROOT))


CHECKS: dict[str, Callable[[], str]] = {
    "lint": lambda: command(PYTHON, "-m", "ruff", "check", "--quiet", "."),
    "format": lambda: command(PYTHON, "-m", "ruff", "format", "--check", "--quiet", "."),
    "types": lambda: command(PYTHON, "-m", "mypy", *PACKAGES),
    "imports": lambda: command(str(Path(PYTHON).with_name("lint-imports"))),
    "migrations": lambda: command(PYTHON, "-W", "ignore", "manage.py", "makemigrations", "--check", "--dry-run"),
    "system": lambda: command(PYTHON, "manage.py", "check", "--fail-level", "WARNING"),
    "translations": translated,
    "schema": schema,
}


def main() -> int:
    failed = 0
    for name in sys.argv[1:] or CHECKS:
        began = time.monotonic()
        said = CHECKS[name]()
        failed += bool(said)
        print(f"{name:14}{'FAILS' if said else 'ok':8}{time.monotonic() - began:5.1f} s", flush=True)
        if said:
            print("\n".join(f"    {line}" for line in said.splitlines()), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
