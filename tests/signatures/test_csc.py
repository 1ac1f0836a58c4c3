"""A seal whose key is at a remote signing service: by the API of the Cloud Signature Consortium, version 2, against a service that is strict about it."""

import json
from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from backend.errors import Unavailable
from signatures import authority, certificates, pades
from signatures.certificates import subject
from signatures.validation import Verdict
from tests.signatures.making import agreement, pdfsig, signatures
from tests.signatures.serving import Server, serving
from tests.signatures.signing_service import SigningService


@pytest.fixture
def service() -> SigningService:
    root = certificates.make(subject("Autorité qualifiée", "Prestataire"), certificates.ROOT, published="")
    issuing = certificates.make(subject("Autorité de cachets", "Prestataire"), certificates.ISSUING, root, published="")
    return SigningService(certificates.make(subject("Greffe", "Tribunal"), certificates.SEAL, issuing, published=""))


@pytest.fixture
def at(service: SigningService, settings, tmp_path) -> Iterator[Server]:
    """The service, and settings that name it."""
    authority.forget()
    roots = tmp_path / "roots.pem"
    roots.write_bytes(service.credential.root.public_bytes(Encoding.PEM))
    settings.OUTGOING_INSIDE, settings.TRUSTED_ROOTS = frozenset({"127.0.0.1"}), str(roots)
    with serving(service) as server:
        settings.SEAL_CSC_URL, settings.SEAL_CSC_CREDENTIAL = server.url, "seal-1"
        settings.SEAL_CSC_CLIENT, settings.SEAL_CSC_SECRET, settings.SEAL_CSC_PIN = service.client, service.secret, service.pin
        yield server
    authority.forget()


def sealed() -> bytes:
    return pades.sign(agreement(), authority.seal(), pades.Place("seal"), name="Greffe")


def paths(server: Server) -> list[str]:
    return [asked.path for asked in server.came]


def test_a_document_is_sealed_by_a_key_that_stays_at_the_service(at: Server, db: None) -> None:
    signed = sealed()

    (status,) = signatures(signed)
    assert (status.verdict, status.signer, status.organisation) == (Verdict.VALID, "Greffe", "Tribunal")
    assert pdfsig(signed) == ["Signature is Valid."]


def test_what_leaves_is_a_digest_authorised_for_itself_alone(at: Server, db: None) -> None:
    authority.seal().sign(b"what is signed")
    authority.seal().sign(b"and more")

    authorised = [json.loads(asked.body)["hashes"] for asked in at.came if asked.path.endswith("authorize")]
    assert authorised == [json.loads(asked.body)["hashes"] for asked in at.came if asked.path.endswith("signHash")]
    assert [len(hashes) for hashes in authorised] == [1, 1]
    assert not any(b"what is signed" in asked.body for asked in at.came)
    assert paths(at).count("/oauth2/token") == 1


def test_a_token_that_is_no_longer_taken_is_asked_for_again(at: Server, service: SigningService) -> None:
    seal = authority.seal()
    service.tokens.clear()

    assert seal.sign(b"content")
    assert paths(at).count("/oauth2/token") == 2


def test_a_service_that_lists_the_key_s_algorithm_only_is_told_that_one(at: Server, service: SigningService) -> None:
    service.algorithms = ("rsa",)

    with pytest.raises(Unavailable):
        authority.seal().sign(b"content")  # an elliptic key: nothing that can be asked
    assert not any(path.endswith("signHash") for path in paths(at))


@pytest.mark.parametrize(
    ("what", "value"),
    [("pin", "0000"), ("secret", "another"), ("status", "disabled"), ("mode", "oauth2code"), ("forges", True)],
)
def test_without_a_signature_that_holds_nothing_is_sealed(at: Server, service: SigningService, what: str, value: object) -> None:
    setattr(service, what, value)

    with pytest.raises(Unavailable):
        authority.seal().sign(b"content")


def test_a_wrong_pin_is_tried_once(at: Server, service: SigningService) -> None:
    seal = authority.seal()
    service.pin = "0000"

    with pytest.raises(Unavailable):
        seal.sign(b"content")
    assert [path.rpartition("/")[2] for path in paths(at)].count("authorize") == 1


@pytest.mark.parametrize(
    "reply",
    [(500, "text/html", b"fault"), (200, "application/json", b"[]"), (200, "application/json", b"{"), (200, "application/json", b"{}")],
)
def test_a_service_that_answers_anything_else_is_out_of_reach(at: Server, reply: tuple[int, str, bytes]) -> None:
    at.answers = lambda asked: reply

    with pytest.raises(Unavailable):
        authority.seal()


def test_a_service_inside_our_own_network_is_not_asked_unless_the_operator_says_so(at: Server, settings) -> None:
    settings.OUTGOING_INSIDE = frozenset()

    with pytest.raises(Unavailable):
        authority.seal()
    assert at.came == []
