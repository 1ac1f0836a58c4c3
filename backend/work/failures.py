"""A failure told without what it was about: its class, its code, its place; never its message, which may name people."""

import traceback


def describe(failure: BaseException) -> str:
    """For instance `Invalid too-large (intake.py:41)`, in at most 300 characters."""
    code = getattr(failure, "code", "")
    frames = traceback.extract_tb(failure.__traceback__)
    place = f"({frames[-1].filename.rsplit('/', 1)[-1]}:{frames[-1].lineno})" if frames else ""
    return " ".join(part for part in (type(failure).__qualname__, code if isinstance(code, str) else "", place) if part)[:300]
