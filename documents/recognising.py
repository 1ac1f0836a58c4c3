"""Reading a picture of a page by eye, with tesseract where it is installed: held back like a parser, and never quite sure."""

import shutil
import subprocess
from functools import cache

from documents.sandbox import Failed, Limits, programs
from documents.sandbox.programs import Program

LANGUAGES = ("fra", "eng")  # the first that is installed
LIMITS = Limits(cpu=60, wall=90.0)


def able() -> bool:
    """Whether pictures can be read on this machine."""
    return bool(_language()) and programs.able()


def words(picture: bytes) -> str:
    """What is written on a picture (PNG); nothing where nothing is recognised."""
    command = ["/usr/bin/env", "OMP_THREAD_LIMIT=1", "tesseract", "{input}", "{folder}/words", "-l", _language()]
    try:
        said = programs.run(Program(command, input="page.png", output="words.txt", limits=LIMITS), picture)
    except Failed:
        return ""
    return said.decode("utf-8", "replace").strip()


@cache
def _language() -> str:
    """The language read here; empty where tesseract, or its knowledge of any, is missing."""
    if not shutil.which("tesseract"):
        return ""
    known = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True, check=False).stdout.split()
    return next((language for language in LANGUAGES if language in known), "")
