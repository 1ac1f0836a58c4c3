"""What the limited process has ready before it is limited."""

from documents import sandbox
from documents.sandbox import client
from tests.signatures.making import agreement


def test_what_its_jobs_need_is_loaded_before_the_child_is_made() -> None:
    ready = sandbox.run("tests.signatures.looking:loaded").facts

    assert "signatures.warming" in client._zygote.modules
    assert {"signatures.warming", "signatures.preparing", "signatures.archiving", "signatures.examining"} <= set(ready)


def test_a_job_that_was_done_once_beforehand_does_its_own_work_all_the_same() -> None:
    found = sandbox.run("signatures.archiving:present", agreement()).facts

    assert found == {"certificates": [], "signatures": 0, "archived": False, "stamped_until": None}
