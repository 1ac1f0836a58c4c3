"""The one interpreter of declarations: what is allowed, what is missing, what is due."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from backend.errors import Finding
from cases.deadlines import add_months
from cases.proceedings.declare import BLOCK, PLATFORM, WARN, Document, Proceeding, When
from cases.proceedings.facts import ExhibitFacts, Facts
from cases.proceedings.questions import Topic


def ever(proceeding: Proceeding, roles: Collection[str]) -> set[str]:
    """Every action these roles may do at some step."""
    tables = [proceeding.throughout, *(step.may for step in proceeding.steps)]
    return {action for table in tables for role in roles for action in table.get(role, ())}


def at_step(proceeding: Proceeding, step: str, roles: Collection[str]) -> list[str]:
    """What these roles may do at this step, in the order declared; once the case has ended only the platform finishes what it owes."""
    here = proceeding.step(step)
    over = here.ends and PLATFORM not in roles
    tables = [here.may] if over else [here.may, proceeding.throughout]
    return list(dict.fromkeys(action for table in tables for role in roles for action in table.get(role, ())))


def lacking(proceeding: Proceeding, action: str, facts: Facts) -> When | None:
    """The first condition of this act that does not hold now for whoever asks."""
    return next((when for when in proceeding.provided.get(action, ()) if not when.holds(facts)), None)


def now(proceeding: Proceeding, step: str, roles: Collection[str], facts: Facts) -> list[str]:
    """What whoever asks may do now: what these roles may at this step, less what the facts leave no room for."""
    return [action for action in at_step(proceeding, step, roles) if lacking(proceeding, action, facts) is None]


def law_of(proceeding: Proceeding, action: str) -> str:
    """The article of the first step at which anybody may do this; empty where it belongs to no step, or to one without."""
    return next((step.law for step in proceeding.steps if step.offers(action)), "")


def closed_because(proceeding: Proceeding, facts: Facts) -> list[Finding]:
    """Why the route is not open: conditions that fail, exclusions that hold."""
    failing = [when for when in proceeding.open_when if not when.holds(facts)]
    excluding = [when for when in proceeding.excluded if when.holds(facts)]
    return [_finding(when, facts) for when in [*failing, *excluding]]


def findings(proceeding: Proceeding, facts: Facts) -> list[Finding]:
    """All that stands in the way of a filing, or makes it doubtful, at once; blockers first."""
    found = [
        *closed_because(proceeding, facts),
        *(_finding(when, facts) for when in proceeding.needs if not when.holds(facts)),
        *unanswered(proceeding, facts),
        *(finding for document in proceeding.requires for finding in _document(document, facts)),
        *(_finding(when, facts, WARN) for when in proceeding.doubts if not when.holds(facts)),
    ]
    return sorted(found, key=lambda finding: finding.severity != BLOCK)


def required(proceeding: Proceeding, facts: Facts) -> list[tuple[Document, UUID | None, str]]:
    """What is asked for now: each document with the person it is of and that person's name."""
    return [(document, about, name) for document in proceeding.requires for about, name in _subjects(document, facts)]


def unanswered(proceeding: Proceeding, facts: Facts) -> Iterator[Finding]:
    """Every needed topic without an answer (CPC 54, 57, 1090: what the petition must say)."""
    for topic in proceeding.topics:
        for about, name in subjects_of(topic, facts):
            if topic.needed and not is_answered(topic, about, facts):
                yield Finding(
                    code=f"answer.{topic.name}",
                    severity=BLOCK,
                    about=topic.name,
                    reason=f"{topic.title} : {name}" if name else topic.title,
                    mend=_("Answer this question."),
                    law=topic.law,
                    where=str(about or ""),
                )


def subjects_of(topic: Topic, facts: Facts) -> list[tuple[UUID | None, str]]:
    """Of whom this topic is asked in this case."""
    if topic.when and not topic.when(facts):
        return []
    match topic.of:
        case "spouse":
            return [(spouse.id, spouse.name) for spouse in facts.spouses]
        case "child":
            return [(child.id, child.name) for child in facts.minors]
    return [(None, "")]


def is_answered(topic: Topic, about: UUID | None, facts: Facts) -> bool:
    if topic.of == "spouse":
        spouse = next(spouse for spouse in facts.spouses if spouse.id == about)
        return spouse.complete.get(topic.name, False) or (not topic.row and facts.answer(topic.name, about) is not None)
    if topic.name == "voice":
        return next(child for child in facts.children if child.id == about).discernment is not None
    return topic.row or facts.answer(topic.name, about) is not None


def _document(document: Document, facts: Facts) -> Iterator[Finding]:
    for about, name in _subjects(document, facts):
        held = [exhibit for exhibit in facts.exhibits if exhibit.kind == document.kind and (about is None or exhibit.about == about)]
        if problem := _problem(document, held, facts):
            severity, reason, mend = problem
            yield Finding(
                code=f"document.{document.kind}",
                severity=severity,
                about=document.kind,
                reason=f"{document.title}{f' ({name})' if name else ''} : {reason}",
                mend=mend,
                law=document.law,
                where=str(about or ""),
                configurable=document.configurable,
            )


def _problem(document: Document, held: list[ExhibitFacts], facts: Facts) -> tuple[str, str, Any] | None:
    """What is wrong with what was brought: severity, reason, mend."""
    there = [exhibit for exhibit in held if exhibit.there]
    if not there:
        reason = _("announced as to follow.") if held else _("it is missing.")
        return document.otherwise, reason, document.mend or _("Add it to the exhibits.")
    if not any(exhibit.ready for exhibit in there):
        return BLOCK, _("the file is still being checked, or was refused."), _("Wait for the check, or add another file.")
    if not any(exhibit.side == 0 or exhibit.communicated for exhibit in there):
        return document.otherwise, _("it is still private, and would not go with the filing."), _("Communicate it to the other side.")
    form = document.form(facts) if document.form else ""
    if form and not any(exhibit.form == form for exhibit in there):
        return BLOCK, _("it must be drawn up by a notary, since land registration applies."), _("Ask the notary for it.")
    months = oldest_months(document)
    if months and all(exhibit.dated and exhibit.dated < add_months(facts.today, -months) for exhibit in there):
        return WARN, _("it is more than %(months)s months old.") % {"months": months}, _("Ask the town hall for a newer one.")
    return None


def oldest_months(document: Document) -> int:
    """The months after which it is doubtful: the declaration's, unless the installation says otherwise; 0 where age does not matter."""
    return (settings.CERTIFICATE_MONTHS or document.at_most_months) if document.at_most_months else 0


def _subjects(document: Document, facts: Facts) -> list[tuple[UUID | None, str]]:
    if document.when and not document.when(facts):
        return []
    if document.of is None:
        return [(None, "")]
    return [(person.id, person.name) for person in document.of(facts)]


def _finding(when: When, facts: Facts, severity: str | None = None) -> Finding:
    return Finding(
        code=when.code or "route",
        severity=severity or when.otherwise,
        about=when.code or "route",
        reason=when.why,
        mend=when.mend,
        law=when.law,
        configurable=when.configurable,
    )
