"""Invitations: a place in a case is taken once, whatever was sent before it was."""

import pytest
from django.test import Client

from backend import clock
from backend.errors import Conflict, NotAllowed, NotFound
from cases import access, actions, links
from cases.models import Case, Invitation
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


@pytest.fixture
def one_sided(world: World) -> Case:
    """The lawyer acts for the first spouse alone; both spouses are there, the second without a lawyer."""
    case = world.joint_petition(anew=True, lawyers=2, spouses=False)
    for spouse, user, actor in zip(
        case.spouses.all(), (world.spouse_1_user, world.spouse_2_user), (world.spouse_1, world.spouse_2), strict=True
    ):
        world.accept(case, actions.invitation.send(world.lawyer, case, spouse=spouse.pk, email=user.email), actor)
    return world.again(case)


def test_nobody_names_or_invites_the_lawyer_of_the_other_side_once_somebody_of_it_is_there(world: World, one_sided: Case) -> None:
    case, known = one_sided, {"full_name": "Maître Ronan Kerdoncuff", "email": world.second_lawyer_user.email}
    for actor in (world.lawyer, world.spouse_1):
        with unchanged(case.chain), pytest.raises(NotAllowed):
            actions.counsel.name(actor, case, side=2, **known)
    named = actions.counsel.name(world.spouse_2, case, side=2, **known)
    for actor in (world.lawyer, world.spouse_1):
        with unchanged(case.chain), pytest.raises(NotAllowed):
            actions.invitation.send(actor, case, counsel=named.pk, email=world.outsider_user.email)
    sent = actions.invitation.send(world.spouse_2, case, counsel=named.pk, email=named.email)
    for act in (
        lambda: actions.invitation.resend(world.lawyer, case, invitation=sent.pk, email=world.outsider_user.email),
        lambda: actions.invitation.cancel(world.lawyer, case, invitation=sent.pk),
    ):
        with unchanged(case.chain), pytest.raises(NotAllowed):
            act()
    again = actions.invitation.resend(world.lawyer, case, invitation=sent.pk)  # at the same address
    world.accept(case, again, world.second_lawyer)
    assert access.standing(world.second_lawyer, world.again(case)).sides == {2}


def test_the_page_offers_to_invite_those_whom_one_may_invite_and_nobody_else(world: World, one_sided: Case, client: Client) -> None:
    named = actions.counsel.name(
        world.spouse_2, one_sided, side=2, full_name="Maître Ronan Kerdoncuff", email=world.second_lawyer_user.email
    )
    offered = {}
    for user in (world.spouse_1_user, world.spouse_2_user, world.lawyer_user):
        client.force_login(user)
        offered[user] = f"/inviter/counsel/{named.pk}/" in client.get(f"/dossiers/{one_sided.pk}/invitations/").text
    assert offered == {world.spouse_1_user: False, world.spouse_2_user: True, world.lawyer_user: True}


def test_a_lawyer_of_one_side_or_of_its_firm_does_not_join_on_the_other(world: World, one_sided: Case) -> None:
    """However they came by the link: they would see what is private to it, and where its spouse conceals that they live."""
    colleague = world.person("Aline", "Lamy", world.firm, "lawyer")
    for user in (world.lawyer_user, colleague):
        named = one_sided.counsels.create(name="Maître Autre", email=user.email, sides=[2], since=clock.now())
        sent = actions.invitation.send(world.spouse_2, one_sided, counsel=named.pk, email=user.email)
        with unchanged(one_sided.chain), pytest.raises(Conflict):
            actions.invitation.accept(world.actor(user), one_sided, token=links.token(sent.pk), consent=True)
    assert access.standing(world.lawyer, world.again(one_sided)).sides == {1}


def test_a_spouse_brings_their_own_lawyer_and_nobody_else(world: World) -> None:
    case = world.joint_petition(spouses=False)
    world.accept(
        case,
        actions.invitation.send(world.lawyer, case, spouse=case.spouses.get(side=2).pk, email=world.spouse_2_user.email),
        world.spouse_2,
    )
    with pytest.raises(NotAllowed):
        actions.invitation.send(world.spouse_2, case, spouse=case.spouses.get(side=1).pk, email="autre@example.fr")
    named = actions.counsel.name(world.spouse_2, case, side=2, full_name="Maître Ronan Kerdoncuff", email=world.second_lawyer_user.email)
    world.accept(case, actions.invitation.send(world.spouse_2, case, counsel=named.pk, email=named.email), world.second_lawyer)
    assert access.standing(world.second_lawyer, world.again(case)).sides == {2}
    assert access.standing(world.lawyer, world.again(case)).sides == {1}


def test_a_lawyer_of_the_case_does_not_join_as_a_spouse(world: World) -> None:
    case = world.joint_petition(spouses=False)
    sent = actions.invitation.send(world.lawyer, case, spouse=case.spouses.get(side=2).pk, email=world.lawyer_user.email)
    with unchanged(case.chain), pytest.raises(Conflict):
        actions.invitation.accept(world.lawyer, case, token=links.token(sent.pk), consent=True)


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
