"""PDF/A: what a file is worth as an archive, and turning it into one by Ghostscript where that is installed and nothing seen changes."""

import shutil
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import cache

from documents import sandbox
from documents.sandbox import Held, Limits, programs
from documents.sandbox.limits import LIST, READ
from documents.sandbox.served import Served

PROFILE = "/usr/share/color/icc/ghostscript/srgb.icc"
INTENT = """%!
[/_objdef {icc} /type /stream /OBJ pdfmark
[{icc} << /N 3 >> /PUT pdfmark
[{icc} (PROFILE) (r) file /PUT pdfmark
[/_objdef {intent} /type /dict /OBJ pdfmark
[{intent} << /Type /OutputIntent /S /GTS_PDFA1 /DestOutputProfile {icc} /OutputConditionIdentifier (sRGB) /Info (sRGB IEC61966-2.1) >> /PUT pdfmark
[{Catalog} << /OutputIntents [ {intent} ] >> /PUT pdfmark
""".replace("PROFILE", PROFILE)
AS_IT_IS = [f"-d{part}" for kind in ("Color", "Gray") for part in (f"AutoFilter{kind}Images=false", f"{kind}ImageFilter=/FlateEncode")]
AS_LARGE = [f"-dDownsample{kind}Images=false" for kind in ("Color", "Gray", "Mono")]
CONVERTED = 256 * 1024 * 1024  # bytes; a longer file stays as it is
LIMITS = Limits(memory=1024 * 1024 * 1024, cpu=200, wall=300.0, output=512 * 1024 * 1024)


@dataclass(frozen=True)
class Archived:
    """Whether a PDF may stand in a PDF/A; `content` where it had to be converted for that, its pages counted either way."""

    archival: bool
    pages: int
    content: bytes | None = field(default=None, repr=False)


def archived(content: Held | Served) -> Archived:
    """The PDF, fit for an archive where it can be made so; else as it is, and it says so. Raises sandbox.Failed."""
    told = sandbox.run("documents.sandbox.archival:archival", content).facts
    if told["archival"] or content.size > CONVERTED or not able():
        return Archived(told["archival"], told["pages"])
    with _held(content) as held:
        converted = _converted(held)
    return Archived(converted is not None, told["pages"], converted)


def _held(content: Held | Served) -> AbstractContextManager[Held]:
    return sandbox.hold(content.whole()) if isinstance(content, Served) else nullcontext(content)


@cache
def able() -> bool:
    """Whether files can be converted on this machine."""
    return shutil.which("gs") is not None and programs.able()


def _converted(content: Held) -> bytes | None:
    """As PDF/A-2b; None where Ghostscript fails, or where a page does not show the same afterwards."""
    command = ["gs", "-q", "-dBATCH", "-dNOPAUSE", "-dSAFER", "-dPDFA=2", "-dPDFACompatibilityPolicy=1", "-sDEVICE=pdfwrite"]
    command += ["-sColorConversionStrategy=RGB", "-dAutoRotatePages=/None", *AS_IT_IS, *AS_LARGE, f"--permit-file-read={PROFILE}"]
    command += ["-sOutputFile={output}", "{folder}/intent.ps", "{input}"]
    places = dict.fromkeys(("/etc/ghostscript", "/var/lib/ghostscript"), READ | LIST)
    try:
        made = programs.run(programs.Program(command, files={"intent.ps": INTENT}, places=places, limits=LIMITS), content)
        fit = sandbox.run("documents.sandbox.archival:archival", made).facts["archival"]
        same = fit and sandbox.run("documents.sandbox.archival:alike", content, made, limits=LIMITS).facts["alike"]
    except sandbox.Failed:
        return None
    return made if same else None
