"""Signing with one's own certificate, through the pages: at a strict service, whatever goes wrong, and beside the others."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from backend import clock
from backend.errors import NotFound, TooWeak
from backend.people.models import User
from backend.register.models import Entry
from backend.work.doing import run_due
from cases import access, actions, ceremonies
from cases.models import Case
from documents import vault
from signatures import certificates, evidence, report
from signatures.certificates import subject
from signatures.models import Shown, Signer, Turn
from signatures.providers import Credential
from signatures.validation import Verdict
from tests.frontend.signer import Somebody
from tests.identities import where
from tests.signatures import listing
from tests.signatures.making import pdfsig, signatures
from tests.signatures.personal_service import PERSONAL, PersonalService, Provider, go_on, personal
from tests.signatures.serving import serving
from tests.world import World

SERVICE = "Certeo"
BACK = "/signature/certificat/retour/"
NOT_SIGNED = "rien n’est signé"


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    root = certificates.make(subject("Autorité qualifiée", "Prestataire"), certificates.ROOT, published="")
    with serving(lambda asked: (404, "text/plain", b"")) as server:
        issuing = certificates.make(subject("Autorité de personnes", "Prestataire"), certificates.ISSUING, root, published=server.url)
        made = Provider(root, issuing, server.url)
        server.answers = made.publish
        yield made


@pytest.fixture
def issuing(provider: Provider) -> Credential:
    provider.revoked.clear()
    return provider.issuing


@pytest.fixture
def service(provider: Provider, issuing: Credential, settings: Any, tmp_path: Any) -> Iterator[PersonalService]:
    """Where Armelle has her certificate, and settings that name it."""
    roots = tmp_path / "roots.pem"
    roots.write_bytes(issuing.root.public_bytes(Encoding.PEM))
    settings.OUTGOING_INSIDE, settings.TRUSTED_ROOTS = frozenset({"127.0.0.1"}), str(roots)
    made = PersonalService(issuing, back=f"{settings.BASE_URL}{BACK}")
    made.certificates["armelle"] = provider.certify("Armelle Jeanne", "VAUQUELIN")
    with serving(made) as server:
        settings.SIGNERS_CSC_URL, settings.SIGNERS_CSC_NAME = server.url, SERVICE
        settings.SIGNERS_CSC_CLIENT, settings.SIGNERS_CSC_SECRET = made.client, made.secret
        yield made


@pytest.fixture
def case(world: World) -> Case:
    return world.joint_petition(at="sign", lawyers=2)


@pytest.fixture
def armelle(world: World, case: Case) -> Somebody:
    return Somebody(world, case, world.spouse_1_user)


def states(case: Case, user: User) -> set[str]:
    return set(Signer.objects.filter(session__instruments__case=case, person=user.pk).values_list("state", flat=True))


def signed_by_nobody(case: Case, user: User) -> bool:
    return states(case, user) == {"waiting"} and not Turn.objects.filter(signer__person=user.pk).exists()


def later(**by: float) -> Any:
    return clock.at(clock.now() + timedelta(**by))


def test_one_of_four_signs_with_their_own_certificate_among_the_others(
    world: World, case: Case, service: PersonalService, armelle: Somebody
) -> None:
    world.signs(world.spouse_2, case)
    world.work()
    page = armelle.there_and_back()
    assert "Vous avez signé avec votre certificat" in page.text
    assert not Turn.objects.filter(signature=None).exists()
    for actor in (world.lawyer, world.second_lawyer):
        world.signs(actor, case)
    world.work()
    with later(seconds=30):
        world.work()

    assert world.again(case).step == "file"
    assert [len(one["hashes"].split(",")) for one in service.authorised] == [2]
    for instrument in case.instruments.current().of_kind("petition", "agreement"):
        content = vault.content(instrument.document.head)
        found = signatures(content)
        assert [(one.verdict, one.level) for one in found] == [(Verdict.VALID, "B-LTA")] * 4
        assert [one.signer for one in found] == ["Thibault Desmarets", "Armelle Jeanne VAUQUELIN", "Solène Houël", "Ronan Kerdoncuff"]
        assert "Autorité de personnes" in found[1].issuer
        assert pdfsig(content) == ["Signature is Valid."] * 4
    assert not Turn.objects.exists()


def test_its_issuer_may_be_trusted_by_a_trusted_list(
    world: World, case: Case, service: PersonalService, armelle: Somebody, issuing: Credential, settings: Any, tmp_path: Any
) -> None:
    state = listing.operator()
    (tmp_path / "list.xml").write_bytes(state.list_of(listing.Service("Certificats de personnes", issuing.certificate)))
    (tmp_path / "operators.pem").write_bytes(state.pem)
    settings.TRUSTED_LISTS, settings.TRUSTED_LISTS_SIGNERS = [str(tmp_path / "list.xml")], str(tmp_path / "operators.pem")
    settings.TRUSTED_ROOTS = ""
    armelle.there_and_back()
    world.work()

    for instrument in case.instruments.current().of_kind("petition", "agreement"):
        (one,) = report.report(vault.content(instrument.document.head)).signatures
        assert (one.status.verdict, one.trust) == (Verdict.VALID, report.Trust.LISTED)
        assert one.listed
        assert one.listed.service == "Certificats de personnes"


def test_the_register_and_the_evidence_say_with_what_and_where(
    world: World, case: Case, service: PersonalService, armelle: Somebody
) -> None:
    armelle.there_and_back()
    world.work()

    told = [(entry.kind, entry.facts.get("service")) for entry in Entry.objects.filter(chain=case.chain_id).order_by("seq")]
    assert told[-4:] == [("signing.prepared", SERVICE), ("signing.consented", SERVICE), *[("signing.signed", SERVICE)] * 2]
    ceremony = ceremonies.current(case)
    assert ceremony
    facts = evidence.facts(ceremony)
    (mine,) = [one for one in facts["documents"][0]["signers"] if one["person"] == str(armelle.user.pk)]
    assert (mine["certificate"]["service"], mine["certificate"]["subject"]) == (SERVICE, "Armelle Jeanne VAUQUELIN")
    assert mine["statement"] == armelle.read["statement"]
    assert mine["factor"]
    assert evidence.make(facts, heading="", zone="Europe/Paris")


def test_no_token_is_kept_nor_told(case: Case, service: PersonalService, armelle: Somebody, caplog: Any) -> None:
    armelle.shows()
    way = go_on(where(armelle.goes()))
    kept = json.dumps(dict(armelle.browser.session.items())) + json.dumps(list(Turn.objects.values("evidence", "certificate", "facts")))
    armelle.comes_back(way)

    kept += json.dumps(dict(armelle.browser.session.items())) + caplog.text
    assert len(service.opened) == 2
    assert not any(token in kept for token in service.opened)


def test_nothing_is_offered_where_no_service_is_configured(
    world: World, case: Case, service: PersonalService, armelle: Somebody, settings: Any
) -> None:
    assert SERVICE in armelle.browser.get(armelle.page).text
    settings.SIGNERS_CSC_URL = ""

    assert SERVICE not in armelle.browser.get(armelle.page).text
    assert armelle.browser.post(f"{armelle.page}certificat/").status_code == 404
    with pytest.raises(NotFound):
        actions.signing.prepare(world.spouse_1, case, **armelle.read, certificate={})


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("Berthe", "Vauquelin", "au nom de Berthe Vauquelin"),
        ("Armelle", "Houël", "au nom de Armelle Houël"),
        ("", "Vauquelin", "ne dit pas"),
    ],
)
def test_a_certificate_in_another_name_is_refused_in_words(
    case: Case, service: PersonalService, armelle: Somebody, issuing: Credential, first: str, last: str, said: str
) -> None:
    service.certificates["armelle"] = personal(first, last, issuing)

    assert said in armelle.shows().text
    assert said in armelle.goes().text
    assert service.authorised == []
    assert signed_by_nobody(case, armelle.user)


def test_a_certificate_that_cannot_sign_here_says_why_and_is_not_offered(
    case: Case, service: PersonalService, armelle: Somebody, issuing: Credential
) -> None:
    unknown = certificates.make(subject("Inconnue"), certificates.ROOT, published="")
    of_a_seal, of_time = (replace(PERSONAL, usage=frozenset({use})) for use in ("content_commitment", "key_encipherment"))
    for said, certificate, many in (
        ("en qui l’on ait confiance", personal("Armelle", "Vauquelin", unknown), 10),
        ("pas été fait pour signer", personal("Armelle", "Vauquelin", issuing, profile=of_time), 10),
        ("1 sur 2", personal("Armelle", "Vauquelin", issuing, profile=of_a_seal), 1),
    ):
        service.certificates["armelle"], service.many = certificate, many
        page = armelle.shows().text
        assert said in page
        assert 'name="own"' not in page
    for mode, status in (("explicit", "enabled"), ("oauth2code", "disabled")):
        service.mode, service.status = mode, status
        assert "n’a pas de certificat à vous" in armelle.shows().text


def test_a_certificate_that_is_revoked_or_of_which_nobody_says_that_it_is_not_signs_nothing(
    case: Case, service: PersonalService, armelle: Somebody, provider: Provider
) -> None:
    provider.revoked.append(service.certificates["armelle"])
    page = armelle.there_and_back().text
    assert NOT_SIGNED in page
    assert "révoqué" in page

    service.certificates["armelle"] = personal("Armelle", "Vauquelin", provider.issuing, published="http://127.0.0.1:9")
    assert "On n’a pas pu savoir" in armelle.there_and_back().text
    assert signed_by_nobody(case, armelle.user)


def test_a_signature_of_anything_else_is_not_taken(case: Case, service: PersonalService, armelle: Somebody) -> None:
    service.forges = True

    assert f"{SERVICE} n’a pas signé" in armelle.there_and_back().text
    assert signed_by_nobody(case, armelle.user)


def test_the_service_signs_only_what_was_authorised_there(case: Case, service: PersonalService, armelle: Somebody) -> None:
    armelle.shows()
    way = go_on(where(armelle.goes()))
    turn = Turn.objects.all()[0]
    turn.facts["digest"] = "00" * 32
    turn.save()

    assert f"{SERVICE} n’a pas signé" in armelle.comes_back(way).text
    assert signed_by_nobody(case, armelle.user)


def test_who_does_not_authorise_there_has_signed_nothing_and_may_sign_otherwise(
    world: World, case: Case, service: PersonalService, armelle: Somebody
) -> None:
    armelle.shows()
    leading = armelle.goes()
    service.agrees = False
    assert NOT_SIGNED in armelle.comes_back(go_on(where(leading))).text
    assert signed_by_nobody(case, armelle.user)

    armelle.signs()
    world.work()
    assert states(case, armelle.user) == {"signed"}


def test_a_service_that_is_away_signs_nothing_and_keeps_nobody_waiting(
    world: World, case: Case, service: PersonalService, armelle: Somebody, settings: Any
) -> None:
    armelle.shows()
    way = go_on(where(armelle.goes()))
    settings.SIGNERS_CSC_URL = "http://127.0.0.1:9"

    assert f"{SERVICE} n’a pas signé" in armelle.comes_back(way).text
    assert signed_by_nobody(case, armelle.user)


def test_after_its_minutes_a_turn_is_over_and_may_be_begun_again(
    world: World, case: Case, service: PersonalService, armelle: Somebody
) -> None:
    armelle.shows()
    way = go_on(where(armelle.goes()))
    with later(minutes=6):
        assert "trop long" in armelle.comes_back(way).text
    assert signed_by_nobody(case, armelle.user)

    armelle.there_and_back()
    world.work()
    assert states(case, armelle.user) == {"signed"}


def test_what_nobody_comes_back_for_is_forgotten(world: World, case: Case, service: PersonalService, armelle: Somebody) -> None:
    armelle.shows()
    armelle.goes()
    with later(minutes=6):
        run_due()

    assert signed_by_nobody(case, armelle.user)


def test_a_return_counts_once(world: World, case: Case, service: PersonalService, armelle: Somebody) -> None:
    armelle.shows()
    way = go_on(where(armelle.goes()))
    assert "Vous avez signé" in armelle.comes_back(way).text

    assert "déjà" in armelle.comes_back(way).text
    world.work()
    assert states(case, armelle.user) == {"signed"}
    assert Entry.objects.filter(chain=case.chain_id, kind="signing.signed").count() == 2


def test_a_return_is_taken_from_the_browser_that_went_only(world: World, case: Case, service: PersonalService, armelle: Somebody) -> None:
    other = Somebody(world, case, world.spouse_2_user)
    armelle.shows()
    way = go_on(where(armelle.goes()))

    assert "n’était pas attendu" in other.comes_back(way).text
    assert len(service.opened) == 1
    assert "Vous avez signé" in armelle.comes_back(way).text


def test_two_people_at_once_one_goes_and_the_other_waits_or_signs_otherwise(
    world: World, case: Case, service: PersonalService, armelle: Somebody, issuing: Credential
) -> None:
    thibault = Somebody(world, case, world.spouse_2_user)
    armelle.shows()
    way = go_on(where(armelle.goes()))
    hers = service.certificates.pop("armelle")
    service.certificates["thibault"] = personal("Thibault", "Desmarets", issuing)
    thibault.shows()
    assert "dans quelques minutes" in thibault.goes().text
    thibault.signs()
    world.work()
    assert states(case, thibault.user) == {"consented"}

    service.certificates["armelle"] = hers
    assert "Vous avez signé" in armelle.comes_back(way).text
    for seconds in (30, 60):
        with later(seconds=seconds):
            world.work()
    assert states(case, thibault.user) == states(case, armelle.user) == {"signed"}
    for instrument in case.instruments.current().of_kind("petition", "agreement"):
        found = report.report(vault.content(instrument.document.head)).signatures
        assert [one.status.verdict for one in found] == [Verdict.VALID] * 2


@pytest.mark.parametrize("meanwhile", ["cancel", "pause", "refuse"])
def test_what_ends_or_stops_the_signature_ends_a_turn(
    world: World, case: Case, service: PersonalService, armelle: Somebody, meanwhile: str
) -> None:
    armelle.shows()
    way = go_on(where(armelle.goes()))
    if meanwhile == "cancel":
        actions.signing.cancel(world.lawyer, case)
    elif meanwhile == "pause":
        actions.ceremony.pause(world.lawyer, case)
    else:
        actions.signing.refuse(world.spouse_2, case, reason="Une erreur")

    assert NOT_SIGNED in armelle.comes_back(way).text
    world.work()
    assert not Turn.objects.exists()
    assert not access.entries(world.lawyer, case).filter(kind="signing.consented").exists()


def test_one_who_signs_as_anybody_meanwhile_has_signed_so(world: World, case: Case, service: PersonalService, armelle: Somebody) -> None:
    armelle.shows()
    way = go_on(where(armelle.goes()))
    armelle.signs()

    assert NOT_SIGNED in armelle.comes_back(way).text
    world.work()
    assert states(case, armelle.user) == {"signed"}


def test_a_signature_taken_back_takes_those_by_ones_own_certificate_with_it(
    world: World, case: Case, service: PersonalService, armelle: Somebody
) -> None:
    world.signs(world.spouse_2, case)
    world.work()
    armelle.there_and_back()
    world.work()
    signer = Signer.objects.filter(session__instruments__case=case, person=world.spouse_2_user.pk)[0]
    actions.ceremony.redo(world.spouse_2, case, signer=signer.pk, reason="Une erreur")

    assert states(case, armelle.user) == states(case, world.spouse_2_user) == {"waiting"}
    told = Entry.objects.filter(chain=case.chain_id, kind="ceremony.signature_taken_back").order_by("seq")
    assert [entry.facts["person"] for entry in told] == [str(world.spouse_2_user.pk), str(armelle.user.pk)]


def test_pages_unread_and_a_weak_session_are_refused_as_ever(world: World, case: Case, service: PersonalService, armelle: Somebody) -> None:
    armelle.shows()
    (mine,) = armelle.browser.session["own-certificates"]
    Shown.objects.filter(person=armelle.user.pk, page=1).delete()
    assert "pas encore vu toutes les pages" in armelle.goes().text
    with pytest.raises(TooWeak):
        actions.signing.prepare(world.weak(world.spouse_1), case, **armelle.read, certificate=mine)

    assert service.authorised == []
    assert signed_by_nobody(case, armelle.user)
