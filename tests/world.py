"""The cast, and a case brought to any step by performing the actions: no test starts from a state that cannot happen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, time, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password

from backend import clock
from backend.people.accounts import know_address
from backend.people.actor import Actor
from backend.people.models import Membership, Organisation, User
from backend.register.entries import open_chain
from backend.register.models import Chain
from backend.work.doing import run_due
from cases import actions, ceremonies, links, looking, papers
from cases.models import Book, Case, Decision, Exhibit, HearingList, Instrument
from documents import intake
from tests.once import as_usual, once
from tests.pdfs import pdf

PASSWORD = "un-mot-de-passe-bien-long"
USUAL = {"lawyers": 1, "without": "", "concealed": False, "spouses": True, "child_asks": True}
STEPS = ("prepare", "sign", "file", "check", "hear-child", "schedule", "hear", "new-agreement", "recourse", "lapsed", "closed")

ARMELLE = {"birth_name": "Vauquelin", "used_name": "Desmarets", "first_names": "Armelle, Jeanne", "title": "Madame"}
THIBAULT = {"birth_name": "Desmarets", "used_name": "Desmarets", "first_names": "Thibault", "title": "Monsieur"}
ZELIE = {"first_names": "Zélie", "name": "Desmarets", "born": "2012-11-03", "birthplace": "Rouen", "nationality": "française"}
HIDDEN_STREET = "17 passage du Secret-Gardé"
HIDDEN = {
    "address": HIDDEN_STREET,
    "postal_code": "49197",
    "city": "Yvetot-la-Cachée",
    "email": "introuvable@example.fr",
    "phone": "0698761234",
}


@cache
def hashed() -> str:
    """The hash of PASSWORD, made once for the whole cast: it is slow on purpose."""
    return make_password(PASSWORD)


class World:
    """A court with two chambers, three firms, two spouses, and those who work there. Actors are as strongly signed in as they can be."""

    since = ""  # the digest of all rows when they had come

    def __init__(self) -> None:
        if as_usual() and not User.objects.exists():
            people, self.since = once("cast", self._come)
            self.__dict__.update(people)
        else:
            self._come()

    def _come(self) -> dict[str, Any]:
        self.court = self._organisation(
            "court", "tribunal judiciaire de Rouen", city="Rouen", postal_code="76000", territory=["760", "761", "76"]
        )
        self.chamber = self._organisation("chamber", "Chambre de la famille 1", parent=self.court)
        self.other_chamber = self._organisation("chamber", "Chambre de la famille 2", parent=self.court)
        self.other_court = self._organisation("court", "tribunal judiciaire d'Angers", city="Angers", postal_code="49000", territory=["49"])
        self.firm = self._organisation(
            "firm", "Cabinet Houël", bar="Rouen", city="Rouen", postal_code="76000", address="12 rue de la Toise"
        )
        self.second_firm = self._organisation(
            "firm", "Cabinet Kerdoncuff", bar="Nantes", city="Nantes", postal_code="44000", address="26 place des Trois-Clefs"
        )
        self.third_firm = self._organisation(
            "firm", "Cabinet Tissot", bar="Dijon", city="Dijon", postal_code="21000", address="33 rue du Plumier"
        )
        self.book = Book.objects.create(organisation=self.court, chain=open_chain())
        self.town = ("76000", "Rouen")  # where the spouses live
        self.lawyer_user = self.person("Solène", "Houël", self.firm, "lawyer")
        self.second_lawyer_user = self.person("Ronan", "Kerdoncuff", self.second_firm, "lawyer")
        self.outsider_user = self.person("Bérénice", "Tissot", self.third_firm, "lawyer")
        self.staff_user = self.person("Lise", "Secrétaire", self.firm, "staff")
        self.clerk_user = self.person("Gaëlle", "Greffe", self.chamber, "clerk")
        self.second_clerk_user = self.person("Paul", "Registre", self.chamber, "clerk")
        self.judge_user = self.person("Jeanne", "Siège", self.chamber, "judge")
        self.other_clerk_user = self.person("Odile", "Ailleurs", self.other_court, "clerk")
        self.spouse_1_user = self.person("Armelle", "Vauquelin", email="armelle.vauquelin@example.fr")
        self.spouse_2_user = self.person("Thibault", "Desmarets", email="thibault.desmarets@example.fr")
        self.stranger_user = self.person("Sans", "Lien")
        self.administrator_user = self.person("Ada", "Ministre", is_staff=True)
        return dict(self.__dict__)

    def __getattr__(self, name: str) -> Actor:
        """`world.lawyer` is the actor that `world.lawyer_user` is at this moment."""
        if name.startswith("_") or name.endswith("_user"):
            raise AttributeError(name)
        user = self.__dict__.get(f"{name}_user")
        if user is None:
            raise AttributeError(name)
        return self.actor(user)

    def actor(self, user: User) -> Actor:
        return replace(Actor.of(user), strong_until=clock.now() + timedelta(minutes=5), proved_by="mail-code")

    def met(self, actor: Actor, address: str, device: str = "") -> Actor:
        """The same person, met at an address."""
        return replace(actor, address=address, device=device)

    def weak(self, actor: Actor) -> Actor:
        """The same person, who has not confirmed who they are."""
        return replace(actor, strong_until=None)

    def person(
        self, first: str, last: str, organisation: Organisation | None = None, role: str = "", *, email: str = "", is_staff: bool = False
    ) -> User:
        address = email or f"{first}.{last}@example.fr".lower().replace("ë", "e").replace("è", "e").replace("é", "e")
        user = User.objects.create(email=address, password=hashed(), first_names=first, last_name=last, is_staff=is_staff)
        know_address(user)
        if organisation:
            Membership.objects.create(user=user, organisation=organisation, role=role, since=date(2020, 1, 1))
        return user

    def _organisation(self, kind: str, name: str, **values: Any) -> Organisation:
        return Organisation.objects.create(kind=kind, name=name, **values)

    def work(self) -> None:
        """Do what is owed, in order, here and now."""
        run_due()

    def brought(self, actor: Actor, text: str = "Pièce", content: bytes | None = None) -> UUID:
        """A document this person sent in, inspected."""
        version = intake.take_in_bytes(content or pdf(text), name=f"{text}.pdf", created_by=actor.user_id, limit=50_000_000)
        self.work()
        return version.document_id

    def exhibit(
        self, case: Case, actor: Actor, kind: str, *, side: int = 0, about: UUID | None = None, dated: date | None = None, form: str = ""
    ) -> Exhibit:
        document = self.brought(actor, kind)
        return actions.exhibit.add(actor, case, kind=kind, side=side, document=document, about=about, title=kind, dated=dated, form=form)

    def joint_petition(self, at: str = "prepare", *, anew: bool = False, **what: Any) -> Case:
        """A case for Armelle and Thibault, brought to the step `at`: see `play`. The first one is played once in a run, unless `anew`."""
        if anew:
            return self.play(at, anew=anew, **what)
        name = "-".join([at, *(f"{option}={value}" for option, value in sorted(what.items()) if value != USUAL[option])])
        return self.once(name, lambda: self.play(at, **what))

    def once(self, name: str, play: Callable[[], Case]) -> Case:
        """The case that `play` makes: the first of its name is played once in a run, where nothing else was done before."""
        if not (self.since and as_usual()) or Case.objects.exists():
            return play()
        return self.again(once(name, play, self.since)[0])

    def play(
        self,
        at: str,
        *,
        lawyers: int = 1,
        without: str = "",
        concealed: bool = False,
        spouses: bool = True,
        child_asks: bool = True,
        anew: bool = False,
    ) -> Case:
        """By performing the actions. `without` names one thing left out; `lawyers` is 1 together or 2; without `spouses`, none has joined."""
        if at == "prepare":
            case = actions.opening.open(
                self.lawyer, kind="joint-petition", spouses=[ARMELLE, THIBAULT], children=[ZELIE], acts_for=[1, 2] if lawyers == 1 else [1]
            )
            self.fill(case, without=without, concealed=concealed, child_asks=child_asks)
            if spouses:
                self.join(case, lawyers)
            return self.again(case)
        *before, step = path_to(at)
        what = {"lawyers": lawyers, "without": without, "concealed": concealed, "spouses": spouses, "child_asks": child_asks}
        case = self.joint_petition(before[-1] if before else "prepare", anew=anew, **what)
        if not before:
            self.bring(case, without=without)
        getattr(self, f"to_{step.replace('-', '_')}")(case)
        return self.again(case)

    def again(self, case: Case) -> Case:
        return Case.objects.get(pk=case.pk)

    def fill(self, case: Case, *, without: str = "", concealed: bool = False, child_asks: bool = True) -> None:
        """Answer what is asked."""
        first, second = case.spouses.all()
        for spouse, who in ((first, ARMELLE), (second, THIBAULT)):
            self.answer(
                case,
                "identity",
                {**who, "born": "1981-06-14", "birthplace": "Dieppe", "nationality": "française", "occupation": "infirmière"},
                spouse.pk,
            )
            known = {
                "address": "41 quai du Vieux-Lavoir",
                "postal_code": self.town[0],
                "city": self.town[1],
                "email": f"{spouse.side}@example.fr",
                "phone": f"060000000{spouse.side}",
            }
            hides = concealed and spouse == first
            self.answer(case, "contact", {**(HIDDEN if hides else known), "concealed": hides}, spouse.pk)
            self.answer(case, "protection", {}, spouse.pk)
            if without != "bodies":
                self.answer(case, "bodies", {"social_security": "CPAM de Rouen", "family_benefits": "CAF de Seine-Maritime"}, spouse.pk)
            self.answer(case, "income", {"monthly": "2180"}, spouse.pk)
        child = case.children.get()
        today = clock.today().isoformat()
        voice = {"discernment": True, "informed_on": today, "asks_to_be_heard": child_asks, "form_dated": today, "form_signed": True}
        self.answer(case, "voice", voice, child.pk)
        self.answer(case, "marriage", {"date": "2010-07-03", "place": "Rouen"})
        self.answer(case, "homes", {"family_home": "8 rue des Tanneurs-Bleus", "tenure": "rented", "kept_by": "Armelle"})
        self.answer(case, "property", {"items": [{"kind": "voiture", "value": "9200", "to": "Thibault"}]})
        self.answer(case, "allowance", {"form": "none"})
        self.answer(case, "maintenance", {"debtor": "2", "creditor": "1", "per_child_month": {str(child.pk): "210"}})
        actions.opening.choose_court(self.lawyer, case, court=self.court.pk)

    def answer(self, case: Case, topic: str, value: dict[str, Any], about: UUID | None = None, actor: Actor | None = None) -> None:
        actions.answers.save(actor or self.lawyer, case, topic=topic, value=value, about=about)

    def join(self, case: Case, lawyers: int = 1) -> None:
        """Invite the spouses (and the second lawyer), who accept."""
        if lawyers == 2:
            counsel = actions.counsel.name(
                self.lawyer, case, side=2, full_name="Maître Ronan Kerdoncuff", email=self.second_lawyer_user.email, bar="Nantes"
            )
            self.accept(case, actions.invitation.send(self.lawyer, case, counsel=counsel.pk, email=counsel.email), self.second_lawyer)
        for spouse, actor, user in zip(
            case.spouses.all(), (self.spouse_1, self.spouse_2), (self.spouse_1_user, self.spouse_2_user), strict=True
        ):
            self.accept(case, actions.invitation.send(self.lawyer, case, spouse=spouse.pk, email=user.email), actor)

    def accept(self, case: Case, invitation: Any, actor: Actor) -> None:
        actions.invitation.accept(actor, case, token=links.token(invitation.pk), consent=True)

    def bring(self, case: Case, *, without: str = "") -> None:
        """Bring every exhibit this case needs."""
        first, second = case.spouses.all()
        child = case.children.get()
        today = clock.today()
        wanted: list[tuple[str, UUID | None]] = [
            ("birth-certificate", first.pk),
            ("birth-certificate", second.pk),
            ("birth-certificate", child.pk),
            ("marriage-certificate", None),
            ("child-form", child.pk),
            ("liquidation-statement", None),
            ("contribution-receipt", None),
        ]
        for kind, about in wanted:
            if kind != without:
                self.exhibit(case, self.lawyer, kind, about=about, dated=today)

    def to_sign(self, case: Case) -> None:
        actions.agreement.upload(self.lawyer, case, document=self.brought(self.lawyer, "Convention"))
        actions.petition.prepare(self.lawyer, case)
        self.work()
        actions.signing.open(self.lawyer, case)

    def to_file(self, case: Case) -> None:
        self.all_sign(case)

    def all_sign(self, case: Case) -> None:
        """Everyone who must sign does, having read exactly what is signed."""
        for actor in (self.spouse_1, self.spouse_2, self.lawyer, self.second_lawyer):
            if actions.signing.waiting_for(actor, case):
                self.signs(actor, case)
        self.work()

    def signs(self, actor: Actor, case: Case) -> None:
        """This person reads what waits for them, and signs it; the signatures are placed when work is next done."""
        actions.signing.sign(actor, case, **self.read(actor, case))

    def read(self, actor: Actor, case: Case) -> dict[str, Any]:
        """Each page of what waits for this person is shown to them: what they then sign, and the words of their consent."""
        waiting = actions.signing.waiting_for(actor, case)
        for instrument in waiting:
            paper = papers.instrument(actor, case, instrument.pk)
            for number in range(1, paper.version.pages + 1):
                looking.page_shown(actor, paper, number)
        shown = {str(instrument.pk): actions.signing.frozen_digest(instrument) for instrument in waiting}
        return {"shown": shown, "statement": ceremonies.statement(actor, waiting)}

    def to_check(self, case: Case) -> None:
        actions.filing.submit(self.lawyer, case)
        self.work()

    def to_hear_child(self, case: Case) -> None:
        actions.filing.claim(self.clerk, case)
        actions.filing.accept(self.clerk, case)
        self.work()

    def to_schedule(self, case: Case) -> None:
        actions.child.hear(self.judge, case, child=case.children.get().pk, on=clock.today(), with_whom="alone")

    def hearing_list(self, days: int = 30, room: str = "Salle 3") -> HearingList:
        return actions.hearing.make_list(
            self.judge,
            self.book_of(),
            chamber=self.chamber.pk,
            on=clock.today() + timedelta(days=days),
            starts=time(9, 30),
            room=room,
            judge=self.judge_user.pk,
        )

    def book_of(self) -> Book:
        return self.book

    def to_hear(self, case: Case) -> None:
        found = (
            HearingList.objects.filter(chamber=self.chamber, on__gt=clock.today() + timedelta(days=20), closed_at=None).first()
            or self.hearing_list()
        )
        actions.hearing.schedule(self.judge, case, hearing_list=found.pk)
        self.work()

    @contextmanager
    def after_hearing(self, case: Case) -> Iterator[None]:
        """The moment an hour after the scheduled hearing."""
        with clock.at(case.hearings.get(state="scheduled").at + timedelta(hours=1)):
            yield

    def decide(self, case: Case, kind: str, **values: Any) -> Decision:
        """The judge drafts, reads, signs; the decision is delivered."""
        decision = actions.decision.draft(self.judge, case, kind=kind, **values)
        self.work()
        instrument = Instrument.objects.get(pk=decision.instrument_id)
        actions.decision.sign(self.judge, case, shown=instrument.document.head.sha256)
        self.work()
        decision.refresh_from_db()
        return decision

    def to_recourse(self, case: Case) -> None:
        with self.after_hearing(case):
            self.decide(case, "homologation")

    def to_new_agreement(self, case: Case) -> None:
        with self.after_hearing(case):
            self.decide(
                case, "adjournment", conditions=["une contribution qui couvre l'internat"], provisional_measures=["le domicile à Armelle"]
            )

    def to_lapsed(self, case: Case) -> None:
        self.to_new_agreement(case)
        with clock.at(clock.now() + timedelta(days=300)):
            self.decide(case, "lapse")

    def to_closed(self, case: Case) -> None:
        with clock.at(clock.now() + timedelta(days=90)):
            actions.certificate.issue(self.clerk, case)
            actions.closing.close(self.clerk, case)
            self.work()


def path_to(step: str) -> tuple[str, ...]:
    """The steps a case goes through on its way to this one."""
    common = STEPS[1:7]
    if step in common:
        return common[: common.index(step) + 1]
    return (*common, *{"closed": ("recourse", "closed")}.get(step, (step,)))


@contextmanager
def unchanged(chain: Chain) -> Iterator[None]:
    """Nothing is recorded in the chain inside the block."""
    before = Chain.objects.get(pk=chain.pk).seq
    yield
    assert Chain.objects.get(pk=chain.pk).seq == before
