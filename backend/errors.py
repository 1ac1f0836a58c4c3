"""The domain's refusals: each says what is wrong, where, under which article, and how to mend it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class DomainError(Exception):
    """A refusal people can act on. `code` names it for machines; doors turn it into a page message or a problem (RFC 9457)."""

    code = "refused"
    message: Text = _("This cannot be done.")

    def __init__(
        self,
        message: Text | None = None,
        *,
        code: str | None = None,
        field: str | None = None,
        law: str | None = None,
        mend: Text | None = None,
    ) -> None:
        self.message = message or self.message
        self.code = code or self.code
        self.field = field
        self.law = law
        self.mend = mend
        super().__init__(self.code)

    def __str__(self) -> str:
        return str(self.message)

    def details(self) -> Mapping[str, Any]:
        """What a door may add to the message: JSON values only."""
        return {}


class NotFound(DomainError):
    """What is asked for does not exist, or this person may not know that it does: one answer for both."""

    code = "not-found"
    message = _("There is nothing here, or nothing you may see.")


class NotAllowed(DomainError):
    """This person may never do this, whatever the step."""

    code = "not-allowed"
    message = _("You may not do this.")


class NotNow(DomainError):
    """This person may do this, but not at this step or on this day."""

    code = "not-now"
    message = _("This cannot be done at this step.")


class TooWeak(DomainError):
    """A binding act needs a fresh second factor."""

    code = "too-weak"
    message = _("Confirm that it is you before you go on.")


class Invalid(DomainError):
    """A value that cannot be taken; `field` says which."""

    code = "invalid"
    message = _("This value cannot be taken.")


class AllInvalid(Invalid):
    """Several values that cannot be taken, told at once; the first gives it its message, code and field."""

    def __init__(self, faults: Sequence[Invalid]) -> None:
        first = faults[0]
        super().__init__(first.message, code=first.code, field=first.field)
        self.faults = tuple(faults)

    def details(self) -> Mapping[str, Any]:
        return {"errors": [{"field": fault.field or "", "code": fault.code, "detail": str(fault)} for fault in self.faults]}


class TooLarge(Invalid):
    """More bytes, pages or pixels than can be taken."""

    code = "too-large"
    message = _("This is too large.")


class Unavailable(DomainError):
    """A service we stand on does not answer; nothing was done, and the same request may be made again later."""

    code = "unavailable"
    message = _("This service does not answer at the moment. Nothing is lost. Try again in a few minutes.")


class Conflict(DomainError):
    """Somebody else was there first, or the same key came with another request."""

    code = "conflict"
    message = _("This has changed since you looked.")


class Outdated(Conflict):
    """The version edited is not the newest any more (If-Match)."""

    code = "outdated"


class Busy(DomainError):
    """The same thing is being done at this moment; try again shortly."""

    code = "busy"
    message = _("This is being done already. Try again in a moment.")


class TooMany(Busy):
    """One sender has as many of them on their way as anybody may; try again when one has come."""

    code = "too-many-at-once"
    message = _("You are sending too many at once.")


@dataclass(frozen=True)
class Finding:
    """What a check found: missing, doubtful, too old. A machine never decides: a blocker stops a filing, a person decides the rest."""

    code: str
    severity: str  # "blocker" or "warning"
    about: str
    reason: Text
    mend: Text
    law: str = ""
    where: str = ""
    configurable: bool = False
    pages: tuple[int, ...] = ()  # of the document it is about, counted from 1

    def as_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "severity": self.severity,
            "about": self.about,
            "reason": str(self.reason),
            "mend": str(self.mend),
            "law": self.law,
            "where": self.where,
            "configurable": self.configurable,
            "pages": list(self.pages),
        }


class Incomplete(DomainError):
    """A filing that cannot go yet: `findings` holds all that is missing, at once."""

    code = "incomplete"
    message = _("Some things are missing. Nothing was sent and nothing is lost.")

    def __init__(self, findings: Sequence[Finding], message: Text | None = None) -> None:
        super().__init__(message)
        self.findings = tuple(findings)

    @property
    def missing(self) -> list[str]:
        return [finding.about for finding in self.findings]

    def details(self) -> Mapping[str, Any]:
        return {"findings": [finding.as_json() for finding in self.findings]}
