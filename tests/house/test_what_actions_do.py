"""An action changes rows and records: it calls no other action, and nothing leaves the machine while it holds the lock of a case."""

import ast
import socket
from typing import Any

import pytest
from django.core.mail import EmailMessage

from backend.people.actor import Actor
from cases.actions.base import ACTIONS, once
from tests.house.source import calls, full, imported, offences
from tests.world import World

MARKS = {f"cases.actions.base.{name}" for name in ("action", "court_action", "noting", "opening")}
FAR = {
    *("asyncio", "http", "httpx", "minio", "requests", "smtplib", "socket", "ssl", "subprocess", "urllib", "urllib3"),
    *("celery", "channels", "kombu", "redis", "django.core.cache", "django.core.mail"),
    *("documents.inspection", "documents.intake", "documents.previews", "documents.sandbox", "documents.storage", "documents.typeset"),
    *("documents.vault", "pyhanko", "signatures.pades", "signatures.timestamps", "typst"),
}
SENDING = ("connect", "connect_ex", "send", "sendall", "sendmsg", "sendto")


def nested(source: str) -> set[str]:
    """The actions that a module of actions calls: those of others by their full name, its own by their short one."""
    own = actions_in(source)
    return {name for name, _ in calls(source) if name in own or name.removeprefix("cases.actions.") in ACTIONS}


def actions_in(source: str) -> set[str]:
    tree = ast.parse(source)
    known = dict(imported(tree))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return {each.name for each in functions if any(full(mark, known) in MARKS for mark in _marks(each))}


def _marks(function: ast.FunctionDef) -> list[ast.expr]:
    return [mark.func if isinstance(mark, ast.Call) else mark for mark in function.decorator_list]


def far(source: str) -> set[str]:
    """What a module imports that is slow, or elsewhere."""
    return {name for _, name in imported(ast.parse(source)) if any(f"{name}.".startswith(f"{place}.") for place in FAR)}


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The actions that sent something over a socket or by mail while they were at work, as they do it."""
    at_work: list[str] = []
    found: list[str] = []
    begin, end = once.__enter__, once.__exit__

    def watched(send: Any) -> Any:
        return lambda *given, **more: (found.extend(at_work), send(*given, **more))[1]

    monkeypatch.setattr(once, "__enter__", lambda self: (at_work.append(self.name), begin(self))[1])
    monkeypatch.setattr(once, "__exit__", lambda self, *fault: (at_work.pop(), end(self, *fault))[1])
    monkeypatch.setattr(EmailMessage, "send", watched(EmailMessage.send))
    for name in SENDING:
        monkeypatch.setattr(socket.socket, name, watched(getattr(socket.socket, name)))
    return found


def test_no_action_calls_an_action() -> None:
    assert offences(nested, "cases/actions") == {}


def test_an_action_reaches_for_nothing_that_is_slow_or_elsewhere() -> None:
    assert offences(far, "cases/actions") == {}


def test_nothing_is_sent_while_a_case_is_locked_from_its_opening_to_its_closing(db: None, sent: list[str]) -> None:
    World().joint_petition(at="closed", lawyers=2)

    assert sent == []


def test_an_action_that_calls_another_is_caught() -> None:
    assert nested("from cases.actions.exhibit import add\ndef bring(actor, case):\n    add(actor, case)")
    assert nested("from cases import actions\n@action()\ndef bring(actor, case):\n    actions.exhibit.add(actor, case)")
    own = "from cases.actions.base import action\n@action(strong=True)\ndef sign(actor, case): ...\ndef both(actor, case):\n    sign(actor, case)"
    assert nested(own) == {"sign"}
    assert not nested("from cases.actions.exhibit import hand_over\ndef bring(case):\n    hand_over(case)")


def test_an_action_that_reaches_far_is_caught() -> None:
    assert far("from django.core.mail import send_mail\nsend_mail('Filed', '', None, [])")
    assert far("from documents import vault\nvault.content(version)")
    assert not far("from documents.models import Document\nfrom signatures import ceremony\nceremony.cancel(session)")


def test_what_is_sent_in_the_middle_of_an_action_is_caught(sent: list[str]) -> None:
    one, other = socket.socketpair()
    with one, other:
        one.send(b"before")
        with once(Actor.platform(), "filing.telephoned", "", None, {}):
            one.sendall(b"during")
            EmailMessage("Filed", to=["clerk@example.fr"]).send()

    assert sent == ["filing.telephoned"] * 2
