"""The people of these tests, and how they sign in."""

from functools import cache
from typing import Any

from django.contrib.auth.hashers import make_password
from django.test import Client

from backend.people import accounts, sessions, strength
from backend.people.models import Kind, Level, Method, Organisation, User

PASSWORD = "une phrase assez longue"
LOGIN = "/account/login/"


@cache
def hashed() -> str:
    """The hash of PASSWORD, made once: it is slow on purpose."""
    return make_password(PASSWORD)


def person(email: str = "claire@example.fr", **fields: Any) -> User:
    """An account whose address is proved."""
    user = User.objects.create(email=email.lower(), password=hashed(), **{"first_names": "Claire", "last_name": "Morel", **fields})
    accounts.know_address(user)
    return user


def firm(name: str = "Cabinet Morel") -> Organisation:
    return Organisation.objects.create(kind=Kind.FIRM, name=name, bar="Lyon")


def sign_in(client: Client, email: str = "claire@example.fr", password: str = PASSWORD, **extra: Any) -> Any:
    """Through the real door."""
    return client.post(LOGIN, {"login": email, "password": password}, **extra)


def sign_in_confirmed(client: Client, user: User) -> None:
    """As an administrator who has just used their app."""
    sign_in(client, user.email)
    strength.raised(user, sessions.key_of(client.session), Method.TOTP, level=Level.SUBSTANTIAL)


def code_in(mail: Any) -> str:
    """The six digits of a mail."""
    return next(word.strip(".") for word in mail.body.split() if word.strip(".").isdigit())
