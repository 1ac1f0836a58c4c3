"""Signed files that none of us made, honest and tampered: each gets its verdict, and none a crash."""

from contextlib import suppress
from pathlib import Path

import pytest
from django.conf import settings

from backend.errors import Invalid
from signatures.validation import Problem, Verdict, validate
from tests.signatures.making import pdfsig

FOLDER: Path = settings.CORPUS_DIR / "signed"
EXPECTED = {
    "covered-whole.pdf": [{Problem.UNREADABLE}],
    "minimal-two-fields-signed-twice.pdf": [{Problem.UNTRUSTED, Problem.TIMESTAMP_UNTRUSTED}] * 2,
    "pades-lta-dss-indirect-arrs-test.pdf": [{Problem.UNTRUSTED, Problem.TIMESTAMP_UNTRUSTED}] * 2,
    "sig-no-signed-attrs.pdf": [{Problem.UNTRUSTED, Problem.TIMESTAMP_MISSING}],
    "signature-gap-too-big.pdf": [{Problem.UNTRUSTED, Problem.TIMESTAMP_MISSING, Problem.CHANGED_AFTER, Problem.UNCOVERED, Problem.GAP}],
    "tail-uncovered.pdf": [{Problem.UNTRUSTED, Problem.TIMESTAMP_MISSING, Problem.CHANGED_AFTER, Problem.UNCOVERED}],
}


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_each_signed_file_gets_its_verdict(name: str) -> None:
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"no collection of signed PDFs at {FOLDER}: set CORPUS_DIR")

    found = validate(path.read_bytes())

    assert [set(status.problems) for status in found] == EXPECTED[name]
    assert Verdict.VALID not in {status.verdict for status in found}
    if all(status.intact for status in found):
        assert set(pdfsig(path.read_bytes())) <= {"Signature is Valid.", "Signature has not yet been verified."}  # the latter: a timestamp


@pytest.mark.parametrize("folder", ["hostile", "ordinary"])
def test_no_file_at_all_brings_the_validator_down(folder: str) -> None:
    if not (settings.CORPUS_DIR / folder).is_dir():
        pytest.skip(f"no collection of PDFs at {settings.CORPUS_DIR}: set CORPUS_DIR")
    read = 0
    for path in sorted((settings.CORPUS_DIR / folder).glob("*.pdf")):
        with suppress(Invalid):  # unreadable, and said so
            assert all(status.verdict != Verdict.VALID for status in validate(path.read_bytes())), path.name
            read += 1
    assert read, "none was read: nothing was tried"
