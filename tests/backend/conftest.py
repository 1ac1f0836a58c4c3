"""What the tests of people and of the API share: their own addresses, and templates without the pages' own."""

import copy
from typing import Any

import pytest
from django.template.utils import get_app_template_dirs


@pytest.fixture
def doors(settings: Any) -> None:
    """Sign-in, oneself and the administration, served without `frontend`."""
    settings.ROOT_URLCONF = "tests.backend.urls"
    templates = copy.deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"] = [folder for folder in get_app_template_dirs("templates") if folder.parent.name != "frontend"]
    templates[0]["APP_DIRS"] = False
    templates[0]["OPTIONS"]["context_processors"].remove("frontend.context.site")
    settings.TEMPLATES = templates
