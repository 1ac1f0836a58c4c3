"""A chain's proof, checked with nothing of ours: Python alone, and openssl."""

import base64
import json
import shutil
import subprocess
import sys
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from backend.errors import NotFound
from backend.people.actor import Actor
from backend.register import checker
from backend.register.entries import open_chain, record
from backend.register.models import Chain
from backend.register.proof import last_sealed, proof_of
from backend.register.sealing import seal_changed
from signatures.tokens import token_over

PLATFORM = Actor(user_id=None, name="Commun Accord")
SECRET = "a fact that not everybody may read"


@pytest.fixture
def chain(db: None, settings: Any) -> Chain:
    """A chain of five entries among others, sealed after the fourth; the second is not for everybody."""
    settings.REGISTER_SUBSCRIBERS = []
    books = [open_chain() for _ in range(7)]
    for book in books:
        for number in range(4):
            record(book, "case.noted", PLATFORM, audience=["court"], facts={"told": SECRET if number == 1 else "é"})
        if book == books[4]:
            seal_changed()
            record(book, "case.noted", PLATFORM, audience=["court"])
    seal_changed()
    record(books[4], "case.noted", PLATFORM, audience=["court"])
    return books[4]


@pytest.fixture
def proof(chain: Chain) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(proof_of(chain.pk, {1, 3, 4, 5})))
    return found


def test_a_proof_reaches_to_the_last_seal_and_tells_what_its_reader_may_see(chain: Chain, proof: dict[str, Any]) -> None:
    assert last_sealed(chain.pk)[0] == len(proof["entries"]) == 5  # type: ignore[index]
    assert [entry["payload"] is not None for entry in proof["entries"]] == [True, False, True, True, True]
    assert SECRET not in json.dumps(proof)
    assert checker.check(proof)


def test_python_alone_then_openssl_check_it(proof: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "preuve.json").write_text(json.dumps(proof))
    copied = shutil.copy(checker.__file__, tmp_path / "verifier.py")

    said = subprocess.run([sys.executable, "-I", copied, "preuve.json"], cwd=tmp_path, capture_output=True, text=True, env={})
    assert said.returncode == 0, said.stdout + said.stderr
    assert "OK: 5 entries (4 readable)" in said.stdout
    line = said.stdout.splitlines()[-1].split()
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed: no second opinion on timestamps")
    assert "Verification: OK" in run(line, tmp_path)
    other = [bytes(32).hex() if part == checker.check(proof).hex() else part for part in line]
    assert "Verification: OK" not in run(other, tmp_path)


def run(line: list[str], folder: Path) -> str:
    said = subprocess.run(line, cwd=folder, capture_output=True, text=True)
    return said.stdout + said.stderr


def changed(proof: dict[str, Any], *where: Any, to: Any) -> dict[str, Any]:
    made = deepcopy(proof)
    inner = made
    for part in where[:-1]:
        inner = inner[part]
    inner[where[-1]] = to(inner[where[-1]])
    return made


def other_digit(text: str) -> str:
    return ("1" if text[0] == "0" else "0") + text[1:]


@pytest.mark.parametrize(
    ("where", "to"),
    [
        (["entries", 0, "payload"], lambda text: text.replace("é", "e")),
        (["entries", 0, "digest"], other_digit),
        (["entries", 1, "digest"], other_digit),
        (["entries", 3, "hash"], other_digit),
        (["entries"], lambda entries: entries[:-1]),
        (["entries"], lambda entries: entries[1:]),
        (["entries"], lambda entries: [entries[0], entries[2], entries[1], *entries[3:]]),
        (["entries"], lambda entries: [*entries, entries[-1]]),
        (["chain"], lambda chain: chain[:-4] + "0000"),
        (["position"], lambda position: position + 1),
        (["path"], lambda path: path[:-1]),
        (["path", 0], other_digit),
        (["seal", "root"], other_digit),
        (["seal", "size"], lambda size: size + 1),
        (["seal", "size"], lambda size: size * 1000),
        (["format"], lambda _name: "another"),
    ],
)
def test_a_proof_that_was_changed_does_not_hold(proof: dict[str, Any], where: list[Any], to: Any, tmp_path: Path) -> None:
    made = changed(proof, *where, to=to)
    (tmp_path / "preuve.json").write_text(json.dumps(made))
    with pytest.raises(CommandError, match="does not hold"):
        call_command("check_proof", tmp_path / "preuve.json")


@pytest.mark.parametrize("where", [["seal", "at"], ["seal", "previous"], ["seal", "number"], ["seal", "whole"]])
def test_what_the_seal_says_is_bound_by_the_timestamp(proof: dict[str, Any], where: list[str], tmp_path: Path) -> None:
    made = changed(proof, *where, to=lambda value: other_digit(value) if isinstance(value, str) else value + 1)
    (tmp_path / "preuve.json").write_text(json.dumps(made))
    with pytest.raises(CommandError, match="does not hold"):
        call_command("check_proof", tmp_path / "preuve.json")


def test_the_operator_checks_it_with_the_roots_trusted_here(proof: dict[str, Any], tmp_path: Path, capsys: Any) -> None:
    (tmp_path / "preuve.json").write_text(json.dumps(proof))
    call_command("check_proof", tmp_path / "preuve.json")
    assert "the proof holds: 5 entries" in capsys.readouterr().out

    proof["token"] = base64.b64encode(token_over(bytes(32))).decode()
    (tmp_path / "preuve.json").write_text(json.dumps(proof))
    with pytest.raises(CommandError, match="does not hold"):
        call_command("check_proof", tmp_path / "preuve.json")


def test_before_the_first_seal_there_is_no_proof(db: None, settings: Any) -> None:
    settings.REGISTER_SUBSCRIBERS = []
    chain = open_chain()
    record(chain, "case.noted", PLATFORM, audience=["court"])
    assert last_sealed(chain.pk) is None
    with pytest.raises(NotFound):
        proof_of(chain.pk, {1})
