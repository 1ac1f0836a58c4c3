"""Timestamps: what `openssl ts` accepts, and what the authority refuses."""

import hashlib
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from asn1crypto import tsp
from cryptography.hazmat.primitives.serialization import Encoding

from backend import clock
from signatures import authority, timestamps

CONTENT = b"what was agreed"


def request(algorithm: str = "sha256", *, digest: bytes | None = None, **more: object) -> tsp.TimeStampReq:
    imprint = {"hash_algorithm": {"algorithm": algorithm}, "hashed_message": digest or hashlib.new(algorithm, CONTENT).digest()}
    return tsp.TimeStampReq({"version": 1, "message_imprint": imprint, "cert_req": True, **more})


def info(response: tsp.TimeStampResp) -> tsp.TSTInfo:
    return response["time_stamp_token"]["content"]["encap_content_info"]["content"].parsed


@pytest.mark.parametrize("algorithm", ["sha256", "sha512"])
def test_openssl_verifies_a_timestamp(tmp_path: Path, algorithm: str) -> None:
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed: no second opinion on timestamps")
    files = {
        "content": CONTENT,
        "query": request(algorithm, nonce=123456789).dump(),
        "reply": timestamps.respond(request(algorithm, nonce=123456789)).dump(),
        "root": authority.root().certificate.public_bytes(Encoding.PEM),
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)

    for against in (["-data", "content"], ["-queryfile", "query"]):
        said = subprocess.run(
            ["openssl", "ts", "-verify", "-in", "reply", "-CAfile", "root", *against], cwd=tmp_path, capture_output=True, text=True
        )
        assert "Verification: OK" in said.stdout + said.stderr


def test_a_timestamp_says_when_under_which_policy_and_how_exactly(settings) -> None:
    settings.TSA_POLICY = "1.3.6.1.4.1.99999.1"
    said = info(timestamps.respond(request(nonce=7)))

    assert abs(said["gen_time"].native - clock.machine()) < timedelta(seconds=5)
    assert said["policy"].native == settings.TSA_POLICY
    assert said["accuracy"]["seconds"].native == timestamps.ACCURACY_SECONDS
    assert said["nonce"].native == 7


def test_no_two_timestamps_have_the_same_serial() -> None:
    assert len({info(timestamps.respond(request()))["serial_number"].native for _ in range(20)}) == 20


def test_a_timestamp_keeps_the_machine_s_time_whatever_time_the_platform_believes() -> None:
    with clock.at(clock.machine() - timedelta(days=400)):
        said = info(timestamps.respond(request()))

    assert abs(said["gen_time"].native - clock.machine()) < timedelta(seconds=5)


@pytest.mark.parametrize(
    ("asked", "fault"),
    [
        (request("sha1"), "bad_alg"),
        (request(digest=b"short"), "bad_data_format"),
        (request(req_policy="1.2.3.4"), "unaccepted_policy"),
    ],
)
def test_a_faulty_request_is_refused_with_its_fault(asked: tsp.TimeStampReq, fault: str) -> None:
    response = timestamps.respond(asked)

    assert response["status"]["status"].native == "rejection"
    assert fault in response["status"]["fail_info"].native


def test_the_certificates_come_only_where_they_are_asked_for() -> None:
    bare = request()
    bare["cert_req"] = False

    assert len(timestamps.respond(bare)["time_stamp_token"]["content"]["certificates"]) == 0


@pytest.mark.parametrize(
    ("asked", "fault"),
    [
        (request(extensions=[{"extn_id": "1.2.3.4", "critical": True, "extn_value": b"\x05\x00"}]), "unaccepted_extensions"),
        ({"version": 2}, "bad_request"),
    ],
)
def test_what_is_not_known_here_is_refused(asked: object, fault: str) -> None:
    if isinstance(asked, dict):
        other = request()
        other["version"] = asked["version"]
        asked = other

    assert timestamps.respond(asked)["status"]["fail_info"].native == {fault}
