"""Whether a certificate may be relied on for a use at a time: trust, purpose, validity, revocation. Runs in the limited process.

The time is a proven one where there is a proof (a timestamp), else the time of asking. What is known of revocation comes from the file and from
whoever asks: nothing is fetched.
"""

import base64
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from asn1crypto import crl, ocsp, pem, x509
from pyhanko.pdf_utils.decode_limits import DecodePurpose
from pyhanko.pdf_utils.rw_common import PdfHandler
from pyhanko.sign.ades.report import AdESIndeterminate
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import TimestampSignatureStatus
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.authority import AuthorityWithCert
from pyhanko_certvalidator.errors import InvalidCertificateError
from pyhanko_certvalidator.path import ValidationPath
from pyhanko_certvalidator.policy_decl import CertRevTrustPolicy, RevocationCheckingPolicy, RevocationCheckingRule

from signatures.known import Stamping, name_and_key

SHORT_TERM = "0.4.0.194121.2.1"  # EN 319 412-1, 5.2.2: a certificate so short-lived that it is never revoked
OCSP, CRL, CERTIFICATE = "OCSP RESPONSE", "X509 CRL", "CERTIFICATE"
# What a certificate that signs documents may be for, where it says so: documents (RFC 9336), mail, what Adobe and Microsoft call the same
PURPOSES = frozenset(
    {"1.3.6.1.5.5.7.3.36", "email_protection", "adobe_authentic_documents_trust", "microsoft_document_signing", "any_extended_key_usage"}
)
SIGNING = KeyUsageConstraints(
    key_usage={"non_repudiation", "digital_signature"}, extd_key_usage=PURPOSES, explicit_extd_key_usage_required=False
)
STAMPING = TimestampSignatureStatus.default_usage_constraints()
REQUIRED, UNASKED = RevocationCheckingRule.CRL_OR_OCSP_REQUIRED, RevocationCheckingRule.NO_CHECK
LACKING = (AdESIndeterminate.CERTIFICATE_CHAIN_GENERAL_FAILURE, AdESIndeterminate.TRY_LATER)

_up_to_issuer = ValidationPath.truncate_to_issuer_and_append


def _up_to(self: ValidationPath, certificate: x509.Certificate) -> ValidationPath:
    """The path to a certificate that is itself the one trusted, whoever certifies it in its turn, as is usual in trusted lists.

    pyHanko knows that of one that certifies itself, and takes a list of revoked certificates signed by another for nobody's.
    """
    trusted = self.trust_anchor.authority
    if isinstance(trusted, AuthorityWithCert) and trusted.certificate.dump() == certificate.dump():
        return ValidationPath(self.trust_anchor, interm=[], leaf=None)
    return _up_to_issuer(self, certificate)


ValidationPath.truncate_to_issuer_and_append = _up_to  # type: ignore[method-assign, assignment]

Status = dict[str, Any]
Check = Callable[[ValidationContext], Awaitable[Status]]


@dataclass(frozen=True)
class Evidence:
    """What is known of certificates."""

    certificates: tuple[x509.Certificate, ...] = ()
    crls: tuple[crl.CertificateList, ...] = ()
    ocsps: tuple[ocsp.OCSPResponse, ...] = ()

    def __add__(self, other: "Evidence") -> "Evidence":
        return Evidence(self.certificates + other.certificates, self.crls + other.crls, self.ocsps + other.ocsps)

    def __bool__(self) -> bool:
        return bool(self.crls or self.ocsps)


@dataclass(frozen=True)
class Ground:
    """What a judgement stands on: the roots trusted, what the file says, and what was handed in by who asks.

    `stamping` says who may attest the time, and which times: where none are named, whoever leads to a root.
    """

    roots: tuple[x509.Certificate, ...]
    handed: Evidence
    stamping: tuple[Stamping, ...] | None = None
    archived: Evidence = field(default_factory=Evidence)

    def at(self, archived: Evidence) -> "Ground":
        """The same with what the file said at one of its revisions."""
        return replace(self, archived=archived)


