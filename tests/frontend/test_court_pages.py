"""The pages of the court: every one at every step for clerk and judge, and the acts of the registry and the judge through them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from backend import clock
from backend.people.models import User
from backend.register.models import Entry
from cases import actions
from cases.models import Case, Decision, Filing, Hearing, Message
from tests.world import World

OF_A_CASE = ["", "historique/", "pieces/", "courrier/", "personnes/", "audition/", "audience/", "decision/", "suites/", "conservation/"]
OF_THE_BENCH = ["/bureau/", "/audiences/", "/chambre/chiffres/"]
STEPS = ["check", "hear-child", "schedule", "hear", "new-agreement", "recourse", "lapsed", "closed"]
Browser = Callable[[User], Client]


@pytest.fixture
def signed_in_as(client: Client) -> Browser:
    def signed_in(user: User) -> Client:
        client.force_login(user)
        return client

    return signed_in


def act(browser: Client, address: str, name: str, **values: Any) -> Any:
    """Send one of the forms of a page, as its own hidden fields say."""
    page = browser.get(address)
    key = page.context["forms"][name]["key"].value()
    said = {f"{name}-{field}": value for field, value in values.items()}
    return browser.post(address, {"act": name, f"{name}-key": str(key), **said})


@pytest.mark.parametrize("step", STEPS)
def test_every_page_opens_for_clerk_and_judge(world: World, signed_in_as: Browser, step: str) -> None:
    case = world.joint_petition(at=step)
    found = {}
    for user in (world.clerk_user, world.judge_user):
        browser = signed_in_as(user)
        for address in [*OF_THE_BENCH, f"/bureau/{case.pk}/", *(f"/dossiers/{case.pk}/{room}" for room in OF_A_CASE)]:
            found[user.email, address] = browser.get(address).status_code
        for queue in ("filings", "children", "schedule", "hearings", "unfinished", "drafts", "adjourned", "after"):
            found[user.email, queue] = browser.get(f"/bureau/?file={queue}").status_code

    assert {key: status for key, status in found.items() if status != 200} == {}


def test_nobody_else_finds_the_pages_of_the_court(world: World, signed_in_as: Browser) -> None:
    case = world.joint_petition(at="check")
    for user in (world.lawyer_user, world.spouse_1_user, world.other_clerk_user, world.administrator_user):
        browser = signed_in_as(user)
        assert browser.get(f"/bureau/{case.pk}/").status_code == 404
        if user != world.other_clerk_user:
            assert {address: browser.get(address).status_code for address in OF_THE_BENCH} == dict.fromkeys(OF_THE_BENCH, 404)


def test_a_filing_is_taken_questioned_and_accepted(world: World, signed_in_as: Browser) -> None:
    case = world.joint_petition(at="check")
    browser = signed_in_as(world.clerk_user)
    assert case.title in browser.get("/bureau/").text

    assert browser.post("/bureau/suivant/").headers["Location"] == f"/bureau/{case.pk}/"
    bench = f"/bureau/{case.pk}/"
    assert act(browser, bench, "ask", to=[str(world.lawyer_user.pk)], text="", answer_by="").context["forms"]["ask"].errors
    tomorrow = str(clock.today() + timedelta(days=1))
    assert act(browser, bench, "ask", to=[str(world.lawyer_user.pk)], text="Quel jour ?", answer_by=tomorrow).status_code == 302
    assert "Quel jour ?" in browser.get(bench).text
    assert act(browser, bench, "accept").headers["Location"] == "/bureau/"

    case = world.again(case)
    assert (case.step, case.rg_number[-5:]) == ("hear-child", "00001")
    assert f"sous le numéro RG {case.rg_number}" in browser.get("/bureau/?file=children").text


def test_the_button_of_the_next_filing_pressed_twice_takes_one(world: World, signed_in_as: Browser) -> None:
    first, second = world.joint_petition(at="check"), world.joint_petition(at="check")
    browser = signed_in_as(world.clerk_user)
    page = browser.get("/bureau/")
    pressed = [browser.post("/bureau/suivant/", {"key": page.context["next"]["key"].value()}).headers["Location"] for _ in range(2)]

    assert pressed[0] == pressed[1]
    taken = [world.again(case).filings.get().claimed_by for case in (first, second)]
    assert sorted(taken, key=bool) == [None, world.clerk_user]


def test_a_filing_taken_twice_by_one_press_is_taken_once(world: World, signed_in_as: Browser) -> None:
    case = world.joint_petition(at="check")
    browser = signed_in_as(world.clerk_user)
    key = browser.get("/bureau/").context["rows"][0]["take"]["key"].value()
    for _ in range(2):
        assert browser.post(f"/bureau/{case.pk}/prendre/", {"key": key}).headers["Location"] == f"/bureau/{case.pk}/"

    assert Entry.objects.filter(chain=case.chain_id, kind="filing.claimed").count() == 1


def test_two_clerks_never_hold_the_same_filing(world: World, signed_in_as: Browser) -> None:
    case = world.joint_petition(at="check")
    signed_in_as(world.clerk_user).post(f"/bureau/{case.pk}/prendre/")
    second = signed_in_as(world.second_clerk_user)

    assert second.post(f"/bureau/{case.pk}/prendre/", follow=True).redirect_chain[-1][0] == "/bureau/"
    assert world.clerk_user.full_name in second.get("/bureau/").text
    assert "accept" not in second.get(f"/bureau/{case.pk}/").text.split('name="act" value="')[1:2]


def test_a_return_tells_each_reason_and_nothing_typed_is_lost(world: World, signed_in_as: Browser) -> None:
    case = world.joint_petition(at="check")
    browser = signed_in_as(world.clerk_user)
    browser.post(f"/bureau/{case.pk}/prendre/")
    bench = f"/bureau/{case.pk}/"

    empty = act(browser, bench, "return")
    assert empty.context["forms"]["return"].non_field_errors()
    sent = act(browser, bench, "return", **{"reason-illegible": "on", "note-illegible": "Pièce 2, page 1"})
    assert sent.headers["Location"] == "/bureau/"
    filing = Filing.objects.get(case=case)
    assert (filing.state, filing.reasons) == ("returned", [{"code": "illegible", "note": "Pièce 2, page 1"}])


def test_the_judge_hears_the_child_sets_the_hearing_and_the_clerk_notes_the_summonses(world: World, signed_in_as: Browser) -> None:
    case = world.joint_petition(at="hear-child")
    child = case.children.get()
    judge = signed_in_as(world.judge_user)
    page = judge.get(f"/dossiers/{case.pk}/audition/")
    form = page.context["rows"][0]["hear"]
    sent = {f"{form.prefix}-on": str(clock.today()), f"{form.prefix}-with_whom": "alone", f"{form.prefix}-key": str(form["key"].value())}
    assert judge.post(f"/dossiers/{case.pk}/audition/", {"act": f"hear-{child.pk}", **sent}).status_code == 302
    assert world.again(case).step == "schedule"

    made = judge.post(
        "/audiences/",
        {
            "chamber": str(world.chamber.pk),
            "on": str(clock.today() + timedelta(days=40)),
            "starts": "09:30",
            "room": "Salle 3",
            "judge": str(world.judge_user.pk),
            "key": str(judge.get("/audiences/").context["form"]["key"].value()),
        },
    )
    place = made.headers["Location"]
    put = {"case": str(case.pk), "at": "10:15", "key": str(judge.get(place).context["form"]["key"].value())}
    assert judge.post(place, put).status_code == 302
    assert case.title in judge.get(place).text
    world.work()

    clerk = signed_in_as(world.clerk_user)
    hearing = Hearing.objects.get(case=case)
    for summons in hearing.summonses.all():
        assert act(clerk, f"/dossiers/{case.pk}/audience/", f"posted-{summons.pk}", on=str(clock.today())).status_code == 302
    assert hearing.summonses.filter(by_post=True).count() == 2
    moved = act(clerk, f"/dossiers/{case.pk}/audience/", "drop", reason="Le juge est empêché")
    assert (moved.status_code, world.again(case).step) == (302, "schedule")


def test_the_judge_drafts_from_the_proposed_text_and_signs_what_was_shown(world: World, signed_in_as: Browser) -> None:
    case = world.joint_petition(at="hear")
    address = f"/dossiers/{case.pk}/decision/"
    with world.after_hearing(case):
        judge = signed_in_as(world.judge_user)
        page = judge.get(f"{address}?kind=homologation")
        form = page.context["forms"]["draft"]
        assert "convention" in form["body"].value()
        text = form["body"].value() + "\n\nAinsi jugé."
        values = {"draft-kind": "homologation", "draft-on": str(clock.today()), "draft-body": text, "draft-key": str(form["key"].value())}
        assert judge.post(address, {"act": "draft", **values}).status_code == 302
        world.work()

        page = judge.get(address)
        sign = page.context["forms"]["sign"]
        asked = judge.post(
            address, {"act": "sign", "sign-shown": sign["shown"].value(), "sign-read": "on", "sign-key": str(sign["key"].value())}
        )
        assert "carried-sign-shown" in asked.text  # who one is is asked first, what was ticked is kept
        assert Decision.objects.get(case=case).body.endswith("Ainsi jugé.")
        noted = act(judge, address, "note", body="Relire l'article 5")
        assert noted.status_code == 302

    assert Message.objects.get(case=case).audience == ["judge"]
    clerk = signed_in_as(world.clerk_user)
    assert "Relire" not in clerk.get(address).text + clerk.get(f"/dossiers/{case.pk}/courrier/").text


def test_after_the_decision_each_step_is_noted_on_one_page(world: World, signed_in_as: Browser) -> None:
    case = world.joint_petition(at="recourse")
    address = f"/dossiers/{case.pk}/suites/"
    decided = Decision.objects.get(case=case)
    with clock.at(decided.delivered_at + timedelta(days=90)):
        clerk = signed_in_as(world.clerk_user)
        assert act(clerk, address, "served", on=str(decided.on + timedelta(days=1))).status_code == 302
        assert act(clerk, address, "certificate").status_code == 302
        assert act(clerk, address, "mention", on=str(clock.today())).status_code == 302
        assert act(clerk, address, "close").status_code == 302

    assert world.again(case).step == "closed"
    assert Case.objects.get(pk=case.pk).closed_at is not None


def test_the_desk_asks_the_database_no_more_for_many_cases(world: World, signed_in_as: Browser, django_assert_num_queries: Any) -> None:
    world.joint_petition(at="check")
    browser = signed_in_as(world.clerk_user)
    browser.get("/bureau/")
    with django_assert_num_queries(11):
        browser.get("/bureau/")
    for _number in range(3):
        world.joint_petition(at="check")
    with django_assert_num_queries(11):
        browser.get("/bureau/")


def test_a_petition_filed_again_says_what_is_new_since_it_was_returned(world: World, signed_in_as: Browser) -> None:
    case = world.joint_petition(at="check")
    bench = f"/bureau/{case.pk}/"
    clerk = signed_in_as(world.clerk_user)
    assert clerk.get(bench).context["changed"] is None

    returned(world, case)
    actions.filing.submit(world.lawyer, case)
    assert "Rien n’a changé" in clerk.get(bench).text

    returned(world, case)
    exhibit = world.exhibit(case, world.lawyer, "other")
    actions.filing.submit(world.lawyer, case)
    changed = clerk.get(bench).context["changed"]
    assert ([one["key"] for one in changed["papers"]], changed["answers"]) == ([str(exhibit.pk)], [])


def returned(world: World, case: Case) -> None:
    actions.filing.claim(world.clerk, case)
    actions.filing.return_for_correction(world.clerk, case, reasons=[{"code": "illegible"}])


def test_the_history_says_which_document_for_whom_and_signed_by_whom(world: World, signed_in_as: Browser) -> None:
    case = world.joint_petition(at="recourse")
    told = signed_in_as(world.lawyer_user).get(f"/dossiers/{case.pk}/historique/").text

    for said in (
        "Document établi : Convocation pour Armelle Desmarets",
        "Document établi : Notification de la décision pour Thibault Desmarets",
        "Signature apposée : Requête conjointe",
        "Signataire : Thibault Desmarets",
        "Décision remise : Homologation de la convention et divorce",
        "Aux deux époux, à leurs avocats et au greffe",
        "Le juge a entendu l’enfant : Zélie",
    ):
        assert said.replace(" :", "\N{NO-BREAK SPACE}:") in told
