"""The evidence of a ceremony: one sealed file for people and machines, that says what happened and nothing of what is concealed."""

import hashlib
import io
import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pikepdf
import pypdf
import pytest
from django.utils import translation

from backend import clock
from backend.errors import NotFound
from backend.people.actor import Actor
from cases import access, actions, ceremonies, pieces, receipts
from cases.models import Case, Instrument
from cases.titles import instrument_title
from documents import vault
from signatures import evidence
from signatures.models import Signer
from signatures.validation import validate
from tests.world import HIDDEN, World


def files(case: Case) -> list[Instrument]:
    return list(case.instruments.of_kind("signing-evidence").select_related("document__head").order_by("at"))


def embedded(one: Instrument) -> dict[str, Any]:
    (found,) = pypdf.PdfReader(io.BytesIO(content(one))).attachments["evidence.json"]
    said: dict[str, Any] = json.loads(found)
    return said


def content(one: Instrument) -> bytes:
    assert one.document
    assert one.document.head
    return vault.content(one.document.head)


@pytest.fixture
def signed(world: World) -> Case:
    """Signed by all, each met somewhere."""
    case = world.joint_petition(at="sign", lawyers=2)
    for number, name in enumerate(("spouse_1", "spouse_2", "lawyer", "second_lawyer"), 1):
        world.signs(world.met(getattr(world, name), f"192.0.2.{number}", "Firefox"), case)
    world.work()
    return world.again(case)


def test_it_says_who_how_what_was_shown_and_said_when_and_from_where(world: World, signed: Case) -> None:
    (one,) = files(signed)
    said = embedded(one)

    assert said["schema"] == evidence.SCHEMA
    assert {document["purpose"] for document in said["documents"]} == {"joint-petition.petition", "joint-petition.agreement"}
    for document in said["documents"]:
        kind = document["purpose"].partition(".")[2]
        head = signed.instruments.current().get(kind=kind).document.head
        assert (document["state"], document["signed_sha256"]) == ("complete", head.sha256)
        assert document["sha256"] == hashlib.sha256(vault.content(head)[: document["size"]]).hexdigest()  # signed over what was read
        for signer in document["signers"]:
            row = Signer.objects.get(session=document["session"], person=signer["person"])
            assert [shown["page"] for shown in signer["shown"]] == list(range(1, document["pages"] + 1))
            assert all(shown["at"] <= signer["consented_at"] for shown in signer["shown"])
            assert (signer["factor"], signer["device"]) == ("mail-code", "Firefox")
            assert signer["statement"] == row.evidence["statement"]
            assert signer["statement"]
            assert signer["digest"] == document["sha256"]
            assert signer["consented_at"] <= signer["signed_at"]
    addresses = {signer["name"].split()[-1]: signer["address"] for signer in said["documents"][0]["signers"]}
    assert sorted(addresses.values()) == ["192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"]


def test_it_is_archival_sealed_and_timestamped(world: World, signed: Case) -> None:
    (one,) = files(signed)
    seal, *later = validate(content(one))

    assert (seal.kind, seal.intact, seal.trusted, seal.timestamp_ok) == ("signature", True, True, True)
    assert (later or [seal])[-1].covers_whole
    assert all(stamp.kind == "timestamp" for stamp in later)
    with pikepdf.open(io.BytesIO(content(one))) as pdf:
        meta = pdf.open_metadata()
        assert (meta["pdfaid:part"], meta["pdfaid:conformance"]) == ("3", "A")
        assert str(pdf.Root.AF[0].AFRelationship) == "/Data"


def test_people_read_the_same_in_it(world: World, signed: Case) -> None:
    (one,) = files(signed)
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content(one))).pages)
    said = embedded(one)

    assert "arrêtée" not in text
    for words in ("Preuve d’une signature", "192.0.2.2", said["documents"][0]["sha256"], said["documents"][1]["signed_sha256"]):
        assert words.replace(" ", "") in text.replace(" ", "").replace("\n", "")


def test_the_network_address_of_who_conceals_where_they_live_is_withheld_and_can_be_shown_to_a_judge(world: World) -> None:
    """CPC 1136-5: an address on the network says about where somebody is."""
    case = world.joint_petition(at="sign", lawyers=1, concealed=True)
    for name in ("spouse_1", "spouse_2", "lawyer"):
        world.signs(world.met(getattr(world, name), "198.51.100.7" if name == "spouse_1" else "192.0.2.9", "Safari"), case)
    world.work()
    (one,) = files(world.again(case))
    whole = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content(one))).pages)
    said = embedded(one)

    assert "198.51.100.7" not in whole + json.dumps(said)
    signer = next(each for each in said["documents"][0]["signers"] if each["person"] == str(world.spouse_1_user.pk))
    kept = Signer.objects.get(session=said["documents"][0]["session"], person=world.spouse_1_user.pk).evidence
    assert signer["address_sha256"] == evidence.commitment(kept["address"], kept["nonce"])
    assert signer["address_sha256"] != evidence.commitment("198.51.100.7", "")


