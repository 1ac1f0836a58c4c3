"""A scan of what was signed by hand, held page by page against the frozen text: what is found, and who decides."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend import clock
from backend.errors import Invalid, NotNow
from documents import vault
from documents.models import Version
from signatures import ceremony, gathering, paper
from signatures.ceremony import SignerSpec
from signatures.models import Ceremony, Session, Signer
from signatures.paper import Doubt, Found, differences
from tests.signatures.making import agreement, draft, four

TEXT = (
    "Les époux conviennent que la résidence de l'enfant est fixée chez sa mère, avec un droit de visite et d'hébergement usuel.",
    "Le père verse une contribution à l'entretien et à l'éducation de l'enfant de 210 euros par mois, indexée chaque année au 1er janvier.",
    "Le domicile conjugal est attribué à l'épouse, qui en règle le loyer à compter de la date d'effet du divorce entre les époux.",
)


def doubts(scan: Sequence[str], base: Sequence[str] = TEXT) -> list[tuple[str, int, int]]:
    return [(str(one.doubt), one.page, one.scanned) for one in differences(base, scan)]


def test_the_same_pages_in_the_same_order_leave_no_doubt_whatever_is_added_by_hand_and_however_accents_are_read() -> None:
    read_by_eye = [f"{page.upper().replace('É', 'E')} A.V. T.D. lu et approuvé" for page in TEXT]
    assert doubts(read_by_eye) == []


def test_a_page_that_is_lacking_is_told_and_the_count_with_it() -> None:
    assert doubts([TEXT[0], TEXT[2]]) == [("page-count", 3, 2), ("page-missing", 2, 0), ("page-moved", 3, 2)]


def test_pages_out_of_order_are_told_each_with_where_it_is() -> None:
    assert doubts([TEXT[1], TEXT[0], TEXT[2]]) == [("page-moved", 1, 2), ("page-moved", 2, 1)]


def test_a_page_of_something_else_is_told() -> None:
    other = "Recette de la tarte aux pommes : épluchez huit pommes, étalez la pâte dans un moule beurré, et faites cuire quarante minutes."
    assert doubts([*TEXT, other]) == [("page-count", 3, 4), ("page-extra", 0, 4)]
    assert doubts([TEXT[0], other, TEXT[2]]) == [("page-missing", 2, 0), ("page-extra", 0, 2)]


def test_an_amount_that_is_not_the_same_is_told_with_the_number_that_lacks() -> None:
    (found,) = differences(TEXT, [TEXT[0], TEXT[1].replace("210", "120"), TEXT[2]])
    assert (found.doubt, found.page, found.lacking) == (Doubt.NUMBERS, 2, "210")


def test_a_page_half_of_which_is_not_read_is_told_with_how_much_was() -> None:
    words = TEXT[2].split()
    found = differences(TEXT, [TEXT[0], TEXT[1], " ".join(words[: len(words) * 2 // 3])])
    assert [(one.doubt, one.page) for one in found] == [(Doubt.DIFFERENT, 3)]
    assert 50 <= found[0].alike < 80


def test_a_page_on_which_nothing_is_read_is_left_to_the_eye_and_is_not_called_missing() -> None:
    assert doubts([TEXT[0], "", TEXT[2]]) == [("page-unreadable", 0, 2)]


def test_a_page_of_the_text_without_words_asks_for_none() -> None:
    assert doubts([TEXT[0], "A.V."], base=[TEXT[0], ""]) == []
    assert doubts([TEXT[0], ""], base=[TEXT[0], ""]) == []


@given(st.permutations(range(3)))
def test_every_page_that_is_there_is_found_wherever_it_is(order: list[int]) -> None:
    moved = {(found.page, found.scanned) for found in differences(TEXT, [TEXT[page] for page in order])}
    assert moved == {(page + 1, at + 1) for at, page in enumerate(order) if at != page}


# --- in a session


@pytest.fixture
def session(db: None) -> Session:
    """Two who sign on paper, in an hour, one of them before a lawyer's eyes."""
    first, second = four()[0], four()[2]
    now = clock.now()
    place = gathering.gather("paper", place="12 rue de la Toise", opens_at=now, closes_at=now + timedelta(hours=2))
    people = [SignerSpec(first.person, first.name, first.capacity, attested=True), second]
    return ceremony.open_session(draft(), people, ceremony=place)


LAWYER: dict[str, Any] = {"by": UUID(int=7), "by_name": "Solène Houël"}


def scan(source: str = "") -> Version:
    return vault.keep(agreement(source) if source else agreement(), name="scan.pdf")


def compared(session: Session, brought: Version) -> list[Found]:
    paper.bring(session, brought)
    found = paper.compare(session.base, brought)
    assert paper.note(session.pk, brought.pk, [one.told for one in found])
    return found


def attest(session: Session) -> None:
    assert session.ceremony
    gathering.attest(session.ceremony, session.signers.get(attested=True).person, by=uuid4(), by_name="Solène Houël", evidence={})


