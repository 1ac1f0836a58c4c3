"""Whatever bytes are sent, a verdict comes: no crash, nothing shown that was not checked, no wait without end."""

from contextlib import suppress
from io import BytesIO

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from backend.errors import Invalid
from documents import inspection, intake, media, previews
from documents.models import Stage, State, Version
from documents.verdicts import VERDICTS

TRAPS = [
    b"/JS",
    b"/JavaScript",
    b"obj",
    b"endobj",
    b"stream\n",
    b"endstream",
    b"<<",
    b">>",
    b"[",
    b"]",
    b"/Length 99999999",
    b"/Kids",
    b"/Parent",
]
TRAPS += [b"xref", b"trailer", b"startxref", b"%%EOF", b"/Encrypt", b"/ObjStm", b"/FlateDecode", b"-1 0 R", b"1 0 R", b"\x00", b"\xff" * 9]


def _pdf() -> bytes:
    out = BytesIO()
    with pikepdf.new() as made:
        for _ in range(2):
            made.add_blank_page().obj.Contents = made.make_stream(b"BT /F1 12 Tf 50 50 Td (Acte) Tj ET 9 9 99 99 re f")
        made.save(out)
    return out.getvalue()


def _picture(kind: str) -> bytes:
    out = BytesIO()
    Image.effect_noise((60, 80), 60).save(out, kind)
    return out.getvalue()


SEEDS = [_pdf(), _picture("JPEG"), _picture("PNG")]


@st.composite
def mangled(draw: st.DrawFn) -> bytes:
    """An honest file with pieces cut out, written over and put in."""
    content = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(content)))
        piece = draw(st.one_of(st.sampled_from(TRAPS), st.binary(max_size=12)))
        content[at : at + draw(st.sampled_from([0, len(piece), 40, 400]))] = piece
    return bytes(content)


headed = st.builds(
    bytes.__add__, st.sampled_from([b"%PDF-1.7\n", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"\n\n%PDF-"]), st.binary(max_size=400)
)
ANY = st.one_of(mangled(), headed, st.binary(max_size=400))


@given(st.binary(max_size=2 * media.HEAD))
def test_any_beginning_is_of_some_kind(head: bytes) -> None:
    assert media.media_type(head)


@pytest.mark.django_db
@given(content=ANY)
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_any_bytes_get_a_verdict(db: None, content: bytes) -> None:
    version = None
    with suppress(Invalid):  # not of a kind that is taken
        version = intake.take_in_bytes(content, name="a.pdf", created_by=None, limit=10_000)
    if version is None:
        return
    inspection.inspect(version.pk)
    version = Version.objects.select_related("document").get(pk=version.pk)
    codes = {item["code"] for item in version.verdict}
    blocked = any(VERDICTS[code].severity == "blocker" for code in codes)
    assert (version.state, version.stage) == ((State.REFUSED, "") if blocked else (State.READY, Stage.PICTURES))
    assert all(finding.reason and finding.mend for finding in version.findings)
    assert bool(previews.page(version, 1)) == (not blocked)
