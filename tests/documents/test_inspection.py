"""Every upload gets a verdict: ready, or refused with a reason and what to do. What acts never passes."""

import zlib
from io import BytesIO
from uuid import uuid4

import pikepdf
import pytest
from django.utils import translation
from pikepdf import Array, Dictionary, Name, Stream
from PIL import Image

from documents import inspection, intake, previews, vault
from documents.models import State, Version

pytestmark = pytest.mark.django_db


def inspected(content: bytes, name: str = "acte.pdf") -> Version:
    version = intake.take_in_bytes(content, name=name, created_by=uuid4(), limit=500_000_000)
    inspection.inspect(str(version.pk))
    return Version.objects.select_related("document__head").get(pk=version.pk)


def codes(version: Version) -> set[str]:
    return {item["code"] for item in version.verdict}


def action(kind: str, **more) -> Dictionary:
    return Dictionary(S=Name(kind), **more)


def opens_with(step):
    return lambda pdf: pdf.Root.__setitem__("/OpenAction", step)


def annotated(**annotation):
    def change(pdf):
        pdf.pages[0].obj["/Annots"] = Array([Dictionary(Type=Name.Annot, Rect=Array([0, 0, 9, 9]), **annotation)])

    return change


def attached(pdf):
    pdf.attachments["x.exe"] = b"MZ"


def xfa(pdf):
    pdf.Root["/AcroForm"] = Dictionary(Fields=Array([]), XFA=Stream(pdf, b"<xdp/>"))


def giant(pdf):
    pdf.pages[0].obj["/UserUnit"] = 1000


def bomb(pdf):
    pdf.Root["/Bomb"] = pdf.make_indirect(Stream(pdf, zlib.compress(bytes(300_000_000), 9)))
    pdf.Root["/Bomb"].stream_dict["/Filter"] = Name.FlateDecode


def bomb_in_a_bomb(pdf):
    raw = zlib.compress(zlib.compress(bytes(800_000_000), 9), 9)
    stream = Stream(pdf, b"")
    stream.write(raw, filter=Array([Name.FlateDecode, Name.FlateDecode]), decode_parms=None)
    pdf.Root["/Bomb"] = pdf.make_indirect(stream)


ACTIVE = {
    "a script on opening": (opens_with(action("/JavaScript", JS="app.alert(1)")), "scripted"),
    "a script behind another action": (opens_with(action("/GoTo", D=Array([]), Next=action("/JavaScript", JS="1"))), "scripted"),
    "a script in a page's action": (
        lambda pdf: pdf.pages[0].obj.__setitem__("/AA", Dictionary(O=action("/JavaScript", JS="1"))),
        "scripted",
    ),
    "a script named in the catalogue": (
        lambda pdf: pdf.Root.__setitem__("/Names", Dictionary(JavaScript=Dictionary(Names=Array(["a", action("/JavaScript", JS="1")])))),
        "scripted",
    ),
    "a program launched": (opens_with(action("/Launch", F="cmd.exe")), "launching"),
    "another file opened": (annotated(Subtype=Name.Link, A=action("/GoToR", F="\\\\host\\share\\a.pdf")), "launching"),
    "data sent on opening": (opens_with(action("/SubmitForm", F="http://example.com")), "launching"),
    "data imported": (annotated(Subtype=Name.Link, A=action("/ImportData", F="a.fdf")), "launching"),
    "a link that is a script": (annotated(Subtype=Name.Link, A=action("/URI", URI="javascript:alert(1)")), "launching"),
    "a file attached": (attached, "attachments"),
    "a file attached to a page": (annotated(Subtype=Name.FileAttachment), "attachments"),
    "a film": (annotated(Subtype=Name.RichMedia), "rich-media"),
    "a dynamic form": (xfa, "dynamic-form"),
    "a page of many kilometres": (giant, "giant-page"),
    "a bomb": (bomb, "bomb"),
    "a bomb in a bomb": (bomb_in_a_bomb, "bomb"),
}


@pytest.mark.parametrize("case", ACTIVE)
def test_what_acts_or_swells_is_refused_with_a_reason_and_a_mend(case, pdf):
    change, code = ACTIVE[case]
    version = inspected(pdf(change=change))
    assert (version.state, code in codes(version)) == (State.REFUSED, True), version.verdict
    for language in ("fr", "en"):
        with translation.override(language):
            assert all(str(finding.reason) and str(finding.mend) for finding in version.findings)


