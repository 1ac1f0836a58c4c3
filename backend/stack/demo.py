"""The demo of `make run`: its people before the first page, its cases one by one while the pages answer."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from backend.stack.processes import clear, ended, tail
from backend.stack.supervisor import Program

TOLD = "Demo: "  # how the lines of its log begin that are for whoever started it


@dataclass
class Demo:
    """The demo of one folder. A file marks it from before its first row until it is whole, whatever ends the run meanwhile."""

    program: Program
    mark: Path
    read: int = 0

    @property
    def unfinished(self) -> bool:
        return self.mark.exists()

    def begin(self) -> None:
        """It is to be played, by this run or by one to come."""
        self.mark.touch()

    def start(self) -> None:
        """Play what is missing, in a process of its own."""
        self.read = self.program.log.stat().st_size if self.program.log.exists() else 0
        self.program.start()

    def look(self, say: Callable[[str], None]) -> None:
        """Say how far it came since the last look, and how it ended. A failed one waits for the next run."""
        process = self.program.process
        if process is None:
            return
        over = ended(process)
        for line in self._news():
            say(line)
        if not over:
            return
        clear(process)
        self.program.process = None
        if process.returncode == 0:
            self.mark.unlink()
        else:
            say(f"The demo stopped short; the next `make run` goes on with it.\n{tail(self.program.log)}")

    def _news(self) -> list[str]:
        """The lines written since the last look that are for people; one that is half written waits."""
        with self.program.log.open("rb") as log:
            log.seek(self.read)
            whole, _newline, _half = log.read().rpartition(b"\n")
        self.read += len(whole) + 1 if whole else 0
        return [line for line in whole.decode(errors="replace").splitlines() if line.startswith(TOLD)]
