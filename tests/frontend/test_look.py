"""The gathered design system is the installed one, without the State's marks."""

from pathlib import Path

from django.conf import settings
from django.test import Client

from frontend.management.commands.gather_look import gathered


def test_what_is_committed_is_what_the_command_would_write() -> None:
    assert [path.name for path, content in gathered() if path.read_bytes() != content] == []


def test_the_states_typeface_is_nowhere_in_the_look_of_our_own(client: Client, db: None) -> None:
    sheets = (Path(settings.BASE_DIR) / "frontend" / "static" / "css").glob("*.css")

    assert [sheet.name for sheet in sheets if "Marianne" in sheet.read_text()] == []
    assert "state.css" not in client.get("/").text
