"""What a page's request holds once the middleware has seen it."""

from django.http import HttpRequest

from backend.people.actor import Actor
from backend.people.models import User


class Visit(HttpRequest):
    """The request of a signed-in person: for annotations, behind `login_required`."""

    user: User
    actor: Actor
