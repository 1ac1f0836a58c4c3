"""The application's role may read and append entries and seals, and advance a chain; no more. Nothing to do where it is the owner itself."""

from django.conf import settings
from django.db import migrations


def grant(apps, schema_editor):
    connection = schema_editor.connection
    role = settings.DATABASES["default"]["USER"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s = current_user", [role])
        if cursor.fetchone()[0]:
            return
        name = connection.ops.quote_name(role)
        cursor.execute(f"REVOKE ALL ON register_entry, register_chain, register_seal, register_sealed FROM {name}, PUBLIC")
        cursor.execute(f"GRANT SELECT, INSERT ON register_entry, register_seal, register_sealed TO {name}")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE ON register_chain TO {name}")


class Migration(migrations.Migration):
    dependencies = [("register", "0002_guard")]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
