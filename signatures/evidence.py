"""The evidence of a ceremony in one file: who, how they were known, what they were shown and when, what they said, where from; for people and machines.

PDF/A-3 (ISO 19005-3) with the same facts as JSON inside it (`evidence.json`, `SCHEMA`). The caller seals it, which dates it too.
"""

import json
import secrets
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backend import clock
from backend.people.federation.identity import IN_WORDS
from backend.people.levels import Method
from documents.models import Version
from documents.typeset import typeset
from signatures.gathering import WHOLE
from signatures.models import Ceremony, Presence, Session, Shown, Signer

SCHEMA = "https://commun-accord.fr/schemas/signature-evidence/1"
TEMPLATE = Path(__file__).parent / "templates" / "evidence.typ"
FILE = "evidence.json"
Facts = dict[str, Any]


def facts(ceremony: Ceremony, *, withheld: Collection[UUID] = ()) -> Facts:
    """All that is known of a ceremony, as JSON values. Of those `withheld`, the network addresses are only a commitment, which `opens` checks."""
    sessions = list(ceremony.sessions.select_related("base", "newest", "document", "scan").order_by("id"))
    return {
        "schema": SCHEMA,
        "made_at": clock.now().isoformat(),
        "platform": settings.SITE_NAME,
        "ceremony": {
            "id": str(ceremony.pk),
            "way": ceremony.way,
            "place": ceremony.place,
            "opens_at": ceremony.opens_at.isoformat(),
            "closes_at": ceremony.closes_at.isoformat(),
        },
        "presences": [_presence(row, withheld) for row in ceremony.presences.all()],
        "rehearsals": [
            {"person": str(row.person), "at": row.at.isoformat(), **_known(row.evidence, row.person in withheld, row.pk)}
            for row in ceremony.rehearsals.all()
        ],
        "documents": [_document(session, withheld) for session in sessions],
    }


def make(found: Facts, *, heading: str, zone: str) -> bytes:
    """The file. `heading` says what was signed in it, in the words of whoever asks; moments are told in `zone`."""
    with translation.override(settings.LANGUAGE_CODE):
        data = {
            "title": _("Evidence of a signature") if _complete(found) else _("Evidence of a signature that was ended"),
            "heading": heading,
            "language": settings.LANGUAGE_CODE,
            "sections": list(_sections(found, ZoneInfo(zone))),
            "embedded": _("The same facts, to be read by a machine"),
            "file": FILE,
            "json": json.dumps(found, ensure_ascii=False, sort_keys=True, indent=1),
        }
    return typeset(TEMPLATE, data)


def _complete(found: Facts) -> bool:
    """Whether all that was signed together bears every signature; else nothing of it counts."""
    return all(document["state"] == Session.State.COMPLETE for document in found["documents"])


def commitment(address: str, nonce: str) -> str:
    """What stands for an address that is withheld: who knows the address and the nonce, which the platform keeps, can show that it is that one."""
    return sha256(f"{nonce}:{address}".encode()).hexdigest()


def nonce() -> str:
    """To be kept with the evidence of each signer."""
    return secrets.token_hex(16)


def _document(session: Session, withheld: Collection[UUID]) -> Facts:
    return {
        "session": str(session.pk),
        "name": session.document.name,
        "purpose": session.purpose,
        "ordered": session.ordered,
        "pages": session.base.pages,
        "sheet": session.sheet and session.newest_id != session.base_id,  # the first signature adds it
        "size": session.base.size,
        "sha256": session.base.sha256,
        "signed_sha256": _signed(session).sha256 if session.state == Session.State.COMPLETE else "",
        "scan": _scan(session, withheld),
        "state": session.state,
        "opened_at": session.opened_at.isoformat(),
        "closed_at": session.closed_at.isoformat() if session.closed_at else "",
        "signers": [_signer(signer, withheld) for signer in session.signers.select_related("result").order_by("position")],
    }


def _signed(session: Session) -> Version:
    """What bears every signature: the file, or the scan of the paper."""
    return session.scan or session.newest