def test_who_conceals_it_later_has_the_evidence_made_again_and_the_other_side_reads_the_first_no_more(world: World) -> None:
    """CPC 1136-5."""
    case = world.joint_petition(at="sign", lawyers=1)
    world.signs(world.met(world.spouse_1, "192.0.2.1", "Firefox"), case)
    world.work()
    actions.signing.cancel(world.lawyer, case)
    world.work()
    copied = actions.bundle.ask(world.spouse_2, case)
    world.work()
    world.answer(case, "contact", {**HIDDEN, "concealed": True}, case.spouses.get(side=1).pk, actor=world.spouse_1)
    world.work()
    first, second = files(world.again(case))

    assert "192.0.2.1" in json.dumps(embedded(first))
    assert "192.0.2.1" not in json.dumps(embedded(second))
    assert embedded(first)["ceremony"] == embedded(second)["ceremony"]
    assert first.superseded_at
    assert [one.pk for one in access.instruments(world.spouse_1, case).of_kind("signing-evidence").order_by("at")] == [first.pk, second.pk]
    assert [one.pk for one in access.instruments(world.spouse_2, case).of_kind("signing-evidence")] == [second.pk]
    with pytest.raises(NotFound):
        pieces.piece(world.spouse_2, case, copied.pk, 1)

    world.answer(case, "contact", {**HIDDEN, "concealed": True}, case.spouses.get(side=2).pk, actor=world.spouse_2)
    world.work()
    third = files(world.again(case))[-1]
    for actor, seen in ((world.spouse_1, {third.pk}), (world.spouse_2, {second.pk, third.pk})):
        assert set(access.instruments(actor, case).of_kind("signing-evidence").values_list("pk", flat=True)) == seen


@pytest.mark.parametrize("end", ["refused", "cancelled", "expired"])
def test_what_ended_unfinished_leaves_its_evidence_as_well(world: World, end: str) -> None:
    case = world.joint_petition(at="sign", lawyers=1)
    world.signs(world.spouse_1, case)
    world.work()
    if end == "refused":
        actions.signing.refuse(world.spouse_2, case, reason="le montant est faux")
    elif end == "cancelled":
        actions.signing.cancel(world.lawyer, case)
    with clock.at(clock.now() + timedelta(days=31 if end == "expired" else 0)):
        world.work()

    (one,) = files(world.again(case))
    said = embedded(one)
    assert {document["state"] for document in said["documents"]} == {end}
    reasons = {signer["reason"] for document in said["documents"] for signer in document["signers"]}
    assert reasons == ({"", "le montant est faux"} if end == "refused" else {""})
    assert all(document["signed_sha256"] == "" for document in said["documents"])
    told = receipts.verified(one.code)
    first = pypdf.PdfReader(io.BytesIO(content(one))).pages[0].extract_text()
    with translation.override("fr"):
        title = str(instrument_title(one))
        assert title == "Preuve d’une signature arrêtée" == str(told and told.title)
    assert title.replace(" ", "") in first.replace(" ", "")


def test_the_court_and_strangers_do_not_get_it(world: World) -> None:
    case = world.joint_petition(at="check", lawyers=2)
    (one,) = files(case)

    assert access.instrument(world.spouse_2, case, one.pk) == one
    with pytest.raises(NotFound):
        access.instrument(world.clerk, case, one.pk)


def test_whose_identity_of_which_provider_confirmed_it_is_told_with_what_differs() -> None:
    said = {
        "proved_by": "oidc",
        "level": 3,
        "acr": "eidas2",
        "provider": "franceconnect",
        "subject": "ab" * 32,
        "differs": "last_name,born",
    }
    told = evidence._known(ceremonies.known_by(Actor(user_id=uuid4(), name="Armelle", **said)), False, uuid4())

    assert (told["factor"], told["level"], told["subject"], told["differs"]) == ("oidc", 3, "ab" * 32, "last_name,born")
    with translation.override("fr"):
        assert (
            evidence._factor(told)
            == f"fournisseur d’identité · franceconnect · eidas2 · {'ab' * 8} · dit autrement qu’ici : nom, date de naissance"
        )
