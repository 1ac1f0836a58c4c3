"""Whoever acts is recorded in the place they act through, and for the side they represent."""

from datetime import date

from backend.people.models import Membership
from backend.register.models import Entry
from cases import actions
from cases.models import Case, Counsel
from cases.outlook import outlook
from cases.told import told
from tests.world import World


def last(case: Case) -> Entry:
    return Entry.objects.filter(chain=case.chain_id).latest("seq")


def test_a_lawyer_of_two_firms_acts_in_the_one_that_stands_in_the_case_and_for_the_spouse_represented(world: World) -> None:
    case = world.joint_petition(lawyers=2)
    Membership.objects.create(user=world.second_lawyer_user, organisation=world.third_firm, role="lawyer", since=date(2019, 1, 1))
    assert world.second_lawyer.organisation_id == world.third_firm.pk  # the oldest

    world.exhibit(case, world.second_lawyer, "resources-statement", side=2)

    entry = last(case)
    assert entry.organisation_id == world.second_firm.pk
    assert entry.on_behalf_of == case.spouses.get(side=2).pk
    assert told([entry])[0]["for"] == case.spouses.get(side=2).short_name
    assert told([entry])[0]["where"] == "Cabinet Kerdoncuff"
    assert outlook(world.second_lawyer, world.again(case)).timeline[0] == entry


def test_a_lawyer_chosen_together_acts_for_both_and_a_spouse_who_is_a_lawyer_elsewhere_in_their_own_name(world: World) -> None:
    case = world.joint_petition()
    Membership.objects.create(user=world.spouse_1_user, organisation=world.third_firm, role="lawyer", since=date(2019, 1, 1))
    world.exhibit(case, world.spouse_1, "resources-statement", side=1)
    assert (last(case).organisation_id, last(case).on_behalf_of) == (None, None)

    world.exhibit(case, world.staff, "other")
    assert (last(case).organisation_id, last(case).on_behalf_of) == (world.firm.pk, None)
    assert Counsel.objects.get(case=case).sides == [1, 2]


def test_a_clerk_of_two_courts_acts_where_the_case_is(world: World) -> None:
    case = world.joint_petition(at="check")
    Membership.objects.create(user=world.clerk_user, organisation=world.other_court, role="clerk", since=date(2019, 1, 1))

    actions.filing.claim(world.clerk, case)

    assert last(case).organisation_id == world.chamber.pk
    world.hearing_list()
    assert Entry.objects.filter(chain=world.book.chain_id).latest("seq").organisation_id == world.chamber.pk
