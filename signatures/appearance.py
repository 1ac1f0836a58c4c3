"""How a signature looks: a small page, typeset with embedded fonts, drawn in the signature's box; and the title of the sheet that bears them all."""

from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backend import clock
from documents.typeset import typeset
from signatures.fields import GAP, HEADING, HEIGHT, MARGIN, WIDTH

TEMPLATE = Path(__file__).parent / "templates" / "appearance.typ"
SHEET = Path(__file__).parent / "templates" / "sheet.typ"
ACROSS, TALL = 2 * WIDTH + GAP, HEADING - MARGIN / 2 - GAP / 2  # the size of the sheet's title, in points
ARCHIVAL = "a-2b"  # fonts embedded, no device colour: it may stand in any PDF/A


def appearance(name: str, capacity: str) -> bytes:
    """A one-page PDF that says who signed, in what capacity and when, in the installation's language."""
    with translation.override(settings.LANGUAGE_CODE):
        moment = date_format(clock.now().astimezone(ZoneInfo(settings.TIME_ZONE)), "DATETIME_FORMAT")
        data = {
            "heading": _("Electronically signed by"),
            "name": name,
            "capacity": capacity,
            "date": _("On %(moment)s (%(zone)s)") % {"moment": moment, "zone": settings.TIME_ZONE},
            "language": settings.LANGUAGE_CODE,
            "width": WIDTH,
            "height": HEIGHT,
        }
    return typeset(TEMPLATE, data, standard=ARCHIVAL)


def sheet(pages: int, digest: str) -> bytes:
    """A one-page PDF, the title of the sheet that comes after the pages that were read: its number, and the digest (SHA-256) of what was read.

    No word of it was chosen by anybody: no signer was shown it.
    """
    with translation.override(settings.LANGUAGE_CODE):
        said = ngettext(
            "This sheet bears the signatures and nothing else. It follows the page that each signer read, whose SHA-256 is %(digest)s",
            "This sheet bears the signatures and nothing else. It follows the %(count)d pages that each signer read, whose SHA-256 is %(digest)s",
            pages,
        )
        data = {
            "heading": _("Signatures"),
            "number": _("page %(number)d of %(number)d") % {"number": pages + 1},
            "after": said % {"count": pages, "digest": digest},
            "language": settings.LANGUAGE_CODE,
            "width": ACROSS,
            "height": TALL,
        }
    return typeset(SHEET, data, standard=ARCHIVAL)


def label(name: str, capacity: str) -> str:
    """What a screen reader says of the field."""
    with translation.override(settings.LANGUAGE_CODE):
        who = f"{name}, {capacity}" if capacity else name
        return _("Signature of %(who)s") % {"who": who}


def label_of_timestamp() -> str:
    """The same of the field of a document's timestamp."""
    with translation.override(settings.LANGUAGE_CODE):
        return _("Timestamp of the document")
