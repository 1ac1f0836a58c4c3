"""What an example expects, line by line: each check yields what is wrong, in words."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils import translation

from backend.errors import Finding
from cases import access, checks, effects, facts, routes
from cases.deadlines import Deadline, Notice
from cases.models import Case
from cases.outlook import outlook
from cases.proceedings import interpret
from tests.journeys.examples import names
from tests.journeys.examples.player import Player

Row = Mapping[str, Any]


def the_routes(player: Player, expected: Row) -> Iterator[str]:
    """Each of the six routes: status, articles, condition, form."""
    known = {route.kind: route for route in routes.routes(facts.of(player.case))}
    for name, row in expected.items():
        if name == "as_of":
            continue
        route = known[names.ROUTES[name]]
        said = {"status": str(route.status), "condition": english(route.condition), "form": route.form}
        wanted = {
            "status": row["status"],
            "condition": names.CONDITIONS[row["condition"]] if "condition" in row else "",
            "form": names.FORMS[row["form"]] if "form" in row else said["form"],
        }
        if said != wanted:
            yield f"routes: {name}: {said} instead of {wanted}"
        if not names.matches(row["law"], route.law):
            yield f"routes: {name}: {route.law} instead of {row['law']}"


def the_suggestions(player: Player, expected: Sequence[Row]) -> Iterator[str]:
    """What to take instead, in order, with what is kept and what is needed."""
    said = [
        (suggestion.route.kind, [english(text) for text in suggestion.keeps], [english(text) for text in suggestion.needs])
        for suggestion in routes.suggestions(facts.of(player.case))
    ]
    wanted = [
        (names.ROUTES[row["route"]], [names.KEEPS[text] for text in row["keeps"]], [names.NEEDS[text] for text in row["needs"]])
        for row in expected
    ]
    if said != wanted:
        yield f"suggestions: {said} instead of {wanted}"


def the_courts(player: Player, expected: Row) -> Iterator[str]:
    """The courts to choose from (CPC 1070)."""
    said = [court.name for court in facts.competent_courts(list(player.case.spouses.all()))]
    if said != expected["courts"]:
        yield f"competent courts: {said}"
    law = next(when.law for when in player.case.proceeding.needs if when.code == "court")
    if not names.matches(expected["law"], law):
        yield f"competent courts: {law}"


def the_required_exhibits(player: Player, expected: Sequence[Row]) -> Iterator[str]:
    """What is asked for, of whom, in which form, under which article; and what must not be."""
    known = facts.of(player.case)
    asked = list(interpret.required(player.case.proceeding, known))
    for row in expected:
        found = [(document, about) for document, about, _ in asked if document.kind == row["type"]]
        label = f"required exhibits: {row['type']}"
        if row.get("required") is False:
            yield from (f"{label}: required" for _ in found[:1])
            continue
        laws = {document.law for document, _ in found} or _law_of_act(player, row["type"])
        if not laws or not all(names.matches(row["law"], law) for law in laws):
            yield f"{label}: {laws or 'not required'} instead of {row['law']}"
        if not _people(player, row.get("of")) <= {about for _, about in found}:
            yield f"{label}: not of {row['of']}"
        if "form" in row and {document.form(known) for document, _ in found if document.form} != {names.FORM_OF_LIQUIDATION[row["form"]]}:
            yield f"{label}: not in the form {row['form']}"
        if found and any(document.configurable != ("certainty" in row) for document, _ in found):
            yield f"{label}: certainty"
        if row.get("private_until_communicated"):
            yield from _not_private(player, row["type"], label)


def _law_of_act(player: Player, kind: str) -> set[str]:
    """The article that requires a signed act, or a question asked of everyone."""
    proceeding = player.case.proceeding
    signed = {when.law for when in proceeding.needs if when.code == names.SIGNED.get(kind)}
    return signed | {topic.law for topic in proceeding.topics if topic.needed and topic.name == names.ASKED.get(kind)}


def _people(player: Player, of: str | None) -> set[Any]:
    match of:
        case None:
            return set()
        case "each spouse":
            return {spouse.pk for spouse in player.spouses.values()}
        case "each spouse and child":
            return {person.pk for person in (*player.spouses.values(), *player.children.values())}
    return {player.about(of)}


def _not_private(player: Player, kind: str, label: str) -> Iterator[str]:
    """Every such exhibit was added under its own side's eyes only."""
    rows = [row for (held, _), row in player.brought.items() if held == kind]
    for entry in access.entries(player.actor("judge"), player.case):
        if entry.kind == "exhibit.added" and entry.about_id in {row.pk for row in rows}:
            yield f"{label}: seen by the court before it was communicated"
    yield from (f"{label}: not private" for row in rows if row.side == 0)


