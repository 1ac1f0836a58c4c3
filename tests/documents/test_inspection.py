"""Every upload gets a verdict: ready, or refused with a reason and what to do. What acts never passes."""

import base64
import zlib
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from io import BytesIO
from uuid import uuid4

import pikepdf
import pytest
import typst
from django.utils import translation
from pikepdf import Array, Dictionary, Name, Stream
from PIL import Image

from backend.work.leases import leased
from documents import inspection, intake, previews, stages, vault
from documents.models import Stage, State, Version
from documents.stages import Found
from tests.documents import listening

pytestmark = pytest.mark.django_db


def inspected(content: bytes, name: str = "acte.pdf") -> Version:
    version = intake.take_in_bytes(content, name=name, created_by=uuid4(), limit=500_000_000)
    inspection.inspect(str(version.pk))
    return Version.objects.select_related("document__head").get(pk=version.pk)


def codes(version: Version) -> set[str]:
    return {item["code"] for item in version.verdict}


def french(words) -> str:
    with translation.override("fr"):
        return str(words)


def one_page(text: str) -> bytes:
    return bytes(typst.compile(f'#set text(lang: "fr")\n{text}'.encode()))


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


def swelling(armour: Callable[[bytes], bytes], *filters: str):
    """A bomb under these filters."""

    def change(pdf):
        stream = Stream(pdf, b"")
        stream.write(armour(packed()), filter=Array([Name(name) for name in filters]), decode_parms=None)
        pdf.Root["/Bomb"] = pdf.make_indirect(stream)

    return change


@cache
def packed() -> bytes:
    return zlib.compress(bytes(300_000_000), 9)


def literally(raw: bytes) -> bytes:
    """In runs that repeat nothing."""
    return b"".join(bytes([len(part) - 1]) + part for part in (raw[at : at + 128] for at in range(0, len(raw), 128))) + b"\x80"


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
    "a bomb in hexadecimal": (swelling(lambda raw: raw.hex().encode() + b">", "/ASCIIHexDecode", "/FlateDecode"), "bomb"),
    "a bomb in base 85": (swelling(lambda raw: base64.a85encode(raw) + b"~>", "/ASCII85Decode", "/FlateDecode"), "bomb"),
    "a bomb in runs": (swelling(literally, "/RunLengthDecode", "/FlateDecode"), "bomb"),
    "a bomb behind what cannot be undone": (swelling(bytes, "/DCTDecode", "/FlateDecode"), "bomb"),
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


def test_a_verdict_is_given_once(pdf):
    version = inspected(pdf())
    inspection.inspect(version.pk)
    assert Version.objects.get(pk=version.pk).state == State.READY


