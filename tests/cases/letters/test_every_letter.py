"""Every letter: archival, accessible, in French, and found again by its code."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from pypdf import PdfReader

from backend import clock
from cases import letters
from cases.letters.base import Letter
from cases.letters.bundle import Cover, PartCover
from tests.cases.letters import samples
from tests.cases.letters.reading import text_of

FRONT_PAGES = {Cover, PartCover}  # of a copy, not letters of their own: shown in tests/cases/test_bundles.py


def kinds(kind: type[Letter] = Letter) -> set[type[Letter]]:
    """Every letter that has a template of its own."""
    below = {found for child in kind.__subclasses__() for found in kinds(child)}
    return (below or {kind}) - FRONT_PAGES


@pytest.fixture(params=samples.EVERY, ids=lambda sample: sample.__name__)
def pdf(request) -> bytes:
    return letters.make(request.param())


def test_a_letter_is_archival_and_accessible_and_says_its_language_and_title(pdf):
    root = PdfReader(BytesIO(pdf)).trailer["/Root"]
    xmp = root["/Metadata"].get_object().get_data().decode()

    assert root["/MarkInfo"]["/Marked"].value
    assert root["/StructTreeRoot"]["/K"]
    assert root["/Lang"].startswith("fr")
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value
    assert "<pdfaid:part>3</pdfaid:part>" in xmp
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in xmp
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
    assert "<dc:title>" in xmp


@pytest.mark.parametrize(
    "sample", [one for one in samples.EVERY if one is not samples.signature_report], ids=lambda sample: sample.__name__
)
def test_a_letter_that_is_kept_can_be_found_again_by_its_code_and_address(sample):
    text = text_of(letters.make(sample()))

    assert samples.REFERENCE.code in text
    assert samples.REFERENCE.url in text


def test_a_letter_embeds_every_font_it_uses(pdf):
    fonts = [font for page in PdfReader(BytesIO(pdf)).pages for font in page["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        descendant = font["/DescendantFonts"][0] if "/DescendantFonts" in font else font
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(descendant["/FontDescriptor"])


def test_every_letter_has_a_sample_here_and_a_file_name_of_its_own():
    assert {type(sample()) for sample in samples.EVERY} == kinds()
    assert len({kind.file_name for kind in kinds()}) == len(kinds())


def test_the_same_letter_at_the_same_moment_is_the_same_bytes():
    with clock.at(datetime(2026, 6, 8, 9, 0, tzinfo=UTC)):
        assert letters.make(samples.summons()) == letters.make(samples.summons())


def test_what_people_wrote_is_never_read_as_markup():
    hostile = '#panic("oui") = Titre $x$ <balise> @ref *gras* \\ // fin'
    text = text_of(letters.make(samples.summons(case=hostile)))

    assert hostile in text
