"""A case that ended gives up its documents when its time has come, to the day; never while somebody holds it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from backend import clock
from backend.errors import Conflict, Invalid, NotAllowed, NotFound, NotNow
from backend.people.actor import Actor
from backend.register.models import Entry
from backend.register.verify import verify
from cases import access, actions, bytes, erasing, instruments, keeping
from cases.actions import letters
from cases.models import Bundle, Case, Exhibit
from cases.models.exhibit import IDENTITY
from documents import vault
from documents.models import Document
from tests.calling import client_of
from tests.pdfs import pdf
from tests.world import World, unchanged


def withdrawn(world: World, at: str = "prepare") -> Case:
    """A case that ended, with an exhibit of each side and an identity paper."""
    return world.once(f"withdrawn-at-{at}", lambda: at_its_end(world, at))


def at_its_end(world: World, at: str) -> Case:
    case = world.joint_petition(lawyers=2)
    for actor, side in ((world.spouse_1, 1), (world.spouse_2, 2)):
        world.exhibit(case, actor, "other", side=side)
    paper = world.exhibit(case, world.spouse_1, IDENTITY, side=1)
    world.work()
    actions.exhibit.communicate(world.spouse_1, case, exhibits=[paper.pk])
    if at != "prepare":
        world.bring(case)
        for step in ("sign", "file", "check"):
            getattr(world, f"to_{step}")(case)
    actions.withdrawal.withdraw(world.spouse_1, case)
    world.work()
    return world.again(case)


@contextmanager
def days_after(case: Case, days: float) -> Iterator[None]:
    """So many days after the last day on which its documents are kept, at noon."""
    found = keeping.keeping(case)
    assert found
    with clock.at(datetime.combine(found.until, datetime.min.time(), UTC) + timedelta(days=days, hours=12)):
        yield


def go_round(world: World) -> None:
    erasing.go_round()
    world.work()


def told(world: World, case: Case) -> None:
    with days_after(case, -30):
        go_round(world)


def left(case: Case) -> list[Document]:
    return [document for document in bytes.files_of(case) if not document.erased]


@pytest.mark.parametrize(
    ("closed", "months", "until"),
    [
        ("2027-01-31T10:00", 1, "2027-02-28"),
        ("2028-01-31T10:00", 1, "2028-02-29"),
        ("2028-02-29T10:00", 12, "2029-02-28"),
        ("2027-06-30T21:59", 12, "2028-06-30"),  # still the 30th in Rouen
        ("2027-06-30T22:01", 12, "2028-07-01"),
    ],
)
def test_months_are_counted_from_the_day_it_ended_where_the_court_sits(world, settings, closed, months, until):
    settings.RETENTION_MONTHS = {"withdrawn": months}
    case = world.joint_petition()
    with clock.at(datetime.fromisoformat(closed).replace(tzinfo=UTC)):
        actions.withdrawal.withdraw(world.spouse_1, case)
    found = keeping.keeping(case)
    assert found
    assert str(found.until) == until


def test_a_case_that_goes_on_is_kept_without_end(world):
    assert keeping.keeping(world.joint_petition()) is None


def test_each_outcome_has_its_own_time(world):
    closed = world.joint_petition(at="closed")
    found = keeping.keeping(closed)
    assert found
    assert (found.rule.outcome, found.rule.months) == ("divorced", 120)


def test_people_are_told_a_month_before_and_not_sooner(world):
    case = withdrawn(world)
    with days_after(case, -31):
        go_round(world)
        assert world.again(case).erasure_told_at is None
    told(world, case)
    entry = access.entries(world.spouse_2, case).get(kind="case.erasure_announced")
    assert entry.facts == {"until": str(keeping.keeping(case).until)}
    told(world, case)
    assert Entry.objects.filter(kind="case.erasure_announced").count() == 1


def test_everything_is_erased_the_day_after_the_last_and_the_register_stays_whole(world):
    case = withdrawn(world, at="check")
    assert len(left(case)) > 10
    told(world, case)
    with days_after(case, 0):
        go_round(world)
        assert left(case)
    with days_after(case, 1):
        go_round(world)
        assert left(case) == []
        assert world.again(case).erased_at == clock.now()
        go_round(world)
    assert Entry.objects.filter(kind="case.erased").count() == 1
    assert list(verify(case.chain_id)) == []


def test_nothing_is_erased_before_people_had_their_month(world):
    case = withdrawn(world)
    with days_after(case, 100):
        go_round(world)
        assert world.again(case).erasure_told_at == clock.now()
    with days_after(case, 129):
        go_round(world)
        assert left(case)
    with days_after(case, 130):
        go_round(world)
        assert left(case) == []


def test_a_hold_keeps_everything_until_the_last_is_released(world):
    case = withdrawn(world, at="check")
    told(world, case)
    first = actions.keeping.hold(world.clerk, case, reason="Instruction en cours")
    second = actions.keeping.hold(world.clerk, case, reason="Recours en révision")
    for hold in (first, second):
        with days_after(case, 10), unchanged(case.chain):
            go_round(world)
            with pytest.raises(NotNow):
                actions.keeping.erase(Actor.platform(), case)
        actions.keeping.release(world.clerk, case, hold=hold.pk)
    with days_after(case, 10):
        go_round(world)
    assert left(case) == []


def test_a_hold_made_while_its_erasure_was_owed_wins(world):
    case = withdrawn(world, at="check")
    told(world, case)
    with days_after(case, 2):
        erasing.go_round()
        actions.keeping.hold(world.clerk, case, reason="Réquisition")
        world.work()
    assert left(case)


def test_only_the_registry_holds_and_says_why(world):
    case = withdrawn(world, at="check")
    with unchanged(case.chain):
        for actor in (world.spouse_1, world.lawyer, world.judge):
            with pytest.raises(NotAllowed):
                actions.keeping.hold(actor, case, reason="Parce que")
        with pytest.raises(Invalid):
            actions.keeping.hold(world.clerk, case, reason="  ")
        for actor in (world.clerk, world.judge, world.spouse_1):
            with pytest.raises(NotAllowed):
                actions.keeping.erase(actor, case)


def test_a_hold_is_released_once_and_by_its_own_case(world):
    case, other = withdrawn(world, at="check"), world.joint_petition(at="check")
    hold = actions.keeping.hold(world.clerk, case, reason="Réquisition")
    with pytest.raises(NotFound):
        actions.keeping.release(world.clerk, other, hold=hold.pk)
    actions.keeping.release(world.clerk, case, hold=hold.pk)
    with pytest.raises(NotFound):
        actions.keeping.release(world.clerk, case, hold=hold.pk)


def test_the_reason_is_for_the_court_and_that_it_is_held_for_all(world):
    case = withdrawn(world, at="check")
    clerk, spouse = client_of(world.clerk_user), client_of(world.spouse_1_user)
    address = f"/api/v1/cases/{case.pk}/holds"
    made = clerk.post(address, {"reason": "Instruction en cours"}, format="json")
    assert made.status_code == 201
    assert [hold["reason"] for hold in clerk.get(address).json()] == ["Instruction en cours"]
    assert spouse.get(address).json() == []
    assert "Instruction" not in spouse.get(f"/api/v1/cases/{case.pk}/entries").content.decode()
    assert access.entries(world.spouse_1, case).filter(kind="case.held").exists()
    assert clerk.post(f"{address}/{made.json()['id']}/release").json()["released_by"]["name"] == world.clerk_user.full_name


def test_an_operator_holds_a_case_by_its_number_without_reading_it(world):
    case = world.joint_petition(at="hear")
    out = StringIO()
    call_command("hold_case", case.rg_number, "--reason", "Litispendance", stdout=out)
    hold = case.holds.get()
    assert (hold.by_id, str(hold.pk) in out.getvalue()) == (None, True)
    call_command("hold_case", str(case.pk), "--release", str(hold.pk), stdout=out)
    assert not case.holds.standing().exists()
    for wrong in (["26/99999", "--reason", "x"], [case.rg_number, "--court", "ailleurs", "--reason", "x"], [case.rg_number]):
        with pytest.raises(CommandError):
            call_command("hold_case", *wrong, stdout=out)


def test_originals_of_identity_papers_go_when_the_case_is_over_and_their_copies_stay(world, settings):
    case = world.joint_petition(lawyers=2)
    paper = world.exhibit(case, world.spouse_1, IDENTITY, side=1)
    world.work()
    actions.exhibit.communicate(world.spouse_1, case, exhibits=[paper.pk])
    world.bring(case)
    for step in ("sign", "file", "check", "hear_child", "schedule", "hear", "recourse"):
        getattr(world, f"to_{step}")(case)
    go_round(world)
    assert not Document.objects.get(pk=paper.document_id).erased
    world.to_closed(case)
    go_round(world)
    paper = Exhibit.objects.with_files().get(pk=paper.pk)
    assert (paper.document.erased, paper.marked.erased) == (True, False)
    mine = access.standing(world.spouse_1, world.again(case))
    assert access.file_of(mine, paper) == paper.marked
    entry = Entry.objects.get(kind="exhibit.original_erased")
    assert entry.about_id == paper.pk
    go_round(world)
    assert Entry.objects.filter(kind="exhibit.original_erased").count() == 1
    with pytest.raises(NotFound):
        actions.exhibit.open_original(world.clerk, case, exhibit=paper.pk)


def test_of_a_case_withdrawn_nothing_of_them_is_kept(world):
    case = withdrawn(world)
    go_round(world)
    paper = Exhibit.objects.with_files().select_related("stamped__head").get(kind=IDENTITY)
    assert (paper.document.erased, paper.marked.erased, paper.stamped.erased) == (True, True, True)
    assert left(case)


def test_a_held_case_keeps_its_originals(world):
    case = withdrawn(world, at="check")
    actions.keeping.hold(world.clerk, case, reason="Faux allégué")
    go_round(world)
    assert not Document.objects.get(pk=Exhibit.objects.get(kind=IDENTITY).document_id).erased


def test_what_was_erased_is_not_found_and_the_case_still_opens(world):
    case = withdrawn(world, at="check")
    told(world, case)
    with days_after(case, 1):
        go_round(world)
        exhibit = case.exhibits.filter(kind="birth-certificate").first()
        client = client_of(world.lawyer_user)
        assert client.get(f"/api/v1/cases/{case.pk}/exhibits/{exhibit.pk}/file").status_code == 404
        assert client.get(f"/api/v1/cases/{case.pk}").json()["case"]["erased_at"]
        with pytest.raises(NotNow):
            actions.keeping.hold(world.clerk, case, reason="Trop tard")


def test_every_model_that_refers_to_a_document_is_of_a_case_and_so_erased():
    fields = [field for field in Document._meta.get_fields(include_hidden=True) if field.auto_created and field.is_relation]
    holders = {field.related_model for field in fields if field.related_model._meta.app_label == "cases"}
    of_a_case = {relation.related_model for relation in Case._meta.related_objects}
    assert holders
    assert holders <= of_a_case


def test_copies_bound_of_a_case_go_with_the_originals_they_may_hold_and_with_the_case(world):
    case = withdrawn(world)

    def bound() -> Bundle:
        bundle = actions.bundle.ask(world.spouse_1, case)
        world.work()
        bundle.refresh_from_db()
        assert bundle.state == "ready"
        return bundle

    def ended(bundle: Bundle) -> bool:
        bundle.refresh_from_db()
        return (bundle.state, bundle.plan, bundle.pieces, bundle.document.versions.kept().count()) == ("expired", [], [], 0)

    first = bound()
    go_round(world)  # the originals of identity papers
    assert ended(first)
    told(world, case)
    with days_after(case, 1):
        second = bound()
        go_round(world)
        assert ended(second)


def test_of_a_case_that_was_erased_nothing_more_is_made_nor_attached(world):
    case = withdrawn(world)
    said = case.instruments.get(kind="withdrawal-notice").data
    letter = instruments.ask_for(case, "withdrawal-notice", access.EVERYONE, data=said)
    Case.objects.filter(pk=case.pk).update(erased_at=clock.now())
    before = Document.objects.count()
    world.work()
    letter.refresh_from_db()
    assert (letter.document_id, Document.objects.count()) == (None, before)
    copy = vault.keep(pdf("Copie"), name="copie.pdf").document
    with pytest.raises(Conflict):
        letters.attach(Actor.platform(), case, instrument=letter.pk, document=copy.pk)
    with pytest.raises(Conflict):
        letters.stamp(Actor.platform(), case, exhibit=case.exhibits.filter(side=1)[0].pk, document=copy.pk)
