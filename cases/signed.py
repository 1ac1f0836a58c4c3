"""What the electronic signatures of a document are worth, as anybody who may read it is told; and of a file that somebody holds."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.cache import cache
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from redis.exceptions import RedisError

from cases import papers, receipts
from cases.letters import Reference, Seat, SignatureLine, SignatureReport, SignatureTold, make
from cases.papers import Paper
from documents import vault
from signatures import authority, pades, report
from signatures.wording import ADVICE, PROBLEMS, TONES, VERDICTS, WORTH, lines, problems, title

__all__ = ["ADVICE", "PROBLEMS", "TONES", "VERDICTS", "WORTH", "lines", "of_file", "of_paper", "papers", "problems", "title", "told"]
KEPT_SECONDS = 600  # authorities may say something else later
PDF = "application/pdf"


def told(found: dict[str, Any]) -> dict[str, Any]:
    """The same report with its words, in the reader's language: for programs."""
    signatures = [{**one, "reasons": [str(reason) for reason in problems(one)]} for one in found["signatures"]]
    return {**found, "meaning": str(VERDICTS[found["verdict"]]), "advice": str(ADVICE[found["verdict"]]), "signatures": signatures}


def of_paper(paper: Paper) -> dict[str, Any]:
    """The report on a document of a case: made at most every few minutes. Raises Invalid where its signatures cannot be read."""
    return _made(paper.version.sha256, lambda: vault.stream(paper.version))


def of_code(code: str) -> dict[str, Any] | None:
    """How many signatures the document of a printed code bears, and what they are worth: nothing of who made them. None where there is none."""
    found = receipts.file_of(code)
    if found is None:
        return None
    made = _made(found.sha256, lambda: vault.stream(found))
    return {"verdict": made["verdict"], "count": sum(one["kind"] == "signature" for one in made["signatures"])}


def _made(digest: str, read: Callable[[], Iterator[bytes]]) -> dict[str, Any]:
    key = f"signatures:{digest}"
    with suppress(RedisError):
        if known := cache.get(key):
            return dict(known)
    made = report.report(read()).as_json()
    with suppress(RedisError):
        cache.set(key, made, KEPT_SECONDS)
    return made


def of_file(chunks: Iterator[bytes]) -> tuple[dict[str, Any], receipts.Verified | None]:
    """The report on a file that somebody holds, and what is known of it where this very file was made here. Nothing of it is kept.

    Raises Invalid where it is no PDF that can be read.
    """
    made = report.report(chunks).as_json()
    return made, receipts.verified_by(made["sha256"])


def as_pdf(found: dict[str, Any], name: str, *, known: str = "", in_a_case: bool = False) -> bytes:
    """The report as a letter, sealed by the platform: whoever gets it can have it checked in its turn. Slow. Raises Unavailable.

    `known`: what this very file is known as here; `in_a_case`: whether it is a document of one.
    """
    address = f"{settings.BASE_URL}{reverse('verify')}"
    with translation.override("fr"):
        letter = SignatureReport(
            reference=Reference(code=found["sha256"][:16], url=address),
            court=Seat(name=settings.SITE_NAME, city="", zone=settings.TIME_ZONE),
            name=name or "sans nom",
            sha256=found["sha256"],
            size=found["size"],
            checked_at=datetime.fromisoformat(found["checked_at"]),
            meaning=str(VERDICTS[found["verdict"]]),
            advice=str(ADVICE[found["verdict"]]),
            made_here=known,
            in_a_case=in_a_case,
            signatures=tuple(map(_as_told, found["signatures"])),
        )
        made = make(letter)
    return pades.sign(made, authority.seal(), pades.Place("seal"), name=settings.SITE_NAME)


def _as_told(one: dict[str, Any]) -> SignatureTold:
    return SignatureTold(
        title=title(one),
        worth=str(WORTH[one["verdict"]]),
        problems=tuple(map(str, problems(one))),
        lines=tuple(SignatureLine(label=label, text=text) for label, text in lines(one, _when)),
    )


def _when(moment: datetime) -> str:
    return date_format(moment.astimezone(ZoneInfo(settings.TIME_ZONE)), "j F Y à H:i:s")
