"""Keys in a hardware module, by PKCS #11: SoftHSM's, a token of each test's own. The key is made there and never leaves."""

import hashlib
import os
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import pkcs11
import pytest
from asn1crypto import tsp
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_der_public_key
from django.core.exceptions import ImproperlyConfigured
from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass
from pkcs11.util.ec import encode_ec_public_key, encode_named_curve_parameters
from pkcs11.util.rsa import encode_rsa_public_key

from backend.errors import Unavailable
from signatures import authority, certificates, hardware, pades, timestamps
from signatures.certificates import Profile, subject
from signatures.providers import Credential
from signatures.validation import Verdict
from tests.signatures.making import agreement, pdfsig, signatures

MODULE = "/usr/lib/softhsm/libsofthsm2.so"
PIN = "864213"

pytestmark = pytest.mark.skipif(not Path(MODULE).exists(), reason="SoftHSM is not installed (Debian's softhsm2): no module to keep keys in")


class Token:
    """A token, and the keys made in it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.module = pkcs11.lib(MODULE)

    def uri(self, key: str) -> str:
        return f"pkcs11:token={self.name};object={key}?module-path={MODULE}"

    def make(self, label: str, profile: Profile, issuer: Credential, *, kind: str = "ec") -> Credential:
        """A key made in the token, its certificate and its issuer's put beside it; the credential, as the product opens it."""
        self.module.reinitialize()
        with self.module.get_token(token_label=self.name).open(rw=True, user_pin=PIN) as session:
            public = self._elliptic(session, label) if kind == "ec" else self._rsa(session, label)
            builder = certificates._builder(subject(label, "Tribunal"), profile, public, issuer)
            made = builder.sign(issuer.signing, SHA256())
            for name, one in (
                (label, made),
                *((f"above-{number}", each) for number, each in enumerate((issuer.certificate, *issuer.chain))),
            ):
                value = one.public_bytes(Encoding.DER)
                said = {
                    Attribute.CLASS: ObjectClass.CERTIFICATE,
                    Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
                    Attribute.TOKEN: True,
                    Attribute.LABEL: name,
                    Attribute.SUBJECT: one.subject.public_bytes(),
                    Attribute.VALUE: value,
                }
                session.create_object(said)
        return hardware.credential(self.uri(label), PIN)

    def _elliptic(self, session: pkcs11.Session, label: str) -> ec.EllipticCurvePublicKey:
        curve = {Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")}
        parameters = session.create_domain_parameters(KeyType.EC, curve, local=True)
        public, _private = parameters.generate_keypair(mechanism=Mechanism.EC_KEY_PAIR_GEN, store=True, label=label)
        return load_der_public_key(encode_ec_public_key(public))

    def _rsa(self, session: pkcs11.Session, label: str) -> rsa.RSAPublicKey:
        public, _private = session.generate_keypair(KeyType.RSA, 2048, store=True, label=label)
        return load_der_public_key(encode_rsa_public_key(public))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A place of SoftHSM's own for this module's tokens."""
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\nlog.level = ERROR\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(folder / "softhsm2.conf"))
        yield


@pytest.fixture
def token(home: None) -> Token:
    name = f"t{uuid4().hex[:12]}"
    words = ["softhsm2-util", "--init-token", "--free", "--label", name, "--pin", PIN, "--so-pin", "12345678"]
    subprocess.run(words, check=True, capture_output=True, timeout=60)
    return Token(name)


@pytest.fixture(scope="module")
def root() -> Credential:
    return certificates.make(subject("Autorité", "Ministère"), certificates.ROOT, published="")


def trust(settings, path: Path, root: Credential) -> None:
    path.write_bytes(root.certificate.public_bytes(Encoding.PEM))
    settings.TRUSTED_ROOTS = str(path)


@pytest.mark.parametrize("kind", ["ec", "rsa"])
def test_a_document_is_sealed_by_a_key_that_stays_in_the_module(
    token: Token, root: Credential, settings, tmp_path: Path, kind: str, db: None
) -> None:
    token.make("seal", certificates.SEAL, root, kind=kind)
    settings.SEAL_PKCS11, settings.SEAL_PKCS11_PIN = token.uri("seal"), PIN
    trust(settings, tmp_path / "roots.pem", root)

    signed = pades.sign(agreement(), authority.seal(), pades.Place("seal"), name="Tribunal")

    (status,) = signatures(signed)
    assert (status.verdict, status.signer, status.organisation) == (Verdict.VALID, "seal", "Tribunal")
    assert pdfsig(signed) == ["Signature is Valid."]
    assert authority.seal().chain == (root.certificate,)


def test_an_authority_in_the_module_certifies_signers_and_answers_for_them(token: Token, root: Credential, settings, db: None) -> None:
    issuing = token.make("issuing", certificates.ISSUING, root)
    settings.SIGNATURE_PKCS11, settings.SIGNATURE_PKCS11_PIN = token.uri("issuing"), PIN

    made = authority.issue(uuid4(), "Paul Petit", "Époux")

    made.certificate.verify_directly_issued_by(issuing.certificate)
    assert made.chain == (issuing.certificate, root.certificate)
    assert issuing.key_id in {each.key_id for each in authority.certifying()}
    authority.responder(issuing).certificate.verify_directly_issued_by(issuing.certificate)


@pytest.mark.parametrize("kind", ["ec", "rsa"])
def test_openssl_believes_a_timestamp_whose_key_is_in_the_module(
    token: Token, root: Credential, settings, tmp_path: Path, kind: str
) -> None:
    token.make("stamps", certificates.TIMESTAMPS, root, kind=kind)
    settings.TIMESTAMPS_PKCS11, settings.TIMESTAMPS_PKCS11_PIN = token.uri("stamps"), PIN
    imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": hashlib.sha256(b"content").digest()}

    reply = timestamps.answer(tsp.TimeStampReq({"version": 1, "message_imprint": imprint, "cert_req": True}).dump())

    for name, content in {"reply": reply, "content": b"content", "root": root.certificate.public_bytes(Encoding.PEM)}.items():
        (tmp_path / name).write_bytes(content)
    words = ["openssl", "ts", "-verify", "-in", "reply", "-data", "content", "-CAfile", "root"]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    assert "Verification: OK" in done.stdout + done.stderr


def test_what_cannot_certify_is_refused_as_an_authority(token: Token, root: Credential, settings) -> None:
    token.make("seal", certificates.SEAL, root)
    settings.SIGNATURE_PKCS11, settings.SIGNATURE_PKCS11_PIN = token.uri("seal"), PIN

    with pytest.raises(ImproperlyConfigured, match="certification authority"):
        authority.issuing()


def test_many_threads_have_their_signatures_from_one_session(token: Token, root: Credential) -> None:
    seal = token.make("seal", certificates.SEAL, root)
    key = seal.certificate.public_key()

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(seal.sign, [b"%d" % number for number in range(40)]))

    for number, signature in enumerate(made):
        key.verify(signature, b"%d" % number, ec.ECDSA(SHA256()))


def test_two_keys_of_one_token_sign_in_turn(token: Token, root: Credential) -> None:
    for name in ("seal", "issuing"):
        token.make(name, certificates.SEAL, root)
    both = [hardware.credential(token.uri(name), PIN) for name in ("seal", "issuing")]

    for each in [*both, *both]:
        each.certificate.public_key().verify(each.sign(b"content"), b"content", ec.ECDSA(SHA256()))


def test_a_module_that_forgot_the_session_is_asked_for_another(token: Token, root: Credential) -> None:
    seal = token.make("seal", certificates.SEAL, root)
    seal.sign(b"before")
    token.module.reinitialize()

    seal.certificate.public_key().verify(seal.sign(b"after"), b"after", ec.ECDSA(SHA256()))


def test_a_process_that_was_forked_from_one_that_signed_signs_too(token: Token, root: Credential) -> None:
    seal = token.make("seal", certificates.SEAL, root)
    seal.sign(b"before")
    read, write = os.pipe()
    if (child := os.fork()) == 0:
        try:
            os.write(write, seal.sign(b"child"))
        finally:
            os._exit(0)
    os.close(write)
    os.waitpid(child, 0)

    with open(read, "rb") as pipe:
        seal.certificate.public_key().verify(pipe.read(), b"child", ec.ECDSA(SHA256()))


def test_a_wrong_pin_is_tried_once_and_no_more(token: Token, root: Credential, monkeypatch: pytest.MonkeyPatch) -> None:
    token.make("seal", certificates.SEAL, root)
    token.module.reinitialize()
    held = hardware.Held(hardware.place(token.uri("seal")), "999999")
    opened: list[object] = []
    real = hardware.open_pkcs11_session
    monkeypatch.setattr(hardware, "open_pkcs11_session", lambda *given, **named: opened.append(given) or real(*given, **named))

    for _time in range(3):
        with pytest.raises(ImproperlyConfigured, match="PIN"):
            held.sign(b"content")

    assert len(opened) == 1


def test_a_token_that_is_not_there_is_out_of_reach(home: None) -> None:
    with pytest.raises(Unavailable):
        hardware.credential(f"pkcs11:token=absent;object=seal?module-path={MODULE}", PIN)


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "/usr/lib/module.so",
        "pkcs11:token=Seals;object=seal",
        "pkcs11:token=Seals?module-path=/x.so",
        "pkcs11:object=s?module-path=x.so",
    ],
)
def test_a_name_that_leads_nowhere_is_refused_with_an_example(uri: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="module-path="):
        hardware.place(uri)


def test_a_name_says_what_rfc_7512_lets_it_say() -> None:
    found = hardware.place("pkcs11:token=My%20token;serial=0001;id=%01%02;object=le%20sceau;type=private?module-path=/usr/lib/p.so")

    assert (found.module, found.label, found.id) == ("/usr/lib/p.so", "le sceau", b"\x01\x02")
    assert (found.token.label, found.token.serial) == ("My token", b"0001")


def test_a_library_that_is_no_module_is_named() -> None:
    with pytest.raises(ImproperlyConfigured, match="libnothing"):
        hardware.credential("pkcs11:object=x?module-path=/usr/lib/libnothing.so", "")
