"""A virus found in a file that a case holds already: told to those who can see the exhibit, so that another is brought."""

from contextlib import suppress

from backend.errors import Conflict, NotFound
from backend.people.actor import Actor
from cases import actions
from cases.models import Exhibit
from documents.models import State, Version


def note(version: str) -> None:
    """Note that a file was set aside in each exhibit that holds it (job `cases.set-aside`). What was noted already, or taken back, is passed over."""
    found = Version.objects.filter(pk=version, state=State.QUARANTINED).first()
    holding = Exhibit.objects.kept().select_related("case").filter(document=found.document_id) if found else ()
    for exhibit in holding:
        with suppress(Conflict, NotFound):
            actions.exhibit.set_aside(Actor.platform(), exhibit.case, exhibit=exhibit.pk)
