"""One case of the demo played from its opening to the step where it is found today, each act on its own day by who does it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from backend import clock
from backend.people.actor import Actor
from backend.people.models import User
from cases import actions
from cases.demo import acting, answers, exhibits
from cases.demo.acting import bring, decide, draw_up, join, sign, sign_all, work
from cases.demo.agreements import agreement
from cases.demo.cast import NO_PASSWORD, Cast, person
from cases.demo.household import Household
from cases.models import Case, HearingList

PARIS = ZoneInfo("Europe/Paris")
NOTICE_DAYS = 20


@dataclass(frozen=True)
class Plot:
    """Where a case is left, how long it has been there, who its lawyers are, and what happens on the way.

    `second`: heard by the second section. `example`: the number of the example it tells instead.
    """

    until: str
    rests: int = 2
    lawyers: Sequence[str] = ("Solène",)
    twist: str = ""
    second: bool = False
    example: str = ""


class Story:
    """A case being played. `days` counts from its opening."""

    def __init__(self, cast: Cast, plot: Plot, home: Household, today: date) -> None:
        self.cast, self.plot, self.home, self.today = cast, plot, home, today
        self.began = today - timedelta(days=DAYS[plot.until] + plot.rests)

    def play(self) -> Case:
        """Act after act, up to where it is left."""
        for name, (days, act) in WAY.items():
            with clock.at(self.at(days)):
                act(self)
                work()
            if name == self.plot.until:
                break
        if ending := ENDINGS.get(self.plot.twist):
            with clock.at(clock.now() - timedelta(hours=3)):
                ending(self)
                work()
        return self.case

    def at(self, days: int, hour: int = 10) -> datetime:
        """A moment of a day of the story; never after the present."""
        moment = datetime.combine(self.began + timedelta(days=days), time(hour, 12), PARIS)
        return min(moment, clock.now() - timedelta(minutes=5))

    @cached_property
    def counsel(self) -> list[User]:
        return [self.cast.user(name) for name in self.plot.lawyers]

    @cached_property
    def users(self) -> list[User]:
        """The spouses' accounts."""
        return [person(one.email, one.first_names, one.birth_name, NO_PASSWORD) for one in self.home.spouses]

    @property
    def lawyer(self) -> Any:
        return acting.acting(self.counsel[0])

    @property
    def judge(self) -> User:
        """Who judges in the section that has the case."""
        return self.cast.user("Marc" if self.case.chamber_id == self.cast.second_chamber.pk else "Jeanne")

    @property
    def clerk(self) -> User:
        """Whose desk the case is on."""
        return self.cast.user("Paul" if self.case.chamber_id == self.cast.second_chamber.pk else "Gaëlle")

    @property
    def day(self) -> date:
        return clock.today()

    def open(self) -> None:
        self.case = actions.opening.open(
            self.lawyer,
            kind="joint-petition",
            spouses=[
                {"title": one.title, "first_names": one.first_names, "birth_name": one.birth_name, "used_name": one.used_name}
                for one in self.home.spouses
            ],
            children=[
                {
                    "first_names": one.first_names,
                    "name": one.name,
                    "born": str(one.born),
                    "birthplace": one.birthplace,
                    "nationality": "française",
                }
                for one in self.home.children
            ],
            acts_for=[1] if len(self.counsel) > 1 else [1, 2],
        )

    def join(self) -> None:
        """The second lawyer and the spouses join."""
        for other in self.counsel[1:]:
            firm = other.memberships.select_related("organisation").get().organisation
            named = actions.counsel.name(
                self.lawyer, self.case, side=2, full_name=f"Maître {other.full_name}", email=other.email, bar=firm.bar
            )
            join(self.case, actions.invitation.send(self.lawyer, self.case, counsel=named.pk, email=other.email), other)
        for spouse, user in zip(self.case.spouses.all(), self.users, strict=True):
            sent = actions.invitation.send(self.lawyer, self.case, spouse=spouse.pk, email=user.email)
            if self.plot.twist != "one spouse still invited" or spouse.side == 1:
                join(self.case, sent, user)

    def answer(self) -> None:
        own: dict[UUID | None, Actor] = {
            spouse.pk: acting.acting(self.counsel[min(spouse.side, len(self.counsel)) - 1]) for spouse in self.case.spouses.all()
        }
        for topic, about, value in answers.of(self.case, self.home, self.day, concealed=self.plot.twist == "concealed"):
            actions.answers.save(own.get(about, self.lawyer), self.case, topic=topic, about=about, value=value)
        actions.opening.choose_court(self.lawyer, self.case, court=self.cast.court.pk)

    def bring(self) -> None:
        """The exhibits this household needs."""
        home, day, lawyer = self.home, self.day, self.lawyer
        for row, one in zip(self.case.spouses.all(), home.spouses, strict=True):
            bring(lawyer, self.case, "birth-certificate", exhibits.birth_certificate(one, day), about=row.pk, dated=day)
        for child, minor in zip(self.case.children.all(), self.children, strict=True):
            bring(lawyer, self.case, "birth-certificate", exhibits.birth_certificate(minor, day, home.names), about=child.pk, dated=day)
            bring(lawyer, self.case, "child-form", exhibits.child_form(minor, day), about=child.pk, dated=day)
        bring(lawyer, self.case, "marriage-certificate", exhibits.marriage_certificate(home, day), dated=day)
        if home.assets:
            bring(lawyer, self.case, "liquidation-statement", exhibits.liquidation_statement(home, day), dated=day, form="private")
        else:
            bring(lawyer, self.case, "nothing-to-liquidate", exhibits.nothing_to_liquidate(home, day), dated=day)
        if self.plot.twist != "contribution forgotten":
            bring(lawyer, self.case, "contribution-receipt", exhibits.contribution_receipt(home, day), dated=day)

    @property
    def children(self) -> list[Any]:
        """The household's children in the order of the case: by birth."""
        return sorted(self.home.children, key=lambda one: one.born)

    def draft(self) -> None:
        draw_up(self.lawyer, self.case, agreement(self.home, self.day))

    def open_signature(self) -> None:
        actions.signing.open(self.lawyer, self.case)
        if self.plot.twist == "one has signed":
            sign(self.counsel[0], self.case)

    def sign(self) -> None:
        sign_all(self.case)

    def submit(self) -> None:
        actions.filing.submit(self.lawyer, self.case)
        clerk = acting.acting(self.cast.user("Paul" if self.plot.twist == "taken by another" else "Gaëlle"))
        if self.plot.twist in ("question", "returned", "taken by another"):
            actions.filing.claim(clerk, self.case)
        if self.plot.twist == "question":
            text = "Le formulaire de l'enfant porte deux dates : laquelle est celle de sa signature ?"
            to = [self.counsel[0].pk]
            actions.filing.ask(clerk, self.case, to=to, text=text, answer_by=self.day + timedelta(days=8))
        if self.plot.twist == "returned":
            note = "L'acte de mariage est coupé en bas de page : le rescanner en entier."
            actions.filing.return_for_correction(clerk, self.case, reasons=[{"code": "illegible", "note": note}])

    def accept(self) -> None:
        clerk = acting.acting(self.cast.user("Gaëlle"))
        actions.filing.claim(clerk, self.case)
        actions.filing.accept(clerk, self.case)

    def hear_children(self) -> None:
        judge = acting.acting(self.cast.user("Jeanne"))
        for child in self.case.children.filter(asks_to_be_heard=True):
            report = f"{child.short_name} souhaite voir ses deux parents aussi souvent, et garder son école."
            actions.child.hear(judge, self.case, child=child.pk, on=self.day, with_whom="lawyer", report=report)

    def schedule(self) -> None:
        first = self.day + timedelta(days=NOTICE_DAYS)
        chamber = self.cast.second_chamber if self.plot.second else self.cast.chamber
        found = HearingList.objects.filter(chamber=chamber, closed_at=None, on__gte=first).order_by("on").first()
        if found is None:
            raise RuntimeError("the demo lacks a hearing list")
        taken = found.hearings.count()
        at = (datetime.combine(found.on, found.starts) + timedelta(minutes=20 * taken)).time()
        actions.hearing.schedule(acting.acting(self.cast.user("Jeanne")), self.case, hearing_list=found.pk, at=at)

    def decide(self) -> None:
        """On the day of the hearing, in the afternoon."""
        hearing = self.case.hearings.get(state="scheduled")
        kind = "adjournment" if self.plot.twist in ("adjourned", "lapsed") else "homologation"
        values: Mapping[str, Any] = {}
        if kind == "adjournment":
            values = {
                "conditions": ["Prévoir une contribution qui couvre les frais de scolarité.", "Préciser l'alternance des vacances d'été."],
                "provisional_measures": [f"La jouissance du domicile est attribuée à {self.home.spouses[0].name}."],
            }
        with clock.at(min(hearing.at + timedelta(hours=5), clock.now())):
            decide(self.judge, self.case, kind, **values)

    def lapse(self) -> None:
        """No new agreement came within the six months."""
        decide(self.judge, self.case, "lapse")

    def serve(self) -> None:
        actions.decision.record_service(acting.acting(self.clerk), self.case, on=self.day)

    def certify(self) -> None:
        actions.certificate.issue(acting.acting(self.clerk), self.case)

    def close(self) -> None:
        clerk = acting.acting(self.clerk)
        actions.decision.record_mention(clerk, self.case, on=self.day)
        actions.closing.close(clerk, self.case)

    def withdraw(self) -> None:
        actions.withdrawal.withdraw(acting.acting(self.users[1]), self.case, reason="")


Act = Callable[[Story], None]
WAY: Mapping[str, tuple[int, Act]] = {
    "open": (0, Story.open),
    "join": (3, Story.join),
    "answer": (6, Story.answer),
    "bring": (11, Story.bring),
    "draft": (15, Story.draft),
    "sign": (18, Story.open_signature),
    "file": (20, Story.sign),
    "check": (22, Story.submit),
    "hear-child": (25, Story.accept),
    "schedule": (36, Story.hear_children),
    "hear": (38, Story.schedule),
    "decided": (68, Story.decide),
    "recourse": (70, Story.serve),
    "certified": (110, Story.certify),
    "closed": (115, Story.close),
}
ENDINGS: Mapping[str, Act] = {"lapsed": Story.lapse, "withdrawn": Story.withdraw}
DAYS: Mapping[str, int] = {name: days for name, (days, _act) in WAY.items()}
