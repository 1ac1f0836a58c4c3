"""Findings: what is missing, doubtful or too old in a case, each with its reason and its mend. A machine never decides."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from backend.errors import Finding
from backend.people.actor import Actor
from cases import access, facts
from cases.models import Case, Decision, Exhibit, Instrument
from cases.proceedings import interpret
from cases.proceedings.declare import BLOCK
from cases.proceedings.facts import Facts


def known(case: Case) -> Facts:
    """The facts the findings are made from."""
    return facts.of(case)


def findings(case: Case, known: Facts | None = None) -> list[Finding]:
    """What stands in the way of the filing, or makes it doubtful: the dry run of a filing, for every person of the case."""
    return interpret.findings(case.proceeding, known or facts.of(case))


def blocking(found: Iterable[Finding]) -> list[Finding]:
    """Of what was found, all that a filing waits for: without any it is ready."""
    return [finding for finding in found if finding.severity == BLOCK]


@dataclass(frozen=True)
class Going:
    """What goes with a filing: what is signed, and every exhibit that was communicated or is common to both."""

    instruments: list[Instrument]
    exhibits: list[Exhibit]


def going(actor: Actor, case: Case) -> Going:
    """Exactly what would be handed to the court if the case were filed now, as far as this person may see it: the court, once it is."""
    signed = access.instruments(actor, case).current().of_kind("petition", "agreement").exclude(signed_at=None)
    exhibits = access.exhibits(actor, case).filter(Q(communicated_at__isnull=False) | Q(side=0, document__isnull=False))
    return Going(list(signed), list(exhibits))


def conditions(case: Case, clauses: Mapping[str, str]) -> list[Finding]:
    """The conditions of the adjournment that no clause is named for: whether a clause meets one, only the judge can say (CC 250-2)."""
    order = case.decisions.filter(kind=Decision.Kind.ADJOURNMENT, state=Decision.State.DELIVERED).last()
    asked = order.conditions if order else []
    return [
        Finding(
            code="condition",
            severity="warning",
            about=f"condition {number}",
            reason=_("Nothing here can tell whether the new agreement meets this condition: %(condition)s") % {"condition": condition},
            mend=_("Name the clause of the agreement that answers it."),
            law="CC 250-2",
        )
        for number, condition in enumerate(asked, 1)
        if not clauses.get(str(number), "").strip()
    ]
