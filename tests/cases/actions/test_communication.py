"""What is communicated comes with its list, for each side what it communicates (CPC 132)."""

from io import BytesIO

import pypdfium2
import pytest

from backend.errors import Invalid
from cases import access, actions
from cases.models import Exhibit
from documents import vault
from documents.models import Version
from tests.world import World, unchanged


def brought(world, case, actor, title, side=1):
    return actions.exhibit.add(actor, case, kind="other", side=side, title=title, document=world.brought(actor, title))


def lists(world, case) -> list[str]:
    world.work()
    found = case.instruments.filter(kind="list-of-exhibits").order_by("pk")
    return [
        "".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(BytesIO(content))) for content in map(read, found)
    ]


def read(instrument) -> bytes:
    return vault.content(instrument.document.head)


def test_each_communication_has_its_list_with_the_numbers_given(world: World) -> None:
    case = world.joint_petition(lawyers=2)
    first, second = (brought(world, case, world.lawyer, title) for title in ("Bail du logement", "Relevés bancaires"))
    actions.exhibit.communicate(world.lawyer, case, exhibits=[second.pk, first.pk])
    third = brought(world, case, world.lawyer, "Avis d'imposition")
    actions.exhibit.communicate(world.lawyer, case, exhibits=[third.pk])
    one, other = lists(world, case)
    assert "Pièce n° 1 Bail du logement" in one.replace("\r\n", " ").replace("  ", " ")
    assert one.index("Bail du logement") < one.index("Relevés bancaires")
    assert "Soit 2 pièces" in one
    assert "Bail" not in other
    assert "Pièce n° 3" in other
    assert "article 132" in one


def test_it_says_by_whom_for_whom_and_to_whom(world: World) -> None:
    case = world.joint_petition(lawyers=2)
    exhibit = brought(world, case, world.second_lawyer, "Bail", side=2)
    actions.exhibit.communicate(world.second_lawyer, case, exhibits=[exhibit.pk])
    (made,) = lists(world, case)
    assert "Kerdoncuff" in made
    assert "Pour : Thibault" in made
    assert "À : Solène Houël" in made or "À : Maître Solène Houël" in made


def test_with_one_lawyer_for_both_it_goes_to_the_other_spouse(world: World) -> None:
    case = world.joint_petition()
    exhibit = brought(world, case, world.spouse_1, "Bail")
    actions.exhibit.communicate(world.spouse_1, case, exhibits=[exhibit.pk])
    (made,) = lists(world, case)
    assert "Pour : Armelle" in made
    assert "À : Thibault" in made


def test_each_side_of_one_communication_has_its_own(world: World) -> None:
    case = world.joint_petition()
    ours, common = brought(world, case, world.lawyer, "Bail"), brought(world, case, world.lawyer, "Livret", side=0)
    actions.exhibit.communicate(world.lawyer, case, exhibits=[ours.pk, common.pk])
    assert ["Livret" in text for text in lists(world, case)] == [True, False]


def test_what_was_communicated_before_is_refused_and_makes_no_second_list(world: World) -> None:
    case = world.joint_petition()
    exhibit = brought(world, case, world.lawyer, "Bail")
    actions.exhibit.communicate(world.lawyer, case, exhibits=[exhibit.pk])
    with pytest.raises(Invalid):
        actions.exhibit.communicate(world.lawyer, case, exhibits=[exhibit.pk])
    assert case.instruments.filter(kind="list-of-exhibits").count() == 1


def test_both_sides_see_it_and_the_court_once_it_is_filed(world: World) -> None:
    case = world.joint_petition(lawyers=2)
    exhibit = brought(world, case, world.lawyer, "Bail")
    actions.exhibit.communicate(world.lawyer, case, exhibits=[exhibit.pk])
    world.work()
    made = case.instruments.get(kind="list-of-exhibits")
    for actor in (world.spouse_1, world.spouse_2, world.second_lawyer):
        assert access.instrument(actor, case, made.pk) == made
    assert set(made.audience) == set(access.EVERYONE)


def of_state(exhibit: Exhibit, state: str) -> None:
    Version.objects.filter(document=exhibit.document_id).update(state=state, verdict=[])


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ("refused", "invalid"),
        ("quarantined", "invalid"),
        ("stuck", "invalid"),
        ("received", "still-checking"),
        ("checking", "still-checking"),
    ],
)
def test_what_was_refused_or_is_not_checked_yet_leaves_its_side_by_no_way(world: World, state: str, code: str) -> None:
    case = world.joint_petition(lawyers=2)
    exhibit = brought(world, case, world.lawyer, "Bail")
    of_state(exhibit, state)
    with unchanged(case.chain), pytest.raises(Invalid, match="Bail") as refusal:
        actions.exhibit.communicate(world.lawyer, case, exhibits=[exhibit.pk])
    assert refusal.value.code == code
    of_state(exhibit, "ready")
    actions.exhibit.communicate(world.lawyer, case, exhibits=[exhibit.pk])


def test_a_filing_takes_no_file_that_was_refused_and_says_which(world: World) -> None:
    case = world.joint_petition(at="file")
    exhibit = brought(world, case, world.lawyer, "Bail", side=0)
    of_state(exhibit, "refused")
    with unchanged(case.chain), pytest.raises(Invalid, match="Bail"):
        actions.filing.submit(world.lawyer, case)
    actions.exhibit.remove(world.lawyer, case, exhibit=exhibit.pk)
    assert actions.filing.submit(world.lawyer, case)
