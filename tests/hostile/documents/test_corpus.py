"""Hostile PDFs made by others: each gets a clear verdict, and none that acts reaches anybody."""

import resource

import pytest
from django.conf import settings

from documents import inspection, intake, previews
from documents.models import State, Version
from documents.verdicts import VERDICTS

pytestmark = pytest.mark.django_db
FOLDER = settings.CORPUS_DIR / "hostile"
FILES = sorted(FOLDER.glob("*.pdf")) if FOLDER.is_dir() else []
EXPECTED = {
    "attachment": {"attachments"},
    "broken-objstream1": {"broken"},
    "circular-page-tree": {"broken"},
    "doc_actions": {"scripted"},
    "empty_protected": {"protected"},
    "evaljs": {"scripted"},
    "js-buttons": {"scripted"},
    "libreoffice-writer-password": {"encrypted"},
    "malformed-encrypt-dict1": {"encrypted"},
    "minimal-aes256": {"encrypted"},
    "poppler-395-0-fuzzed": {"broken"},
    "poppler-85140-0": {"broken"},
    "poppler-937-0-fuzzed": {"broken"},
    "unreadablemetadata": {"broken"},
    "with-attachment": {"attachments"},
    "xfa_issue14315": {"dynamic-form", "scripted"},
    # odd, and harmless: accepted, with a word where they had to be repaired
    "annotated_pdf": set(),
    "bad-PageLabels": set(),
    "bomb_giant": set(),
    "form-tree-circular-ref-input": set(),
    "recursiveCompositGlyf": {"blank-pages"},
    "GHOSTSCRIPT-698804-1-fuzzed": {"repaired", "blank-pages"},
    "helloworld-bad": {"repaired"},
    "minimal-startxref-hopeless": {"repaired"},
    "xref_command_missing": {"repaired"},
}


@pytest.mark.skipif(not FILES, reason=f"no collection of PDFs at {FOLDER}: set CORPUS_DIR")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_hostile_file_gets_its_verdict_and_its_reader_goes_on(path):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    version = intake.take_in_bytes(path.read_bytes(), name=path.name, created_by=None, limit=10**8)
    inspection.inspect(version.pk)
    version = Version.objects.get(pk=version.pk)
    codes = {item["code"] for item in version.verdict}
    blocked = {code for code in codes if VERDICTS[code].severity == "blocker"}
    assert codes == EXPECTED.get(path.stem, codes)
    assert version.state == (State.REFUSED if blocked else State.READY)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024
    previews.make(version.pk)
    if version.state == State.REFUSED:
        assert previews.page(version, 1) is None
