"""Before the first container serves: the roles, the bucket, the schema, on servers that somebody else runs."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from minio import Minio

from backend.stack.postgres import grant, prepare_roles


def prepare(folder: Path) -> int:
    """See to roles, bucket and schema, as often as one likes; nothing that exists is touched."""
    if superuser := os.environ.get("SUPERUSER_DATABASE_URL"):
        prepare_database(superuser)
    prepare_bucket()
    manage = str(Path(__file__).resolve().parents[2] / "manage.py")
    return subprocess.run([sys.executable, manage, "migrate", "--database=migrator", "--verbosity=1"], check=False).returncode


def prepare_database(superuser: str) -> None:
    """Make the two roles with the passwords of their addresses, and give the schema to the owner."""
    owner, app = os.environ["MIGRATOR_DATABASE_URL"], os.environ["DATABASE_URL"]
    with psycopg.connect(superuser, autocommit=True) as server:
        prepare_roles(server, {"owner": urlsplit(owner).password or "", "app": urlsplit(app).password or ""})
        server.execute("ALTER SCHEMA public OWNER TO owner")
    with psycopg.connect(owner, autocommit=True) as database:
        grant(database)


def prepare_bucket() -> None:
    """Make the bucket where there is none."""
    address = urlsplit(os.environ["S3_ENDPOINT"])
    keys = os.environ["S3_ACCESS_KEY"], os.environ["S3_SECRET_KEY"]
    client = Minio(address.netloc, *keys, region=os.environ.get("S3_REGION", "us-east-1"), secure=address.scheme == "https")
    name = os.environ.get("S3_BUCKET", "commun-accord")
    if not client.bucket_exists(name):
        client.make_bucket(name)
