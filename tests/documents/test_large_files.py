"""A file of any size is checked, read, shown and copied in memory that does not hold it."""

import os
import time
from io import BytesIO
from uuid import uuid4

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from documents import inspection, intake, previews, reading, sandbox, stamping, vault, watermarking
from documents.models import Maker, State, Version
from documents.sandbox import Limits, examine
from documents.sandbox.room import LARGE
from documents.sandbox.served import Served
from documents.sandbox.streaming import stream
from tests.memory import MB, watched
from tests.pdfs import pdf

pytestmark = pytest.mark.django_db


def with_ballast(megabytes: int, **root: Dictionary) -> bytes:
    """Two pages, and so many bytes that none of them shows."""
    out = BytesIO()
    with pikepdf.open(BytesIO(pdf("Plan", 2))) as made:
        made.Root.Ballast = Array([made.make_stream(os.urandom(10 * MB)) for _ in range(megabytes // 10)])
        for key, value in root.items():
            made.Root[f"/{key}"] = value
        made.save(out, compress_streams=False)
    return out.getvalue()


def sent(content: bytes) -> Version:
    assert len(content) > LARGE
    return intake.take_in_bytes(content, name="plan.pdf", created_by=uuid4(), limit=len(content))


def inspected(version: Version) -> Version:
    inspection.inspect(version.pk)
    return Version.objects.select_related("document__head").get(pk=version.pk)


def test_a_large_file_is_checked_shown_read_and_copied_without_being_held():
    version = sent(with_ballast(200))
    with watched() as peak:
        large = inspected(version)
        previews.make(large.pk)
        reading.read(large.pk)
        with stamping.stamp(vault.served(large), "Pièce n° 3") as running:
            stamped = vault.keep_stream(
                running.chunks(), pages=lambda: running.facts()["pages"], name="piece-3.pdf", made_by=Maker.STAMP, based_on=large
            )
        with vault.at_hand(large) as held:
            watermarking.watermark(held, "Copie")
    assert peak.most < version.size
    assert (large.state, large.pages) == (State.READY, 2)
    assert previews.page(large, 1)
    assert "Plan" in reading.pages(large)[1].text
    assert (stamped.pages, stamped.size > large.size) == (2, True)


@pytest.mark.parametrize("place", range(0, 12))
def test_the_last_of_some_words_is_found_wherever_the_parts_looked_at_meet(monkeypatch, place):
    monkeypatch.setattr(examine, "PART", 4)
    content = b"%%EOF" + bytes(place) + b"%%EOF" + bytes(7)
    assert examine._last(BytesIO(content), b"%%EOF") == 5 + place
    assert examine._last(BytesIO(content), b"/ByteRange") is None


def test_a_child_is_not_charged_for_the_time_of_the_store():
    """A store slower than the child may be: what it reads comes late, and is no fault of the file's."""
    content = pdf("Plan")

    def slowly(start: int, end: int) -> bytes:
        time.sleep(0.6)
        return content[start:end]

    served, limits = Served(len(content), slowly), Limits(wall=0.5)
    assert sandbox.run("documents.sandbox.pdf:pages", served, limits=limits).facts["pages"] == 1
    with stream("documents.sandbox.bundle:measure", [], [served], limits, limit=10**6) as running:
        assert list(running.chunks()) == []
        assert running.facts()["pages"] == [1]


def test_what_hides_in_a_large_file_is_found():
    """A script that runs when it is opened, and another file after its end."""
    opens_with = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
    version = inspected(sent(with_ballast(70, OpenAction=opens_with) + b"\nPK\x03\x04" + bytes(100)))
    assert (version.state, {item["code"] for item in version.verdict}) == (State.REFUSED, {"scripted", "polyglot"})
