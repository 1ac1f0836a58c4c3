"""A job of the tests in the limited process: nothing of Django may be imported here."""

import sys
from typing import Any


def loaded(*, output: Any) -> list[str]:
    """Which modules of the signatures' room are there, before anything was asked of it."""
    return [name for name in sys.modules if name.startswith("signatures.")]
