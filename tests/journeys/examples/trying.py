"""The acts of an example: each tried at its moment, as its person, and taken back."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from backend.errors import DomainError
from backend.people.actor import Actor
from cases import access, actions, checks
from cases.models import Case
from tests.journeys.examples import names
from tests.journeys.examples.player import Player

Try = Callable[[Player, Actor, Mapping[str, Any]], object]


def _file(player: Player, actor: Actor, act: Mapping[str, Any]) -> object:
    return actions.filing.submit(actor, player.case)


def _appeal(player: Player, actor: Actor, act: Mapping[str, Any]) -> object:
    return actions.recourse.appeal(actor, player.case)


def _agree_again(player: Player, actor: Actor, act: Mapping[str, Any]) -> object:
    return actions.filing.submit_new_agreement(actor, player.case)


def _read_the_other_statement(player: Player, actor: Actor, act: Mapping[str, Any]) -> object:
    other = next(who for kind, who in player.brought if kind == "resources-statement" and who != act["by"])
    return access.exhibit(actor, player.case, player.brought["resources-statement", other].pk)


ACTS: dict[str, Try] = {
    "file": _file,
    "file the joint petition": _file,
    "summon the spouses": lambda player, actor, act: player.schedule(actor, act["date"]),
    "appeal the judgment": _appeal,
    "appeal the adjournment": _appeal,
    "appeal the lapse": _appeal,
    "petition for cassation": lambda player, actor, act: actions.recourse.petition_for_cassation(actor, player.case),
    "present a new agreement": _agree_again,
    "present a third agreement": _agree_again,
    "record the lapse": lambda player, actor, act: actions.decision.draft(actor, player.case, kind="lapse"),
    "read the other spouse's resources statement": _read_the_other_statement,
    "certify that there is no recourse": lambda player, actor, act: actions.certificate.issue(actor, player.case),
}
INSTEAD_OF = {"present a new agreement": "new agreement"}  # tried in the place of this event, whatever the moment


def wrong(player: Player, act: Mapping[str, Any]) -> Iterator[str]:
    """What an act's answer has wrong, in words; the act itself is taken back."""
    label = f"acts: {act['act']} by {act['by']}"
    with taken_back(player):
        try:
            ACTS[act["act"]](player, player.actor(act["by"]), act)
        except DomainError as refusal:
            if act["answer"] != "refused":
                yield f"{label}: refused ({refusal.code}: {refusal})"
            elif not names.articles(act.get("law", "")) & _laws(player, refusal) and refusal.code != "not-found":
                yield f"{label}: refused without its reason, {act['law']} (says {_laws(player, refusal)})"
        else:
            if act["answer"] != "allowed":
                yield f"{label}: allowed"


def _laws(player: Player, refusal: DomainError) -> set[str]:
    """The articles a refusal names, and those of the findings that a person is shown with it before the filing."""
    found = names.articles(refusal.law or "")
    if player.case.step == "prepare":
        found |= {article for finding in checks.findings(player.case) for article in names.articles(finding.law)}
    return found


@contextmanager
def taken_back(player: Player) -> Iterator[None]:
    """Whatever is done inside is undone."""
    before = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(before)
        player.case = Case.objects.with_people().get(pk=player.case.pk)
