"""Every action that a person may do has its endpoint, described as it is."""

from typing import Any

import jsonschema
import pytest
import yaml
from django.core.management import call_command

from cases import proceedings
from cases.actions.base import ACTIONS
from cases.api.endpoints import endpoints
from cases.proceedings.declare import PLATFORM

pytestmark = pytest.mark.usefixtures("db")
BY_LOOKING = {"reading.note"}  # done by whatever gives out a page or a file, and by nothing else
BY_BROWSER = {"signing.prepare", "signing.finish"}  # the person goes to a signing service in between, and authorises there


def of_the_platform() -> set[str]:
    """What no person does: declared for the platform, and for nobody else."""
    tables = [
        table for declared in proceedings.all_versions().values() for table in (declared.throughout, *(step.may for step in declared.steps))
    ]
    own = {name for table in tables for name in table.get(PLATFORM, ())}
    others = {name for table in tables for role, names in table.items() if role != PLATFORM for name in names}
    return own - others


def test_every_action_that_a_person_may_do_has_an_endpoint() -> None:
    assert set(endpoints()) == set(ACTIONS) - of_the_platform() - BY_LOOKING - BY_BROWSER


def test_what_a_case_says_and_openapi_agree_and_each_body_has_an_example_that_fits(calling: Any) -> None:
    document = yaml.safe_load(calling(None).get("/api/v1/openapi.yaml").content)
    assert document["openapi"].startswith("3.1")
    for name, endpoint in endpoints().items():
        operation = document["paths"][endpoint.template.partition("{?")[0]][endpoint.method.lower()]
        assert operation["operationId"] == name
        if endpoint.schema and name != "answers.save":  # whose body is any topic's answer
            jsonschema.validate(operation["requestBody"]["content"]["application/json"]["examples"]["Example"]["value"], endpoint.schema)


def test_the_committed_description_is_that_of_the_code(settings: Any, tmp_path: Any) -> None:
    written = tmp_path / "openapi.yaml"
    call_command("spectacular", "--validate", "--fail-on-warn", "--lang", "en", "--file", str(written))
    assert written.read_text() == (settings.BASE_DIR / "docs" / "openapi.yaml").read_text(), "make openapi"
