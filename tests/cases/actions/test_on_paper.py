"""Signing on paper, by its acts: guided in one place, scanned, compared, confirmed by a lawyer; the scan is then what is filed."""

from uuid import UUID

import pytest

from backend.errors import Conflict, Invalid, NotAllowed, NotFound, NotNow, TooWeak
from cases import access, actions, ceremonies
from cases.models import Case, Instrument
from documents import vault
from documents.models import Document
from tests.cases.test_evidence import embedded, files
from tests.pdfs import pdf
from tests.world import World, unchanged


@pytest.fixture
def on_paper(world: World) -> Case:
    """A case with a lawyer each, being signed on paper, where both spouses are there."""
    case = world.joint_petition(at="sign", lawyers=2)
    actions.signing.cancel(world.lawyer, case)
    actions.signing.open(world.lawyer, case, way="paper", place="12 rue de la Toise, Rouen")
    for lawyer, spouse in zip((world.lawyer, world.second_lawyer), case.spouses.all(), strict=True):
        actions.ceremony.attest(lawyer, case, spouse=spouse.pk)
    return world.again(case)


def one(case: Case, kind: str) -> Instrument:
    return case.instruments.current().select_related("document__head", "session__base").get(kind=kind)


def copy_of(world: World, instrument: Instrument) -> UUID:
    """What a scanner would give of it."""
    assert instrument.document
    assert instrument.document.head
    return world.brought(world.lawyer, instrument.kind, vault.content(instrument.document.head))


def test_scanned_compared_and_confirmed_both_papers_are_signed_and_the_scan_is_what_is_filed(world: World, on_paper: Case) -> None:
    frozen = {}
    for kind in ("petition", "agreement"):
        paper = one(on_paper, kind)
        frozen[kind] = paper.session.base.sha256
        actions.paper.bring(world.lawyer, on_paper, instrument=paper.pk, document=copy_of(world, paper))
        world.work()
        actions.paper.confirm(world.second_lawyer, on_paper, instrument=paper.pk)
        assert one(on_paper, kind).frozen.head.sha256 == frozen[kind]
    case = world.again(on_paper)
    assert case.step == "file"

    entries = access.entries(world.spouse_1, case).filter(kind="paper.signed")
    assert {entry.facts["kind"]: entry.facts["frozen"] for entry in entries} == frozen
    for entry in entries:
        assert entry.digests == {str(entry.about_id): one(case, entry.facts["kind"]).document.head.sha256}
    world.work()
    assert case.instruments.filter(kind="signing-evidence", document__isnull=False).count() == 2  # of the one ended before, and of this one
    actions.filing.submit(world.lawyer, case)
    assert case.step == "check"


def test_its_evidence_says_who_confirmed_the_scan_and_nothing_of_how_a_spouse_was_known(world: World, on_paper: Case) -> None:
    for kind in ("petition", "agreement"):
        paper = one(on_paper, kind)
        actions.paper.bring(world.lawyer, on_paper, instrument=paper.pk, document=copy_of(world, paper))
        world.work()
        actions.paper.confirm(world.met(world.second_lawyer, "192.0.2.4", "Firefox"), on_paper, instrument=paper.pk)
    world.work()

    said = embedded(files(on_paper)[-1])

    for document in said["documents"]:
        confirmed = document["scan"]["confirmed"]
        assert (confirmed["by"], confirmed["name"]) == (str(world.second_lawyer_user.pk), world.second_lawyer.name)
        assert (confirmed["factor"], confirmed["address"], confirmed["device"]) == ("mail-code", "192.0.2.4", "Firefox")
        assert {(signer["state"], signer["factor"], signer["address"], signer["device"]) for signer in document["signers"]} == {
            ("by-hand", "", "", "")
        }


def test_one_paper_confirmed_counts_no_more_than_the_other_that_is_not(world: World, on_paper: Case) -> None:
    """CC 1175: a ceremony that is not finished signs nothing; the scan is kept beside."""
    paper = one(on_paper, "petition")
    drawn_up = paper.document
    actions.paper.bring(world.lawyer, on_paper, instrument=paper.pk, document=copy_of(world, paper))
    world.work()
    actions.paper.confirm(world.lawyer, on_paper, instrument=paper.pk)
    scanned = one(on_paper, "petition").document

    actions.signing.cancel(world.lawyer, on_paper)

    found = one(on_paper, "petition")
    assert (found.document, found.frozen, found.scan, found.signed_at, found.session) == (drawn_up, None, scanned, None, None)


def test_a_scan_that_another_takes_the_place_of_is_left_to_be_erased(world: World, on_paper: Case) -> None:
    paper = one(on_paper, "petition")
    first, second = (copy_of(world, paper) for _ in range(2))
    for document in (first, second):
        actions.paper.bring(world.lawyer, on_paper, instrument=paper.pk, document=document)
        world.work()
    loose = Document.objects.filter(pk__in=(first, second), loose_since__isnull=False)
    assert [document.pk for document in loose] == [first]


def test_a_scan_of_something_else_is_told_and_the_lawyer_answers_for_it(world: World, on_paper: Case) -> None:
    paper = one(on_paper, "petition")
    other = world.brought(world.lawyer, "Autre chose", pdf("Autre chose", paper.session.base.pages))
    actions.paper.bring(world.lawyer, on_paper, instrument=paper.pk, document=other)
    with unchanged(on_paper.chain), pytest.raises(NotNow):
        actions.paper.confirm(world.lawyer, on_paper, instrument=paper.pk)
    world.work()
    with pytest.raises(Invalid) as refusal:
        actions.paper.confirm(world.lawyer, on_paper, instrument=paper.pk)
    assert refusal.value.field == "looked"
    assert access.entries(world.lawyer, on_paper).get(kind="paper.scan_compared").facts["findings"] > 0
    assert world.again(on_paper).step == "sign"


def test_only_a_lawyer_brings_and_confirms_and_only_strongly(world: World, on_paper: Case) -> None:
    paper = one(on_paper, "petition")
    document = world.brought(world.spouse_1, "scan")
    with pytest.raises(NotAllowed):
        actions.paper.bring(world.spouse_1, on_paper, instrument=paper.pk, document=document)
    with pytest.raises(NotAllowed):
        actions.paper.confirm(world.spouse_1, on_paper, instrument=paper.pk)
    with pytest.raises(TooWeak):
        actions.paper.confirm(world.weak(world.lawyer), on_paper, instrument=paper.pk)
    with pytest.raises(NotFound):
        actions.paper.confirm(world.lawyer, on_paper, instrument=on_paper.pk)


def test_nobody_signs_here_what_is_signed_on_paper_and_a_spouse_may_refuse(world: World, on_paper: Case) -> None:
    with pytest.raises(NotNow) as refusal:
        world.signs(world.spouse_1, on_paper)
    assert refusal.value.code == "on-paper"
    actions.signing.refuse(world.spouse_1, on_paper, reason="le montant est faux")
    assert on_paper.step == "prepare"
    with pytest.raises(Conflict):
        ceremonies.going_on(on_paper)
