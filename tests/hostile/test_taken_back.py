"""What was handed over stays, whatever its sender does by the ways of files not yet in a case."""

from io import BytesIO

import pytest
from PIL import Image

from cases import actions, photographs
from cases.models import Case, Exhibit, Photograph
from cases.photographs import Page
from documents import vault
from documents.models import Version
from tests.calling import client_of
from tests.world import World

pytestmark = pytest.mark.django_db


def photo() -> bytes:
    out = BytesIO()
    Image.new("RGB", (620, 877), (200, 30, 30)).save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def handed(world: World) -> tuple[Case, Exhibit]:
    """A photograph that became an exhibit by its own identifier, communicated; its sender still holds a row for it, as a race would leave."""
    case = world.joint_petition(lawyers=2)
    document = world.brought(world.spouse_1, "photo", photo())
    row = photographs.add(world.spouse_1, case, document)
    answer = client_of(world.spouse_1_user).post(
        f"/api/v1/cases/{case.pk}/exhibits", {"kind": "other", "side": 1, "document": str(document)}, format="json"
    )
    assert answer.status_code == 201, answer.content
    actions.exhibit.communicate(world.spouse_1, case, exhibits=[answer.json()["id"]])
    world.work()
    if not Photograph.objects.filter(pk=row.pk).exists():
        Photograph.objects.create(case=case, by=world.spouse_1_user, document_id=document, place=1, at=row.at)
    return case, Exhibit.objects.with_files().get(pk=answer.json()["id"])


def still_there(world: World, case: Case, exhibit: Exhibit) -> None:
    assert vault.content(Version.objects.get(pk=exhibit.document.head.pk))
    assert client_of(world.spouse_2_user).get(f"/api/v1/cases/{case.pk}/exhibits/{exhibit.pk}/file").status_code == 200


def test_throwing_the_photograph_away_leaves_the_exhibit(world: World, handed: tuple[Case, Exhibit]) -> None:
    photographs.remove(world.spouse_1, handed[0], Photograph.objects.get().pk)
    still_there(world, *handed)
    assert not Photograph.objects.exists()


def test_making_a_document_of_it_leaves_the_exhibit(world: World, handed: tuple[Case, Exhibit], monkeypatch: pytest.MonkeyPatch) -> None:
    case, exhibit = handed
    monkeypatch.setattr("cases.bytes._bound", lambda document: False)  # it was put in the case after this was asked
    with photographs.gathered(world.spouse_1, case, "Encore"):
        pass
    still_there(world, *handed)
    photographs.make(world.spouse_1, [Page(exhibit.document_id)], "Encore")
    still_there(world, *handed)
