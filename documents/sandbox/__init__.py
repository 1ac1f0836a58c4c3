"""The limited process: the only place where a file that came from outside is parsed.

`run` is the door. It imports nothing of Django, so that the child stays light and knows no secret of ours.
"""

from documents.sandbox.client import Failed, Limits, NotStarted, Result, TooHeavy, configure, hold, preload, raise_when_not_started, run
from documents.sandbox.memory import Held

__all__ = [
    "Failed",
    "Held",
    "Limits",
    "NotStarted",
    "Result",
    "TooHeavy",
    "configure",
    "hold",
    "preload",
    "raise_when_not_started",
    "run",
]
