"""Documents to sign, people who sign them, and what is asked of the result."""

import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID, uuid4

import pytest

from documents import vault
from documents.models import Version
from documents.typeset import typeset
from signatures import authority, certificates, pades
from signatures.appearance import appearance, label
from signatures.ceremony import SignerSpec
from signatures.certificates import subject
from signatures.fields import Field
from signatures.providers import Credential
from signatures.validation import SignatureStatus, validate

SOURCE = """#set document(title: "Convention")
#set text(lang: "fr")
= Convention
Les époux sont d'accord sur tout.
#pagebreak()
= Signatures
"""
FULL = SOURCE.replace("#pagebreak()\n= Signatures", "#lorem(640)")
NAMES = (
    ("Élodie Martin-Œuvre", "Épouse"),
    ("Paul Petit", "Époux"),
    ("Anne Claude", "Avocate de Mme Martin"),
    ("Luc Roy", "Avocat de M. Petit"),
)


@cache
def agreement(source: str = SOURCE) -> bytes:
    """An archival and accessible PDF, which ends with its signature page unless it is the full one."""
    with TemporaryDirectory() as folder:
        template = Path(folder) / "agreement.typ"
        template.write_text(source)
        return typeset(template, {})


def draft() -> Version:
    """The agreement, kept in the vault."""
    return vault.keep(agreement(), name="Convention")


def four() -> list[SignerSpec]:
    """Two spouses and their lawyers."""
    return [SignerSpec(uuid4(), name, capacity) for name, capacity in NAMES]


def one_time(name: str, capacity: str = "", person: UUID | None = None) -> Credential:
    """A signer's certificate, as the authority makes it, without a database."""
    who = subject(name, "Commun Accord", serial_number=str(person or uuid4()), title=capacity)
    return certificates.make(who, certificates.SIGNER, authority.issuing())


def signed_by(content: bytes, *people: tuple[str, str], all_of: tuple[tuple[str, str], ...] = NAMES, archived: bool = True) -> bytes:
    """The PDF signed by people in turn, with fields for all; archived with the last of them, unless it is not to be."""
    fields = tuple(Field(name=f"S-{person[0]}", label=label(*person)) for person in all_of)
    for person in people:
        place = pades.Place(f"S-{person[0]}", fields, appearance(*person))
        content = pades.sign(content, one_time(*person), place, name=person[0], last=archived and person == people[-1])
    return content


def pdfsig(content: bytes) -> list[str]:
    """What poppler says of each signature, in order; timestamps of the document it does not look at."""
    if not shutil.which("pdfsig"):
        pytest.skip("pdfsig is not installed (Debian's poppler-utils): no second opinion on these signatures")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "signed.pdf"
        path.write_bytes(content)
        said = subprocess.run(["pdfsig", "-nocert", str(path)], capture_output=True, text=True, check=False, timeout=60).stdout
    blocks = [block for block in re.split(r"Signature #\d+:", said)[1:] if "Signature Type: unknown" not in block]
    return [verdict for block in blocks for verdict in re.findall(r"Signature Validation: (.*)", block)]


def signatures(content: bytes) -> list[SignatureStatus]:
    """What is said of the signatures of a file, without the timestamps of the document, which are to be valid."""
    found = validate(content)
    assert [one for one in found if one.kind == "timestamp" and not one.ok] == []
    return [one for one in found if one.kind == "signature"]
