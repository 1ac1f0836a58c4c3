"""How a line of the log is written: its time in UTC whatever the site's own, and one line for one event."""

import logging
from datetime import UTC, datetime


class Line(logging.Formatter):
    """The house's one format. A message that holds the end of a line cannot begin another (ASVS 16.2.2, 16.4.1)."""

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name} {message}", style="{")

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        return datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def formatMessage(self, record: logging.LogRecord) -> str:
        return super().formatMessage(record).replace("\r", "\\r").replace("\n", "\\n")
