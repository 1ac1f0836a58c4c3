"""Text documents (DOCX, ODT, RTF) become PDF/A by LibreOffice, where it is installed and can be held back: no network, no macro, no trace."""

import shutil
from functools import cache
from pathlib import Path

from documents import media, sandbox
from documents.sandbox import Held, Limits, programs
from documents.sandbox.limits import EXECUTE, LIST, MAKE_SOCKET, READ, REMOVE

LIMITS = Limits(memory=2 * 1024 * 1024 * 1024, cpu=60, wall=90.0, output=128 * 1024 * 1024)
PLACES = {
    **dict.fromkeys(("/etc/libreoffice", "/var/lib/libreoffice", "/var/spool/libreoffice"), READ | LIST),
    "/opt": EXECUTE | READ | LIST,
    "/tmp": MAKE_SOCKET | REMOVE,  # noqa: S108 - where it listens for another of itself, whatever its folder
}
EXPORT = 'pdf:writer_pdf_Export:{{"SelectPdfVersion":{{"type":"long","value":"2"}}}}'
SECURITY = "/org.openoffice.Office.Common/Security/Scripting"
SETTINGS = {
    "DisableMacrosExecution": "true",
    "MacroSecurityLevel": "3",
    "BlockUntrustedRefererLinks": "true",
    "DisableActiveContent": "true",
}
LINKS = '<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>2</value></prop></item>'
PROFILE = f"""<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
{"".join(f'<item oor:path="{SECURITY}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>' for name, value in SETTINGS.items())}
{LINKS}
</oor:items>
"""  # no macro, no active content, links to other files never followed


class Refused(Exception):
    """The document cannot be taken: a code of `documents.verdicts`."""


def convert(content: Held) -> bytes:
    """The document as PDF/A-2b. Raises Refused with the code that says why, sandbox.Failed, sandbox.TooHeavy."""
    seen = sandbox.run("documents.sandbox.office:examine", content).facts
    if seen["codes"]:
        raise Refused(seen["codes"][0])
    program = _program()
    if program is None or not programs.able():
        raise Refused("no-converter")
    command = [str(program), "--headless", "--norestore", "--nologo", "--nodefault", "--nofirststartwizard"]
    command += ["-env:UserInstallation=file://{folder}/profile", "--convert-to", EXPORT, "--outdir", "{folder}", "{input}"]
    files = {"profile/user/registrymodifications.xcu": PROFILE}
    return programs.run(programs.Program(command, f"text.{seen['kind']}", "text.pdf", files, PLACES, LIMITS), content)


@cache
def able() -> bool:
    """Whether text documents can be converted on this machine."""
    return _program() is not None and programs.able()


@cache
def _program() -> Path | None:
    """LibreOffice itself, past the script that starts it."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    program = Path(found).resolve().parent / "soffice.bin" if found else None
    return program if program and program.is_file() else None


def accepted() -> frozenset[str]:
    """The kinds of file that can be taken on this machine."""
    return media.ACCEPTED | media.TEXTS if able() else media.ACCEPTED
