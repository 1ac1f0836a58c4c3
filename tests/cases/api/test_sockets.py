"""`/ws/cases/{id}` through a real server: who is let in, what they hear, and what ends it."""

import asyncio
import socket
from dataclasses import replace
from typing import Any
from uuid import uuid4

import httpx
import pytest
from channels.layers import get_channel_layer
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from backend.people.models import Membership, Token, User
from cases import access, actions
from cases.groups import person_group
from cases.models import Case
from tests.outside import Site, post
from tests.pdfs import pdf
from tests.world import PASSWORD


@pytest.fixture
def case(site: Site) -> Case:
    """One lawyer on each side; nothing is filed."""
    return site.world.joint_petition(lawyers=2)


def of(case: Case, after: int = 0) -> str:
    return f"/ws/cases/{case.pk}?after={after}"


def announce(site: Site, case: Case, user: User, *, side: int = 0, kind: str = "other", document: str | None = None) -> dict[str, Any]:
    """An exhibit added over the API; side 0 is told to both sides."""
    body = {"kind": kind, "side": side, "title": kind, "document": document}
    answer = site.program(user).post(f"/api/v1/cases/{case.pk}/exhibits", json=body)
    assert answer.status_code == 201, answer.text
    site.world.work()
    added: dict[str, Any] = answer.json()
    return added


def sent(site: Site, user: User) -> str:
    """A file sent by a program, not yet checked."""
    return str(site.program(user).post("/api/v1/documents?name=a.pdf", content=pdf(str(uuid4()))).json()["id"])


def head(case: Case) -> int:
    return Case.objects.select_related("chain").get(pk=case.pk).chain.seq


def test_outsiders_are_turned_away_as_from_a_case_that_does_not_exist(site: Site, case: Case) -> None:
    for name in ("outsider", "stranger", "clerk", "judge", "other_clerk", "administrator"):
        for key in (case.pk, uuid4()):
            with site.listening(f"/ws/cases/{key}", site.world.__dict__[f"{name}_user"]) as ear:
                assert ear.end() == 4404, name


def test_who_is_not_signed_in_is_told_to_whatever_the_case(site: Site, case: Case) -> None:
    for key in (case.pk, uuid4()):
        with site.listening(f"/ws/cases/{key}", cookies=httpx.Client()) as ear:
            assert ear.end() == 4401


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", "http://127.0.0.1:9", "http://[", None])
def test_another_sites_page_opens_no_socket_with_our_cookie(site: Site, case: Case, origin: str | None) -> None:
    browser = site.browser(site.world.lawyer_user)
    with site.listening(of(case), cookies=browser) as ear:
        ear.hear()
    with (
        pytest.raises(InvalidStatus) as refusal,
        connect(site.at(of(case)), origin=origin, additional_headers=site.carried(None, browser)),  # type: ignore[arg-type]
    ):
        pass
    assert refusal.value.response.status_code == 403


