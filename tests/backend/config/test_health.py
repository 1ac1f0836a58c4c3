"""The health check: one word to strangers; to administrators each part, and what holds back the process that parses files."""

import json
from typing import Any

import pytest
from django.test import Client, RequestFactory

from backend.config.health import health
from tests.world import World


def told(actor: Any = None) -> dict[str, Any]:
    request = RequestFactory().get("/health")
    request.actor = actor
    return json.loads(health(request).content)


def test_a_stranger_learns_no_part(db: None, client: Client) -> None:
    assert client.get("/health").json() == {"status": "ok"}


def test_an_administrator_learns_how_files_are_held_back(db: None, settings: Any) -> None:
    settings.CLAMD_ADDRESS = ""
    said = told(World().administrator)
    assert {"landlock", "network", "calls"} <= set(said["sandbox"])
    assert said["virus_scanner"] is False
    assert "scanner" not in said["parts"]


def test_a_scanner_that_is_away_is_said_and_the_rest_goes_on(db: None, settings: Any) -> None:
    settings.CLAMD_ADDRESS = "tcp://127.0.0.1:9"
    said = told(World().administrator)
    assert (said["status"], said["parts"]["scanner"], said["parts"]["database"]) == ("degraded", "down", "ok")


@pytest.mark.parametrize("person", ["lawyer", "clerk"])
def test_nobody_else_learns_it(db: None, person: str) -> None:
    assert set(told(getattr(World(), person))) == {"status"}
