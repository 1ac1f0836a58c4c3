"""The embedded authority: made once, kept encrypted, each certificate for one use; or a real one by configuration."""

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, load_pem_private_key
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.core.exceptions import ImproperlyConfigured

from backend import clock
from signatures import authority, certificates
from signatures.certificates import subject
from signatures.models import Issued
from signatures.providers import verify

TELL = """
import django
django.setup()
from signatures import authority
print(authority.issuing().certificate.serial_number, authority.root().certificate.serial_number)
"""


@pytest.fixture
def own_keys(settings, tmp_path: Path) -> Path:
    settings.KEYS_DIR = tmp_path / "keys"
    return settings.KEYS_DIR / "authority"


def test_keys_are_made_on_first_use_encrypted_and_for_their_owner_only(own_keys: Path, settings) -> None:
    made = authority.issuing()

    content = (own_keys / "issuing.key").read_bytes()
    assert b"ENCRYPTED" in content
    with pytest.raises(ValueError, match=r"[Pp]assword|decrypt"):
        load_pem_private_key(content, b"another passphrase")
    assert {stat.S_IMODE(path.stat().st_mode) & 0o077 for path in own_keys.glob("*.key")} == {0}
    assert stat.S_IMODE(own_keys.stat().st_mode) == 0o700
    authority.forget()
    assert authority.issuing().certificate == made.certificate


def test_processes_that_start_at_once_make_one_authority(own_keys: Path) -> None:
    environment = os.environ | {"KEYS_DIR": str(own_keys.parent), "DJANGO_SETTINGS_MODULE": "backend.config.settings"}
    started = [subprocess.Popen([sys.executable, "-c", TELL], env=environment, stdout=subprocess.PIPE, text=True) for _ in range(3)]

    assert len({process.communicate(timeout=60)[0] for process in started}) == 1


def test_a_certificate_is_for_one_person_for_minutes_and_what_is_issued_is_recorded(db: None) -> None:
    person = uuid4()

    one, other = (authority.issue(person, "Élodie Martin", "Épouse") for _ in range(2))

    assert one.certificate.public_key() != other.certificate.public_key()
    assert one.certificate.not_valid_after_utc - clock.machine() < timedelta(minutes=11)
    named = {
        oid: one.certificate.subject.get_attributes_for_oid(oid)[0].value
        for oid in (NameOID.COMMON_NAME, NameOID.SERIAL_NUMBER, NameOID.TITLE)
    }
    assert named == {NameOID.COMMON_NAME: "Élodie Martin", NameOID.SERIAL_NUMBER: str(person), NameOID.TITLE: "Épouse"}
    recorded = set(Issued.objects.filter(person=person).values_list("serial", flat=True))
    assert recorded == {f"{made.certificate.serial_number:x}" for made in (one, other)}


def test_a_certificate_lives_in_the_machine_s_time_whatever_time_the_platform_believes(db: None) -> None:
    with clock.at(clock.machine() - timedelta(days=4000)):
        made = authority.issue(uuid4(), "Paul Petit", "")

    assert made.certificate.not_valid_after_utc > clock.machine()


def test_a_long_name_is_cut_to_what_a_certificate_may_hold(db: None) -> None:
    made = authority.issue(uuid4(), "Marie " * 30, "Avocate " * 30)

    assert len(made.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value) == 64


def test_the_timestamp_authority_may_do_nothing_else() -> None:
    usage = authority.timestamps().certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)

    assert usage.critical
    assert list(usage.value) == [ExtendedKeyUsageOID.TIME_STAMPING]


def test_a_seal_near_its_end_is_replaced_and_the_root_never_is(own_keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root, seal = authority.root(), authority.seal()
    authority.forget()
    monkeypatch.setattr(clock, "machine", lambda end=seal.certificate.not_valid_after_utc: end - timedelta(days=30))

    assert authority.seal().certificate != seal.certificate
    assert authority.root().certificate == root.certificate


def test_a_key_is_replaced_while_others_sign_with_it(own_keys: Path) -> None:
    def sealed(number: int) -> str:
        seal, content = authority.seal(), b"%d" % number
        verify(seal.certificate, seal.sign(content), content)
        return f"{seal.certificate.serial_number:x}"

    used = {sealed(0)}
    with ThreadPoolExecutor(4) as pool:
        signing = [pool.submit(lambda: [sealed(number) for number in range(60)]) for _thread in range(4)]
        for _time in range(3):
            authority.rotate("seal")
        used |= {serial for each in signing for serial in each.result()}

    assert used <= {f"{certificate.serial_number:x}" for part, certificate, _used in authority.own() if part.name == "seal"}
    assert len(list((own_keys / "earlier").glob("seal.*.pem"))) == 3


def configured(path: Path, *, profile: certificates.Profile) -> str:
    """A PKCS#12 file as an authority would send it."""
    root = certificates.make(subject("Autorité réelle", "Barreau"), certificates.ROOT)
    made = certificates.make(subject("Barreau", "Barreau"), profile, root)
    path.write_bytes(
        serialize_key_and_certificates(b"x", made.key.private, made.certificate, [root.certificate], BestAvailableEncryption(b"secret"))
    )
    return str(path)


def test_a_real_authority_replaces_the_embedded_one_and_is_trusted(db: None, settings, tmp_path: Path) -> None:
    settings.SIGNATURE_PKCS12, settings.SIGNATURE_PKCS12_PASSPHRASE = (
        configured(tmp_path / "ca.p12", profile=certificates.ISSUING),
        "secret",
    )

    made = authority.issue(uuid4(), "Paul Petit", "")

    assert made.root.subject == subject("Autorité réelle", "Barreau")
    assert made.root in x509.load_pem_x509_certificates(authority.trusted())


def test_what_cannot_certify_is_refused_as_an_authority(settings, tmp_path: Path) -> None:
    settings.SIGNATURE_PKCS12, settings.SIGNATURE_PKCS12_PASSPHRASE = configured(tmp_path / "seal.p12", profile=certificates.SEAL), "secret"

    with pytest.raises(ImproperlyConfigured, match="certification authority"):
        authority.issuing()


def test_a_file_that_does_not_open_is_named(settings, tmp_path: Path) -> None:
    settings.SEAL_PKCS12 = str(tmp_path / "absent.p12")

    with pytest.raises(ImproperlyConfigured, match=r"absent\.p12"):
        authority.seal()
