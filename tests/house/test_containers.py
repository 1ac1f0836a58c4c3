"""compose.yaml and the Dockerfile: fit for the specification, closed where nothing needs to be open, with no secret of their own."""

import copy
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from backend.stack.checks import ROOT
from tests.house import variables

Compose = dict[str, Any]
SCHEMA = json.loads((ROOT / "tests" / "data" / "compose-spec.json").read_text())
COMPOSE: Compose = yaml.safe_load((ROOT / "compose.yaml").read_text())
DOCKERFILE = (ROOT / "Dockerfile").read_text()
SECRETS = {"SECRET_KEY", "DOCUMENTS_KEY", "KEYS_PASSPHRASE", "S3_SECRET_KEY", "S3_ACCESS_KEY"}
PASSWORDS = {"APP_PASSWORD", "OWNER_PASSWORD", "POSTGRES_PASSWORD", "VALKEY_PASSWORD"}
OUTER = re.compile(r"\$\{(\w+)(:?[-?+])?([^}]*)\}")


def strange(compose: Compose) -> list[str]:
    """What the specification does not allow."""
    return [f"{'.'.join(map(str, fault.path))}: {fault.message}" for fault in Draft202012Validator(SCHEMA).iter_errors(compose)]


def unwatched(compose: Compose) -> list[str]:
    """Services that neither say how they are nor end by themselves."""
    return [name for name, service in compose["services"].items() if "healthcheck" not in service and service.get("restart") != "no"]


def floating(compose: Compose) -> list[str]:
    """Images whose version another day would change."""
    return [name for name, service in compose["services"].items() if not re.fullmatch(r"[\w./-]+:(?!latest).+", service.get("image", ""))]


def ours(compose: Compose) -> dict[str, Compose]:
    """The services of our own image."""
    return {name: service for name, service in compose["services"].items() if "build" in service}


def unread(compose: Compose) -> set[str]:
    """Variables given to our own image that nothing in it reads."""
    known = set(variables.of_settings()) | variables.of_the_launcher()
    return {name for service in ours(compose).values() for name in service["environment"]} - known


def defaulted(compose: Compose) -> set[str]:
    """Secrets that are not refused where they are missing: each must be asked for once with `:?`, and never have a default."""
    asked = OUTER.findall(yaml.safe_dump(compose, width=10_000))
    refused = {name for name, how, _word in asked if how == ":?"}
    return ((SECRETS | PASSWORDS) - refused) | {name for name, how, _word in asked if name in SECRETS | PASSWORDS and how == ":-"}


def open_doors(compose: Compose) -> set[str]:
    """Services that listen beyond this machine, the proxy apart."""
    published = {name: service.get("ports", []) for name, service in compose["services"].items() if name != "proxy"}
    return {name for name, ports in published.items() if any(not str(port).startswith("127.0.0.1:") for port in ports)}


def waits_in_vain(compose: Compose) -> list[str]:
    """What is waited for in a way that never comes."""
    faults = []
    for name, service in compose["services"].items():
        for other, how in service.get("depends_on", {}).items():
            one_shot = compose["services"][other].get("restart") == "no"
            if how["condition"] != ("service_completed_successfully" if one_shot else "service_healthy"):
                faults.append(f"{name} → {other}")
    return faults


CHECKS: list[Callable[[Compose], Any]] = [strange, unwatched, floating, unread, defaulted, open_doors, waits_in_vain]


@pytest.mark.parametrize("check", CHECKS)
def test_the_file_is_as_it_should_be(check: Callable[[Compose], Any]) -> None:
    assert not check(COMPOSE)


BREACHES: list[tuple[Callable[[Compose], Any], str, str, Any]] = [
    (strange, "web", "helthcheck", {}),
    (unwatched, "beat", "restart", "always"),
    (floating, "valkey", "image", "valkey/valkey:latest"),
    (floating, "proxy", "image", "caddy"),
    (unread, "web", "environment", {"SECRET_KEYS": "x"}),
    (defaulted, "web", "environment", {"SECRET_KEY": "${SECRET_KEY:-secret}"}),
    (open_doors, "database", "ports", ["5432:5432"]),
    (waits_in_vain, "web", "depends_on", {"migrate": {"condition": "service_healthy"}}),
]


@pytest.mark.parametrize(("check", "service", "key", "value"), BREACHES)
def test_a_breach_is_caught(check: Callable[[Compose], Any], service: str, key: str, value: Any) -> None:
    broken = copy.deepcopy(COMPOSE)
    broken["services"][service].pop("healthcheck", None)
    broken["services"][service][key] = value

    assert check(broken)


def test_the_store_s_network_is_joined_by_those_alone_who_read_and_write_documents() -> None:
    joined = {name for name, service in COMPOSE["services"].items() if "objects" in service["networks"]}
    assert joined == {"objects", "web", "worker"}
    assert COMPOSE["services"]["objects"]["networks"] == ["objects"]


def test_servers_and_their_networks_lead_nowhere_outside() -> None:
    for server in ("database", "valkey", "objects"):
        assert all(COMPOSE["networks"][network]["internal"] for network in COMPOSE["services"][server]["networks"])


def test_the_store_keeps_every_other_door_shut_and_says_nothing_to_its_maker() -> None:
    command = COMPOSE["services"]["objects"]["command"]
    assert {"-disableHttp", "-master.telemetry=false", "-ip.bind=127.0.0.1", "-s3.port.iceberg=0", "-s3.port.lance=0"} <= set(command)


def test_every_container_is_read_only_and_can_gain_no_right() -> None:
    for service in COMPOSE["services"].values():
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in service["security_opt"]


def test_only_the_migration_knows_the_owner() -> None:
    knowing = {
        name for name, service in ours(COMPOSE).items() if {"MIGRATOR_DATABASE_URL", "SUPERUSER_DATABASE_URL"} & set(service["environment"])
    }
    assert knowing == {"migrate"}


def test_web_and_workers_scale_by_a_number() -> None:
    for name in ("web", "worker"):
        assert OUTER.fullmatch(COMPOSE["services"][name]["deploy"]["replicas"])
        assert "container_name" not in COMPOSE["services"][name]


def test_the_image_ends_as_an_ordinary_user_and_leaves_its_tools_behind() -> None:
    lines = [line.split() for line in DOCKERFILE.splitlines() if line and not line.startswith((" ", "#"))]
    users = [words[1] for words in lines if words[0] == "USER"]
    assert sum(words[0] == "FROM" for words in lines) == 2
    assert users
    assert users[-1].partition(":")[0] not in ("root", "0")
    assert "--require-hashes" in DOCKERFILE


def test_the_image_holds_the_versions_that_are_tested() -> None:
    tested, shipped = pins(ROOT / "requirements.lock"), pins(ROOT / "deploy" / "requirements.lock")
    assert shipped.items() <= tested.items()
    assert "pytest" not in shipped


def pins(lock: Any) -> dict[str, str]:
    """Each package of a lock, with its version and digests."""
    found = re.split(r"^(?=[a-z0-9])", re.sub(r"^ *#.*\n", "", lock.read_text(), flags=re.MULTILINE), flags=re.MULTILINE)
    return {one.partition("==")[0]: one.strip() for one in found if "==" in one}
