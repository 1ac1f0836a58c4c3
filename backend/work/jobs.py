"""What can be asked for: a job, and a handler's way of saying "not yet"."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class Job:
    """Something to do after commit: `kind` names the handler in settings.WORK_HANDLERS, `subject` is the id it gets.

    Jobs of one `lane` are done one at a time, in the order they were owed; without a lane a job waits for no other.
    """

    kind: str
    subject: str | UUID
    lane: str | None = None
    due: datetime | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What makes two jobs the same job."""
        return self.kind, str(self.subject)


class Later(Exception):
    """Raised by a handler whose time has not come: asks to be called again in `seconds`, and counts as no failure."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds
