"""Invitations: a place in a case is taken once, whatever was sent before it was."""

import pytest

from backend.errors import Conflict, NotFound
from cases import actions, links
from cases.models import Invitation
from tests.world import World, unchanged


def test_an_invitation_answered_with_changes_is_closed_by_the_next_and_takes_nobodys_place(world: World) -> None:
    case = world.joint_petition(spouses=False)
    spouse = case.spouses.get(side=2)
    first = actions.invitation.send(world.lawyer, case, spouse=spouse.pk, email=world.spouse_2_user.email)
    actions.invitation.ask_for_changes(world.spouse_2, case, token=links.token(first.pk), comment="Mon nom est mal écrit.")
    world.accept(case, actions.invitation.send(world.lawyer, case, spouse=spouse.pk, email=world.spouse_2_user.email), world.spouse_2)

    with unchanged(case.chain), pytest.raises(Conflict):
        actions.invitation.resend(world.lawyer, case, invitation=first.pk, email=world.stranger_user.email)

    first.refresh_from_db()
    assert first.state == Invitation.State.CANCELLED
    with pytest.raises(NotFound):
        actions.invitation.accept(world.stranger, case, token=links.token(first.pk), consent=True)
    assert case.spouses.get(side=2).user == world.spouse_2_user


@pytest.mark.parametrize("who", ["spouse", "counsel"])
def test_nobody_is_invited_to_or_joins_in_the_place_of_somebody_who_has_joined(world: World, who: str) -> None:
    case = world.joint_petition(spouses=False)
    named = actions.counsel.name(world.lawyer, case, side=2, full_name="Maître Ronan Kerdoncuff", email=world.second_lawyer_user.email)
    person, user = (case.spouses.get(side=2), world.spouse_2_user) if who == "spouse" else (named, world.second_lawyer_user)
    late = world.stranger_user if who == "spouse" else world.outsider_user
    invitation = actions.invitation.send(world.lawyer, case, **{who: person.pk}, email=late.email)
    type(person).objects.filter(pk=person.pk).update(user=user)

    with unchanged(case.chain), pytest.raises(Conflict):
        actions.invitation.resend(world.lawyer, case, invitation=invitation.pk)
    with unchanged(case.chain), pytest.raises(Conflict):
        actions.invitation.accept(world.actor(late), case, token=links.token(invitation.pk), consent=True)
    person.refresh_from_db()
    assert person.user == user
