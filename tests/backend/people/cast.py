"""The people of these tests, and how they sign in."""

from typing import Any

from django.test import Client

from backend.people import accounts
from backend.people.models import Kind, Organisation, User

PASSWORD = "une phrase assez longue"
LOGIN = "/account/login/"


def person(email: str = "claire@example.fr", **fields: Any) -> User:
    """An account whose address is proved."""
    user = User.objects.create_user(email, PASSWORD, **{"first_names": "Claire", "last_name": "Morel", **fields})
    accounts.know_address(user)
    return user


def firm(name: str = "Cabinet Morel") -> Organisation:
    return Organisation.objects.create(kind=Kind.FIRM, name=name, bar="Lyon")


def sign_in(client: Client, email: str = "claire@example.fr", password: str = PASSWORD, **extra: Any) -> Any:
    """Through the real door."""
    return client.post(LOGIN, {"login": email, "password": password}, **extra)


def code_in(mail: Any) -> str:
    """The six digits of a mail."""
    return next(word.strip(".") for word in mail.body.split() if word.strip(".").isdigit())