@dataclass(frozen=True)
class Judged:
    """What came of it."""

    status: Status
    fit: bool  # the certificate was made for this use
    revocation: str  # "good", "not-needed", "revoked" or "unknown", at the time
    unasked: bool  # a certificate says where its revocation is told, and what is told there is not known
    archived: bool  # the file itself holds what shows that nothing was revoked

    @property
    def trusted(self) -> bool:
        return trusted(self.status)


def attested(found: Judged, ground: Ground) -> Judged:
    """The judgement of a timestamp; nobody is trusted for it where no one from its maker up to the root may attest that time."""
    path = found.status["validation_path"]
    if ground.stamping is None or not path:
        return found
    moment, certificates = found.status["timestamp"], path.iter_certs(include_root=True)
    makers = {name_and_key(one) for one in certificates if isinstance(one, x509.Certificate)}
    if any(one.who in makers and one.attests(moment) for one in ground.stamping):
        return found
    return replace(found, status={**found.status, "trust_problem_indic": AdESIndeterminate.NO_CERTIFICATE_CHAIN_FOUND})


def read_evidence(given: bytes) -> Evidence:
    """What was handed in: blocks of PEM."""
    kinds: dict[str, list[bytes]] = {OCSP: [], CRL: [], CERTIFICATE: []}
    for label, _, der in pem.unarmor(given, multiple=True) if given else ():
        kinds[label].append(der)
    return _loaded(kinds[CERTIFICATE], kinds[CRL], kinds[OCSP])


def archived(handler: PdfHandler) -> Evidence:
    """What the file says of certificates (its DSS; EN 319 142-1, 5.4), at the revision that is read."""
    try:
        store = DocumentSecurityStore.read_dss(handler)
    except NoDSSFoundError:
        return Evidence()
    return _loaded(
        [one.get_object().read_data(DecodePurpose.CERTIFICATE) for one in store.certs.values()],
        [one.get_object().read_data(DecodePurpose.CRL) for one in store.crls],
        [one.get_object().read_data(DecodePurpose.OCSP_RESPONSE) for one in store.ocsps],
    )


def _loaded(certificates: Sequence[bytes], crls: Sequence[bytes], ocsps: Sequence[bytes]) -> Evidence:
    return Evidence(
        tuple(x509.Certificate.load(der) for der in certificates),
        tuple(crl.CertificateList.load(der) for der in crls),
        tuple(ocsp.OCSPResponse.load(der) for der in ocsps),
    )


def trusted(status: Status) -> bool:
    """The signature is sound, and its certificate may be relied on."""
    found = status["valid"] and status["intact"] and status["trust_problem_indic"] is None
    return bool(found and status["validation_path"] is not None)


async def judge(check: Check, certificate: x509.Certificate, use: KeyUsageConstraints, ground: Ground, moment: datetime) -> Judged:
    """The status at a moment under the strictest rule of revocation that what is known allows."""
    never = never_revoked(certificate)
    known = ground.archived + ground.handed
    rules = _rules(never or await _revoked_later(check, certificate, ground, known, moment), known)
    status = await check(_context(ground, known, moment, rule := rules.pop(0)))
    while rules and not trusted(status) and status["trust_problem_indic"] in LACKING:
        status = await check(_context(ground, known, moment, rule := rules.pop(0)))
    conclusive = rule.intermediate_ca_cert_rule == REQUIRED
    shown = trusted(status) and conclusive
    kept = shown and bool(ground.archived)
    if kept and ground.handed:  # without what was handed in
        kept = trusted(await check(_context(ground, ground.archived, moment, _rules(never, known)[0])))
    unasked = trusted(status) and not conclusive and any(_declares(one) for one in _path(status))
    return Judged(status, _fit(certificate, use), _revocation(status, never=never, shown=shown), unasked, kept)


