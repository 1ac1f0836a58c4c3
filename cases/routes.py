"""Which of the six routes are open to these people, each judged alone, and which to suggest instead of a closed one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.proceedings import predicates as a
from cases.proceedings.facts import Facts

Text = str | Promise


class Status(StrEnum):
    OPEN = "open"
    OPEN_IF = "open-if"
    UNDECIDED = "undecided"
    CLOSED = "closed"


@dataclass(frozen=True)
class Route:
    """What is known of one route on one day, with its reason and article."""

    kind: str
    title: Text
    status: Status
    because: Text
    law: str
    condition: Text = ""
    form: str = ""


@dataclass(frozen=True)
class Suggestion:
    """A route to take instead: what is kept of the work done, and what it still needs."""

    route: Route
    keeps: Sequence[Text] = field(default_factory=tuple)
    needs: Sequence[Text] = field(default_factory=tuple)


ANSWERS, EXHIBITS, FORMS = _("your answers"), _("your exhibits"), _("the children's forms")
SECOND_LAWYER = _("a second lawyer, of another firm")
TITLES = {
    "joint-petition": _("Divorce by mutual consent before the judge"),
    "without-a-judge": _("Divorce by mutual consent without a judge"),
    "accepted-divorce": _("Accepted divorce"),
    "parental-agreement": _("Approval of a parental agreement"),
    "legal-separation": _("Legal separation by mutual consent"),
    "settlement-homologation": _("Homologation of a settlement"),
}


def joint_petition(facts: Facts) -> Route:
    """CC 229-2 1°, 230, 247 2°, 249-3, 249-4: only where a minor, informed, asks to be heard."""
    if a.a_protected_adult(facts):
        return _route("joint-petition", Status.CLOSED, _("one of the spouses is a protected adult"), "CC 249-4, 229-2 1°")
    if a.a_request_for_protection_is_pending(facts):
        return _route("joint-petition", Status.CLOSED, _("a request for protection is pending"), "CC 249-3")
    if a.a_child_asks_to_be_heard(facts):
        return _route("joint-petition", Status.OPEN, _("a minor child was informed and asks to be heard"), "CC 229-2 1°, 230")
    if _a_child_is_silent(facts):
        return _route("joint-petition", Status.UNDECIDED, _("a child has not answered yet"), "CC 229-2 1°, 230")
    return _route(
        "joint-petition",
        Status.CLOSED,
        _("no minor child asks to be heard: the choice of this route is not free"),
        "CC 229, 229-2 1°, 230, 247 2°",
    )


def without_a_judge(facts: Facts) -> Route:
    """CC 229-1, 229-2: each spouse with their own lawyer; closed where a minor asks to be heard, or for a protected adult."""
    if a.a_protected_adult(facts):
        return _route("without-a-judge", Status.CLOSED, _("one of the spouses is a protected adult"), "CC 229-2 2°, 249-4")
    if facts.minors_asking:
        return _route("without-a-judge", Status.CLOSED, _("a minor child asks to be heard"), "CC 229-2 1°")
    if _a_child_is_silent(facts):
        return _route("without-a-judge", Status.UNDECIDED, _("a child has not answered yet"), "CC 229-2 1°")
    if not _one_lawyer_each(facts):
        return _route("without-a-judge", Status.OPEN_IF, _("each spouse has their own lawyer"), "CC 229-1", SECOND_LAWYER)
    return _route("without-a-judge", Status.OPEN, _("each spouse has a lawyer and no exclusion applies"), "CC 229-1, 229-2")


def accepted_divorce(facts: Facts) -> Route:
    """CC 233, 249; CPC 1107, 1123-1: one lawyer each; a protected adult may accept."""
    law = "CC 233, 268; CPC 1107, 1123-1"
    if not _one_lawyer_each(facts):
        return _route(
            "accepted-divorce",
            Status.OPEN_IF,
            _("each spouse has a lawyer, and the acceptance is countersigned"),
            law,
            _("a second lawyer"),
        )
    return _route("accepted-divorce", Status.OPEN, _("for spouses who both accept the break-up and want a judge"), law)


def parental_agreement(facts: Facts) -> Route:
    """CC 373-2-7: the parents of a minor; no lawyer is required (CPC 1139, 1143)."""
    if not facts.minors:
        return _route("parental-agreement", Status.CLOSED, _("there is no minor child"), "CC 373-2-7")
    return _route(
        "parental-agreement", Status.OPEN, _("it settles the children's matters only, and leaves the marriage standing"), "CC 373-2-7"
    )


def legal_separation(facts: Facts) -> Route:
    """CC 296 to 298; CPC 1148-3: the same cases and conditions as the divorce by mutual consent, before the judge where a child asks."""
    if a.a_child_asks_to_be_heard(facts) and not a.a_protected_adult(facts):
        return _route("legal-separation", Status.OPEN, _("the child asks to be heard"), "CC 296 to 298, 229-2 1°", form="before-the-judge")
    same = without_a_judge(facts)
    law = "CC 296 to 298, 229-1; CPC 1148-3"
    return _route("legal-separation", same.status, same.because, law, _("a second lawyer"), "without-a-judge")


def settlement_homologation(facts: Facts) -> Route:
    """CPC 1541 to 1545: an agreement reached by mediation, conciliation or transaction."""
    return _route(
        "settlement-homologation",
        Status.CLOSED,
        _("no agreement was reached by mediation, conciliation or transaction"),
        "CPC 1541 to 1545",
    )


ROUTES: Sequence[Callable[[Facts], Route]] = (
    joint_petition,
    without_a_judge,
    accepted_divorce,
    parental_agreement,
    legal_separation,
    settlement_homologation,
)


def routes(facts: Facts) -> list[Route]:
    """The six routes as the facts stand."""
    return [route(facts) for route in ROUTES]


def suggestions(facts: Facts) -> list[Suggestion]:
    """What to take instead when the joint petition is closed, in order; nothing of the work done is lost."""
    if joint_petition(facts).status == Status.OPEN:
        return []
    second = [] if _one_lawyer_each(facts) else [SECOND_LAWYER]
    found = [
        Suggestion(without_a_judge(facts), (ANSWERS, EXHIBITS, FORMS), (*second, _("a notary named in the agreement"))),
        Suggestion(
            accepted_divorce(facts),
            (ANSWERS, EXHIBITS),
            (*second, _("the acceptance, countersigned by lawyers or made in the petition"), _("the date of the orientation hearing")),
        ),
    ]
    return [suggestion for suggestion in found if suggestion.route.status in (Status.OPEN, Status.OPEN_IF)]


def _route(kind: str, status: Status, because: Text, law: str, condition: Text = "", form: str = "") -> Route:
    return Route(kind, TITLES[kind], status, because, law, condition if status == Status.OPEN_IF else "", form)


def _one_lawyer_each(facts: Facts) -> bool:
    return {side for counsel in facts.counsels if len(counsel.sides) == 1 for side in counsel.sides} == {1, 2}


def _a_child_is_silent(facts: Facts) -> bool:
    """A child with discernment, or of whom it is not known, has not answered: no answer blocks until it is resolved."""
    return any(child.discernment is not False and child.asks_to_be_heard is None for child in facts.minors)