def the_findings(player: Player, expected: Sequence[Row]) -> Iterator[str]:
    """Before the filing: nothing where nothing is expected, else each expected one, with its severity."""
    yield from _findings("findings before filing", checks.findings(player.case), expected)


def the_findings_on_the_new_agreement(player: Player, expected: Sequence[Row]) -> Iterator[str]:
    """Before the new agreement, the first condition being answered by a clause."""
    yield from _findings("findings before the new agreement", checks.conditions(player.case, {"1": "article 2"}), expected)


def _findings(label: str, said: Sequence[Finding], expected: Sequence[Row]) -> Iterator[str]:
    if not expected and said:
        yield f"{label}: {[str(finding.reason) for finding in said]}"
    for row in expected:
        if not any(_is(finding, row) for finding in said):
            yield f"{label}: no {row['severity']} about {row['about']} among {[(finding.code, finding.severity, finding.law) for finding in said]}"


def _is(finding: Finding, row: Row) -> bool:
    same = (finding.code, finding.severity, finding.configurable) == (names.FINDINGS[row["about"]], row["severity"], "certainty" in row)
    about = not row["about"].startswith("condition") or finding.about == row["about"]
    return same and about and names.matches(row["law"], finding.law) and bool(str(finding.reason)) and bool(str(finding.mend))


def the_deadlines(player: Player, expected: Sequence[Row], not_yet: Mapping[str, str]) -> Iterator[str]:
    """Every period with its day 0 and its ends, as it was seen while it mattered."""
    for row in expected:
        due = player.seen.get((names.PERIODS[row["name"]], row["day_0"]))
        if due is None:
            yield f"deadlines: {row['name']} of {row['day_0']} was never seen"
            continue
        said: dict[str, Any] = {"zone": due.counted.calendar.zone, "period": _length(due.period), **_ends(due.counted)}
        if "kept" in row:
            said["kept"] = due.done_on is not None and due.done_on <= due.on
        for name, value in said.items():
            if name in row and row[name] != value:
                yield f"deadlines: {row['name']}: {name} is {value} instead of {row[name]}"
        if not names.matches(row["law"], due.period.law):
            yield f"deadlines: {row['name']}: {due.period.law}"
        if f"expect.deadlines: {row['name']}: certainty" not in not_yet and due.period.configurable != ("certainty" in row):
            yield f"deadlines: {row['name']}: certainty"


def _ends(counted: Deadline | Notice) -> dict[str, date]:
    if isinstance(counted, Deadline):
        return {"raw_end": counted.raw_end, "end": counted.end}
    return {"latest_sending": counted.latest_sending, "proposed_sending": counted.proposed_sending}


def _length(period: Any) -> str:
    return f"{f'{period.months} months' if period.months else f'{period.days} days'}{' before' if period.backward else ''}"


def the_transmission(player: Player, expected: Row) -> Iterator[str]:
    """Whether maintenance data go to the family-benefits body."""
    if any(name == "maintenance-data" for name, _ in player.seen) != expected["due"]:
        yield f"maintenance transmission: {not expected['due']}"


def the_outcome(player: Player, expected: Row) -> Iterator[str]:
    """How it ended, and from when the divorce counts for whom."""
    outcome, under_appeal = names.OUTCOMES[expected["result"]]
    appealed = any(decision.recourses.filter(ended_on=None).exists() for decision in player.case.decisions.all())
    if (player.case.outcome, appealed) != (outcome, under_appeal):
        yield f"outcome: {player.case.outcome}, {appealed}"
    found = effects.effects(player.case)
    said = {"dissolved": found.dissolved_from, "property_between_spouses": found.property_from, "third_parties": found.third_parties_from}
    for name, day in said.items():
        wanted = expected.get(name) or {"from": None, "law": effects.LAWS[name]}
        if day != wanted["from"] or not names.matches(wanted["law"], effects.LAWS[name]):
            yield f"outcome: {name}: {day} ({effects.LAWS[name]}) instead of {wanted}"
    yield from _unreadable(player)


def _unreadable(player: Player) -> Iterator[str]:
    """Whatever the end, both spouses still read their whole case: exhibits, acts and register."""
    everything = set(player.case.exhibits.kept())
    for who in player.spouses:
        seen = outlook(player.actor(who), Case.objects.with_people().get(pk=player.case.pk))
        if set(seen.exhibits) != everything or not seen.timeline:
            yield f"outcome: {who} cannot read everything"


def english(text: object) -> str:
    with translation.override("en"):
        return str(text)


def lines(found: Iterable[Iterator[str]]) -> list[str]:
    return [line for some in found for line in some]
