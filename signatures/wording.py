"""A report on signatures in words that a lawyer and a clerk both understand: the same on a page and in a letter."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backend.errors import Text
from signatures.report import NONE, Trust
from signatures.validation import Problem, Revocation, Verdict

Fact = Mapping[str, Any]
When = Callable[[datetime], str]
VERDICTS: Mapping[str, Text] = {  # of a file
    NONE: gettext_lazy("This file carries no electronic signature"),
    Verdict.VALID: gettext_lazy("The electronic signatures of this file are valid"),
    Verdict.UNCERTAIN: gettext_lazy("This file is as it was signed, but who signed it, or when, is not proven"),
    Verdict.INVALID: gettext_lazy("The electronic signatures of this file cannot be relied on"),
}
ADVICE: Mapping[str, Text] = {
    NONE: gettext_lazy(
        "A signature drawn on the page, or scanned, is not one: nothing in the file shows who made it, nor that the file is unchanged."
    ),
    Verdict.VALID: gettext_lazy("The file is unchanged since, and somebody trusted here vouches for who signed it."),
    Verdict.UNCERTAIN: gettext_lazy("This does not mean that it is false. Ask who signed for what is missing; a person decides."),
    Verdict.INVALID: gettext_lazy("Ask for the original file as it was signed, not printed, converted or saved again."),
}
WORTH: Mapping[str, Text] = {  # of one signature
    Verdict.VALID: gettext_lazy("Valid"),
    Verdict.UNCERTAIN: gettext_lazy("Not proven"),
    Verdict.INVALID: gettext_lazy("Not to be relied on"),
}
TONES: Mapping[str, str] = {NONE: "info", Verdict.VALID: "success", Verdict.UNCERTAIN: "warning", Verdict.INVALID: "error"}
PROBLEMS: Mapping[str, Text] = {
    Problem.UNREADABLE: gettext_lazy("This signature cannot be read."),
    Problem.ALTERED: gettext_lazy("What was signed has been changed since."),
    Problem.FORGED: gettext_lazy("It was not made with the key of the certificate that it shows."),
    Problem.CHANGED_AFTER: gettext_lazy("The file was changed after it, beyond what it allows."),
    Problem.UNCOVERED: gettext_lazy("Something was added to the file that no signature covers."),
    Problem.GAP: gettext_lazy("It leaves out a part of the file."),
    Problem.UNTRUSTED: gettext_lazy("Nobody trusted here vouches for who signed."),
    Problem.WRONG_PURPOSE: gettext_lazy("Its certificate was not made to sign documents."),
    Problem.NOT_YET_VALID: gettext_lazy("Its certificate was not yet valid."),
    Problem.EXPIRED: gettext_lazy("Its certificate had expired when it was made."),
    Problem.EXPIRED_SINCE: gettext_lazy("Its certificate has expired, and nothing proves that it was made before."),
    Problem.REVOKED: gettext_lazy("Its certificate was revoked when it was made."),
    Problem.REVOKED_SINCE: gettext_lazy("Its certificate is revoked, and nothing proves that it was made before."),
    Problem.REVOCATION_UNKNOWN: gettext_lazy("Whether a certificate was revoked could not be learnt."),
    Problem.WEAK: gettext_lazy("It was made with an algorithm that can be broken."),
    Problem.TIMESTAMP_MISSING: gettext_lazy("Nothing attests its time: the date is the one that the signer's computer gave."),
    Problem.TIMESTAMP_BROKEN: gettext_lazy("Its timestamp is of something else, or damaged."),
    Problem.TIMESTAMP_UNTRUSTED: gettext_lazy("Its time is attested by nobody trusted here."),
}
CHANGES: Mapping[str, Text] = {
    "none": gettext_lazy("none"),
    "lta_updates": gettext_lazy("only what keeps it verifiable (timestamps, status of certificates)"),
    "form_filling": gettext_lazy("only what it allows: later signatures, fields filled in"),
    "annotations": gettext_lazy("notes were added"),
    "other": gettext_lazy("the content was changed"),
}
STATUS: Mapping[str, Text] = {
    Revocation.GOOD: gettext_lazy("not revoked at that time"),
    Revocation.NOT_NEEDED: gettext_lazy("valid for so short a time that it is never revoked"),
    Revocation.REVOKED: gettext_lazy("revoked"),
    Revocation.UNKNOWN: gettext_lazy("not known"),
}
QUALIFIED: Mapping[str, Text] = {
    "signature": gettext_lazy("qualified certificate for electronic signatures (eIDAS, article 28)"),
    "seal": gettext_lazy("qualified certificate for electronic seals (eIDAS, article 38)"),
    "website": gettext_lazy("qualified certificate for websites (eIDAS, article 45)"),
}


def title(one: Fact) -> str:
    """What it is, and of whom."""
    if one["kind"] == "timestamp":
        return _("Timestamp of the whole document")
    return _("Signature of %(name)s") % {"name": one["signer"] or _("somebody unnamed")}


def problems(one: Fact) -> list[Text]:
    """Why it is not valid."""
    return [PROBLEMS[code] for code in one["problems"]]


def lines(one: Fact, when: When) -> Iterator[tuple[str, str]]:
    """What is known of a signature, each with its label; `when` spells a moment."""
    if "unreadable" in one["problems"]:
        return
    if who := ", ".join(filter(None, [one["signer"], one["capacity"], one["organisation"]])):
        yield _("Who"), who
    yield _("When it was made"), _time(one, when)
    yield _("What it covers"), _covered(one)
    yield _("Changes since"), str(CHANGES.get(one["changes_after"], _("not known")))
    yield _("Who vouches for it"), _trust(one)
    yield _("Revocation of the certificate"), _revocation(one, when)
    if one["issuer"]:
        yield _("Certificate"), _certificate(one, when)
    if one["level"]:
        yield _("Form"), f"PAdES {one['level']}"


def _time(one: Fact, when: When) -> str:
    if not one["at"]:
        return _("not known")
    moment = when(datetime.fromisoformat(one["at"]))
    if not one["time_attested"]:
        return _("%(moment)s, according to the signer") % {"moment": moment}
    said = _("%(moment)s, attested by %(who)s") if one["time_by"] else _("%(moment)s, attested by a timestamp")
    told = said % {"moment": moment, "who": _name(one["time_by"])}
    return f"{told} ({_('qualified timestamp (eIDAS, article 42)')})" if one["time_qualified"] else told


def _covered(one: Fact) -> str:
    if one["covers_whole"]:
        return _("all of this file")
    return _("the file as it was at its revision %(number)s; what follows is told below") % {"number": one["revision"]}


def _trust(one: Fact) -> str:
    listed = one["listed"]
    if one["trust"] == Trust.LISTED and listed:
        said = _("%(service)s, in an EU trusted list at that time") % {"service": listed["service"]}
    elif one["trust"] == Trust.HERE:
        said = _("an authority that this platform trusts")
    else:
        return _("nobody trusted here")
    if not (listed and listed["qualified"]):
        return said
    parts = [said, QUALIFIED.get(listed["kind"], ""), _("key in a qualified device") if listed["on_device"] else ""]
    return "; ".join(str(part) for part in parts if part)


def _revocation(one: Fact, when: When) -> str:
    if one["revocation"] == Revocation.REVOKED and one["revoked_at"]:
        return _("revoked since %(moment)s") % {"moment": when(datetime.fromisoformat(one["revoked_at"]))}
    return str(STATUS[one["revocation"]])


def _certificate(one: Fact, when: When) -> str:
    told = {"issuer": _name(one["issuer"]), "serial": one["serial"]}
    if not one["not_after"]:
        return _("no. %(serial)s, issued by %(issuer)s") % told
    told["end"] = when(datetime.fromisoformat(one["not_after"]))
    return _("no. %(serial)s, issued by %(issuer)s, valid until %(end)s") % told


def _name(distinguished: str) -> str:
    """The common name of "Common Name: A, Organization: B", or all of it."""
    parts = dict(part.split(": ", 1) for part in distinguished.split(", ") if ": " in part)
    return parts.get("Common Name", distinguished)
