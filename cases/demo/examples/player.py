"""Plays an example: each event through the action of the person who does it, at its own moment."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property, partial
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from backend.errors import DomainError
from backend.people.actor import Actor
from backend.people.models import Organisation, User
from cases import actions
from cases.demo import agreements, exhibits
from cases.demo.acting import acting, bring, decide, draw_up, join, read, sign_all, work
from cases.demo.examples import answering
from cases.demo.examples.data import household
from cases.demo.papers import Paper
from cases.models import Book, Case, Child, Exhibit, HearingList, Spouse

Row = Mapping[str, Any]
Happening = tuple[datetime, int, Callable[[], Any]]  # the moment, the rank within it, what happens
PRIVATE = ("resources-statement",)
SIGNED = {"agreement": "agreement", "joint-petition": "petition", "new-agreement": "agreement"}  # exhibits there, signed acts here
DECISIONS = {"homologated and divorce pronounced": "homologation", "adjourned": "adjournment", "second refusal and lapse": "lapse"}
HEARD_WITH = {"alone": "alone", "her own lawyer": "lawyer", None: "alone"}


@dataclass
class Players:
    """Who plays: the accounts by the example's own names (and `clerk`, `judge`), the court, its chamber and its book."""

    court: Organisation
    chamber: Organisation
    book: Book
    users: dict[str, User] = field(default_factory=dict)