def test_a_check_that_was_cut_short_is_done_again(pdf):
    version = intake.take_in_bytes(pdf(), name="x", created_by=None, limit=10**6)
    Version.objects.update(state=State.CHECKING, stage=Stage.SCAN)  # as a killed worker leaves it
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
    red = [y for y in range(picture.height) if picture.getpixel((picture.width // 2, y))[1] < 80]
    assert red
    assert max(red) < picture.height * 0.6


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "1", "I;16", "L"])
def test_a_picture_of_any_kind_becomes_a_page(mode):
    out = BytesIO()
    Image.new(mode, (60, 40)).save(out, "PNG")
    assert inspected(out.getvalue(), name="scan.png").state == State.READY


def given_up_once(version: Version) -> Version:
    """Checked up to its content, then parked, then tried again by the operator."""
    seen = {**inspection.STAGES}
    work, after = seen.pop(Stage.STRUCTURE)
    inspection._passed(inspection._passed(inspection._begun(version.pk), Found(), Stage.STRUCTURE), work(version), after)
    inspection.give_up(version.pk)
    assert Version.objects.get(pk=version.pk).state == State.STUCK
    inspection.inspect(version.pk)
    return Version.objects.get(pk=version.pk)


def test_what_was_done_to_a_file_is_told_though_its_check_was_given_up_afterwards(pdf, photograph):
    picture = given_up_once(intake.take_in_bytes(photograph, name="x.jpg", created_by=None, limit=10**6))
    assert (picture.state, picture.facts["picture"]) == (State.READY, "image/jpeg")
    repaired = given_up_once(intake.take_in_bytes(damaged(pdf(3)), name="x.pdf", created_by=None, limit=10**6))
    assert (repaired.state, codes(repaired)) == (State.READY, {"repaired"})


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


def test_all_that_people_ordinarily_send_is_accepted_and_given_back_to_the_byte_unless_it_was_repaired(corpus):
    for path in sorted(corpus("ordinary").glob("*.pdf")):
        version = inspected(path.read_bytes(), path.name)
        assert version.state == State.READY, (path.name, version.verdict)
        assert version.sent_sha256 == sha256(path.read_bytes()).hexdigest()
        assert (vault.content(version) == path.read_bytes()) == ("repaired" not in codes(version)), path.name


def damaged(content: bytes) -> bytes:
    """A file whose end says that its table is where it is not."""
    table = content.rindex(b"startxref")
    return content[:table] + b"startxref\n7\n%%EOF\n"


def test_a_damaged_file_is_repaired_where_no_page_changes_and_this_is_said(pdf):
    sent = damaged(pdf(3))
    version = inspected(sent)
    assert (version.state, codes(version), version.pages) == (State.READY, {"repaired"}, 3)
    assert version.sent_sha256 == sha256(sent).hexdigest() != version.sha256
    with pikepdf.open(BytesIO(vault.content(version))) as mended:
        assert not mended.get_warnings()
        assert len(mended.pages) == 3
    assert "réparé" in french(version.findings[0].reason)


def test_a_damaged_file_that_is_signed_is_never_rewritten(pdf, corpus):
    def signed(made):
        made.Root["/Signed"] = made.make_indirect(Dictionary(Type=Name.Sig, ByteRange=Array([0, 1, 2, 3]), Contents=b"\0\0"))

    sent = damaged(pdf(change=signed))
    version = inspected(sent)
    assert (version.state, codes(version), version.signed) == (State.READY, {"damaged"}, True)
    assert vault.content(version) == sent


def test_a_file_whose_repair_would_change_a_page_is_kept_as_it_was_sent(pdf, monkeypatch):
    monkeypatch.setattr(stages, "PAGES_REPAIRED", 1)  # as where the pages are too many to be compared
    sent = damaged(pdf(2))
    version = inspected(sent)
    assert (version.state, codes(version)) == (State.READY, {"damaged"})
    assert vault.content(version) == sent


def test_pages_that_show_nothing_are_said_with_their_numbers(pdf):
    version = inspected(pdf(7, blank={2, 4, 5, 6}))
    assert version.state == State.READY
    (finding,) = version.findings
    assert (finding.code, finding.severity, finding.pages) == ("blank-pages", "warning", (2, 4, 5, 6))
    assert french(finding.reason).endswith("Pages 2, 4–6.")


def photographed(wide: int, tall: int) -> bytes:
    """A page of print as a scanner at that many pixels sees it."""
    picture = Image.effect_noise((wide, tall), 90).convert("L")
    out = BytesIO()
    picture.save(out, "PDF", resolution=wide / 8.27)
    return out.getvalue()


def test_pages_too_coarse_to_be_read_are_said(pdf):
    assert [(finding.code, finding.pages) for finding in inspected(photographed(600, 848)).findings] == [("low-resolution", (1,))]
    assert inspected(photographed(1654, 2339)).findings == ()


def test_what_acts_is_said_with_the_page_it_was_seen_on(pdf):
    def change(made):
        made.pages[1].obj["/Annots"] = Array(
            [made.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=action("/Launch", F="cmd.exe")))]
        )

    (finding,) = inspected(pdf(3, change=change)).findings
    assert (finding.code, finding.pages) == ("launching", (2,))


