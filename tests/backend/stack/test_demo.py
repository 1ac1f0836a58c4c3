"""The demo beside a run: what it says is passed on, its mark stays until it is whole."""

import os
import sys
from pathlib import Path

import pytest

from backend.stack.demo import Demo
from backend.stack.processes import ended
from backend.stack.supervisor import Program


def played(folder: Path, script: str) -> tuple[Demo, list[str]]:
    """A demo that does this, looked at until it is over, and what was said of it."""
    demo = Demo(Program("demo", [sys.executable, "-c", script], lambda: os.environ, folder / "demo.log"), folder / "unfinished")
    (folder / "demo.log").write_text("Demo: said by the run before.\n")
    said: list[str] = []
    demo.begin()
    demo.start()
    assert demo.program.process
    assert ended(demo.program.process, 20)
    demo.look(said.append)
    demo.look(said.append)
    return demo, said


def test_how_far_it_is_is_passed_on_once_and_nothing_else_of_its_log(tmp_path: Path) -> None:
    demo, said = played(tmp_path, "print('a warning'); print('Demo: 1 of 2.'); print('Demo: 2 of 2.')")

    assert said == ["Demo: 1 of 2.", "Demo: 2 of 2."]
    assert not demo.unfinished


@pytest.mark.parametrize("end", ["1 / 0", "import os; os.kill(os.getpid(), 15)"])
def test_one_that_stops_short_says_so_and_is_played_by_the_next_run(tmp_path: Path, end: str) -> None:
    demo, said = played(tmp_path, f"print('Demo: 1 of 2.', flush=True); {end}")

    assert said[0] == "Demo: 1 of 2."
    assert "the next `make run` goes on with it" in said[1]
    assert demo.unfinished