async def _revoked_later(check: Check, certificate: x509.Certificate, ground: Ground, known: Evidence, moment: datetime) -> bool:
    """Whether its authority answers that it was revoked, and since later only: so it was good before. pyHanko takes such an answer for none."""
    for since in _told_revoked(certificate, known):
        if since > moment:
            details = (await check(_context(ground, known, since, RevocationCheckingPolicy(REQUIRED, UNASKED))))["revocation_details"]
            if details and not details.ca_revoked and details.revocation_date > moment:
                return True
    return False


def _told_revoked(certificate: x509.Certificate, known: Evidence) -> list[datetime]:
    """When, by the answers at hand, whoever gave them."""
    answers = [one.response_data for one in known.ocsps if one["response_status"].native == "successful"]
    about = [each for one in answers for each in one["responses"] if each["cert_id"]["serial_number"].native == certificate.serial_number]
    return [each["cert_status"].chosen["revocation_time"].native for each in about if each["cert_status"].name == "revoked"]


def _revocation(status: Status, *, never: bool, shown: bool) -> str:
    if status["revocation_details"]:
        return "revoked"
    if never and trusted(status):
        return "not-needed"
    return "good" if shown else "unknown"


def _fit(certificate: x509.Certificate, use: KeyUsageConstraints) -> bool:
    """Whether its purpose is not what is wrong with it: where nobody certified it, that is."""
    try:
        if certificate.self_issued:
            return True
        use.validate(certificate)
    except InvalidCertificateError:
        return False
    return True


def _rules(never: bool, known: Evidence) -> list[RevocationCheckingPolicy]:
    """How strictly revocation is asked after: of all, which shows that nothing was revoked; of the signer's alone; of none."""
    leaf, none = UNASKED if never else REQUIRED, RevocationCheckingPolicy(UNASKED, UNASKED)
    return [RevocationCheckingPolicy(leaf, REQUIRED), RevocationCheckingPolicy(leaf, UNASKED), none] if known else [none]


def _context(ground: Ground, known: Evidence, moment: datetime, rule: RevocationCheckingPolicy) -> ValidationContext:
    """A revocation told later counts for the time at which it took effect."""
    return ValidationContext(
        trust_roots=list(ground.roots),
        other_certs=list(ground.archived.certificates + ground.handed.certificates),
        crls=list(known.crls),
        ocsps=list(known.ocsps),
        moment=moment,
        revinfo_policy=CertRevTrustPolicy(rule, retroactive_revinfo=True),
        allow_fetching=False,
    )


def never_revoked(certificate: x509.Certificate) -> bool:
    """It says so itself."""
    extensions = {one["extn_id"].dotted for one in certificate["tbs_certificate"]["extensions"]}
    return SHORT_TERM in extensions or certificate.ocsp_no_check_value is not None


def _declares(certificate: x509.Certificate) -> bool:
    return bool(certificate.ocsp_urls or certificate.crl_distribution_points)


def _path(status: Status) -> list[x509.Certificate]:
    """The certificates from the signer's up to below the root, where a path was found."""
    path = status["validation_path"]
    return [one for one in list(path.iter_certs(include_root=False))[::-1] if isinstance(one, x509.Certificate)] if path else []


def told(status: Status, certificate: x509.Certificate) -> list[dict[str, Any]]:
    """The certificates of a judgement, the signer's first."""
    return [describe(one) for one in _path(status) or [certificate]]


def describe(certificate: x509.Certificate) -> dict[str, Any]:
    """What a certificate says."""
    return {
        "subject": certificate.subject.human_friendly,
        "issuer": certificate.issuer.human_friendly,
        "serial": f"{certificate.serial_number:x}",
        "not_before": certificate.not_valid_before.isoformat(),
        "not_after": certificate.not_valid_after.isoformat(),
        "der": base64.b64encode(certificate.dump()).decode(),
    }
