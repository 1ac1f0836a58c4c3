"""Somebody who signs at their browser, without their certificate or with it."""

import re
from typing import Any

from django.test import Client

from backend.people.models import User
from cases import own
from cases.models import Case
from tests.identities import strong, where
from tests.signatures.personal_service import go_on
from tests.world import World


class Somebody:
    """A signer at their browser, who has read every page and confirmed who they are."""

    def __init__(self, world: World, case: Case, user: User) -> None:
        self.page, self.user, self.case = f"/dossiers/{case.pk}/signature/", user, case
        self.browser = Client()
        self.browser.force_login(user)
        self.browser.cookies["django_language"] = "fr"
        self.browser.get(self.page)
        self.read = world.read(world.actor(user), case)
        strong(self.browser, user)

    def shows(self) -> Any:
        """To the service and back, with the certificates that are there."""
        return self.browser.get(go_on(where(self.browser.post(f"{self.page}certificat/"))), follow=True)

    def form(self) -> dict[str, str]:
        text = self.browser.get(self.page).text
        key = re.search(r'name="key" value="([^"]+)"', text)
        assert key, text
        named = {f"shown-{instrument}": digest for instrument, digest in self.read["shown"].items()}
        return {"key": key[1], "read": "on", "statement": self.read["statement"], **named}

    def signs(self) -> Any:
        """As anybody does."""
        return self.browser.post(self.page, self.form(), follow=True)

    def goes(self) -> Any:
        """With the first of the certificates shown: the page that leads to the service, or says why not."""
        shown = self.browser.session["own-certificates"][0]
        return self.browser.post(self.page, {**self.form(), "own": own.of_json(shown).told["sha256"]})

    def comes_back(self, way: str) -> Any:
        return self.browser.get(way, follow=True)

    def there_and_back(self) -> Any:
        self.shows()
        return self.comes_back(go_on(where(self.goes())))
