"""Examining the signatures of a PDF with pyHanko's validator. Runs in the limited process: no network, no Django, no trust of its own.

What the file's timestamps prove is used as EN 319 102-1, 5.6.3 has it: the last one is judged at the time of asking, each one before at the time
that the next one proves, and a signature at the time that its own timestamp gives. So a file holds after the certificates it was signed with.
"""

import asyncio
import io
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import IO, Any

from asn1crypto import cms
from pyhanko.pdf_utils.generic import DictionaryObject
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.general import ValueErrorWithMessage
from pyhanko.sign.validation import EmbeddedPdfSignature, SignatureCoverageLevel
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import (
    cms_basic_validation,
    extract_certs_for_validation,
    extract_tst_data_iter,
    message_imprint_checker,
    validate_tst_signed_data,
)
from pyhanko_certvalidator.context import ValidationContext
from pyhanko_certvalidator.errors import PathError

from signatures import (
    judging,
    limited,  # noqa: F401 - loads what pyHanko would load too late
    ranges,
)
from signatures.judging import Ground, Judged
from signatures.known import Stamping
from signatures.locking import Strict

# What pyHanko and asn1crypto raise of a signature they cannot make sense of: it is then unreadable, and the others are judged all the same
UNREADABLE = (
    PdfError,
    SignatureValidationError,
    ValueErrorWithMessage,
    PathError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
)
SUBFILTERS = {"/ETSI.CAdES.detached": True, "/adbe.pkcs7.detached": False}  # whether a signature of that form is PAdES
TIMESTAMP = "/ETSI.RFC3161"
LENIENT = timedelta(minutes=5)  # by which the clocks of two authorities may differ
Fact = dict[str, Any]


def examine(
    content: IO[bytes], roots: IO[bytes], evidence: IO[bytes], *, output: IO[bytes], at: str, stamping: list[list[str]] | None = None
) -> list[Fact]:
    """What is found of each signature and timestamp, in the order in which they were made.

    Under the given roots (PEM), at a moment (ISO 8601), with what the file says of revocation and the given evidence (PEM: OCSP responses, CRLs);
    the time believed from those named in `stamping` (`known.Stamping`), where it is given.
    """
    trusted = judging.read_evidence(roots.read()).certificates
    read = content.read()
    reader = PdfFileReader(io.BytesIO(read), strict=True)
    found = [_embedded(reader, name, field) for name, _, field in enumerate_sig_fields(reader, filled_status=True)]
    readable = sorted((one for one in found if not isinstance(one, dict)), key=lambda one: one.signed_revision)
    broken = [one for one in found if isinstance(one, dict)]
    stampers = None if stamping is None else tuple(map(Stamping.of_json, stamping))
    ground = Ground(trusted, judging.read_evidence(evidence.read()), stampers, judging.archived(reader))
    return asyncio.run(_examined(reader, readable, ground, datetime.fromisoformat(at), read)) + broken


def _embedded(reader: PdfFileReader, name: str, field: DictionaryObject) -> EmbeddedPdfSignature | Fact:
    try:
        return EmbeddedPdfSignature(reader, field, name)
    except UNREADABLE as fault:
        return {"field": name, "kind": "signature", "unreadable": type(fault).__name__}


async def _examined(
    reader: PdfFileReader, readable: Sequence[EmbeddedPdfSignature], ground: Ground, at: datetime, read: bytes
) -> list[Fact]:
    """From the last to the first: each sound timestamp of the document proves at what time all before it was there."""
    moment, archived, facts = at, False, []
    for one in reversed(readable):
        last = one is readable[-1]
        fact: Fact = {"field": one.field_name, "kind": "signature", "revision": one.signed_revision + 1, "archived": archived}
        try:
            if one.sig_object_type == "/DocTimeStamp":
                fact |= {"kind": "timestamp"} | await _document_timestamp(one, ground, moment)
            else:
                fact |= await _signature(one, ground, moment, proven=archived)
            fact |= _integrity(one, read, last=last)
        except UNREADABLE as fault:
            fact["unreadable"] = type(fault).__name__
        facts.append(fact)
        if _proves(fact):
            moment, archived = datetime.fromisoformat(fact["at"]), True
            ground = ground.at(judging.archived(reader.get_historical_resolver(one.signed_revision)))
    return facts[::-1]


def _proves(fact: Fact) -> bool:
    """Whether it is a timestamp of the document on which all before it may rest."""
    sound = fact["kind"] == "timestamp" and fact.get("proven")
    return bool(sound and fact["allowed"] and not fact["gap"] and fact["covers"] in ("entire_file", "entire_revision"))


