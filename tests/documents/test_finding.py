"""Words are found in a document whatever the accents, the capitals and the ends of lines, with the page and what stands around."""

import pytest

from documents import finding, vault
from tests.pdfs import pdf

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "words", ["Prestation compensatoire", "PRESTATION  compensatoire ", "prestation\ncompensàtoire", "pr\u00eastation"]
)
def test_words_are_found_however_they_are_typed(words):
    version = vault.keep(pdf("Une prestation compensatoire de 9 200 euros", pages=2), name="acte.pdf")
    hits = finding.find(version, words)
    assert [(hit.page, hit.count) for hit in hits] == [(1, 1), (2, 1)]
    assert "Une prestation compensatoire de 9 200 euros" in f"{hits[0].before}{hits[0].found}{hits[0].after}"
    assert hits[0].found.startswith("prestation")


@pytest.mark.parametrize("words", ["", "  ", "divorce accepté"])
def test_nothing_is_found_where_nothing_is_asked_or_there(words):
    assert finding.find(vault.keep(pdf("Convention"), name="acte.pdf"), words) == []


def test_a_ligature_or_a_fold_of_letters_shifts_nothing():
    text = "Le ﬁnancement de la Straße : 12 €"
    plain, places = finding.folded(text)
    start = plain.index("strasse")
    assert text[places[start] : places[start + 6] + 1] == "Straße"
    assert plain.startswith("le financement")


def test_what_is_printed_is_found_as_it_is_typed():
    plain, _places = finding.folded("L\u2019acte de Saint\u2011Étienne \u2013 du\u00a0notaire, men\u00adtion")
    assert plain == "l'acte de saint-etienne - du notaire, mention"