def test_each_hears_the_entries_that_they_may_see_once_in_order_and_resumes_after_any(site: Site, case: Case) -> None:
    announce(site, case, site.world.lawyer_user, side=1)
    announce(site, case, site.world.second_lawyer_user)
    for name in ("lawyer", "spouse_2"):
        actor = getattr(site.world, name)
        seen = list(access.entries(actor, case).values_list("seq", flat=True))
        for after in (0, seen[len(seen) // 2]):
            with site.listening(of(case, after), site.world.__dict__[f"{name}_user"]) as ear:
                left = [seq for seq in seen if seq > after]
                assert [ear.hear()["entry"]["seq"] for _ in left] == left


def test_what_is_done_through_one_server_is_heard_through_another(site: Site, case: Case) -> None:
    other = replace(site, address=site.serve().address)  # its clients are held, and closed, with the others
    with other.listening(of(case, head(case)), site.world.spouse_2_user) as ear:
        announce(site, case, site.world.lawyer_user)
        assert ear.entries("exhibit.added") == ["exhibit.added"]
        announce(other, case, site.world.second_lawyer_user)
        assert ear.entries("exhibit.added") == ["exhibit.added"]


def test_a_socket_cut_for_a_while_misses_nothing(site: Site, case: Case) -> None:
    with site.listening(of(case, head(case)), site.world.spouse_1_user) as ear:
        announce(site, case, site.world.lawyer_user)
        last = ear.until(type="entry")["entry"]["seq"]
        ear.socket.socket.shutdown(socket.SHUT_RDWR)
    for _ in range(3):
        announce(site, case, site.world.lawyer_user)
    with site.listening(of(case, last), site.world.spouse_1_user) as ear:
        assert [ear.hear()["entry"]["seq"] for _ in range(3)] == [last + 1, last + 2, last + 3]
        announce(site, case, site.world.lawyer_user)
        assert ear.hear()["entry"]["seq"] == last + 4


def test_a_private_exhibit_and_how_its_check_goes_never_reach_the_other_side(site: Site, case: Case) -> None:
    world = site.world
    with (
        site.listening(of(case, head(case)), world.spouse_1_user) as mine,
        site.listening(of(case, head(case)), world.spouse_2_user) as theirs,
    ):
        private = announce(site, case, world.lawyer_user, side=1, kind="secret", document=sent(site, world.lawyer_user))
        announce(site, case, world.lawyer_user, document=sent(site, world.lawyer_user))

        assert mine.until(type="entry")["entry"]["facts"]["kind"] == "secret"
        assert mine.until(type="progress", document=private["document"]["id"])["state"] in ("checking", "ready")
        heard = [theirs.hear()]
        while not {"entry", "progress"} <= {said["type"] for said in heard} or heard[-1].get("state") == "checking":
            heard.append(theirs.hear())
    assert [said["entry"]["facts"]["kind"] for said in heard if said["type"] == "entry"] == ["other"]
    assert private["document"]["id"] not in str(heard)
    assert private["id"] not in str(heard)


def test_the_sender_of_a_file_hears_how_its_check_goes_before_it_is_bound_to_anything(site: Site, case: Case) -> None:
    with site.listening(of(case, head(case)), site.world.lawyer_user) as ear:
        document = sent(site, site.world.lawyer_user)
        site.world.work()
        assert ear.hear() == {"type": "progress", "document": document, "state": "received", "stage": ""}
        assert ear.until(type="progress", document=document, state="ready")


def test_a_lawyer_replaced_on_one_side_hears_no_more_of_what_is_that_sides_own(site: Site) -> None:
    world = site.world
    case = world.joint_petition(lawyers=1)
    with site.listening(of(case, head(case)), world.lawyer_user) as ear:
        named = actions.counsel.name(world.lawyer, case, side=2, full_name="Maître Kerdoncuff", email=world.second_lawyer_user.email)
        sent_to = actions.invitation.send(world.lawyer, case, counsel=named.pk, email=named.email)
        world.accept(case, sent_to, world.second_lawyer)
        announce(site, case, world.second_lawyer_user, side=2, kind="secret")
        announce(site, case, world.second_lawyer_user)
        assert ear.entries("exhibit.added") == ["counsel.named", "invitation.sent", "invitation.accepted", "exhibit.added"]


def test_a_membership_that_ends_closes_the_sockets_it_opened_at_once(site: Site, case: Case) -> None:
    """The servers of these tests look by themselves once an hour: what closes here was told."""
    leaving = site.world.person("Lou", "Sur-le-départ", site.world.firm, "staff")
    with site.listening(of(case), leaving) as ear, site.listening(of(case, head(case)), site.world.lawyer_user) as another:
        ear.hear()
        row = Membership.objects.get(user=leaving)
        site.administered(f"/admin/people/membership/{row.pk}/change/", until="2024-01-01")
        assert ear.end() == 4403
        announce(site, case, site.world.lawyer_user)
        assert another.hear()["type"] == "entry"


def test_a_closed_account_hears_nothing_more(site: Site, case: Case) -> None:
    leaving = site.world.person("Max", "Parti", site.world.firm, "staff")
    with site.listening(of(case), leaving) as ear, site.listening(of(case), cookies=site.browser(leaving)) as window:
        site.administered(f"/admin/people/user/{leaving.pk}/change/", is_active=None)
        assert (ear.end(), window.end()) == (4403, 4403)


def test_a_session_ended_from_another_device_closes_its_sockets_at_once(site: Site, case: Case) -> None:
    here, elsewhere = (site.browser(site.world.spouse_1_user, fresh=True) for _ in range(2))
    for browser in (here, elsewhere):
        browser.get("/mon-compte/")
    with site.listening(of(case), cookies=elsewhere) as ear, site.listening(of(case, head(case)), cookies=here) as mine:
        ear.hear()
        post(here, "/mon-compte/securite/sessions/fin/", page="/mon-compte/securite/")
        assert ear.end() == 4403
        announce(site, case, site.world.lawyer_user)
        assert mine.hear()["type"] == "entry"


def test_signing_out_changing_ones_password_and_revoking_a_token_close_what_they_opened(site: Site, case: Case) -> None:
    user = site.world.person("Noé", "Prudent", site.world.firm, "staff")
    browser, other, third = (site.browser(user, fresh=True) for _ in range(3))
    with site.listening(of(case), cookies=browser) as ear:
        ear.hear()
        assert post(browser, "/compte/logout/").status_code == 302
        assert ear.end() == 4403
    with site.listening(of(case), cookies=other) as ear:
        ear.hear()
        known = {"oldpassword": PASSWORD, "password1": "un autre mot de passe", "password2": "un autre mot de passe"}
        assert post(third, "/compte/password/change/", **known).status_code == 302
        assert ear.end() == 4403
    with site.listening(of(case), user) as ear:
        ear.hear()
        token = Token.objects.get(user=user)
        assert site.program(user).delete(f"/api/v1/me/tokens/{token.pk}").status_code == 204
        assert ear.end() == 4403


def test_a_reader_who_reads_nothing_keeps_no_more_waiting_than_a_fixed_number_and_then_hears_every_entry(site: Site, case: Case) -> None:
    user, told = site.world.lawyer_user, 6000
    narrow = socket.socket()
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    narrow.connect(("127.0.0.1", int(site.address.rpartition(":")[2])))
    with site.listening(of(case, head(case)), user, sock=narrow, max_queue=1, compression=None) as ear:
        asyncio.run(shout(person_group(user.pk), told))
        announce(site, case, site.world.second_lawyer_user)
        heard = []
        while not heard or heard[-1]["type"] != "entry":
            heard.append(ear.hear())
        while heard[-1]["type"] != "behind":
            heard.append(ear.hear())
        announce(site, case, site.world.second_lawyer_user)
        ear.until(type="entry")
    assert len(heard) < told / 2


async def shout(group: str, times: int) -> None:
    layer = get_channel_layer()
    for number in range(times):
        await layer.group_send(group, {"type": "progress", "document": str(number), "state": "x" * 4096, "stage": ""})
