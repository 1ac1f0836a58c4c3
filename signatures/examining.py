"""Examining the signatures of a PDF with pyHanko's validator. Runs in the limited process: no network, no Django, no trust of its own."""

import asyncio
import io
from collections.abc import Sequence
from datetime import datetime
from typing import IO, Any

from asn1crypto import pem, x509
from pyhanko.pdf_utils.generic import DictionaryObject
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.general import ValueErrorWithMessage
from pyhanko.sign.validation import EmbeddedPdfSignature, SignatureCoverageLevel, async_validate_pdf_signature, async_validate_pdf_timestamp
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import collect_timing_info
from pyhanko.sign.validation.status import DocumentTimestampStatus, PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError

from signatures import limited  # noqa: F401 - loads what pyHanko would load too late

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
Fact = dict[str, Any]


def examine(content: IO[bytes], roots: IO[bytes], *, output: IO[bytes]) -> list[Fact]:
    """What is found of each signature and timestamp, in the order in which they were made, under the given roots (PEM)."""
    trusted = [x509.Certificate.load(der) for _, _, der in pem.unarmor(roots.read(), multiple=True)]
    read = content.read()
    reader = PdfFileReader(io.BytesIO(read), strict=True)
    found = [_embedded(reader, name, field) for name, _, field in enumerate_sig_fields(reader, filled_status=True)]
    readable = sorted((one for one in found if not isinstance(one, dict)), key=lambda one: one.signed_revision)
    broken = [one for one in found if isinstance(one, dict)]
    return [asyncio.run(_examined(one, trusted, last=one is readable[-1], tail=_tail(read))) for one in readable] + broken


def _embedded(reader: PdfFileReader, name: str, field: DictionaryObject) -> EmbeddedPdfSignature | Fact:
    try:
        return EmbeddedPdfSignature(reader, field, name)
    except UNREADABLE as fault:
        return {"field": name, "kind": "signature", "unreadable": type(fault).__name__}


def _tail(content: bytes) -> bool:
    """Whether something follows the end of the file."""
    return bool(content[content.rfind(b"%%EOF") + 5 :].strip())


async def _examined(one: EmbeddedPdfSignature, trusted: Sequence[x509.Certificate], *, last: bool, tail: bool) -> Fact:
    fact: Fact = {"field": one.field_name, "kind": "signature"}
    try:
        judge = _document_timestamp if one.sig_object_type == "/DocTimeStamp" else _signature
        status, more = await judge(one, trusted)
        return fact | _signer(one) | _integrity(status, last=last, tail=tail) | more
    except UNREADABLE as fault:
        return fact | {"unreadable": type(fault).__name__}


async def _document_timestamp(one: EmbeddedPdfSignature, trusted: Sequence[x509.Certificate]) -> tuple[DocumentTimestampStatus, Fact]:
    status = await async_validate_pdf_timestamp(one, _context(trusted, one))
    return status, {"kind": "timestamp", "at": status.timestamp.isoformat(), "timestamp": "trusted" if status.trusted else "untrusted"}


async def _signature(one: EmbeddedPdfSignature, trusted: Sequence[x509.Certificate]) -> tuple[PdfSignatureStatus, Fact]:
    stamped = await _timestamp(one, trusted)
    moment = stamped["moment"] if stamped["timestamp"] == "trusted" else None
    status = await async_validate_pdf_signature(one, _context(trusted, one, moment), _context(trusted, one))
    return status, {"at": _at(status, stamped["moment"]), "timestamp": stamped["timestamp"]}


async def _timestamp(one: EmbeddedPdfSignature, trusted: Sequence[x509.Certificate]) -> Fact:
    """The signature's timestamp is judged first: a one-time certificate is valid at that time, and at no later one."""
    timing = await collect_timing_info(one.signer_info, _context(trusted, one), raw_digest=one.compute_digest)
    found = timing.get("timestamp_validity")
    if found is None:
        return {"timestamp": "missing", "moment": None}
    if not (found.valid and found.intact):
        return {"timestamp": "broken", "moment": None}
    return {"timestamp": "trusted" if found.trusted else "untrusted", "moment": found.timestamp}


def _context(trusted: Sequence[x509.Certificate], one: EmbeddedPdfSignature, moment: datetime | None = None) -> ValidationContext:
    return ValidationContext(trust_roots=list(trusted), other_certs=list(one.other_embedded_certs), moment=moment, allow_fetching=False)


def _at(status: PdfSignatureStatus, stamped: datetime | None) -> str | None:
    """The time that the timestamp attests, else the one that the signer claims."""
    moment = stamped or status.signer_reported_dt
    return moment.isoformat() if moment else None


def _integrity(status: PdfSignatureStatus | DocumentTimestampStatus, *, last: bool, tail: bool) -> Fact:
    coverage = status.coverage or SignatureCoverageLevel.UNCLEAR
    level = status.modification_level
    return {
        "intact": bool(status.intact),
        "valid": bool(status.valid),
        "trusted": bool(status.trusted),
        "distrust": status.trust_problem_indic.standard_name if status.trust_problem_indic else "",
        "covers": coverage.name.lower(),
        "changes": level.name.lower() if level is not None else "unknown",
        "allowed": level is not None and level != ModificationLevel.OTHER and status.docmdp_ok is not False,
        "tail": last and (tail or (coverage != SignatureCoverageLevel.ENTIRE_FILE and level != ModificationLevel.LTA_UPDATES)),
    }


def _signer(one: EmbeddedPdfSignature) -> Fact:
    said = one.signer_cert.subject
    names = said.native
    return {
        "signer": str(names.get("common_name", said.human_friendly)),
        "capacity": str(names.get("title", "")),
        "organisation": str(names.get("organization_name", "")),
        "serial": f"{one.signer_cert.serial_number:x}",
        "issuer": one.signer_cert.issuer.human_friendly,
        "certifies": one.docmdp_level is not None,
    }
