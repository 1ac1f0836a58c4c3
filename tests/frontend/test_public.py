"""The pages anybody may open, in both languages."""

from typing import Any

import pytest
from django.test import Client

PAGES = [
    "/",
    "/aide/",
    "/mentions-legales/",
    "/accessibilite/",
    "/source/",
    "/compte/login/",
    "/compte/password/reset/",
    "/compte/password/reset/done/",
]


@pytest.mark.django_db
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_public_page_answers_in_the_language_asked_for(client: Client, page: str, language: str) -> None:
    answer = client.get(page, headers={"accept-language": language})

    assert answer.status_code == 200
    assert f'<html lang="{language}"' in answer.text


@pytest.mark.django_db
def test_a_browser_that_looks_for_the_mark_of_the_site_by_itself_is_led_to_it(client: Client) -> None:
    assert client.get("/favicon.ico")["Location"].endswith(".svg")


@pytest.mark.django_db
def test_every_page_leads_to_the_source_code_of_what_runs(client: Client, settings: Any) -> None:
    settings.SOURCE_URL = "https://forge.example.fr/accord"

    assert [page for page in PAGES if 'href="https://forge.example.fr/accord"' not in client.get(page).text] == []