def _scan(session: Session, withheld: Collection[UUID]) -> Facts | None:
    """The scan of what was signed by hand, what its comparison with the text found, and who confirmed it."""
    if session.scan is None:
        return None
    compared = session.compared_at.isoformat() if session.compared_at else ""
    found = {"sha256": session.scan.sha256, "pages": session.scan.pages, "compared_at": compared, "findings": session.differences}
    return {**found, "confirmed": _confirmed(session, withheld)}


def _confirmed(session: Session, withheld: Collection[UUID]) -> Facts | None:
    said = session.confirmation
    if not said:
        return None
    known = _known(said, UUID(said["by"]) in withheld, session.pk)
    return {**{name: said[name] for name in ("by", "name", "looked", "at")}, **known}


def _signer(signer: Signer, withheld: Collection[UUID]) -> Facts:
    shown = Shown.objects.filter(session=signer.session_id, person=signer.person).order_by("page")
    said = {name: signer.evidence.get(name, "") for name in ("statement", "language", "digest")}
    return {
        "person": str(signer.person),
        "name": signer.name,
        "capacity": signer.capacity,
        "position": signer.position,
        "state": signer.state,
        "shown": [{"page": row.page, "at": row.at.isoformat()} for row in shown],
        **said,
        "certificate": signer.evidence.get("certificate"),
        **_known(signer.evidence, signer.person in withheld, signer.pk),
        "consented_at": signer.consented_at.isoformat() if signer.consented_at else "",
        "signed_at": signer.signed_at.isoformat() if signer.signed_at else "",
        "signed_sha256": signer.result.sha256 if signer.result else "",
        "reason": signer.reason,
        "taken_back": signer.taken_back,
    }


def _presence(row: Presence, withheld: Collection[UUID]) -> Facts:
    known = _known(row.evidence, row.by in withheld, row.pk)
    return {"person": str(row.person), "attested_by": row.by_name, "by": str(row.by), "at": row.at.isoformat(), **known}


def _known(evidence: Facts, hidden: bool, key: UUID) -> Facts:
    """How somebody was known: the factor and its level, of a provider's identity which one (a digest of its issuer and subject) and what it told otherwise
    than what is written here; the network address or its commitment; what their program said of itself.
    """
    address = evidence.get("address", "")
    told = {"address_sha256": commitment(address, evidence.get("nonce", str(key)))} if hidden and address else {"address": address}
    said = {name: evidence.get(name, "") for name in ("acr", "provider", "subject", "differs", "device")}
    return {"factor": evidence.get("strength", ""), "level": evidence.get("level", 0), **said, **told}


def _sections(found: Facts, zone: ZoneInfo) -> Iterable[Facts]:
    """What people read: the ceremony, those who were there, then each document with its signers."""
    names = {signer["person"]: signer["name"] for document in found["documents"] for signer in document["signers"]}
    gathered = found["ceremony"]
    yield _section(
        _("The signature"),
        (_("Way"), str(Ceremony.Way(gathered["way"]).label)),
        (_("Place"), gathered["place"]),
        (_("Opening"), _moment(gathered["opens_at"], zone)),
        (_("Closing"), _moment(gathered["closes_at"], zone)),
        *((_("Presence of %(name)s") % {"name": names.get(row["person"], "")}, _attested(row, zone)) for row in found["presences"]),
    )
    for document in found["documents"]:
        yield _section(
            document["name"],
            (_("How it ended"), str(Session.State(document["state"]).label)),
            (_("Pages"), _pages(document)),
            (_("SHA-256 of what was read"), document["sha256"]),
            (_("SHA-256 once signed by all"), document["signed_sha256"]),
            (_("Opened"), _moment(document["opened_at"], zone)),
            (_("Ended"), _moment(document["closed_at"], zone)),
            *_scanned(document["scan"], zone),
        )
        for signer in document["signers"]:
            yield _section(_("%(document)s: %(name)s") % {"document": document["name"], "name": signer["name"]}, *_rows(signer, zone))


