"""Nobody listens to what becomes of hostile files."""

from typing import Any

import pytest


@pytest.fixture(autouse=True)
def nobody_listens(settings: Any) -> None:
    settings.DOCUMENTS_CHANGED = ""
