"""Why a file is refused or doubtful: each code with its severity, its reason and what to do, in plain words."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from backend.errors import Finding

BLOCKER, WARNING = "blocker", "warning"
INFECTED, NOT_CHECKED = "infected", "not-checked"
MANY = 200  # page numbers kept of one verdict


class Verdict(NamedTuple):
    severity: str
    reason: str | Promise
    mend: str | Promise


_PRINT = _("Open the file, print it to PDF, and send that new file.")
_AGAIN = _("Open the file on your computer to check it, save it again as PDF, and send it again.")
_LATER = _("Send the file again. If it happens again, print the document to PDF and send that new file, or ask the registry.")
_SCAN = _("Scan or save it again at an ordinary quality (A4, 300 dpi), and send it again.")

VERDICTS: Mapping[str, Verdict] = {
    "empty": Verdict(BLOCKER, _("The file is empty."), _("Choose the file again and check that it opens on your computer.")),
    "encrypted": Verdict(BLOCKER, _("The file is locked by a password."), _("Remove the password, then send the file again.")),
    "protected": Verdict(BLOCKER, _("The file is protected against copying or printing."), _PRINT),
    "scripted": Verdict(BLOCKER, _("The file contains a program, which could act when someone opens it."), _PRINT),
    "launching": Verdict(BLOCKER, _("The file contains a command that opens other files or sends data."), _PRINT),
    "dynamic-form": Verdict(BLOCKER, _("The file is a dynamic form (XFA), which most readers cannot show."), _PRINT),
    "rich-media": Verdict(BLOCKER, _("The file contains sound, video or 3D content."), _PRINT),
    "attachments": Verdict(
        BLOCKER, _("Other files are attached inside this file."), _("Send each attached file on its own, and this one without them.")
    ),
    "polyglot": Verdict(BLOCKER, _("The file contains, besides the PDF, the content of another kind of file."), _PRINT),
    "broken": Verdict(BLOCKER, _("The file is damaged and cannot be read."), _AGAIN),
    "no-page": Verdict(BLOCKER, _("The file has no page."), _AGAIN),
    "too-many-pages": Verdict(BLOCKER, _("The file has too many pages."), _("Cut it into several files and send each.")),
    "giant-page": Verdict(BLOCKER, _("A page of the file is far larger than any sheet of paper."), _SCAN),
    "bomb": Verdict(BLOCKER, _("The file becomes far too large once unpacked."), _SCAN),
    "too-heavy": Verdict(BLOCKER, _("Checking the file takes more time or memory than is allowed."), _SCAN),
    "unreadable-picture": Verdict(
        BLOCKER, _("The picture is damaged and cannot be read."), _("Take the photograph again, or send it as PDF.")
    ),
    "giant-picture": Verdict(BLOCKER, _("The picture has far too many pixels."), _SCAN),
    "not-a-text": Verdict(BLOCKER, _("This is neither a text document nor a file that can be shown page by page."), _PRINT),
    "text-too-large": Verdict(BLOCKER, _("The text document is too large to be converted."), _PRINT),
    "no-converter": Verdict(BLOCKER, _("Text documents cannot be converted on this platform."), _PRINT),
    "sends-data": Verdict(
        WARNING,
        _("A button of the file sends what is typed in it to a website."),
        _("Do not press it. You may print the file to PDF, and send that new file."),
    ),
    "repaired": Verdict(
        WARNING,
        _("The file was damaged. It has been repaired, and none of its pages looks different."),
        _("Look at each page. If one is wrong, save the file again and send it again."),
    ),
    "damaged": Verdict(
        WARNING,
        _("The file is slightly damaged. It can be read all the same, and it is kept as it was sent."),
        _("Look at each page. If one is wrong, save the file again and send it again."),
    ),
    "blank-pages": Verdict(
        WARNING,
        _("Some pages show nothing, or nearly nothing."),
        _("Check that no page was put in the scanner upside down, or is missing."),
    ),
    "low-resolution": Verdict(
        WARNING,
        _("Some pages are too coarse for small print to be read."),
        _("Scan or photograph them again, closer or at 300 dpi, and send the file again."),
    ),
    "signature-invalid": Verdict(
        WARNING,
        _("An electronic signature in it cannot be relied on: the file was changed since, or the signature is not genuine."),
        _("Ask for the original file as it was signed, not printed, converted or saved again, and send that one."),
    ),
    "signature-uncertain": Verdict(
        WARNING,
        _("It bears an electronic signature, but who signed it, or when, is not proven."),
        _("The report on its signatures says why."),
    ),
    INFECTED: Verdict(
        BLOCKER,
        _("A virus was found in the file. It has been set aside, and nobody can open it."),
        _("Check your computer with an antivirus. Then print the document, scan it, and send that new file."),
    ),
    "scan-too-large": Verdict(
        BLOCKER, _("The file is larger than the virus scanner can check whole."), _("Cut it into several files, or scan it at 300 dpi.")
    ),
    "scan-unfinished": Verdict(BLOCKER, _("The search for viruses in the file did not come to its end."), _LATER),
    NOT_CHECKED: Verdict(BLOCKER, _("The file could not be checked. Nothing is lost on your side."), _LATER),
}


def entry(code: str, pages: Sequence[int] = ()) -> dict[str, Any]:
    """What is stored of a verdict, and may be registered: JSON values only."""
    where = {"pages": list(pages[:MANY])} if pages else {}
    return {"code": code, "severity": VERDICTS[code].severity, **where}


def findings(stored: Iterable[Mapping[str, Any]]) -> tuple[Finding, ...]:
    """Stored verdicts as findings, with their words in the reader's language."""
    return tuple(_finding(item["code"], tuple(item.get("pages", ()))) for item in stored)


def _finding(code: str, pages: tuple[int, ...]) -> Finding:
    verdict = VERDICTS[code]
    reason = f"{verdict.reason} {page_words(pages)}" if pages else verdict.reason
    return Finding(code, verdict.severity, "document", reason, verdict.mend, pages=pages)


def page_words(pages: Sequence[int]) -> str:
    """Page numbers in words, neighbours together: "Pages 2, 5–9."."""
    spans: list[list[int]] = []
    for page in sorted(set(pages)):
        if spans and page == spans[-1][-1] + 1:
            spans[-1][1:] = [page]
        else:
            spans.append([page])
    said = ", ".join("–".join(map(str, span)) for span in spans)
    return ngettext("Page %(pages)s.", "Pages %(pages)s.", len(pages)) % {"pages": said}