def _pages(document: Facts) -> str:
    count = str(document["pages"] or "")
    return _("%(count)s, and a sheet for the signatures") % {"count": count} if document["sheet"] else count


def _scanned(scan: Facts | None, zone: ZoneInfo) -> Sequence[tuple[str, str]]:
    """Who confirmed the scan of what was signed by hand, and how they were known."""
    if scan is None or scan["confirmed"] is None:
        return []
    confirmed = scan["confirmed"]
    return [
        (_("Scan confirmed by"), confirmed["name"]),
        (_("What was seen where the scan differs"), confirmed["looked"]),
        (_("Confirmed"), _moment(confirmed["at"], zone)),
        *_known_rows(confirmed),
    ]


def _known_rows(known: Facts) -> Sequence[tuple[str, str]]:
    return [
        (_("Second factor"), _factor(known)),
        (_("Network address"), known.get("address", "") or (_("withheld: concealed") if known.get("address_sha256") else "")),
        (_("Device"), known["device"]),
    ]


def _rows(signer: Facts, zone: ZoneInfo) -> Sequence[tuple[str, str]]:
    return [
        (_("Capacity"), signer["capacity"]),
        (_("What they answered"), str(Signer.State(signer["state"]).label)),
        (_("Pages shown"), _read(signer["shown"], zone)),
        (_("Stated"), signer["statement"]),
        *((_("Taken back"), _taken_back(row, zone)) for row in signer["taken_back"]),
        (_("Certificate"), _certificate(signer["certificate"])),
        *_known_rows(signer),
        (_("Consented"), _moment(signer["consented_at"], zone)),
        (_("Signature placed"), _moment(signer["signed_at"], zone)),
        (_("SHA-256 with this signature"), signer["signed_sha256"]),
        (_("Reason of the refusal"), signer["reason"]),
    ]


def _read(shown: Sequence[Facts], zone: ZoneInfo) -> str:
    """How much was shown, between which moments."""
    if not shown:
        return _("none")
    first, last = (_moment(pick(row["at"] for row in shown), zone) for pick in (min, max))
    if any(row["page"] == WHOLE for row in shown):
        return _("the whole file, handed over on %(last)s") % {"last": last}
    said = ngettext("%(count)d page, on %(first)s", "%(count)d pages, from %(first)s to %(last)s", len(shown))
    return said % {"count": len(shown), "first": first, "last": last}


def _taken_back(row: Facts, zone: ZoneInfo) -> str:
    said = {"given": _moment(row["consented_at"], zone), "when": _moment(row["at"], zone), "name": row["by_name"], "reason": row["reason"]}
    return _("given on %(given)s, taken back by %(name)s on %(when)s: %(reason)s") % said


def _factor(signer: Facts) -> str:
    what = ", ".join(str(IN_WORDS[name]) for name in signer["differs"].split(",") if name in IN_WORDS)
    differs = _("tells otherwise than here: %(what)s") % {"what": what} if what else ""
    return " · ".join(
        part for part in (_method(signer["factor"]), signer["provider"], signer["acr"], signer["subject"][:16], differs) if part
    )


def _method(factor: str) -> str:
    return str(Method(factor).label) if factor in Method.values else factor


def _certificate(own: Facts | None) -> str:
    """The signer's own, and where its key is; nothing where the platform certified them for this one signature."""
    said = _("their own: %(subject)s, number %(serial)s, issued by %(issuer)s; signed at %(service)s")
    return said % own if own else ""


def _attested(row: Facts, zone: ZoneInfo) -> str:
    return _("attested by %(name)s on %(when)s") % {"name": row["attested_by"], "when": _moment(row["at"], zone)}


def _section(title: str, *rows: tuple[str, str]) -> Facts:
    return {"title": title, "rows": [[label, value] for label, value in rows if value]}


def _moment(said: str, zone: ZoneInfo) -> str:
    return f"{date_format(datetime.fromisoformat(said).astimezone(zone), 'j F Y, H:i:s')} ({zone.key})" if said else ""
