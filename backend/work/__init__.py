"""What is owed: rows written with their cause, done at least once, in order within a lane."""

from backend.work.jobs import Job, Later

__all__ = ["Job", "Later"]