class Player:
    """An example being played."""

    def __init__(self, data: Row, cast: Any) -> None:
        self.data, self.cast = data, cast
        self.zone = ZoneInfo(data["zone"])
        self.case: Case
        self.brought: dict[tuple[str, str], Exhibit] = {}
        self.refused: dict[str, DomainError] = {}

    def actor(self, who: str) -> Actor:
        return acting(self.cast.users[who])

    @property
    def lawyer(self) -> Actor:
        return self.actor(self.data["people"]["lawyers"][0]["id"])

    @property
    def opened(self) -> datetime:
        """The moment at which it begins."""
        return self.moment(self.data["events"][0], time(9))

    @cached_property
    def spouses(self) -> dict[str, Spouse]:
        ids = [spouse["id"] for spouse in self.data["people"]["spouses"]]
        return dict(zip(ids, self.case.spouses.order_by("side"), strict=True))

    @cached_property
    def children(self) -> dict[str, Child]:
        rows = {row.first_names: row for row in self.case.children.all()}
        return {child["id"]: rows[", ".join(child["first_names"])] for child in self.data["people"]["children"]}

    def preparations(self) -> Iterator[Happening]:
        """What the events leave unsaid: who joins, which child is told, which paper is brought."""
        told = {event["what"] for event in self.data["events"]}
        joined = self.opened + timedelta(days=1)
        yield joined, 0, self.invite_lawyers
        if "invitation answered" not in told:
            yield joined, 1, self.everyone_joins
        if "child informed" not in told:
            for child in self.data["people"]["children"]:
                yield self.on(child["form_dated"]), 0, partial(self.inform, child)
        for row in self.data["exhibits"]:
            if row["type"] == "new-agreement":
                yield self.on(row["dated"]), 0, partial(self.renew_agreement, row["dated"])
            elif row["type"] not in SIGNED:
                yield self.on(row["dated"]), 1, partial(self.bring, row)
            if "communicated" in row:
                yield self.on(row["communicated"]), 2, partial(self.communicate, row)
        if "new agreement" in told and not any(row["type"] == "new-agreement" for row in self.data["exhibits"]):
            day = next(event["date"] for event in self.data["events"] if event["what"] == "new agreement")
            yield self.on(day), 0, partial(self.renew_agreement, day)

    def on(self, day: date | None) -> datetime:
        """The morning of a day, or two days after the opening if that is later."""
        soonest = self.opened + timedelta(days=2)
        return max(soonest, datetime.combine(day, time(8, 30), self.zone)) if day else soonest

    def moment(self, row: Row, default: time) -> datetime:
        """The moment of an event or of an act, in the example's zone."""
        moment = datetime.fromisoformat(row["at"]) if "at" in row else datetime.combine(row["date"], default)
        return moment.replace(tzinfo=self.zone)

    def moment_of(self, event: Row) -> datetime:
        return self.moment(event, {"opened": time(9), "decision": time(18)}.get(event["what"], time(12)))

    # --- the events, by their words (`opened`, `child heard` …)

    def happen(self, event: Row) -> None:
        """Let an event happen."""
        getattr(self, f"on_{event['what'].replace(' ', '_').replace('-', '_')}")(event)
        work()

    def on_opened(self, event: Row) -> None:
        people = self.data["people"]
        acts_for = [number for number, spouse in enumerate(people["spouses"], 1) if spouse["id"] in people["lawyers"][0]["acts_for"]]
        self.case = actions.opening.open(
            self.actor(event["by"]),
            kind=self.data["proceeding_asked"],
            spouses=[answering.identity(spouse) for spouse in people["spouses"]],
            children=[answering.child_identity(child) for child in people["children"]],
            acts_for=acts_for,
        )
        answering.answer_all(self.lawyer, self.case, self.data, self.spouses, self.children)
        for child in people["children"]:
            if not child["discernment"]:
                self.inform(child)
        actions.opening.choose_court(self.lawyer, self.case, court=self.cast.court.pk)

    def invite_lawyers(self) -> None:
        for lawyer in self.data["people"]["lawyers"][1:]:
            side = self.spouses[lawyer["acts_for"][0]].side
            user = self.cast.users[lawyer["id"]]
            counsel = actions.counsel.name(self.lawyer, self.case, side=side, full_name=lawyer["name"], email=user.email, bar=lawyer["bar"])
            join(self.case, actions.invitation.send(self.lawyer, self.case, counsel=counsel.pk, email=user.email), user)

    def on_invitation_answered(self, event: Row) -> None:
        for who in event["by"] if isinstance(event["by"], list) else [event["by"]]:
            user = self.cast.users[who]
            join(self.case, actions.invitation.send(self.lawyer, self.case, spouse=self.spouses[who].pk, email=user.email), user)

    def everyone_joins(self) -> None:
        self.on_invitation_answered({"by": list(self.spouses)})

    def on_child_informed(self, event: Row) -> None:
        self.inform(next(child for child in self.data["people"]["children"] if child["id"] == event["about"]))

    def inform(self, child: Row) -> None:
        actions.answers.save(self.lawyer, self.case, topic="voice", about=self.children[child["id"]].pk, value=answering.voice(child))

    def bring(self, row: Row) -> None:
        """Bring one of the example's exhibits, or announce it."""
        kind, who, about = row["type"], row["of"], self.about(row["of"])
        if row["provided"] == "to-follow":
            actions.exhibit.add(self.lawyer, self.case, kind=kind, side=0, about=about, form=row.get("form", ""))
            return
        private = kind in PRIVATE
        actor, side = (self.actor(who), self.spouses[who].side) if private else (self.lawyer, 0)
        dated = row["dated"]
        self.brought[kind, who] = bring(
            actor, self.case, kind, self.paper(row), side=side, about=about, dated=dated, form=row.get("form", "")
        )
        work()

    def communicate(self, row: Row) -> None:
        exhibit = self.brought[row["type"], row["of"]]
        actions.exhibit.communicate(self.actor(row["of"]), self.case, exhibits=[exhibit.pk])

    def about(self, who: str) -> UUID | None:
        row = self.spouses.get(who) or self.children.get(who)
        return row.pk if row else None

    def paper(self, row: Row) -> Paper:
        """What the exhibit says."""
        home, dated, who = household(self.data), row["dated"], row["of"]
        person: Any = dict(zip((*self.spouses, *self.children), (*home.spouses, *home.children), strict=True)).get(who)
        match row["type"]:
            case "birth-certificate":
                return exhibits.birth_certificate(person, dated)
            case "child-form":
                return exhibits.child_form(person, dated)
            case "resources-statement":
                return exhibits.resources_statement(person, dated)
            case "legal-aid-decision":
                number = next(spouse["legal_aid_decision"] for spouse in self.data["people"]["spouses"] if spouse["id"] == who)
                return exhibits.legal_aid_decision(person, dated, number)
            case "marriage-contract":
                return exhibits.marriage_contract(home, dated, self.data["marriage"]["contract"])
        papers = {
            "marriage-certificate": exhibits.marriage_certificate,
            "liquidation-statement": exhibits.liquidation_statement,
            "nothing-to-liquidate": exhibits.nothing_to_liquidate,
            "social-bodies-information": exhibits.social_bodies,
            "contribution-receipt": exhibits.contribution_receipt,
        }
        return papers[row["type"]](home, dated)

    def on_signed(self, event: Row) -> None:
        self.open_signature(event["date"])
        sign_all(self.case, [self.cast.users[who] for who in event["by"]])

    def open_signature(self, dated: date) -> None:
        draw_up(self.lawyer, self.case, agreements.agreement(household(self.data), dated))
        actions.signing.open(self.lawyer, self.case)

    def renew_agreement(self, dated: date) -> None:
        """The new agreement, drawn up and signed by all."""
        values = answering.maintenance(self.data, self.spouses, self.children, second=True)
        actions.answers.save(self.lawyer, self.case, topic="maintenance", value=values)
        draw_up(self.lawyer, self.case, agreements.agreement(household(self.data, second=True), dated, second=True), petition=False)
        actions.signing.open(self.lawyer, self.case)
        sign_all(self.case)

    def on_filed(self, event: Row) -> None:
        actions.filing.submit(self.actor(event["by"]), self.case)

    def on_filing_tried(self, event: Row) -> None:
        try:
            actions.filing.submit(self.actor(event["by"]), self.case)
        except DomainError as refusal:
            self.refused["filing"] = refusal

    def on_suggestions_read(self, event: Row) -> None:
        for who in event["by"]:
            read(self.actor(who), self.case)

    def on_accepted(self, event: Row) -> None:
        clerk = self.actor(event["by"])
        actions.filing.claim(clerk, read(clerk, self.case))
        actions.filing.accept(clerk, self.case)

    def on_child_heard(self, event: Row) -> None:
        child = self.children[event["about"]]
        actions.child.hear(self.actor("judge"), self.case, child=child.pk, on=event["date"], with_whom=HEARD_WITH[event.get("with")])

    def on_summons_sent(self, event: Row) -> None:
        self.schedule(self.actor("judge"), event["date"])

    def schedule(self, actor: Actor, day: date) -> None:
        """Put the case on the list of its next hearing after `day`."""
        moments = [datetime.fromisoformat(event["at"]) for event in self.data["events"] if event["what"] == "hearing"]
        actions.hearing.schedule(
            actor, self.case, hearing_list=self.hearing_list(min(moment for moment in moments if moment.date() > day)).pk
        )

    def hearing_list(self, moment: datetime) -> HearingList:
        found = HearingList.objects.filter(chamber=self.cast.chamber, on=moment.date()).first()
        return found or actions.hearing.make_list(
            self.actor("judge"), self.cast.book, chamber=self.cast.chamber.pk, on=moment.date(), starts=moment.time(), room="Salle 2"
        )

    def on_hearing(self, event: Row) -> None:
        """Nothing is done by anybody here: the spouses are heard."""

    def on_decision(self, event: Row) -> None:
        conditions, measures = event.get("conditions", []), event.get("provisional_measures", [])
        kind = DECISIONS[event["says"]]
        decide(self.cast.users["judge"], self.case, kind, conditions=conditions, provisional_measures=measures)

    def on_appeal_period_ended(self, event: Row) -> None:
        """Nothing is done by anybody."""

    def on_new_agreement(self, event: Row) -> None:
        clauses = {"1": "article 2", "2": "article 3"}
        actions.filing.submit_new_agreement(self.actor(event["by"]), self.case, clauses=clauses)

    def on_maintenance_data_sent_to_the_family_benefits_body(self, event: Row) -> None:
        actions.decision.record_transmission(self.actor("clerk"), self.case, on=event["date"])

    def on_decision_served_by_registered_letter(self, event: Row) -> None:
        actions.decision.record_service(self.actor("clerk"), self.case, on=event["date"])

    def on_appeal(self, event: Row) -> None:
        actions.recourse.appeal(self.actor(event["by"]), self.case)

    def on_margin_mention(self, event: Row) -> None:
        actions.decision.record_mention(self.actor("clerk"), self.case, on=event["date"])

    def finish(self) -> None:
        """A divorce that is final is certified and closed."""
        actions.certificate.issue(self.actor("clerk"), self.case)
        actions.closing.close(self.actor("clerk"), self.case)
        work()