@pytest.mark.parametrize(
    ("name", "text", "language"),
    [
        ("crazyones-pdfa.pdf", "all", "en"),
        ("imagemagick-CCITTFaxDecode.pdf", "none", ""),
        ("GeoTopo-komprimiert.pdf", "all", "other"),
        ("imagemagick-images.pdf", "some", ""),
    ],
)
def test_whether_there_is_text_and_in_which_language_is_known(corpus, name, text, language):
    facts = inspected((corpus("ordinary") / name).read_bytes()).facts
    assert (facts["text"], facts["language"]) == (text, language)


def test_french_is_known_and_what_was_seen_is_told_in_words(settings):
    settings.CLAMD_ADDRESS = ""
    told = "Les époux déclarent que la convention qui suit règle les conséquences de leur divorce, pour eux et pour les enfants. " * 3
    version = inspected(one_page(told))
    assert (version.facts["text"], version.facts["language"]) == ("all", "fr")
    with translation.override("fr"):
        assert [str(remark) for remark in version.remarks] == [
            "Son texte peut être sélectionné et recherché.",
            "Il semble écrit en français.",
            "Il n’a pas été examiné contre les virus : aucun antivirus n’est installé ici.",
        ]


def test_each_stage_is_told_in_turn(pdf, settings, django_capture_on_commit_callbacks):
    settings.DOCUMENTS_CHANGED = "tests.documents.listening.hear"
    with listening.heard() as stages_heard, django_capture_on_commit_callbacks(execute=True):
        version = inspected(pdf())
    with listening.heard() as after, django_capture_on_commit_callbacks(execute=True):
        previews.make(version.pk)
    assert [state for state, _ in stages_heard] == ["received", "checking", "checking", "checking", "ready"]
    assert [state for state, _ in after] == ["ready"]


@pytest.mark.parametrize("stage", [Stage.SCAN, Stage.STRUCTURE, Stage.CONTENT])
def test_a_check_is_taken_up_at_the_stage_it_had_come_to(pdf, stage, monkeypatch):
    done = []
    watched = {
        name: (lambda version, name=name, work=work: (done.append(name), work(version))[1], after)
        for name, (work, after) in inspection.STAGES.items()
    }
    monkeypatch.setattr(inspection, "STAGES", watched)
    version = intake.take_in_bytes(pdf(), name="x", created_by=None, limit=10**6)
    Version.objects.update(state=State.CHECKING, stage=stage, pages=1)  # as a killed worker leaves it
    inspection.inspect(version.pk)
    assert Version.objects.get(pk=version.pk).state == State.READY
    assert done == [Stage.SCAN, Stage.STRUCTURE, Stage.CONTENT][-len(done) :]
    assert done[0] == stage


def test_a_file_that_could_not_be_checked_says_so_and_may_be_tried_again_by_the_operator(pdf):
    version = intake.take_in_bytes(pdf(), name="x", created_by=None, limit=10**6)
    inspection.give_up(version.pk)
    stuck = Version.objects.select_related("document").get(pk=version.pk)
    assert (stuck.state, codes(stuck), stuck.rejected) == (State.STUCK, {"not-checked"}, True)
    assert "Envoyez-le de nouveau" in french(stuck.why.mend)
    inspection.inspect(version.pk)
    assert Version.objects.get(pk=version.pk).state == State.READY


def test_what_is_judged_is_not_given_up(pdf):
    version = inspected(pdf())
    inspection.give_up(version.pk)
    assert Version.objects.get(pk=version.pk).state == State.READY


def test_a_sender_who_waits_is_told_by_the_worker_that_is_at_it_already(pdf, monkeypatch):
    version = intake.take_in_bytes(pdf(), name="x", created_by=None, limit=10**6)
    monkeypatch.setattr(inspection, "LOOK_AGAIN", 0)
    monkeypatch.setattr(inspection.time, "sleep", lambda seconds: inspection.inspect(version.pk))  # the other's work, meanwhile
    with leased(f"document:{version.document_id}"):
        inspection.promptly(version)
    assert Version.objects.get(pk=version.pk).state == State.READY
