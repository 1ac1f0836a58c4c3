"""Before the first container serves: the roles, the schema and the courts, on a database that somebody else runs."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg

from backend.stack.postgres import grant, prepare_roles

COMMANDS = (["migrate", "--database=migrator"], ["load_courts"])


def prepare(folder: Path) -> int:
    """See to roles, schema and courts, as often as one likes; nothing that exists is touched. The bucket is made by its first use."""
    if superuser := os.environ.get("SUPERUSER_DATABASE_URL"):
        prepare_database(superuser)
    manage = str(Path(__file__).resolve().parents[2] / "manage.py")
    return next((code for command in COMMANDS if (code := subprocess.run([sys.executable, manage, *command], check=False).returncode)), 0)


def prepare_database(superuser: str) -> None:
    """Make the two roles with the passwords of their addresses, and give the schema to the owner."""
    owner, app = os.environ["MIGRATOR_DATABASE_URL"], os.environ["DATABASE_URL"]
    with psycopg.connect(superuser, autocommit=True) as server:
        prepare_roles(server, {"owner": password(owner), "app": password(app)})
        server.execute("ALTER SCHEMA public OWNER TO owner")
    with psycopg.connect(owner, autocommit=True) as database:
        grant(database)


def password(address: str) -> str:
    """The password in an address, as the server is told it."""
    return unquote(urlsplit(address).password or "")
