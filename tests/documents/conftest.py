"""What the vault's tests share: no listener, the public collections of PDFs, and small files made here."""

from collections.abc import Callable, Collection
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from django.conf import settings as django_settings
from PIL import Image


@pytest.fixture(autouse=True)
def nobody_listens(settings) -> None:
    settings.DOCUMENTS_CHANGED = ""


@pytest.fixture
def corpus() -> Callable[[str], Path]:
    """A folder of the collections, or a skip that says where it was looked for."""

    def folder(name: str) -> Path:
        path = django_settings.CORPUS_DIR / name
        if not path.is_dir():
            pytest.skip(f"no collection of PDFs at {path}: set CORPUS_DIR")
        assert any(path.iterdir()), f"{path} is empty: nothing would be tried"
        return path

    return folder


@pytest.fixture
def pdf() -> Callable[..., bytes]:
    """A PDF whose pages show a black bar, except those said `blank`, with what the test adds to it."""

    def make(pages: int = 1, *, change: Callable[[pikepdf.Pdf], None] | None = None, blank: Collection[int] = (), **box) -> bytes:
        out = BytesIO()
        with pikepdf.new() as made:
            for number in range(1, pages + 1):
                page = made.add_blank_page(page_size=box.get("size", (595, 842)))
                if number not in blank:
                    page.obj.Contents = made.make_stream(b"9 9 99 99 re f")
            if change:
                change(made)
            made.save(out)
        return out.getvalue()

    return make


@pytest.fixture
def photograph() -> bytes:
    """A phone's photograph: lying on its side, with the place where it was taken."""
    picture = Image.new("RGB", (400, 300), "white")
    picture.paste("red", (0, 0, 200, 300))  # the left half, which is the top once upright
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90° clockwise
    exif.get_ifd(0x8825)[1] = "N"
    exif[0x010F] = "Telephone of Madame Secret"
    out = BytesIO()
    picture.save(out, "JPEG", exif=exif)
    return out.getvalue()
