"""Every page of a case, at every step, as each person of it, in both languages; and nothing of it for anybody else."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import lxml.html
import pytest
from django.test import Client

from backend import clock
from backend.people.models import User
from cases import actions
from cases.models import Case
from tests.world import HIDDEN_STREET, World

ROOMS = [
    "",
    "historique/",
    "questions/",
    "pieces/",
    "pieces/a-suivre/",
    "photographies/",
    "copies/",
    "convention/",
    "requete/",
    "verifier/",
    "signature/",
    "signature/refuser/",
    "signature/ouvrir/",
    "signature/essayer/",
    "deposer/",
    "greffe/",
    "courrier/",
    "personnes/",
    "consultations/",
    "personnes/avocat/",
    "personnes/enfant/",
    "invitations/",
    "tribunal/",
    "retrait/",
    "recours/",
]
ALWAYS = {"", "historique/", "pieces/", "courrier/", "personnes/"}  # never a way elsewhere, whatever the step
PEOPLE = ["spouse_1_user", "spouse_2_user", "lawyer_user", "staff_user"]
STEPS = ["prepare", "sign", "file", "check", "hear", "new-agreement", "recourse", "closed"]


def room(case: Case, name: str) -> str:
    return f"/dossiers/{case.pk}/{name}"


@pytest.fixture
def signed_in_as(client: Client) -> Callable[[User, str], Client]:
    def signed_in(user: User, language: str = "fr") -> Client:
        client.force_login(user)
        client.cookies["django_language"] = language
        return client

    return signed_in


def test_the_spouses_are_you_to_themselves_and_the_spouses_to_their_lawyer(world: World, signed_in_as: Any) -> None:
    case = world.joint_petition(at="prepare", lawyers=1)
    for user, both, never in (("spouse_1_user", "Vous deux", "Les deux époux"), ("lawyer_user", "Les deux époux", "Vous deux")):
        browser = signed_in_as(getattr(world, user))
        exhibits, questions = (browser.get(room(case, place)).text for place in ("pieces/", "questions/"))
        assert f"{both} : vu aussitôt" in exhibits
        assert f">{both}<" in questions
        assert never not in exhibits + questions


@pytest.mark.parametrize("step", STEPS)
def test_every_page_opens_for_each_person_in_one_language_or_the_other(world: World, signed_in_as: Any, step: str) -> None:
    """What one person is shown in French the next is shown in English, at each step the other way round."""
    case = world.joint_petition(at=step, lawyers=1, concealed=True)
    found = {}
    for turn, name in enumerate(PEOPLE, STEPS.index(step)):
        browser = signed_in_as(getattr(world, name))
        for number, place in enumerate(ROOMS, turn):
            browser.cookies["django_language"] = language = ("fr", "en")[number % 2]
            answer = browser.get(room(case, place))
            found[name, place] = answer.status_code
            assert "login" not in answer.headers.get("Location", ""), place
            if answer.status_code == 200:
                assert f'<html lang="{language}"' in answer.text
            if name == "spouse_2_user":
                assert HIDDEN_STREET not in answer.text, place
                assert "0600000001" not in answer.text, place

    assert {key: status for key, status in found.items() if status not in (200, 302)} == {}
    assert {place for (_name, place), status in found.items() if status != 200} & ALWAYS == set()


def test_a_stranger_finds_nothing_and_an_anonymous_is_asked_who_they_are(world: World, signed_in_as: Any, client: Client) -> None:
    case = world.joint_petition(at="prepare", spouses=False)
    absent = "00000000-0000-7000-8000-000000000000"
    for place in ROOMS:
        assert client.get(room(case, place)).headers["Location"].startswith("/compte/login/")
    for user in (world.outsider_user, world.stranger_user, world.clerk_user, world.administrator_user):
        browser = signed_in_as(user)
        for place in ROOMS:
            answer = browser.get(room(case, place))
            other = browser.get(f"/dossiers/{absent}/{place}")
            assert answer.status_code == other.status_code == 404, (place, user)
            assert re.sub(r"value=\"[^\"]+\"", "", answer.text).replace(str(case.pk), "") == re.sub(
                r"value=\"[^\"]+\"", "", other.text
            ).replace(absent, "")


def test_what_is_wrong_in_opening_a_case_says_whose_it_is(world: World, signed_in_as: Any) -> None:
    sent = {"open": "yes", "acts_for": "both", "spouses.0.first_names": "Armelle", "children.1.name": "Desmarets"}
    answer = signed_in_as(world.lawyer_user).post("/dossiers/nouveau/", sent)

    wrong = re.findall(r'<a href="#id_[^"]+">([^<]+)</a>', answer.text)
    assert {"Le premier époux, nom de naissance", "Le second époux, prénoms", "Enfant n° 2, prénoms"} <= set(wrong)


def test_an_invitation_that_awaits_its_answer_is_among_the_dates(world: World, signed_in_as: Any) -> None:
    case = world.joint_petition(at="prepare", spouses=False)
    spouse = case.spouses.first()
    invitation = actions.invitation.send(world.lawyer, case, spouse=spouse.pk, email="nouvelle@example.fr")

    dates = signed_in_as(world.lawyer_user).get(room(case, "")).context["view"].deadlines
    assert [(str(one.what), one.who, one.day) for one in dates] == [
        ("Réponse attendue à l’invitation", spouse.short_name, invitation.answer_by)
    ]


def test_the_caseload_and_the_page_of_a_case_ask_the_database_no_more_when_they_grow(
    world: World, signed_in_as: Any, django_assert_num_queries: Any
) -> None:
    case = world.joint_petition(at="prepare")
    browser = signed_in_as(world.lawyer_user)
    asked = {"/dossiers/": 7, f"/dossiers/{case.pk}/": 17, f"/dossiers/{case.pk}/pieces/": 13}
    for _round in range(2):
        for address, queries in asked.items():
            browser.get(address)
            with django_assert_num_queries(queries):
                browser.get(address)
        world.joint_petition(spouses=False)
        for _number in range(3):
            world.exhibit(case, world.lawyer, "other")


def test_the_court_is_chosen_on_its_page_by_those_who_may_among_those_of_addresses_they_know(world: World, signed_in_as: Any) -> None:
    case = world.joint_petition(at="prepare", lawyers=2, concealed=True)
    shown = {
        name: signed_in_as(getattr(world, name)).get(room(case, "tribunal/"))
        for name in ("lawyer_user", "second_lawyer_user", "spouse_2_user")
    }

    assert shown["spouse_2_user"].status_code == 302
    courts = {name: [city for city in ("Rouen", "Angers") if city in shown[name].text] for name in ("lawyer_user", "second_lawyer_user")}
    assert courts == {"lawyer_user": ["Rouen", "Angers"], "second_lawyer_user": ["Rouen"]}


def sent_from(page: str, **typed: str) -> dict[str, str]:
    """What the form of a question sends, with what is typed in it."""
    form = next(form for form in lxml.html.fromstring(page).forms if "since" in form.fields)
    return {**dict(form.form_values()), **typed}


def test_the_second_of_two_tabs_is_told_that_the_question_was_answered_and_keeps_what_was_typed(world: World, signed_in_as: Any) -> None:
    case = world.joint_petition(at="prepare")
    browser, place = signed_in_as(world.lawyer_user), room(case, "questions/costs/")
    one, other = (browser.get(place).text for _tab in range(2))
    shares = case.answers.current().filter(topic="costs").values_list("value__first", flat=True)

    assert browser.post(place, sent_from(one, first="60", second="40")).status_code == 302
    told = browser.post(place, sent_from(other, first="70", second="30"))
    assert (told.status_code, [*shares]) == (200, [60])
    assert sent_from(told.text)["first"] == "70"
    assert browser.post(place, sent_from(told.text)).status_code == 302
    assert [*shares.all()] == [70]


def test_an_answer_to_the_registry_goes_to_the_question_that_was_shown_or_to_none_and_is_kept(world: World, signed_in_as: Any) -> None:
    case = world.joint_petition(at="check")
    actions.filing.claim(world.clerk, case)
    to, day = [world.lawyer_user.pk, world.spouse_1_user.pk], clock.today() + timedelta(days=8)
    first, second = (
        actions.filing.ask(world.clerk, case, to=to, text=text, answer_by=day) for text in ("Quel est le régime ?", "Quelle est la date ?")
    )
    browser, place = signed_in_as(world.lawyer_user), room(case, "greffe/")
    form = browser.get(place).context["form"]
    said = {"key": str(form["key"].value()), "question": str(form["question"].value()), "text": "La communauté réduite aux acquêts."}
    actions.filing.answer(world.spouse_1, case, question=first.pk, text="La communauté.")

    told = browser.post(place, said)

    second.refresh_from_db()
    assert (told.status_code, second.answer) == (200, "")
    assert "La communauté réduite aux acquêts." in told.text
    assert browser.post(place, {**said, "question": str(second.pk), "text": "Le 3 juillet."}).status_code == 302
    second.refresh_from_db()
    assert second.answer == "Le 3 juillet."


def test_a_lawyer_is_called_to_draw_the_petition_up_again_before_opening_its_signature(world: World, signed_in_as: Any) -> None:
    case = world.joint_petition(at="sign")
    actions.signing.cancel(world.lawyer, case)
    assert "Open the signature" in called(signed_in_as(world.lawyer_user, "en"), case)

    world.answer(case, "costs", {"first": 60, "second": 40})

    assert called(signed_in_as(world.lawyer_user, "en"), case) == "Draw the petition up again"


def called(client: Client, case: Case) -> str:
    """What the case's panel asks this person to do."""
    page = lxml.html.fromstring(client.get(room(case, "")).content)
    return str(page.get_element_by_id("call-title").text_content())
