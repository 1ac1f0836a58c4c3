"""The means of one's own: added, asked for, used, lost, removed; each step told by mail."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import lxml.html
import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from django.utils import translation

from backend import clock
from backend.people import tokens
from backend.people.models import Level, Membership, Organisation, Role, SafetyNotice, User
from backend.work.doing import run_due
from tests.frontend import own
from tests.frontend.conftest import PASSWORD

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def confirmed(signed_in: Client) -> Client:
    own.confirm_by_mail(signed_in)
    return signed_in


def told(user: User) -> list[str]:
    return list(SafetyNotice.objects.filter(user=user).order_by("pk").values_list("occasion", flat=True))


@pytest.mark.parametrize("page", [own.APP, own.PASSKEY, own.CODES])
def test_what_protects_the_account_is_changed_only_by_who_has_just_confirmed(signed_in: Client, page: str) -> None:
    assert signed_in.get(page).headers["Location"] == f"/confirmer/?next={page.replace('/', '%2F')}"
    signed_in.post(page, {"code": "123456", "credential": "{}"})
    assert not Authenticator.objects.exists()


def test_an_app_is_added_then_asked_for_at_the_next_sign_in_and_makes_the_session_strong(confirmed: Client, person: User) -> None:
    secret, codes = own.add_app(confirmed)
    assert (len(codes), own.is_strong(confirmed)["by"]) == (10, "totp")

    elsewhere = Client()
    assert own.sign_in(elsewhere, person.email).headers["Location"] == own.STEP
    assert elsewhere.get("/mon-compte/").status_code == 302
    with clock.at(clock.now() + timedelta(seconds=60)):
        done = elsewhere.post(own.STEP, {"code": own.code_of(secret)})
        assert (done.status_code, own.is_strong(elsewhere)["by"]) == (302, "totp")


def test_the_secret_and_the_seed_are_sealed_wherever_they_lie(confirmed: Client, person: User) -> None:
    shown = confirmed.get(own.APP)
    secret = re.sub(r"\s", "", re.findall(r'class="ca-key">([^<]+)<', shown.text)[0])
    assert secret not in str(dict(confirmed.session))

    confirmed.post(own.APP, {"code": own.code_of(secret)})

    kept = {row.type: row.data for row in Authenticator.objects.filter(user=person)}
    assert secret not in str(kept)
    assert re.fullmatch(r"[0-9a-f]{16}\.[\w+/=]{60,}", kept["totp"]["secret"])
    assert re.fullmatch(r"[0-9a-f]{16}\.[\w+/=]{60,}", kept["recovery_codes"]["seed"])
    assert secret not in str(dict(confirmed.session))


def test_who_has_an_app_confirms_with_it_and_is_sent_no_code(confirmed: Client, person: User) -> None:
    secret, _codes = own.add_app(confirmed)
    mail.outbox.clear()
    with clock.at(clock.now() + timedelta(minutes=6)):
        assert not own.is_strong(confirmed)["strong"]
        refused = confirmed.post("/confirmer/", {"send": "first"})
        assert not mail.outbox
        with translation.override("fr"):
            assert "Vous avez une clé d’accès ou une application" in refused.text

        confirmed.post("/confirmer/", {"code": own.code_of(secret), "next": "/mon-compte/"})
        assert own.is_strong(confirmed)["by"] == "totp"


def test_a_passkey_is_added_and_opens_the_account_alone(confirmed: Client, person: User) -> None:
    device, done = own.add_passkey(confirmed)
    assert len(own.codes_on(done)) == 10

    elsewhere = Client()
    assert own.sign_in_by_passkey(elsewhere, device).status_code == 302

    strength = own.is_strong(elsewhere)
    assert (strength["strong"], strength["by"]) == (True, "passkey")
    assert "Connexion par clé d’accès" in past(elsewhere)
    assert "Mon téléphone" in confirmed.get(own.SAFETY).text


def past(client: Client) -> str:
    """The account menu once the strength has run out."""
    with clock.at(clock.now() + timedelta(minutes=6)):
        return client.get("/mon-compte/").text


def test_a_passkey_follows_the_password_and_confirms_acts_with_what_was_typed_kept(confirmed: Client, person: User) -> None:
    device, _done = own.add_passkey(confirmed)
    elsewhere = Client()
    step = elsewhere.get(own.sign_in(elsewhere, person.email).headers["Location"])
    assert elsewhere.post(own.STEP, {"credential": device.proved(own.options(step))}).status_code == 302

    with clock.at(clock.now() + timedelta(minutes=6)):
        carried = {"carried-reason": "what I typed", "next": "/mon-compte/"}
        asked = elsewhere.post("/confirmer/", {**carried, "code": "000000"})
        assert 'name="carried-reason" value="what I typed"' in asked.text
        before = elsewhere.cookies["sessionid"].value
        done = elsewhere.post("/confirmer/", {**carried, "credential": device.proved(own.options(asked))})
        assert 'name="reason" value="what I typed"' in done.text
        assert elsewhere.cookies["sessionid"].value != before
        assert own.is_strong(elsewhere)["by"] == "passkey"


def test_a_recovery_code_lets_in_and_mends_but_binds_nobody(confirmed: Client, person: User) -> None:
    _secret, codes = own.add_app(confirmed)
    elsewhere = Client()
    own.sign_in(elsewhere, person.email)
    assert elsewhere.post(own.STEP, {"code": codes[0]}).status_code == 302

    assert not own.is_strong(elsewhere)["strong"]
    assert "9 codes de secours" in elsewhere.get(own.SAFETY).text
    app = Authenticator.objects.get(user=person, type="totp")
    elsewhere.post(f"{own.SAFETY}{app.pk}/retirer/")

    assert not Authenticator.objects.filter(user=person).exists()
    assert told(person) == ["app-added", "code-used", "new-device", "app-removed"]


def test_a_new_browser_is_told_and_a_known_one_is_not(signed_in: Client, person: User, mailoutbox: list[Any]) -> None:
    assert told(person) == []  # the first is no news
    signed_in.post("/compte/logout/")
    own.sign_in(signed_in, person.email)
    assert told(person) == []

    phone = Client(headers={"user-agent": "Mozilla/5.0 (Android 9; Mobile; rv:128.0) Gecko/128.0 Firefox/128.0"}, REMOTE_ADDR="192.0.2.7")
    own.sign_in(phone, person.email)
    run_due()

    assert told(person) == ["new-device"]
    notice = mailoutbox[-1]
    assert (notice.to, notice.subject) == ([person.email], "Commun Accord : Votre compte a été ouvert sur un nouvel appareil")
    assert "Firefox, Android" in notice.body
    assert "192.0.2.7" in notice.body
    assert "http://localhost:8000/mon-compte/securite/" in notice.body
    run_due()
    assert SafetyNotice.objects.get().sent_at


def test_a_browser_that_was_signed_out_from_elsewhere_is_told_when_it_comes_back(signed_in: Client, person: User) -> None:
    phone = Client()
    own.sign_in(phone, person.email)
    signed_in.post(f"{own.SAFETY}sessions/fin/")
    own.sign_in(phone, person.email)
    own.sign_in(signed_in, person.email)

    assert told(person) == ["new-device"] * 2


def test_adding_and_removing_are_told(confirmed: Client, person: User) -> None:
    own.add_app(confirmed)
    own.add_passkey(confirmed)
    confirmed.post(own.CODES)
    for row in Authenticator.objects.exclude(type="recovery_codes").order_by("created_at"):
        confirmed.post(f"{own.SAFETY}{row.pk}/retirer/")

    assert told(person) == ["app-added", "passkey-added", "codes-made", "app-removed", "passkey-removed"]
    assert not Authenticator.objects.exists()


def test_new_codes_take_the_place_of_the_old_and_are_shown_once(confirmed: Client, person: User) -> None:
    _secret, old = own.add_app(confirmed)
    new = own.codes_on(confirmed.post(own.CODES))

    assert len(set(old) | set(new)) == 20
    assert not any(code in confirmed.get(own.SAFETY).text for code in new)
    elsewhere = Client()
    own.sign_in(elsewhere, person.email)
    assert elsewhere.post(own.STEP, {"code": old[1]}).status_code == 200
    assert elsewhere.post(own.STEP, {"code": new[1]}).status_code == 302


def test_sessions_are_seen_and_ended_one_by_one_or_all_at_once(signed_in: Client, person: User) -> None:
    phone, tablet, other = Client(headers={"user-agent": "Mozilla/5.0 (Android 9) Firefox/128.0"}), Client(), Client()
    for client in (phone, tablet, other):
        own.sign_in(client, person.email)
    page = lxml.html.fromstring(signed_in.get(own.SAFETY).text)
    assert len(page.xpath("//form[contains(@action, '/sessions/') and contains(@action, '/fin/')]")) == 4  # three, and all of them

    signed_in.post(page.xpath("//li[contains(., 'Firefox, Android')]//form/@action")[0])
    open_now = [client.get("/mon-compte/").status_code for client in (signed_in, phone, tablet, other)]
    signed_in.post("/mon-compte/securite/sessions/fin/")

    assert open_now == [200, 302, 200, 200]
    assert [client.get("/mon-compte/").status_code for client in (signed_in, tablet, other)] == [200, 302, 302]


def test_a_program_is_seen_and_revoked(signed_in: Client, person: User) -> None:
    tokens.issue(person, "Logiciel du cabinet", 30)
    page = signed_in.get(own.SAFETY).text
    assert "Logiciel du cabinet" in page

    signed_in.post(re.findall(r"/mon-compte/securite/programmes/[\w-]+/fin/", page)[0])
    assert not tokens.of(person).exists()


def test_where_one_works_may_ask_for_more_than_a_code_by_mail(confirmed: Client, person: User) -> None:
    firm = Organisation.objects.create(kind="firm", name="Cabinet", binding_level=Level.SUBSTANTIAL)
    Membership.objects.create(user=person, organisation=firm, role=Role.LAWYER)
    assert not own.is_strong(confirmed)["strong"]
    asked = confirmed.get("/confirmer/").text
    assert "une clé d’accès ou une application d’authentification. Ajoutez-en une" in asked
    assert "Envoyez-moi un code" not in asked
    assert "Envoyez-moi un code" in confirmed.get(f"/confirmer/?next={own.APP}").text  # to add one, it is enough

    own.add_app(confirmed)
    assert own.is_strong(confirmed)["strong"]

    Organisation.objects.update(binding_level=Level.HIGH)
    assert not own.is_strong(confirmed)["strong"]
    own.add_passkey(confirmed)
    assert own.is_strong(confirmed)["strong"]


def test_who_is_about_to_add_something_quicker_is_not_sent_to_add_it(signed_in: Client, person: User) -> None:
    quicker = "Plus rapide la prochaine fois"
    asked = signed_in.get(f"/confirmer/?next={own.PASSKEY}").text
    assert quicker not in asked
    assert "Vous allez changer ce qui protège votre compte." in asked
    assert "ce que vous allez faire vous engage" not in asked.lower()
    assert quicker in signed_in.get("/confirmer/?next=/dossiers/").text


def test_the_page_of_sign_in_leads_once_to_a_new_password(client: Client, db: None) -> None:
    for page in (client.get(own.SIGN_IN), client.post(own.SIGN_IN, {"login": "x", "password": ""})):
        assert page.text.count('href="/compte/password/reset/"') == 1


def test_the_library_s_own_pages_lead_to_ours(signed_in: Client) -> None:
    places = [
        "2fa/",
        "2fa/totp/activate/",
        "2fa/webauthn/add/",
        "2fa/recovery-codes/",
        "2fa/reauthenticate/",
        "sessions/",
        "reauthenticate/",
    ]
    led = {signed_in.get(f"/compte/{place}").headers["Location"] for place in places}
    assert led == {own.SAFETY, "/confirmer/"}


def test_changing_the_address_asks_to_confirm_and_keeps_what_was_typed(signed_in: Client, person: User) -> None:
    page = signed_in.post("/compte/email/", {"email": "autre@example.fr", "action_add": ""})
    assert 'name="carried-email" value="autre@example.fr"' in page.text
    assert person.emailaddress_set.count() == 1

    own.confirm_by_mail(signed_in)
    signed_in.post("/compte/email/", {"email": "autre@example.fr", "action_add": ""})
    assert person.emailaddress_set.count() == 2


def test_a_program_of_who_has_an_app_is_made_strong_by_its_code(confirmed: Client, person: User) -> None:
    secret, _codes = own.add_app(confirmed)
    program = Client(headers={"authorization": f"Token {tokens.issue(person, 'logiciel', 30)}"})
    with clock.at(clock.now() + timedelta(seconds=60)):
        assert program.post(own.STRENGTH, {"password": PASSWORD}, "application/json").json()["code"] == "own-factor"
        wrong = program.put(own.STRENGTH, {"password": "faux", "code": own.code_of(secret)}, "application/json")
        assert wrong.json()["code"] == "password-wrong"
        done = program.put(own.STRENGTH, {"password": PASSWORD, "code": own.code_of(secret)}, "application/json").json()
    assert (done["strong"], done["by"]) == (True, "totp")


def test_an_administrator_changes_nothing_before_confirming_with_a_means_of_their_own(confirmed: Client, person: User) -> None:
    User.objects.filter(pk=person.pk).update(is_staff=True, is_superuser=True)
    other = User.objects.create(email="autre@example.fr")
    page, closed = f"/admin/people/user/{other.pk}/change/", {"email": other.email, "first_names": "Fermée", "language": "fr"}
    lines = {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
    assert confirmed.get(page).status_code == 200
    asked = confirmed.post(page, closed | lines)
    assert "Confirmez que" in asked.text
    assert 'name="carried-first_names" value="Fermée"' in asked.text
    assert User.objects.get(pk=other.pk).first_names == ""

    own.add_app(confirmed)
    assert confirmed.post(page, closed | lines).status_code == 302
    assert User.objects.get(pk=other.pk).first_names == "Fermée"


def test_a_program_of_who_has_a_passkey_alone_is_told_to_add_an_app(confirmed: Client, person: User) -> None:
    own.add_passkey(confirmed)
    program = Client(headers={"authorization": f"Token {tokens.issue(person, 'logiciel', 30)}"})
    answer = program.put(own.STRENGTH, {"password": PASSWORD, "code": "123456"}, "application/json")
    assert (answer.status_code, answer.json()["code"]) == (409, "no-app")