@pytest.mark.parametrize(
    ("around", "code"),
    [
        pytest.param(lambda pdf: b"\n" + pdf, None, id="a line before"),
        pytest.param(lambda pdf: pdf + b"\x00" * 2000, None, id="zeros after"),
        pytest.param(lambda pdf: pdf + b"<html><script>1</script>", "polyglot", id="a page after"),
        pytest.param(lambda pdf: pdf + b"PK\x03\x04....PK\x05\x06" + bytes(18), "polyglot", id="an archive after"),
        pytest.param(lambda pdf: pdf[:9] + b"%<script>1</script>\n" + pdf[9:], "polyglot", id="a script in the header"),
        pytest.param(lambda pdf: pdf[: len(pdf) // 3], "broken", id="cut"),
    ],
)
def test_another_kind_of_file_around_the_pdf_is_refused(around, code, pdf):
    version = inspected(around(pdf()))
    assert (version.state == State.READY) if code is None else (code in codes(version)), version.verdict


@pytest.mark.parametrize(("user", "code"), [("password", "encrypted"), ("", "protected")])
def test_a_locked_file_is_refused(user, code, pdf):
    out = BytesIO()
    with pikepdf.open(BytesIO(pdf())) as open_pdf:
        open_pdf.save(out, encryption=pikepdf.Encryption(owner="owner", user=user))
    assert codes(inspected(out.getvalue())) == {code}


def test_too_many_pages_are_refused(pdf, settings):
    settings.DOCUMENT_MAX_PAGES = 3
    assert codes(inspected(pdf(4))) == {"too-many-pages"}


def test_an_ordinary_file_is_ready_with_its_pages_and_its_bytes(pdf):
    content = pdf(3)
    version = inspected(content)
    assert (version.state, version.pages, version.verdict, version.signed) == (State.READY, 3, [], False)
    assert vault.content(version) == content


def test_a_newer_upload_becomes_the_head_when_it_is_ready_and_a_refused_one_never(pdf):
    first = inspected(pdf())
    second, third = (
        intake.take_in_bytes(content, name="", created_by=None, limit=10**6, document=first.document)
        for content in (pdf(2), pdf(change=attached))
    )
    inspection.inspect(second.pk)
    inspection.inspect(third.pk)
    first.document.refresh_from_db()
    assert first.document.head == second


def test_a_verdict_is_given_once(pdf):
    version = inspected(pdf())
    inspection.inspect(version.pk)
    assert Version.objects.get(pk=version.pk).state == State.READY


def test_a_check_that_was_cut_short_is_done_again(pdf):
    version = intake.take_in_bytes(pdf(), name="x", created_by=None, limit=10**6)
    Version.objects.update(state=State.CHECKING)  # as a killed worker leaves it
    inspection.inspect(version.pk)
    assert Version.objects.get(pk=version.pk).state == State.READY


def test_a_photograph_becomes_an_upright_page_that_no_longer_says_where_it_was_taken(photograph):
    version = inspected(photograph, name="IMG_0001.jpg")
    page = vault.content(version)
    assert (version.state, version.media_type, version.pages, version.filename) == (State.READY, "application/pdf", 1, "IMG_0001.pdf")
    assert version.sha256 != version.sent_sha256
    assert b"Secret" not in page
    assert b"Exif" not in page
    picture = Image.open(BytesIO(previews.page(version, 1)))
    assert picture.height > picture.width
    assert picture.getpixel((picture.width // 2, 10))[1] < 80 < picture.getpixel((picture.width // 2, picture.height - 10))[1]


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "1", "I;16", "L"])
def test_a_picture_of_any_kind_becomes_a_page(mode):
    out = BytesIO()
    Image.new(mode, (60, 40)).save(out, "PNG")
    assert inspected(out.getvalue(), name="scan.png").state == State.READY


def test_a_picture_with_too_many_pixels_is_refused():
    out = BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    assert codes(inspected(out.getvalue())) == {"giant-picture"}


def test_a_damaged_picture_is_refused(photograph):
    assert codes(inspected(photograph[:200])) == {"unreadable-picture"}


def test_a_signed_file_is_ready_and_known_as_signed(corpus):
    for path in sorted(corpus("signed").iterdir()):
        version = inspected(path.read_bytes())
        assert (version.state, version.signed) == (State.READY, True), path.name
        assert vault.content(version) == path.read_bytes()


def test_all_that_people_ordinarily_send_is_accepted_and_given_back_to_the_byte(corpus):
    for path in sorted(corpus("ordinary").glob("*.pdf")):
        version = inspected(path.read_bytes(), path.name)
        assert version.state == State.READY, (path.name, version.verdict)
        assert vault.content(version) == path.read_bytes()
