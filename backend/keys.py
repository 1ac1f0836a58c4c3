"""Primary keys: UUIDv7, known before the row is written and made by the database where it is not."""

import os
import uuid
from typing import Any

from django.db import models
from django.db.models import Func

from backend import clock


class UUIDv7(Func):
    """PostgreSQL 18's `uuidv7()`."""

    function = "uuidv7"
    template = "%(function)s()"
    output_field = models.UUIDField()


def uuid7() -> uuid.UUID:
    """A UUID of version 7 (RFC 9562, 5.7): 48 bits of milliseconds, then random bits."""
    milliseconds = int(clock.machine().timestamp() * 1000)
    value = milliseconds << 80 | int.from_bytes(os.urandom(10))
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return uuid.UUID(int=value)


class Key(models.UUIDField):
    """A UUIDv7 primary key."""

    _pyi_lookup_exact_type: Any  # for the type checker: what a reference holds may be None, and then nothing is found

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.update(primary_key=True, default=uuid7, db_default=UUIDv7(), editable=False)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for default in ("primary_key", "default", "db_default", "editable"):
            kwargs.pop(default, None)
        return name, path, args, kwargs
