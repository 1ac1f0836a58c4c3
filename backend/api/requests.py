"""What a call to the API holds once authenticated."""

from rest_framework.request import Request

from backend.people.actor import Actor
from backend.people.models import User


class Call(Request):
    """The request of an authenticated caller: for annotations, in views that are not open to strangers."""

    user: User
    actor: Actor
