"""The collections of PDFs, sent by a page's form to a real server: the ordinary are accepted, the hostile are answered, and it goes on."""

import hashlib
from pathlib import Path

import httpx
import pytest
from django.conf import settings

from cases.models import Case, Exhibit
from documents.verdicts import VERDICTS
from tests.hostile.documents.test_corpus import EXPECTED
from tests.outside import Site


def collection(name: str) -> list[Path]:
    folder = settings.CORPUS_DIR / name
    return sorted(folder.glob("*.pdf")) if folder.is_dir() else []


absent = pytest.mark.skipif(not collection("hostile"), reason=f"no collection of PDFs at {settings.CORPUS_DIR}: set CORPUS_DIR")


@pytest.fixture(scope="module")
def case(site: Site) -> Case:
    return site.world.joint_petition()


def sent(site: Site, case: Case, path: Path) -> httpx.Response:
    fields = {"case": str(case.pk), "purpose": "exhibit", "kind": "other", "side": "0", "title": path.stem}
    program = site.program(site.world.lawyer_user, Accept="application/json")
    return program.post("/envoyer", data=fields, files={"file": (path.name, path.read_bytes())})


@absent
@pytest.mark.parametrize("path", collection("ordinary"), ids=lambda path: path.stem)
def test_an_ordinary_file_is_accepted_and_comes_back_to_the_byte(site: Site, case: Case, path: Path) -> None:
    answer = sent(site, case, path)
    assert answer.status_code == 201, answer.text
    exhibit = Exhibit.objects.get(case=case, title=path.stem)
    back = site.program(site.world.lawyer_user).get(f"/api/v1/cases/{case.pk}/exhibits/{exhibit.pk}/file")
    assert back.status_code == 200
    mended = "repaired" in {found["code"] for found in exhibit.document.head.verdict}
    same = hashlib.sha256(back.content).digest() == hashlib.sha256(path.read_bytes()).digest()
    assert same != mended


@absent
@pytest.mark.parametrize("path", collection("hostile"), ids=lambda path: path.stem)
def test_a_hostile_file_is_answered_with_its_verdict_and_what_to_do(site: Site, case: Case, path: Path) -> None:
    answer = sent(site, case, path)
    blocking = {code for code in EXPECTED.get(path.stem, ()) if VERDICTS[code].severity == "blocker"}
    if answer.status_code == 201:
        assert not blocking
    else:
        refusal = answer.json()
        assert answer.status_code == 422, answer.text
        assert refusal["code"] in (blocking or VERDICTS)
        assert refusal["detail"]
        assert refusal["mend"]
        assert not Exhibit.objects.filter(case=case, title=path.stem).exists()
    assert httpx.get(f"{site.address}/health").status_code == 200
