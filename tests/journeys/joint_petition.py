"""A joint petition as its people live it through programs of theirs: each step with what is refused there."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import uuid4

from tests.journeys.house import House, until
from tests.journeys.person import Person
from tests.pdfs import pdf
from tests.signatures.making import pdfsig
from tests.world import ARMELLE, THIBAULT, ZELIE, World

NOT_FOUND, NOT_ALLOWED, NOT_NOW, TOO_WEAK = (404, "not-found"), (403, "not-allowed"), (409, "not-now"), (403, "too-weak")
STREETS = {1: "17 passage du Secret-Gardé", 2: "41 quai du Vieux-Lavoir"}
OPENING = {"kind": "joint-petition", "spouses": [ARMELLE, THIBAULT], "children": [ZELIE], "acts_for": [1]}
RONAN = {"side": 2, "full_name": "Maître Ronan Kerdoncuff", "email": "ronan.kerdoncuff@example.fr", "bar": "Nantes"}


class Story:
    """The people of the case, and what happens to it."""

    def __init__(self, house: House, world: World) -> None:
        self.house, self.world = house, world
        self.solene, self.ronan, self.berenice, self.gaelle, self.paul, self.jeanne = (
            Person(house, user.email)
            for user in (
                world.lawyer_user,
                world.second_lawyer_user,
                world.outsider_user,
                world.clerk_user,
                world.second_clerk_user,
                world.judge_user,
            )
        )
        self.armelle, self.thibault = (Person(house, user.email) for user in (world.spouse_1_user, world.spouse_2_user))

    @property
    def parties(self) -> tuple[Person, ...]:
        return self.armelle, self.thibault, self.solene, self.ronan

    @property
    def court(self) -> tuple[Person, ...]:
        return self.gaelle, self.jeanne

    def told(self, person: Person, *words: str) -> bool:
        """Whether a mail came that says one of these, in the language the person reads."""
        return until(lambda: any(word in letter for letter in self.house.mail.to(person.email) for word in words), f"a mail: {words}")

    def step(self) -> str:
        return str(self.solene.look()["step"]["name"])

    # --- preparing

    def open(self) -> None:
        assert self.gaelle.send("POST", "/api/v1/cases", OPENING).json()["law"] == "CC 250"
        assert self.solene.send("POST", "/api/v1/cases", {**OPENING, "kind": "arbitration"}).status_code == 422
        self.solene.ask("POST", "/api/v1/cases", OPENING)
        self.href = self.solene.href
        for nobody_yet in (self.ronan, self.berenice, *self.court):
            assert nobody_yet.send("GET", self.href).status_code == 404
            assert nobody_yet.refused("filing.submit", href=self.href) == NOT_FOUND
        assert self.solene.refused("filing.submit") == NOT_NOW
        assert self.solene.refused("hearing.schedule", {"hearing_list": str(uuid4())}) == NOT_ALLOWED

    def invite(self) -> None:
        """The other lawyer has an account; one spouse makes one; the other asks for changes first, and is invited again."""
        spouses = self.solene.look()["spouses"]
        counsel = self.solene.act("counsel.name", RONAN)
        self.solene.act("invitation.send", {"counsel": counsel["id"], "email": self.ronan.email})
        self._accepts(self.ronan, self.house.mail.link(self.ronan.email))
        self.armelle, self.thibault = (Person(self.house, f"{name}@exemple.fr") for name in ("armelle", "thibault"))
        for spouse, person in zip(spouses, (self.armelle, self.thibault), strict=True):
            self.solene.act("invitation.send", {"spouse": spouse["id"], "email": person.email})
        link = self.house.mail.link(self.armelle.email)
        assert self.berenice.send("POST", _door(link), {"consent": True}).json()["code"] == "not-allowed"
        self._accepts(self.armelle.make_account(link, "Armelle", "Vauquelin"), link)
        self._asks_for_changes(self.house.mail.link(self.thibault.email))
        assert {spouse["person"] is not None for spouse in self.solene.look()["spouses"]} == {True}

    def _accepts(self, person: Person, link: str) -> None:
        assert person.ask("GET", _door(link))["title"] == "Vauquelin / Desmarets"
        person.ask("POST", _door(link), {"consent": True})
        assert person.look()["case"]["href"] == self.href
        assert person.send("POST", _door(link), {"consent": True}).status_code == 404  # used once

    def _asks_for_changes(self, link: str) -> None:
        self.thibault.make_account(link, "Thibault", "Desmarets")
        self.thibault.ask("POST", f"{_door(link)}/changes", {"comment": "Mon nom s'écrit avec un « t »."})
        sent = next(row for row in self.solene.get("invitations") if row["state"] == "changes")
        assert sent["comment"] == "Mon nom s'écrit avec un « t »."
        self.solene.act("invitation.resend", {}, invitation=sent["id"])
        assert self.thibault.send("GET", _door(link)).status_code == 404  # the link sent before is dead
        self._accepts(self.thibault, self.house.mail.link(self.thibault.email, but=link))

    def answer(self) -> None:
        """Each for themselves, the lawyer the rest; an edit names the version it changes."""
        self.sides = {spouse["id"]: spouse["side"] for spouse in self.solene.look()["spouses"]}
        first, _second = self.sides
        assert self.thibault.refused("answers.save", {}, topic="contact", about=first) == NOT_ALLOWED
        self.armelle.act("answers.save", self._value("contact", first), topic="contact", about=first)
        for topic, about in self._unanswered():
            lawyer = self.ronan if self.sides.get(about or "") == 2 else self.solene
            lawyer.act("answers.save", self._value(topic, about), topic=topic, about=about)
        stale = {"If-Match": self.solene.tag}
        self.thibault.act("answers.save", {"first": 60, "second": 40}, topic="costs")
        assert self.solene.send("PUT", f"{self.href}/answers/costs", {"first": 50, "second": 50}, **stale).status_code == 412
        assert STREETS[1] in str(self.armelle.look())
        for other_side in (self.thibault, self.ronan):
            assert STREETS[1] not in str([other_side.look(), other_side.get("answers"), other_side.get("entries")])
        assert self.berenice.refused("answers.save", {"first": 50, "second": 50}, href=self.href, topic="costs") == NOT_FOUND
        court = self.solene.ask("GET", "/api/v1/courts?postal_code=76000")["results"][0]
        elsewhere = self.solene.ask("GET", "/api/v1/courts?postal_code=49000")["results"][0]
        assert self.solene.refused("opening.choose_court", {"court": elsewhere["id"]})[0] == 422
        self.solene.act("opening.choose_court", {"court": court["id"]})

    def _unanswered(self) -> Iterator[tuple[str, str | None]]:
        for topic in self.solene.get("topics"):
            yield from ((topic["name"], subject["about"]) for subject in topic["subjects"] if topic["needed"] and not subject["answered"])

    def _value(self, topic: str, about: str | None) -> dict[str, Any]:
        side = self.sides.get(about or "", 0)
        today = str(self.house.day())
        values: dict[str, dict[str, Any]] = {
            "identity": {"born": "1981-06-14", "birthplace": "Dieppe", "nationality": "française", "occupation": "infirmière"},
            "contact": {"address": STREETS.get(side, ""), "postal_code": "76000", "city": "Rouen", "concealed": side == 1},
            "protection": {},
            "bodies": {"social_security": "CPAM de Rouen", "family_benefits": "CAF de Seine-Maritime"},
            "income": {"monthly": "2180"},
            "child": ZELIE,
            "voice": {"discernment": True, "informed_on": today, "asks_to_be_heard": True, "form_dated": today, "form_signed": True},
            "marriage": {"date": "2010-07-03", "place": "Rouen"},
            "homes": {"family_home": "8 rue des Tanneurs-Bleus", "tenure": "rented", "kept_by": "Armelle"},
            "property": {"items": [{"kind": "voiture", "value": "9200", "to": "Thibault"}]},
            "allowance": {"form": "none"},
            "maintenance": {"debtor": "2", "creditor": "1", "per_child_month": {}},
        }
        return {**(ARMELLE if side == 1 else THIBAULT), **values[topic]} if topic == "identity" else values[topic]

    def bring(self) -> None:
        """Every exhibit asked for, by the door of uploads; one of one side, private until it is communicated."""
        assert self.house.client().post("/api/v1/documents?name=x.pdf", content=pdf()).status_code == 401
        for asked in self.solene.look()["required"]:
            self._brings(self.solene, asked["kind"], f"{asked['title']} {asked['of']}".strip(), about=asked["about"])
        mine = self._brings(self.armelle, "other", "Relevé de compte", side=1)
        title = "Relevé de compte"
        assert title not in self.ronan.exhibits()
        assert self.ronan.send("GET", f"{self.href}/exhibits/{mine}").status_code == 404
        assert self.thibault.refused("exhibit.communicate", {"exhibits": [mine]}) == NOT_FOUND
        self.armelle.act("exhibit.describe", {"title": "Relevé de compte d'octobre"}, exhibit=mine)
        _once_checked(lambda: self.armelle.act("exhibit.communicate", {"exhibits": [mine]}))
        seen = until(
            lambda: (row := self.ronan.exhibits()["Relevé de compte d'octobre"])["document"]["state"] == "ready" and row, "its check"
        )
        assert (seen["number"], self.ronan.download(f"{self.href}/exhibits/{mine}/file")) == (1, pdf("Relevé de compte"))
        assert self.armelle.refused("exhibit.remove", exhibit=mine) in ((403, "not-allowed"), (422, "invalid"))
        refused = self.thibault.http.post("/api/v1/documents?name=photo.pdf", content=b"MZ" + bytes(2000)).json()
        assert (refused["code"], refused["mend"][:13]) == ("media-type", "Open the file")

    def _brings(self, person: Person, kind: str, title: str, *, side: int = 0, about: str | None = None) -> str:
        document = person.upload(pdf(title), f"{kind}.pdf")
        body = {"kind": kind, "side": side, "about": about, "title": title, "document": document, "dated": str(self.house.day())}
        return str(person.act("exhibit.add", body)["id"])

    def draft(self) -> None:
        """The petition is made of the answers; the agreement is brought by the other lawyer."""
        assert self.solene.refused("signing.open")[0] == 422
        assert self.armelle.refused("petition.prepare") == NOT_ALLOWED
        self.solene.act("petition.prepare")
        self.upload_agreement(self.ronan)
        assert self.thibault.read("petition").startswith(b"%PDF")

    def upload_agreement(self, person: Person, text: str = "Convention de divorce") -> None:
        document = person.upload(pdf(text), "convention.pdf")
        _once_checked(lambda: person.act("agreement.upload", {"document": document}))

    # --- signing

    def sign(self) -> None:
        """Read, then signed by each; nobody signs what they were not shown, or twice."""
        self.solene.instrument("petition")
        self.solene.act("signing.open")
        assert self.step() == "sign"
        assert self.solene.refused("answers.save", {"first": 50, "second": 50}, topic="costs") == NOT_NOW
        shown = {row["instrument"]: row["sha256"] for row in self.thibault.get("signature")}
        body = {"shown": shown, "statement": self.thibault.get("signature/ceremony")["statement"]}
        self.thibault.strong_until = None
        assert self.thibault.refused("signing.sign", body) == TOO_WEAK
        self.thibault.be_sure()
        assert self.thibault.refused("signing.sign", {**body, "shown": dict.fromkeys(shown, "0" * 64)}) == (409, "changed")
        assert self.thibault.refused("signing.sign", {**body, "statement": "Peut-être."}) == (409, "changed")
        assert self.thibault.refused("signing.sign", body) == (409, "not-read")
        for person in self.parties:
            self.signs(person)
        until(lambda: self.step() == "file", "the last signature")
        assert self.armelle.refused("signing.sign", body) == NOT_NOW
        for kind in ("petition", "agreement"):
            assert pdfsig(self.armelle.read(kind)) == ["Signature is Valid."] * 4

    def signs(self, person: Person) -> None:
        waiting = [row for row in person.get("signature") if row["waits_for_me"]]
        for row in waiting:
            for page in row["unread"]:
                person.download(f"{person.href}/instruments/{row['instrument']}/pages/{page}")
        assert all(row["unread"] == [] for row in person.get("signature"))
        body = {
            "shown": {row["instrument"]: row["sha256"] for row in waiting},
            "statement": person.get("signature/ceremony")["statement"],
        }
        person.act("signing.sign", body)
        assert person.refused("signing.sign", body) in ((409, "changed"), (409, "conflict"), NOT_NOW)

    # --- before the registry

    def file(self) -> None:
        """Everyone may rehearse; the lawyer files; the court sees the case from then on, and not before."""
        for person in self.parties:
            rehearsed = person.ask("GET", f"{self.href}/filings/rehearsal")
            assert rehearsed["ready"], rehearsed["findings"]
        assert {row["kind"] for row in rehearsed["instruments"]} == {"petition", "agreement"}
        assert "Relevé de compte d'octobre" in {row["title"] for row in rehearsed["exhibits"]}
        assert self.thibault.refused("filing.submit") == NOT_ALLOWED
        assert self.gaelle.send("GET", self.href).status_code == 404
        self.solene.be_sure()
        link, key = self.solene.may()["filing.submit"], {"Idempotency-Key": str(uuid4())}
        first, again = (self.solene.ask(link["method"], link["href"], **key) for _ in range(2))
        assert first == again
        assert len(self.solene.get("filings")) == 1
        assert pdfsig(self.thibault.read("receipt")) == ["Signature is Valid."]
        code = self.thibault.instrument("receipt")["code"]
        assert self.house.client().get(f"/verifier/{code}").status_code == 200

    def check(self) -> None:
        """Claimed by one clerk; a question, answered by whom it was put to."""
        waiting = self.gaelle.ask("GET", "/api/v1/desk")["results"]
        assert [(row["case"]["href"], row["claimed_by"]) for row in waiting] == [(self.href, None)]
        assert self.gaelle.refused("filing.accept") == (409, "unclaimed")
        assert self.solene.refused("filing.accept") == self.jeanne.refused("filing.accept") == NOT_ALLOWED
        self.gaelle.act("filing.claim")
        assert self.paul.refused("filing.claim") == self.paul.refused("filing.accept") == (409, "claimed")
        lawyer = next(row["person"] for row in self.gaelle.look()["counsels"] if row["bar"] == "Rouen")
        question = {"to": [lawyer], "text": "Quel jour le formulaire a-t-il été signé ?", "answer_by": str(self.house.day(8))}
        assert self.gaelle.refused("filing.ask", {**question, "answer_by": str(self.house.day(-1))})[0] == 422
        asked = self.gaelle.act("filing.ask", question)["id"]
        assert self.told(self.solene, "puts a question", "pose une question")
        assert self.ronan.refused("filing.answer", {"text": "Hier."}, question=asked) == NOT_NOW
        self.solene.act("filing.answer", {"text": "Le jour même."}, question=asked)
        assert self.solene.refused("filing.answer", {"text": "Hier."}, question=asked)[0] == 409
        assert self.gaelle.get("questions")[0]["answer"] == "Le jour même."

    def send_back(self) -> None:
        """Returned with its reason and its mend; nothing is lost; mended, it is filed again."""
        assert self.gaelle.refused("filing.return_for_correction", {"reasons": []})[0] == 422
        assert {row["code"] for row in self.gaelle.ask("GET", "/api/v1/return-reasons")} >= {"illegible"}
        self.gaelle.act("filing.return_for_correction", {"reasons": [{"code": "illegible", "note": "Page 2 de l'acte de mariage."}]})
        assert self.step() == "file"
        reason = self.armelle.get("filings")[0]["reasons"][0]
        assert (reason["note"], reason["mend"]) == ("Page 2 de l'acte de mariage.", "Scan it again, flat and in full light.")
        assert self.gaelle.refused("filing.accept") == NOT_NOW
        self._brings(self.solene, "marriage-certificate", "Acte de mariage, rescanné")
        _once_checked(lambda: self.solene.act("filing.submit"))
        assert [row["attempt"] for row in self.gaelle.get("filings")] == [2, 1]

    def accept(self) -> None:
        """Accepted once, with the next number of the court."""
        self.gaelle.act("filing.claim")
        assert self.solene.refused("exhibit.add", {"kind": "other", "side": 0}) == NOT_NOW
        self.gaelle.act("filing.accept")
        assert self.gaelle.refused("filing.accept") == NOT_NOW
        assert {person.look()["case"]["rg_number"] for person in (*self.parties, *self.court)} == {f"{self.house.day():%y}/00001"}

    # --- before the judge

    def hear_the_child(self) -> None:
        child = self.jeanne.look()["children"][0]["id"]
        heard = {"on": str(self.house.day()), "with_whom": "lawyer", "report": "Zélie veut voir ses deux parents."}
        assert self.gaelle.refused("child.hear", heard, child=child) == NOT_ALLOWED
        assert self.jeanne.refused("hearing.schedule", {"hearing_list": str(uuid4())}) == NOT_NOW  # the child first (CPC 1092)
        assert self.jeanne.refused("child.hear", {**heard, "on": str(self.house.day(1))}, child=child)[0] == 422
        self.jeanne.act("child.hear", heard, child=child)
        assert self.thibault.look()["children"][0]["hearing"]["report"] == heard["report"]

    def schedule(self, days: int = 30) -> None:
        """On a list at least fifteen days ahead; each spouse is summoned, and the clerk posts the letters."""
        case = self.jeanne.look()["case"]
        lists = f"/api/v1/courts/{case['court']['id']}/hearing-lists"
        made = {"chamber": case["chamber"]["id"], "starts": "09:30", "room": "Salle 3"}
        soon, later = (self.jeanne.ask("POST", lists, {**made, "on": str(self.house.day(n))}) for n in (14, days))
        assert self.solene.send("POST", lists, {**made, "on": str(self.house.day(40))}).status_code == 404
        assert self.jeanne.refused("hearing.schedule", {"hearing_list": soon["id"]}) == NOT_NOW
        self.hearing = self.jeanne.act("hearing.schedule", {"hearing_list": later["id"], "at": "10:15"})
        assert self.ronan.refused("hearing.drop", {"reason": "Empêchement"}) == NOT_ALLOWED
        for person in (self.armelle, self.thibault):
            assert pdfsig(person.read("summons")) == ["Signature is Valid."]
            assert self.told(person, "summons", "convoque")
        for summons in self.gaelle.get("hearings")[-1]["summonses"]:
            self.gaelle.act("hearing.serve_summons", {"on": str(self.house.day())}, summons=summons["id"])
        assert self.jeanne.refused("decision.draft", {"kind": "homologation"}) == NOT_NOW  # not heard yet

    def decide(self, kind: str, **more: Any) -> None:
        """Drafted for the judge's eyes only, signed as it was read, delivered to all."""
        assert self.solene.refused("decision.draft", {"kind": kind}) == self.gaelle.refused("decision.draft", {"kind": kind}) == NOT_ALLOWED
        before = len(self.armelle.get("decisions"))
        self.jeanne.act("decision.draft", {"kind": kind, **more})
        draft = self.jeanne.instrument("decision")
        for person in (*self.parties, self.gaelle):
            assert len(person.get("decisions")) == before
        assert self.jeanne.refused("decision.sign", {"shown": "0" * 64}) in (TOO_WEAK, (409, "changed"))
        self.jeanne.act("decision.sign", {"shown": draft["document"]["sha256"]})
        until(lambda: len(self.armelle.get("decisions")) > before, "the decision")
        assert pdfsig(self.armelle.read("decision")) == ["Signature is Valid."]

    def renew_the_agreement(self) -> None:
        """After an adjournment: a new agreement, signed by all, presented with the clause that answers each condition."""
        assert self.solene.refused("filing.submit_new_agreement", {"clauses": {}}) in (TOO_WEAK, (422, "incomplete"))
        self.upload_agreement(self.ronan, "Nouvelle convention")
        self.solene.be_sure()
        assert self.solene.refused("filing.submit_new_agreement", {"clauses": {}}) == (422, "incomplete")  # not signed yet
        self.solene.act("signing.open")
        for person in self.parties:
            self.signs(person)
        until(lambda: self.solene.instrument("agreement")["signed_at"], "the last signature")
        assert self.armelle.refused("filing.submit_new_agreement", {"clauses": {}}) == NOT_ALLOWED
        self.solene.act("filing.submit_new_agreement", {"clauses": {"1": "Article 7"}})
        assert self.step() == "schedule"

    def withdraw(self) -> None:
        """Either spouse, alone, until the judgment: the case ends for all, and stays readable."""
        assert self.solene.refused("withdrawal.withdraw", {}) == NOT_ALLOWED
        assert self.thibault.refused("withdrawal.withdraw", {}) == TOO_WEAK
        self.thibault.act("withdrawal.withdraw", {"reason": ""})
        assert self.told(self.armelle, "has withdrawn", "s’est désisté")
        for person in (*self.parties, *self.court):
            assert person.look()["case"]["outcome"] == "withdrawn"
            self.may_only_read(person, "withdrawal-notice")
        assert self.thibault.refused("withdrawal.withdraw", {}) == self.jeanne.refused("hearing.drop", {"reason": "x"}) == NOT_NOW

    def may_only_read(self, person: Person, kind: str) -> None:
        """Read what was made of a kind, and write letters."""
        assert set(person.may()) <= {
            "correspondence.write",
            "withdrawal.withdraw",
            "bundle.ask",
            "exhibit.open_original",
            "keeping.hold",
            "keeping.release",
        }
        assert person.read(kind).startswith(b"%PDF")

    # --- after the decision

    def serve(self) -> None:
        assert self.armelle.refused("withdrawal.withdraw", {}) in (TOO_WEAK, NOT_NOW)
        assert self.thibault.refused("recourse.appeal", {}) == NOT_NOW  # none lies against a divorce (CPC 1102)
        assert self.jeanne.refused("decision.record_service", {"on": str(self.house.day())}) == NOT_ALLOWED
        self.gaelle.act("decision.record_service", {"on": str(self.house.day())})
        self.gaelle.act("decision.record_transmission", {"on": str(self.house.day())})
        assert self.gaelle.refused("certificate.issue") == NOT_NOW  # the time for recourse runs
        assert self.gaelle.refused("closing.close") == NOT_NOW

    def close(
        self, recourse: str = "recourse.petition_for_cassation", papers: Sequence[str] = ("certificate", "civil-status-extract")
    ) -> None:
        """Once the time for recourse has run out: certified, closed; all stays readable, nothing binding may be done."""
        assert self.solene.refused(recourse, {"side": 1}) == NOT_NOW
        self.gaelle.act("certificate.issue")
        for kind in papers:
            assert pdfsig(self.armelle.read(kind)) == ["Signature is Valid."]
        self.gaelle.act("closing.close")
        assert self.step() == "closed"
        for person in self.parties:
            self.may_only_read(person, "decision")


def _door(link: str) -> str:
    """The API's door of an invitation's link."""
    return f"/api/v1/invitations/{link.rpartition('/')[2]}"


def _once_checked(act: Any) -> None:
    """Do what needs a file that may still be in inspection."""

    def tried() -> bool:
        try:
            act()
        except AssertionError as refusal:
            if "still-checking" not in str(refusal):
                raise
            return False
        return True

    until(tried, "the check of the file")
