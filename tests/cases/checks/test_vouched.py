"""What an identity provider says of a spouse against what the case says: told to their own side, and decided by nobody but people."""

from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount

from backend.people.federation.identity import differences
from cases import actions
from cases.checks import vouched
from tests.provider import Provider
from tests.world import World

TOLD = {"given_name": "Armelle Jeanne", "family_name": "VAUQUELIN", "preferred_username": "DESMARETS", "birthdate": "1981-06-14"}


@pytest.fixture
def configured(settings: Any) -> None:
    settings.FEDERATION = Provider("https://issuer.example").settings()


def link(world: World, **told: str) -> None:
    SocialAccount.objects.create(user=world.spouse_1_user, provider="franceconnect", uid="x", extra_data={"told": {**TOLD, **told}})


def found(world: World, case: Any, who: str = "spouse_1") -> list[str]:
    return [str(finding.reason) for finding in vouched.compared(getattr(world, who), world.again(case))]


def test_the_same_person_written_otherwise_is_no_difference(world: World, configured: None) -> None:
    case = world.joint_petition()
    link(world)
    assert found(world, case) == []


@pytest.mark.parametrize(
    ("told", "there"),
    [
        ({"family_name": "DESMARETS"}, "DESMARETS"),  # the name in use in the place of that of birth
        ({"given_name": "Anne Armelline"}, "Anne Armelline"),
        ({"birthdate": "1981-06-15"}, "15 juin 1981"),
        ({"birthplace": "Rouen"}, "Rouen"),
    ],
)
def test_a_difference_is_told_to_the_spouse_and_to_their_lawyer(world: World, configured: None, told: Any, there: str) -> None:
    case = world.joint_petition()
    link(world, **told)

    for who in ("spouse_1", "lawyer"):
        (said,) = found(world, case, who)
        assert there in said
        assert "FranceConnect" in said


def test_the_other_side_and_the_court_are_told_nothing_of_it(world: World, configured: None) -> None:
    case = world.joint_petition(at="check", lawyers=2)
    link(world, birthdate="1990-01-01")
    assert found(world, case)
    assert [found(world, case, who) for who in ("spouse_2", "second_lawyer", "clerk", "judge")] == [[], [], [], []]


def test_a_difference_keeps_nobody_from_filing(world: World, configured: None) -> None:
    case = world.joint_petition(at="file")
    link(world, family_name="AUTRE", birthdate="1990-01-01")
    actions.filing.submit(world.lawyer, case)


def test_it_is_mended_where_the_question_is_asked(world: World, configured: None) -> None:
    case = world.joint_petition()
    link(world, birthdate="1990-01-01")
    (finding,) = vouched.compared(world.spouse_1, case)
    assert (finding.severity, finding.about, finding.where) == ("warning", "identity", str(case.spouses.get(side=1).pk))


@pytest.mark.parametrize(
    ("told", "written", "differs"),
    [
        ({"given_name": "JEAN-PIERRE"}, {"first_names": "Jean Pierre"}, False),
        ({"given_name": "Zoé"}, {"first_names": "ZOE"}, False),
        ({"given_name": "Anne Marie"}, {"first_names": "Marie"}, False),
        ({"given_name": "Anne"}, {"first_names": "Annette"}, True),
        ({"family_name": "D'ESTRÉES"}, {"last_names": ("d’Estrees",)}, False),
        ({"family_name": "MARTIN"}, {"last_names": ("Martin-Duval",)}, True),
        ({"birthdate": "1981-00-00"}, {"born": "1981-06-14"}, False),
        ({"birthdate": "1981"}, {"born": "1981-06-14"}, True),
        ({"birthplace": "76217"}, {"birthplace": "Dieppe"}, False),
        ({"birthplace": "2A004"}, {"birthplace": "Ajaccio"}, False),
        ({}, {"first_names": "X", "last_names": ("Y",), "born": "2000-01-01", "birthplace": "Z"}, False),
        ({"family_name": "X", "given_name": "Y"}, {}, False),
        ({"given_name": "Zoé"}, {"first_names": " , "}, True),
    ],
)
def test_what_differs(told: Any, written: Any, differs: bool) -> None:
    assert bool(list(differences(told, **written))) is differs
