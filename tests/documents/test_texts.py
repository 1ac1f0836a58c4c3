"""Text documents become PDF by the real LibreOffice, held back; without it they are refused with what to do."""

import socket
import threading
import zipfile
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from backend.errors import Invalid
from documents import inspection, intake, media, office, sandbox, vault
from documents.models import State
from documents.sandbox import Limits, programs

pytestmark = pytest.mark.django_db
MB = 1024 * 1024
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
needs_libreoffice = pytest.mark.skipif(
    not office.able(), reason="LibreOffice (soffice) is not installed, or programs cannot be held back here"
)


def archive(files: dict[str, str | bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", packing) as packed:
        for name, content in files.items():
            packed.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_STORED if name == "mimetype" else packing)
    return out.getvalue()


def docx(text: str = "Convention de divorce", *, body: str = "", more: dict[str, str | bytes] | None = None, relations: str = "") -> bytes:
    kinds = (
        f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
    )
    root = (
        f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/>'
        "</Relationships>"
    )
    document = (
        f'<w:document xmlns:w="{WORD}" xmlns:r="{OFFICE}"><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p>{body}</w:body></w:document>'
    )
    inner = f'<Relationships xmlns="{PACKAGE}/relationships">{relations}</Relationships>'
    files = {"[Content_Types].xml": kinds, "_rels/.rels": root, "word/document.xml": document, "word/_rels/document.xml.rels": inner}
    return archive({**files, **(more or {})})


def odt(text: str = "Convention de divorce", body: str = "", more: dict[str, str | bytes] | None = None) -> bytes:
    names = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<office:document-content xmlns:office="{names}:office:1.0" xmlns:text="{names}:text:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'xmlns:draw="{names}:drawing:1.0" xmlns:svg="{names}:svg-compatible:1.0" office:version="1.2"><office:body><office:text>'
        f"<text:p>{text}</text:p>{body}</office:text></office:body></office:document-content>"
    )
    manifest = (
        f'<manifest:manifest xmlns:manifest="{names}:manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="{media.ODT}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    return archive({"mimetype": media.ODT, "content.xml": content, "META-INF/manifest.xml": manifest, **(more or {})})


def rtf(text: str = "Convention de divorce") -> bytes:
    return b"{\\rtf1\\ansi " + text.encode() + b"\\par}"


def inspected(content: bytes):
    version = intake.take_in_bytes(content, name="convention", created_by=None, limit=100 * MB)
    inspection.inspect(version.pk)
    version.refresh_from_db()
    return version


def text(version) -> str:
    return "".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(vault.content(version)))


@needs_libreoffice
@pytest.mark.parametrize("make", [docx, odt, rtf])
def test_a_text_document_becomes_an_archival_pdf_and_its_digest_is_kept(make):
    sent = make("Convention de divorce")
    version = inspected(sent)
    assert (version.state, version.media_type, version.pages) == (State.READY, media.PDF, 1)
    assert "Convention de divorce" in text(version)
    assert version.sent_sha256 != version.sha256
    assert version.facts["converted"] in media.TEXTS
    assert sandbox.run("documents.sandbox.archival:archival", vault.content(version)).facts["archival"]


@needs_libreoffice
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (docx(more={"word/vbaProject.bin": b"\xd0\xcf"}), "scripted"),
        (odt(more={"Basic/Standard/Module1.xml": "<x/>"}), "scripted"),
        (docx(more={"word/media/zeros.xml": bytes(210 * MB)}), "bomb"),
        (docx(more={"word/media/zeros.xml": bytes(15 * MB)}), "bomb"),
        (docx(more={f"word/{number}.xml": "" for number in range(2001)}), "bomb"),
        (archive({"[Content_Types].xml": "", "xl/workbook.xml": ""}), "not-a-text"),
        (archive({"mimetype": media.ODT, "META-INF/manifest.xml": "<encryption-data/>", "content.xml": "x"}), "encrypted"),
        (docx()[:300], "broken"),
    ],
)
def test_a_document_that_acts_swells_or_is_something_else_is_refused(content, code):
    version = inspected(content)
    assert (version.state, [finding.code for finding in version.findings]) == (State.REFUSED, [code])


@needs_libreoffice
def test_a_size_that_lies_is_not_believed():
    honest = docx(more={"word/zeros.xml": bytes(MB)})
    place = honest.rindex(b"PK\x01\x02", 0, honest.rindex(b"word/zeros.xml"))
    lying = honest[: place + 24] + (10).to_bytes(4, "little") + honest[place + 28 :]
    assert inspected(lying).state == State.REFUSED


