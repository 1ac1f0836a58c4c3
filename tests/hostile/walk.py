"""A case from its opening to its end, beside one that nobody of it may see: at each stop of its life everyone tries everything."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from datetime import datetime, timedelta
from functools import lru_cache, partial
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

from django.core.cache import cache
from PIL import Image

from backend import clock
from backend.people.models import Token
from backend.register.entries import open_chain
from backend.register.models import Entry
from backend.register.sealing import seal_changed
from cases import actions, links, photographs
from cases.actions.correspondence import open_to
from cases.models import Book, Case, Recourse, Summons
from cases.models.exhibit import IDENTITY
from cases.proceedings import interpret
from cases.proceedings.declare import CLERK, JUDGE, LAWYER, PARTY, STAFF
from documents import uploads
from signatures.models import Signer
from tests.calling import client_of
from tests.hostile.operations import Answer, Operation, Things, operations, undone
from tests.hostile.tried import Crossing, Repeated, Stop
from tests.pdfs import pdf
from tests.world import PASSWORD, World

IN_THE_CASE = {"lawyer": LAWYER, "staff": STAFF, "spouse_1": PARTY, "second_lawyer": LAWYER, "spouse_2": PARTY}
AT_THE_COURT = {"clerk": CLERK, "second_clerk": CLERK, "judge": JUDGE}
ROLES = IN_THE_CASE | AT_THE_COURT
OUTSIDE = ("outsider", "stranger", "other_clerk", "administrator")
STOPS = (
    *("invited", "prepare", "gathered", "on-paper", "sign", "file", "check", "hear-child", "schedule", "hear", "heard"),
    *("new-agreement", "agreed-again", "recourse", "final", "certified", "closed"),
)
OTHER_SIDE = ("second_lawyer", "spouse_2")
PRIVATE = {"exhibit", "exhibits", "bundle_id", "photograph"}  # of these, the case has one that only its first side may know
WHOLE = ("prepare", "check", "closed")  # where also what is never theirs is tried, and outsiders try all
LOOKED_AT = ("on-paper",)  # where there is something to look at that is nowhere else
AT_LARGE = ("invited", "check")  # where what is of no case is tried


class Life:
    """What happens in the case, through the actions; `moment` is when, once that is not the present."""

    def __init__(self, world: World) -> None:
        self.world, self.case = world, Case()
        self.moment: datetime | None = None
        self.sent: dict[str, UUID] = {}
        self.inside: Mapping[str, str] = {"lawyer": LAWYER, "staff": STAFF}

    @contextmanager
    def time(self, **later: int) -> Iterator[None]:
        """The time it is in the case; `later`: from now on so much more."""
        if self.moment is None:
            yield
            return
        self.moment += timedelta(**later)
        with clock.at(self.moment):
            yield

    def stops(self) -> Iterator[str]:
        """Its stops in order; two of them on a way that is then taken back."""
        yield from self.preparing()
        yield from self.at_court()
        yield from self.adjourned()
        yield from self.decided()

    def preparing(self) -> Iterator[str]:
        world = self.world
        self.case = world.joint_petition(anew=True, spouses=False)
        world.exhibit(self.case, world.lawyer, "other", side=1)
        actions.invitation.send(world.lawyer, self.case, spouse=self.case.spouses.get(side=2).pk, email=world.spouse_2_user.email)
        yield "invited"
        self.case, self.inside = world.joint_petition(anew=True, lawyers=2), IN_THE_CASE
        self.bring()
        yield "prepare"
        yield from self.signing()
        world.all_sign(self.case)
        yield "file"

    def signing(self) -> Iterator[str]:
        """Together in one place, where one has signed and the others are stopped for a while; then each where they are."""
        world, case = self.world, self.case
        with undone():
            actions.signing.open(world.lawyer, case, way="together", place="12 rue de la Toise")
            actions.ceremony.attest(world.second_lawyer, case, spouse=case.spouses.get(side=2).pk)
            world.signs(world.spouse_2, case)
            world.work()
            actions.ceremony.pause(world.lawyer, case)
            yield "gathered"
        with undone():
            self.case = world.again(case)
            self.on_paper()
            yield "on-paper"
        self.case = world.again(case)
        actions.signing.open(world.lawyer, self.case)
        yield "sign"

    def on_paper(self) -> None:
        """Signed by hand: a scan of the petition was brought and compared, the agreement awaits its own."""
        world, case = self.world, self.case
        actions.signing.open(world.lawyer, case, way="paper", place="12 rue de la Toise")
        for lawyer, spouse in zip((world.lawyer, world.second_lawyer), case.spouses.all(), strict=True):
            actions.ceremony.attest(lawyer, case, spouse=spouse.pk)
        petition = case.instruments.current().get(kind="petition")
        scan = world.brought(world.lawyer, "Requête signée", pdf("Requête signée", petition.session.base.pages))
        actions.paper.bring(world.lawyer, case, instrument=petition.pk, document=scan)
        world.work()

    def bring(self) -> None:
        """Something of everything: exhibits private and communicated, an identity paper, a photograph, a copy of the file, the acts."""
        world, case = self.world, self.case
        world.bring(case)
        world.exhibit(case, world.lawyer, "other", side=1)
        card = world.exhibit(case, world.spouse_1, IDENTITY, side=1, about=case.spouses.get(side=1).pk)
        world.work()
        actions.exhibit.communicate(world.spouse_1, case, exhibits=[card.pk])
        photographs.add(world.lawyer, case, scanned(world, "lawyer"))
        actions.agreement.upload(world.lawyer, case, document=world.brought(world.lawyer, "Convention"))
        actions.petition.prepare(world.lawyer, case)
        world.work()
        actions.bundle.ask(world.lawyer, case)
        world.work()

    def at_court(self) -> Iterator[str]:
        world, case, self.inside = self.world, self.case, ROLES
        world.to_check(case)
        actions.filing.claim(world.clerk, case)
        asked = [world.lawyer_user.pk, world.spouse_1_user.pk]
        actions.filing.ask(world.clerk, case, to=asked, text="Quel régime ?", answer_by=clock.today() + timedelta(days=8))
        actions.keeping.hold(world.clerk, case, reason="Une instruction est en cours.")
        yield "check"
        world.to_hear_child(case)
        yield "hear-child"
        world.to_schedule(case)
        yield "schedule"
        world.to_hear(case)
        yield "hear"
        self.moment = case.hearings.get(state="scheduled").at
        with self.time(hours=1):
            actions.decision.draft(world.judge, case, kind="homologation")
            world.work()
        yield "heard"

    def adjourned(self) -> Iterator[str]:
        world, case = self.world, self.case
        with undone():
            with self.time(minutes=1):
                world.decide(case, "adjournment", conditions=["une contribution qui couvre l'internat"])
                actions.agreement.upload(world.lawyer, case, document=world.brought(world.lawyer, "Nouvelle convention"))
                world.work()
                actions.signing.open(world.lawyer, case)
            yield "new-agreement"
            with self.time(minutes=1):
                world.all_sign(case)
            yield "agreed-again"
        self.case = world.again(case)

    def decided(self) -> Iterator[str]:
        world, case = self.world, self.case
        with self.time(minutes=1):
            world.decide(case, "homologation")
            recourse = actions.recourse.petition_for_cassation(world.spouse_2, case)
        yield "recourse"
        with self.time(days=90):
            actions.recourse.end(world.clerk, case, recourse=recourse.pk, on=clock.today())
        yield "final"
        with self.time(minutes=1):
            actions.certificate.issue(world.clerk, case)
            world.work()
        yield "certified"
        with self.time(minutes=1):
            actions.closing.close(world.clerk, case)
            world.work()
        yield "closed"

    def loose(self, who: str) -> UUID:
        """A file that this person sent, bound to nothing."""
        if who not in self.sent:
            self.sent[who] = scanned(self.world, who)
        return self.sent[who]

    def things(self) -> dict[str, Any]:
        """For each name of a path, a query or a body, a real thing: of this case, and private to its first side where it can be."""
        world, case = self.world, self.case
        spouse, exhibit = case.spouses.get(side=1).pk, first(case.exhibits.filter(side=1, kind="other"))
        return {
            "case_id": case.pk,
            **dict.fromkeys(("exhibit", "exhibits"), exhibit),
            **dict.fromkeys(("exhibit_id", "bundle.ask:about"), first(case.exhibits.filter(kind=IDENTITY))),
            "child": case.children.get().pk,
            "spouse": spouse,
            "about": spouse,
            "counsel": first(case.counsels.all()),
            "invitation": first(case.invitations.order_by("state")),
            "instrument_id": first(case.instruments.filter(document__isnull=False)),
            "question": first(case.questions.all()),
            "summons": first(Summons.objects.filter(hearing__case=case)),
            "recourse": first(Recourse.objects.filter(decision__case=case)),
            "bundle_id": first(case.bundles.all()),
            "photograph": first(case.photographs.all()),
            "hold": first(case.holds.all()),
            "paper.bring:instrument": first(case.instruments.current().of_kind("agreement")),
            "paper.confirm:instrument": first(case.instruments.current().of_kind("petition")),
            "instrument.scan_page:instrument_id": first(case.instruments.current().of_kind("petition")),
            "instrument": first(case.instruments.current().of_kind("petition")),
            "signer": first(Signer.objects.filter(session__instruments__case=case, state="signed")),
            "document": self.loose("lawyer"),
            "to": world.lawyer_user.pk,
            "upload": uploads.begin(world.lawyer_user.pk, name="acte.pdf", length=10, about={}).pk,
            "token_id": first(Token.objects.filter(user=world.lawyer_user).order_by("-created_at")),
            "token": links.token(case.invitations.order_by("-sent_at")[0].pk),
            **self.things_of_the_court(),
            "topic": "contact",
            "queue": "filings",
            "number": 1,
            "page": 1,
            "on": clock.today(),
            "password": PASSWORD,
        }

    def things_of_the_court(self) -> dict[str, Any]:
        world = self.world
        day = clock.today() + timedelta(days=40)
        return {
            "court": world.court.pk,
            "chamber": world.chamber.pk,
            "filing.assign:chamber": world.other_chamber.pk,
            "judge": world.judge_user.pk,
            "hearing_list": world.hearing_list(room=f"Salle {uuid4()}").pk,
            "hearing.make_list:on": day,
        }


def first(rows: Any) -> UUID:
    """The key of the first, or one of nothing."""
    found = rows.first()
    return found.pk if found else uuid4()


@lru_cache
def picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (620, 877), "white").save(out, "JPEG")
    return out.getvalue()


def scanned(world: World, who: str) -> UUID:
    """A page that this person photographed and sent, bound to nothing."""
    document: UUID = world.brought(getattr(world, who), "photo", picture())
    return document


def elsewhere(world: World) -> World:
    """The same play with other people, in another court."""
    other = copy(world)
    other.court, other.firm, other.town = world.other_court, world.third_firm, ("49000", "Angers")
    other.chamber = other._organisation("chamber", "Chambre de la famille", parent=other.court)
    other.other_chamber = other._organisation("chamber", "Chambre de la famille, 2e section", parent=other.court)
    other.book = Book.objects.create(organisation=other.court, chain=open_chain())
    other.second_firm = other._organisation(
        "firm", "Cabinet Brossard", bar="Angers", city="Angers", postal_code="49000", address="3 rue Haute"
    )
    other.lawyer_user, other.clerk_user = world.outsider_user, world.other_clerk_user
    other.second_lawyer_user = other.person("Ines", "Brossard", other.second_firm, "lawyer")
    other.judge_user = other.person("Luce", "Aubry", other.chamber, "judge")
    other.spouse_1_user, other.spouse_2_user = other.person("Maud", "Riquier"), other.person("Yvon", "Guellec")
    return other


class Walk:
    """The walk along the stops, made once: what is asked of a stop is tried when the walk comes there."""

    def __init__(self) -> None:
        self.life = Life(World())
        self.theirs = self.others_things()
        self.stops: dict[str, Stop] = {}
        self.crossings: dict[tuple[str, str], Crossing] = {}
        self.repeated: dict[str, Repeated] = {}
        self.way = self.life.stops()
        self.go_on()

    def others_things(self) -> dict[str, Any]:
        """The things of the other case, which went as far as a recourse, straight on."""
        life = Life(elsewhere(self.life.world))
        for part in (life.preparing, life.at_court):
            list(part())
        next(life.decided())
        with life.time():
            client_of(life.world.lawyer_user)
            return life.things()

    def go_on(self) -> None:
        """To the next stop: everyone's things, and everyone signed in anew."""
        self.here = next(self.way)
        cache.clear()  # the counters of requests: nobody waits for a minute here
        with self.life.time():
            self.clients = {name: client_of(self.user(name)) for name in (*ROLES, *OUTSIDE)}
            common = self.life.things()
            self.things = {name: common | self.own(name) for name in ROLES}

    def user(self, name: str) -> Any:
        return self.life.world.__dict__[f"{name}_user"]

    def own(self, name: str) -> dict[str, Any]:
        """What each has of their own: a file just sent, a conversation, what they are shown to sign."""
        actor, case = getattr(self.life.world, name), self.life.case
        read, draft = self.life.world.read(actor, case), case.decisions.filter(state="draft").first()
        return {
            "document": self.life.loose(name) if ROLES[name] in (LAWYER, STAFF) else uuid4(),
            "channel": next(iter(open_to(actor, case)), "lawyers"),
            "shown": read["shown"],
            "statement": read["statement"] or "Je signe.",
            "decision.sign:shown": draft.instrument.document.head.sha256 if draft else "0" * 64,
        }

    def stop(self, name: str) -> Stop:
        while name not in self.stops:
            if self.here in self.stops:
                self.go_on()
            self.stops[self.here] = self.everything_tried()
        return self.stops[name]

    def everything_tried(self) -> Stop:
        seal_changed()
        case = self.life.world.again(self.life.case)
        stop = Stop(case.proceeding, case.step)
        for name, role in self.life.inside.items():
            ever = interpret.ever(stop.proceeding, {role})
            self.all_tried(stop, name, lambda one, ever=ever: one.of_a_case and self.tries(one, ever))
        if self.here in AT_LARGE:
            for name in ROLES:
                self.all_tried(stop, name, lambda one: not one.of_a_case)
        if self.here in WHOLE:
            self.kept_private(stop)
            for one in filter(lambda each: each.of_a_case, operations()):
                nothing = self.tried("stranger", one, absent(self.things["lawyer"]))
                for name in (*OUTSIDE, *(other for other in ROLES if other not in self.life.inside)):
                    stop.outside[name, one] = self.tried(name, one), nothing
        return stop

    def tries(self, one: Operation, ever: set[str]) -> bool:
        """Whether somebody of the case, who may `ever` do these, tries this here."""
        return one.name in ever or self.here in WHOLE or (self.here in LOOKED_AT and one.method == "GET")

    def kept_private(self, stop: Stop) -> None:
        """What the second side is answered about things of the first that are private, and about things that are not there."""
        nothing = {name: uuid4() for name in PRIVATE}
        for name in OTHER_SIDE:
            for one in operations():
                if one.of_a_case and PRIVATE & one.identifiers:
                    stop.private[name, one] = self.tried(name, one), self.tried(name, one, {**self.things[name], **nothing})

    def all_tried(self, stop: Stop, name: str, wanted: Callable[[Operation], bool]) -> None:
        for one in filter(wanted, operations()):
            answer = stop.tried[name, one] = self.tried(name, one)
            if answer.done:
                self.cross(name, one)
            if answer.done and one.keyed and one.name not in self.repeated:
                self.repeated[one.name] = self.repeat(name, one)

    def tried(self, name: str, one: Operation, things: Things | None = None, **options: Any) -> Answer:
        with self.life.time():
            return one.tried(self.clients[name], things or self.things.get(name, self.things["lawyer"]), **options)

    def repeat(self, name: str, one: Operation) -> Repeated:
        """Do twice under one key what can be done, and undo it."""
        with self.life.time(), undone():
            ask = partial(one.done, self.clients[name], self.things[name], **{"Idempotency-Key": str(uuid4())})
            first, before = ask(), Entry.objects.count()
            return Repeated(first, ask(), Entry.objects.count() - before)

    def cross(self, name: str, one: Operation) -> None:
        """Try what was done again, each of its identifiers in turn being of the other case, or of nothing."""
        mine = self.things[name]
        for identifier in one.identifiers:
            theirs = one.thing(self.theirs, identifier)
            if isinstance(theirs, UUID) and (one.name, identifier) not in self.crossings:
                also = [identifier] if identifier in one.left_out else []
                answers = (self.tried(name, one, one.with_other(mine, identifier, key), also=also) for key in (theirs, uuid4()))
                self.crossings[one.name, identifier] = Crossing(*answers)


def absent(things: Things, **kept: Any) -> dict[str, Any]:
    """The same names, of things that do not exist."""
    nothing = {name: uuid4() if isinstance(value, UUID) else value for name, value in things.items()}
    return {**nothing, "token": "no-such-link", **kept}
