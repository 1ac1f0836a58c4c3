"""Trusted lists (ETSI TS 119 612): whom a member state grants the right to issue qualified certificates and timestamps, and since when.

Read from the files that configuration gives, each believed only under the signature of its scheme operator (regulation (EU) 910/2014, article 22).
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from asn1crypto import pem, x509
from cryptography.x509 import load_der_x509_certificate
from django.conf import settings
from lxml import etree
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.qualified.assess import QualificationAssessor
from pyhanko.sign.validation.qualified.tsp import (
    CAServiceInformation,
    QcCertType,
    QTSTServiceInformation,
    QualifiedServiceInformation,
    TSPRegistry,
)
from pyhanko_certvalidator.authority import Authority, AuthorityWithCert, CertTrustAnchor
from pyhanko_certvalidator.path import ValidationPath

from signatures.foreign import issued_by
from signatures.known import Stamping, name_and_key

log = logging.getLogger(__name__)
KINDS = {QcCertType.QC_ESIGN: "signature", QcCertType.QC_ESEAL: "seal", QcCertType.QC_WEB: "website"}


@dataclass(frozen=True)
class Listed:
    """What a trusted list says, at a time, of who issued a certificate, and so of the certificate."""

    service: str
    qualified: bool
    kind: str  # "signature", "seal" or "website": what a qualified certificate is for; empty for a timestamp
    on_device: bool  # the key is in a qualified device


class Registry(TSPRegistry):
    """Services by what they are granted for: one that gives timestamps says nothing of who signs, nor the other way about."""

    def applicable_service_definitions(self, authority: Authority, moment: datetime | None) -> Iterator[QualifiedServiceInformation]:
        """Those that issue certificates."""
        return (one for one in super().applicable_service_definitions(authority, moment) if isinstance(one, CAServiceInformation))

    def stamping(self, authority: Authority, moment: datetime | None = None) -> Iterator[QualifiedServiceInformation]:
        """Those that give timestamps, at a moment or at any."""
        return (one for one in super().applicable_service_definitions(authority, moment) if isinstance(one, QTSTServiceInformation))


@dataclass(frozen=True)
class Lists:
    """Every list that was read."""

    registry: Registry
    certificates: tuple[bytes, ...] = ()  # DER, of the services that are or were granted
    faults: tuple[str, ...] = ()  # the files that are not believed: not there, no list, or not signed by one of the operators
    due: tuple[tuple[str, datetime], ...] = ()  # by when the operator of each file promised the next one (TS 119 612, 5.3.15)

    def issuers_of(self, certificates: Sequence[bytes]) -> list[bytes]:
        """The listed certificates that issued one of these, or are among them; all, where there are none: one may stand further up."""
        given = [load_der_x509_certificate(der) for der in certificates]
        near = [
            der
            for der in self.certificates
            if der in certificates or any(issued_by(one, load_der_x509_certificate(der)) for one in given if one.issuer == _subject(der))
        ]
        return near or list(self.certificates)

    def stamping(self, certificates: Iterable[bytes]) -> list[Stamping]:
        """Of these certificates, those who were granted the giving of timestamps, and from when to when."""
        given = [x509.Certificate.load(der) for der in dict.fromkeys(certificates)]
        granted = [(one, service.base_info) for one in given for service in self.registry.stamping(AuthorityWithCert(one))]
        return [Stamping(name_and_key(one), said.valid_from, said.valid_until) for one, said in granted]


NO_LISTS = Lists(Registry())


def lists() -> Lists:
    """The lists that configuration names, as they now are on disk; one that cannot be believed is left out, and told in the log."""
    if not settings.TRUSTED_LISTS:
        return NO_LISTS
    files = [Path(path) for path in (*settings.TRUSTED_LISTS, settings.TRUSTED_LISTS_SIGNERS)]
    return _read(tuple((str(path), path.stat().st_mtime_ns if path.is_file() else 0) for path in files))


def listed(path: Sequence[bytes], at: datetime) -> Listed | None:
    """What the lists said at a time of a certificate, by the path (DER) that leads from it upwards; None where nobody on it was granted then."""
    known, found = lists(), [x509.Certificate.load(der) for der in path]
    if not known.certificates or not found:
        return None
    anchor = x509.Certificate.load(_above(known, path[-1]) or path[-1])
    above = [one for one in found[1:] if one.dump() != anchor.dump()]
    way = ValidationPath(CertTrustAnchor(anchor), above[::-1], found[0])
    try:
        told = QualificationAssessor(known.registry).check_entity_cert_qualified(way, at)
    except (RuntimeError, ValueError, LookupError, TypeError):
        return None  # it says of itself what nobody can make sense of
    service = told.service_definition
    if service is None:
        return None
    kind = KINDS.get(told.status.qc_type, "")
    return Listed(service.base_info.service_name, told.status.qualified, kind, told.status.qc_key_security.is_qscd)


def stamping(path: Sequence[bytes], at: datetime) -> Listed | None:
    """The same of who gives timestamps: listed by its own certificate, or by its issuer's."""
    known = lists()
    candidates = [x509.Certificate.load(der) for der in (*path, *filter(None, [_above(known, path[-1]) if path else None]))]
    granted = (service for one in candidates for service in known.registry.stamping(AuthorityWithCert(one), at))
    return next((Listed(service.base_info.service_name, True, "", False) for service in granted), None)


@lru_cache(maxsize=2)
def _read(files: tuple[tuple[str, int], ...]) -> Lists:
    """Once for each state of the files; the last is that of the operators' certificates."""
    from pyhanko.sign.validation.qualified.eutl_parse import trust_list_to_registry  # slow to load, and most installations have no list

    *paths, signers = (Path(path) for path, _changed in files)
    registry, faults, due = Registry(), [], []
    for path in paths:
        try:
            written = path.read_text(encoding="utf-8")
            promised = [(str(path), moment) for moment in _next_update(written)]
            _registry, passed_over = trust_list_to_registry(written, _operators(signers), registry)
            due += promised
            log.info("%s: read; %s services that cannot be made sense of", path.name, len(passed_over))
        except (SignatureValidationError, etree.LxmlError, ValueError, OSError) as fault:
            log.error("%s: not believed (%s)", path.name, type(fault).__name__)
            faults.append(str(path))
    authorities = [*registry.known_certificate_authorities, *registry.known_timestamp_authorities]
    found = dict.fromkeys(one.certificate.dump() for one in authorities if isinstance(one, AuthorityWithCert))
    return Lists(registry, tuple(found), tuple(faults), tuple(due))


def _next_update(written: str) -> list[datetime]:
    """By when there is to be another list; none for one that is closed."""
    root = etree.fromstring(written.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    said = root.findtext("{*}SchemeInformation/{*}NextUpdate/{*}dateTime")
    return [datetime.fromisoformat(said.strip())] if said else []


def _operators(signers: Path) -> list[x509.Certificate]:
    return [x509.Certificate.load(der) for _kind, _headers, der in pem.unarmor(signers.read_bytes(), multiple=True)]


def _above(known: Lists, der: bytes) -> bytes | None:
    """The listed certificate that issued this one."""
    below = load_der_x509_certificate(der)
    named = (one for one in known.certificates if _subject(one) == below.issuer)
    return next((one for one in named if issued_by(below, load_der_x509_certificate(one))), None)


@lru_cache(maxsize=10_000)
def _subject(der: bytes) -> object:
    return load_der_x509_certificate(der).subject