@needs_libreoffice
def test_no_link_of_a_document_is_followed():
    """Pictures and sections elsewhere, on the network or on this machine: nothing is asked for, nothing comes in."""
    asked = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        over = threading.Event()

        def listen() -> None:
            while not over.is_set():
                try:
                    asked.append(server.accept()[0])
                except TimeoutError:
                    continue

        listener = threading.Thread(target=listen)
        listener.start()
        address = f"http://127.0.0.1:{server.getsockname()[1]}/secret"
        picture = f'<text:p><draw:frame svg:width="5cm" svg:height="5cm"><draw:image xlink:href="{address}.png"/></draw:frame></text:p>'
        section = '<text:section text:name="S"><text:section-source xlink:href="file:///etc/hostname" text:filter-name="Text"/><text:p/></text:section>'
        template = f'<Relationship Id="t1" Type="{OFFICE}/attachedTemplate" Target="{address}.dotx" TargetMode="External"/>'
        versions = [inspected(odt("Bonjour", picture + section)), inspected(docx("Bonjour", relations=template))]
        over.set()
        listener.join()
    assert asked == []
    assert [version.state for version in versions] == [State.READY] * 2
    with open("/etc/hostname") as name:
        secret = name.read().strip()
    assert secret not in text(versions[0])


def test_without_libreoffice_it_is_refused_at_once_with_what_to_do(monkeypatch):
    monkeypatch.setattr(office, "able", lambda: False)
    with pytest.raises(Invalid) as refusal:
        intake.take_in_bytes(docx(), name="convention.docx", created_by=None, limit=MB)
    assert refusal.value.code == "media-type"
    assert "PDF" in str(refusal.value.mend)


def test_what_is_no_text_document_is_refused_at_once_whatever_its_name():
    for content in (archive({"photo.txt": "x"}), b"MZ" + bytes(2000), b"<html>"):
        with pytest.raises(Invalid):
            intake.take_in_bytes(content, name="convention.docx", created_by=None, limit=MB)


needs_programs = pytest.mark.skipif(not programs.able(), reason="programs cannot be held back on this machine")


def ran(script: str, content: bytes = b"in", **values) -> bytes:
    """What a shell script makes of the content, in the program's own room."""
    return programs.run(programs.Program(["/bin/sh", "-c", script, "sh", "{input}", "{output}"], limits=Limits(**values)), content)


@needs_programs
def test_a_program_sees_its_file_and_makes_another():
    assert ran('cat "$1" > "$2"; echo " and out" >> "$2"') == b"in and out\n"


@needs_programs
@pytest.mark.parametrize("path", [__file__, "/etc/passwd", "/proc/1/environ"])
def test_a_program_reads_no_file_of_this_machine(path):
    assert ran(f'cat {path} > "$2" 2>&1; echo done >> "$2"').endswith(b"done\n")
    assert b"needs_programs" not in ran(f'cat {path} > "$2"; echo done >> "$2"')
    assert ran(f'cat {path} > "$2"; echo done >> "$2"') == b"done\n"


@needs_programs
def test_a_program_leaves_nothing_behind(tmp_path):
    with pytest.raises(sandbox.Failed):
        ran(f"echo left > {tmp_path}/left")
    assert not list(tmp_path.iterdir())
    assert ran('touch /tmp/left-behind; ls /tmp > "$2"').split() == [b"input", b"left-behind", b"output.pdf"]
    with pytest.raises(FileNotFoundError):
        Path("/tmp/left-behind").read_bytes()


@needs_programs
@pytest.mark.parametrize(
    ("script", "values"),
    [("sleep 60", {"wall": 0.5}), ("while :; do :; done", {"cpu": 1}), ('yes > "$2"', {"output": MB})],
)
def test_a_program_that_takes_too_much_is_ended(script, values):
    with pytest.raises(sandbox.TooHeavy):
        ran(script, **values)


@needs_programs
@pytest.mark.parametrize("script", ["exit 3", ":", 'echo x > "$2"; exit 1'])
def test_a_program_that_fails_or_makes_nothing_says_so(script):
    with pytest.raises(sandbox.Failed):
        ran(script)


def test_what_libreoffice_makes_is_examined_like_any_pdf():
    if not office.able():
        pytest.skip("LibreOffice is not installed")
    with pikepdf.open(BytesIO(vault.content(inspected(docx())))) as made:
        assert "/JavaScript" not in made.Root.get("/Names", {})
        assert "/OpenAction" not in made.Root or made.Root.OpenAction.get("/S") is None
