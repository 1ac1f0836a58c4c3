"""Why a file is refused or doubtful: each code with its severity, its reason and what to do, in plain words."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backend.errors import Finding

BLOCKER, WARNING = "blocker", "warning"


class Verdict(NamedTuple):
    severity: str
    reason: str | Promise
    mend: str | Promise


_PRINT = _("Open the file, print it to PDF, and send that new file.")
_AGAIN = _("Open the file on your computer to check it, save it again as PDF, and send it again.")
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
    "sends-data": Verdict(
        WARNING,
        _("A button of the file sends what is typed in it to a website."),
        _("Do not press it. You may print the file to PDF, and send that new file."),
    ),
    "repaired": Verdict(
        WARNING,
        _("The file is slightly damaged. It can be read all the same."),
        _("Look at each page. If one is wrong, save the file again and send it again."),
    ),
}


def entry(code: str) -> dict[str, str]:
    """What is stored of a verdict."""
    return {"code": code, "severity": VERDICTS[code].severity}


def findings(stored: Iterable[Mapping[str, Any]]) -> tuple[Finding, ...]:
    """Stored verdicts as findings, with their words."""
    return tuple(_finding(item["code"]) for item in stored)


def _finding(code: str) -> Finding:
    verdict = VERDICTS[code]
    return Finding(code, verdict.severity, "document", verdict.reason, verdict.mend)
