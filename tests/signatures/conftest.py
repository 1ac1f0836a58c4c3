"""What the tests of signing share."""

import pytest


@pytest.fixture(autouse=True)
def nobody_listens(settings) -> None:
    settings.DOCUMENTS_CHANGED = ""
