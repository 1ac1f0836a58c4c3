"""The proof of a case over the API and its page: what its reader may see, in a form that checks without the platform."""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

from backend.register import checker
from backend.register.sealing import seal_changed
from cases import access
from tests.calling import client_of
from tests.world import World


def test_each_reader_gets_a_proof_that_holds_and_shows_only_what_they_may_see(db: None) -> None:
    world = World()
    case = world.joint_petition(anew=True, lawyers=2)
    world.exhibit(case, world.lawyer, "other", side=1)
    seal_changed()

    shown = {}
    for who in ("lawyer", "second_lawyer"):
        user = getattr(world, f"{who}_user")
        found = client_of(user).get(f"/api/v1/cases/{case.pk}/proof")
        assert found.status_code == 200
        assert checker.check(found.json())
        shown[who] = {place for place, entry in enumerate(found.json()["entries"], 1) if entry["payload"]}
        assert shown[who] == set(access.entries(getattr(world, who), case).values_list("seq", flat=True))
    assert shown["lawyer"] - shown["second_lawyer"]


def test_before_the_first_seal_it_is_not_there_yet_and_says_so(db: None) -> None:
    world = World()
    case = world.joint_petition(anew=True)
    found = client_of(world.lawyer_user).get(f"/api/v1/cases/{case.pk}/proof")
    assert (found.status_code, found.json()["code"]) == (404, "not-sealed")


def test_the_folder_of_the_page_checks_itself(db: None, client: object, tmp_path: Path) -> None:
    world = World()
    case = world.joint_petition(anew=True)
    client.force_login(world.spouse_1_user)  # type: ignore[attr-defined]
    page = client.get(f"/dossiers/{case.pk}/preuve/").content.decode()  # type: ignore[attr-defined]
    assert "pas encore scellé" in page
    seal_changed()

    page = client.get(f"/dossiers/{case.pk}/preuve/").content.decode()  # type: ignore[attr-defined]
    assert f"/dossiers/{case.pk}/preuve.zip" in page
    answer = client.get(f"/dossiers/{case.pk}/preuve.zip")  # type: ignore[attr-defined]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as folder:
        assert set(folder.namelist()) == {"preuve.json", "verifier.py", "LISEZMOI.txt"}
        folder.extractall(tmp_path)
    said = subprocess.run([sys.executable, "-I", "verifier.py", "preuve.json"], cwd=tmp_path, capture_output=True, text=True)
    assert (said.returncode, said.stdout[:3]) == (0, "OK:")
    assert json.loads((tmp_path / "preuve.json").read_text())["chain"] == str(case.chain_id)
