"""The proof of a case: what its register held when a seal was put, to be kept, shown and checked without us."""

import io
import json
import zipfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from backend.errors import NotFound
from backend.people.actor import Actor
from backend.register import checker
from backend.register.proof import last_sealed, proof_of
from cases import access
from cases.models import Case

EXPLAINED = Path(checker.__file__).with_name("LISEZMOI.txt")


@dataclass(frozen=True)
class Sealing:
    """How far the register of a case is sealed: entries, the seal's time and number, and how many entries came since."""

    entries: int
    at: datetime
    number: int
    since: int


def sealing(case: Case) -> Sealing | None:
    """How far it is sealed; None before its first seal."""
    found = last_sealed(case.chain_id)
    return Sealing(found[0], found[1].at, found[1].number, case.chain.seq - found[0]) if found else None


def proof(actor: Actor, case: Case) -> dict[str, Any]:
    """The proof of the case for this person: the entries they may see in full, of the others a digest.

    Raises NotFound before the first seal, which comes within minutes.
    """
    readable = frozenset(access.entries(actor, case).values_list("seq", flat=True))
    try:
        return proof_of(case.chain_id, readable)
    except NotFound as absent:
        raise NotFound(_("The register of this case is not sealed yet. Come back in a few minutes."), code="not-sealed") from absent


def folder(actor: Actor, case: Case) -> bytes:
    """The proof with the program that checks it and what it says in plain words, as one ZIP."""
    told = json.dumps(proof(actor, case), ensure_ascii=False, indent=1)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("preuve.json", told)
        packed.writestr("verifier.py", Path(checker.__file__).read_text())
        packed.writestr("LISEZMOI.txt", EXPLAINED.read_text())
    return made.getvalue()
