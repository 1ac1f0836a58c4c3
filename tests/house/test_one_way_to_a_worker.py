"""Only `backend/work` enqueues, and a task is a door of one line."""

import ast
from collections.abc import Iterator

from tests.house.source import PRODUCT, full, imported, offences, used

ENQUEUING = {"delay", "delay_on_commit", "apply_async", "apply_async_on_commit", "send_task"}
TASKS = {"celery.shared_task", "celery.task"}
EXCUSED = {"backend/work/owing.py": "it is the one that rings"}


def enqueued(source: str) -> set[str]:
    """What hands a task to the broker. Rows are owed instead (`backend.work.owing.owe`)."""
    return {name for name in used(source) if "." in name and name.rpartition(".")[2] in ENQUEUING}


def rooms_of_tasks(source: str) -> set[str]:
    return used(source) & TASKS


def more_than_a_line(source: str) -> list[str]:
    """The tasks that do more than to call one plain function."""
    return [task.name for task in tasks(source) if not is_one_call(task)]


def tasks(source: str) -> Iterator[ast.FunctionDef]:
    tree = ast.parse(source)
    known = dict(imported(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            marks = [mark.func if isinstance(mark, ast.Call) else mark for mark in node.decorator_list]
            if any(full(mark, known) in TASKS or full(mark, known).endswith(".task") for mark in marks):
                yield node


def is_one_call(task: ast.FunctionDef) -> bool:
    body = task.body[1:] if ast.get_docstring(task) else task.body
    return len(body) == 1 and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Call)


def test_nobody_else_enqueues() -> None:
    assert offences(enqueued, *PRODUCT, but=EXCUSED) == {}


def test_tasks_stand_in_a_room_of_their_own() -> None:
    assert [place for place in offences(rooms_of_tasks, *PRODUCT) if not place.endswith("/tasks.py")] == []


def test_a_task_is_a_door_of_one_line() -> None:
    assert offences(more_than_a_line, *PRODUCT) == {}


def test_a_task_called_from_an_action_is_caught() -> None:
    assert enqueued("from cases.notices import tasks\n@action()\ndef ask(actor, case):\n    tasks.daily.delay()")
    assert enqueued("transaction.on_commit(partial(tasks.wake.apply_async, lane))")
    assert not enqueued("owe([Job('cases.make', case.pk)])")


def test_a_task_that_does_something_itself_is_caught() -> None:
    assert more_than_a_line("from celery import shared_task\n@shared_task\ndef wake(lane):\n    if lane:\n        work(lane)") == ["wake"]
    assert more_than_a_line("@app.task(bind=True)\ndef wake(self, lane):\n    rows = due(lane)\n    work(rows)") == ["wake"]
    assert more_than_a_line("from celery import shared_task\n@shared_task\ndef wake(lane):\n    'A door.'\n    work(lane)") == []
