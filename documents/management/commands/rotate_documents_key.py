"""Wraps every data key again under the present key-encryption key, and says which earlier keys may be retired."""

from typing import Any

from django.core.management.base import BaseCommand

from documents import keyring, rotation


class Command(BaseCommand):
    help = (
        "Wrap every document's data key again under the present key-encryption key, while the platform is in use. The nightly round does the same. "
        "Exits 1 while an earlier key is still needed."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        rotation.rewrap()
        present = keyring.present()
        used = rotation.in_use()
        self.stdout.write(f"{present}: {used.pop(present, 0)} (the present key)")
        for key_id, count in used.items():
            self.stdout.write(f"{key_id}: {count}, still needed")
        earlier = {kept: count for kept, sealer in rotation.beside().items() if (count := sealer.waiting())}
        for kept, count in earlier.items():
            self.stdout.write(f"{kept}: {count} secrets under an earlier key, still needed")
        if used or earlier:
            raise SystemExit(1)
        self.stdout.write("no earlier key is needed any more")