def test_confirmed_it_is_bound_to_the_text_and_everyone_has_signed_by_hand(session: Session) -> None:
    brought = scan()
    assert compared(session, brought) == []
    attest(session)

    done = paper.confirm(session.pk, **LAWYER, looked="", evidence={"address": "192.0.2.7"})

    assert (done.state, done.scan, done.base) == (Session.State.COMPLETE, brought, session.base)
    assert set(session.signers.values_list("state", flat=True)) == {Signer.State.BY_HAND}
    assert (done.confirmation["by"], done.confirmation["name"], done.confirmation["address"]) == (
        str(LAWYER["by"]),
        "Solène Houël",
        "192.0.2.7",
    )
    assert [signer.evidence for signer in session.signers.all()] == [{}, {}], "who signs by hand is known by nothing else"
    with pytest.raises(NotNow):
        paper.confirm(session.pk, **LAWYER, looked="", evidence={})


def test_what_was_found_is_not_passed_over_in_silence(session: Session) -> None:
    other = "#pagebreak()\n".join(["Tout à fait autre chose.\n"] * (session.base.pages or 0))
    assert compared(session, scan(f'#set document(title: "x")\n#set text(lang: "fr")\n{other}'))
    attest(session)
    with pytest.raises(Invalid) as refusal:
        paper.confirm(session.pk, **LAWYER, looked=" ", evidence={})
    assert refusal.value.field == "looked"
    done = paper.confirm(session.pk, **LAWYER, looked="Le scanner a pris la couverture ; les pages sont jointes.", evidence={})
    assert done.confirmation["looked"].startswith("Le scanner")


def test_a_scan_with_fewer_pages_than_the_text_is_not_confirmed_whatever_is_said(session: Session) -> None:
    short = '#set document(title: "x")\n#set text(lang: "fr")\nUne seule page.'
    brought = scan(short)
    assert (brought.pages or 0) < (session.base.pages or 0)
    compared(session, brought)
    attest(session)
    assert refusal(lambda: paper.confirm(session.pk, **LAWYER, looked="ok", evidence={})) == "pages-missing"


def test_nothing_is_confirmed_before_it_is_compared_nor_without_those_who_must_be_there(session: Session) -> None:
    with pytest.raises(NotNow) as refusal:
        paper.confirm(session.pk, **LAWYER, looked="", evidence={})
    assert refusal.value.code == "not-compared"
    compared(session, scan())
    with pytest.raises(NotNow) as refusal:
        paper.confirm(session.pk, **LAWYER, looked="", evidence={})
    assert refusal.value.code == "presence"
    assert session.signers.exclude(state=Signer.State.WAITING).count() == 0


def test_another_scan_takes_the_place_of_the_first_whose_comparison_counts_no_more(session: Session) -> None:
    first, second = scan(), scan()
    paper.bring(session, first)
    paper.bring(session, second)

    assert not paper.note(session.pk, first.pk, [])
    with pytest.raises(NotNow):
        paper.confirm(session.pk, **LAWYER, looked="", evidence={})


def test_on_paper_nobody_signs_here_and_elsewhere_nobody_brings_a_scan(session: Session) -> None:
    with pytest.raises(NotNow) as refusal:
        ceremony.consent(session.pk, session.signers.get(attested=False).person, evidence={})
    assert refusal.value.code == "on-paper"
    alone = ceremony.open_session(draft(), four())
    with pytest.raises(NotNow):
        paper.bring(alone, scan())


def test_what_was_scanned_in_time_may_be_confirmed_for_a_day_after_the_closing(session: Session) -> None:
    there = session.ceremony
    assert isinstance(there, Ceremony)
    with clock.at(there.closes_at):
        assert gathering.over(there)
        assert refusal(lambda: paper.bring(session, scan())) == "closed"
    attest(session)
    compared(session, scan())
    with clock.at(there.closes_at + timedelta(days=1)):
        assert gathering.over(there)
        assert refusal(lambda: paper.confirm(session.pk, **LAWYER, looked="", evidence={})) == "closed"
    with clock.at(there.closes_at + timedelta(hours=23)):
        assert not gathering.over(there)
        paper.confirm(session.pk, **LAWYER, looked="", evidence={})


def test_of_two_papers_both_must_be_scanned_in_time(session: Session) -> None:
    there = session.ceremony
    assert isinstance(there, Ceremony)
    ceremony.open_session(draft(), four()[2:3], ceremony=there)
    compared(session, scan())
    with clock.at(there.closes_at):
        assert gathering.over(there)


def test_while_it_is_paused_nothing_is_brought_or_confirmed_and_nothing_closes(session: Session) -> None:
    there = session.ceremony
    assert isinstance(there, Ceremony)
    attest(session)
    compared(session, scan())
    gathering.pause(there)
    session.refresh_from_db()
    assert refusal(lambda: paper.bring(session, scan())) == "paused"
    assert refusal(lambda: paper.confirm(session.pk, **LAWYER, looked="", evidence={})) == "paused"
    there.refresh_from_db()
    with clock.at(there.closes_at + timedelta(days=2)):
        assert not gathering.over(there)


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(NotNow) as refused:
        act()
    return refused.value.code