async def _document_timestamp(one: EmbeddedPdfSignature, ground: Ground, moment: datetime) -> Fact:
    if one.sig_object.get("/SubFilter") != TIMESTAMP:
        raise SignatureValidationError("this is no timestamp of a document")
    found = await _stamped(one.signed_data, one.compute_digest, ground, moment)
    worth = _timestamp(found, moment)
    return _judged(found, one, moment) | {"at": found.status["timestamp"].isoformat(), "timestamp": worth, "proven": worth == "trusted"}


async def _stamped(token: cms.SignedData, imprint: Any, ground: Ground, moment: datetime) -> Judged:
    async def check(context: ValidationContext) -> judging.Status:
        return await validate_tst_signed_data(token, context, imprint)

    found = await judging.judge(check, extract_certs_for_validation(token).signer_cert, judging.STAMPING, ground, moment)
    return judging.attested(found, ground)


def _timestamp(found: Judged, moment: datetime) -> str:
    """What a timestamp is worth: one that gives a later time than the moment at which it was there is none."""
    status = found.status
    if not (status["valid"] and status["intact"]) or status["timestamp"] > moment + LENIENT:
        return "broken"
    return "trusted" if found.trusted else "untrusted"


async def _signature(one: EmbeddedPdfSignature, ground: Ground, moment: datetime, *, proven: bool) -> Fact:
    """The signature's timestamp is judged first: a one-time certificate is valid at that time, and at no later one."""
    if one.sig_object.get("/SubFilter") not in SUBFILTERS:
        raise SignatureValidationError("this form of signature is not known here")
    tokens = [await _stamped(token, message_imprint_checker(one.signer_info), ground, moment) for token in _tokens(one)]
    best = next((token for token in tokens if _timestamp(token, moment) == "trusted"), tokens[-1] if tokens else None)
    worth = _timestamp(best, moment) if best else "missing"
    if best and worth == "trusted":
        moment, proven = best.status["timestamp"], True
    check = partial(cms_basic_validation, one.signed_data, one.compute_digest(), key_usage_settings=judging.SIGNING)
    found = await judging.judge(lambda context: check(validation_context=context), one.signer_cert, judging.SIGNING, ground, moment)
    kept = found.archived and (best is None or best.archived)
    claimed = one.self_reported_timestamp
    time = best.status["timestamp"] if best and worth != "broken" else moment if proven else claimed
    return _judged(found, one, moment) | {
        "at": time.isoformat() if time else None,
        "claimed": claimed.isoformat() if claimed else None,
        "timestamp": worth,
        "stamped_by": judging.told(best.status, best.status["signing_cert"]) if best else [],
        "stamp_unasked": bool(best and best.unasked),
        "proven": proven,
        "pades": SUBFILTERS[one.sig_object["/SubFilter"]],
        "kept": kept,
        "certifies": one.docmdp_level is not None,
    }


def _tokens(one: EmbeddedPdfSignature) -> list[cms.SignedData]:
    return list(extract_tst_data_iter(one.signer_info, signed=False))


def _judged(found: Judged, one: EmbeddedPdfSignature, moment: datetime) -> Fact:
    status, certificate = found.status, one.signer_cert
    names = certificate.subject.native
    revoked = status["revocation_details"]
    return {
        "signer": _text(names.get("common_name", certificate.subject.human_friendly)),
        "capacity": _text(names.get("title", "")),
        "organisation": _text(names.get("organization_name", "")),
        "path": judging.told(status, certificate),
        "judged_at": moment.isoformat(),
        "intact": bool(status["intact"]),
        "valid": bool(status["valid"]),
        "trusted": found.trusted,
        "distrust": getattr(status["trust_problem_indic"], "standard_name", ""),
        "revocation": found.revocation,
        "revoked_at": revoked.revocation_date.isoformat() if revoked else None,
        "unasked": found.unasked,
        "fit": found.fit,
        "mechanism": f"{status['md_algorithm']} {status['pkcs7_signature_mechanism']}",
    }


def _text(value: object) -> str:
    """A part of a name, which may be there more than once."""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _integrity(one: EmbeddedPdfSignature, read: bytes, *, last: bool) -> Fact:
    """What is covered, and what was done to the file since."""
    one.compute_integrity_info(Strict())
    said = one.summarise_integrity_info()
    coverage = said["coverage"] or SignatureCoverageLevel.UNCLEAR
    level = getattr(said["diff_result"], "modification_level", ModificationLevel.OTHER)
    followed = coverage != SignatureCoverageLevel.ENTIRE_FILE and level != ModificationLevel.LTA_UPDATES
    return {
        "covers": coverage.name.lower(),
        "covered": ranges.end(one.byte_range),
        "gap": ranges.leaves_out_more(read, one.byte_range, one.pkcs7_content),
        "changes": level.name.lower(),
        "allowed": level != ModificationLevel.OTHER and said["docmdp_ok"] is not False,
        "tail": last and (ranges.tail(read) or followed),
    }
