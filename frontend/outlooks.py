"""From a case as one person sees it (`cases.outlook`) to what its pages show: where one is, what to do, by when, who, what happened."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from backend.errors import Finding, Text
from cases import access, twins
from cases.checks import certificates, vouched
from cases.checks.certificates import Comparison
from cases.models import Case, Counsel, Exhibit, Instrument
from cases.outlook import Outlook
from cases.outlook import Person as Seen
from cases.proceedings.declare import PARTY
from cases.timing import Due
from frontend import asked, calls, happenings, labels, words
from frontend.components import Call, Deadline, Detail, DocumentRow, Happening, Person, Step

STATES = {"done": "done", "current": "now", "ahead": "later"}
RECENT = 8
BEFORE = ("exhibit.communicate", "exhibit.describe", "exhibit.remove", "exhibit.renumber")  # done with an exhibit nobody else has received
SPOUSES: dict[str, Text] = {"Madame": pgettext_lazy("wife", "Spouse"), "Monsieur": pgettext_lazy("husband", "Spouse")}
CONTACT: dict[str, Text] = {"address": gettext_lazy("Address"), "phone": gettext_lazy("Telephone"), "email": gettext_lazy("E-mail")}


@dataclass
class CaseView:
    """Everything a page of a case may show, each part made when it is asked for."""

    seen: Outlook

    @property
    def case(self) -> Case:
        return self.seen.case

    @property
    def both(self) -> Text:
        """What the spouses together are called, to one of them or to anybody else."""
        return _("The two of you") if self.seen.standing.is_any(PARTY) else _("Both spouses")

    @cached_property
    def steps(self) -> list[Step]:
        """The stepper."""
        return [
            Step(
                stage.step.title,
                STATES[stage.state],
                labels.ROLES.get(stage.step.turn, ""),
                stage.step.plain if stage.state == "current" else "",
            )
            for stage in self.seen.stages
        ]

    @cached_property
    def call(self) -> Call:
        return calls.call(self.seen)

    @cached_property
    def deadlines(self) -> list[Deadline]:
        """The hearing to come, and what runs: the last day of each open period, who must act, and the article."""
        hearing = self.seen.facts.dates.get("hearing")
        first = [Deadline(_("Hearing of the spouses"), hearing, zone=self.case.zone, kind="day")] if hearing else []
        running = [
            Deadline(due.period.title, due.on, who_keeps(self.case, due), due.period.law, zone=self.case.zone)
            for due in self.seen.dues
            if due.open
        ]
        return [*(one for one in first if one.day >= self.seen.facts.today), *running]

    @cached_property
    def happenings(self) -> list[Happening]:
        """All that happened, the newest first."""
        return happenings.of(self.seen, self.seen.timeline)

    @property
    def recent(self) -> list[Happening]:
        return self.happenings[:RECENT]

    @property
    def older(self) -> list[Happening]:
        return self.happenings[RECENT:]

    @cached_property
    def people(self) -> list[Person]:
        """The spouses, each detail with who sees it; then the lawyers."""
        return [
            *(spouse(self.seen, person) for person in self.seen.people),
            *(lawyer(self.seen, row) for row in self.case.counsels.all() if not row.until),
        ]

    @cached_property
    def exhibits(self) -> list[DocumentRow]:
        kinds = labels.exhibit_kinds(self.seen.proceeding)
        return [exhibit_row(self.seen, exhibit, kinds) for exhibit in self.seen.exhibits]

    @cached_property
    def papers(self) -> list[DocumentRow]:
        """The instruments in force, the newest first."""
        return [instrument_row(self.case, one) for one in reversed(self.seen.instruments) if one.superseded_at is None]

    @cached_property
    def questions(self) -> list[asked.Asked]:
        return asked.questions(self.seen)

    @property
    def answered(self) -> int:
        return sum(one.answered for one in self.questions)

    @property
    def mends(self) -> dict[Finding, str]:
        return {finding: asked.mended_at(self.seen, finding) for finding in self.findings}

    @cached_property
    def compared(self) -> Comparison:
        """The certificates this person sees, against the answers."""
        return certificates.compared(self.seen.actor, self.case)

    @property
    def findings(self) -> list[Finding]:
        """All that the checks found."""
        return [*self.seen.findings, *self.compared.findings, *vouched.compared(self.seen.actor, self.case)]

    def beside(self, exhibit: UUID) -> dict[str, Any]:
        """What is to be said beside an exhibit: where it differs from the answers, and whether it could be read at all."""
        return {
            "findings": [finding for finding in self.compared.findings if finding.where == str(exhibit)],
            "read": exhibit in self.compared.read,
            "unread": exhibit in self.compared.unread,
        }

    @cached_property
    def rooms(self) -> list[tuple[Text, str]]:
        """The pages of this case that this person may open."""
        wanted = [(name, label) for name, label, roles in ROOMS if not roles or not self.seen.standing.roles.isdisjoint(roles)]
        return [(label, url_of(name, self.case)) for name, label in wanted]

    def may(self, action: str) -> bool:
        return action in self.seen.may


SIDES = {"party", "lawyer", "staff"}
BENCH = {"clerk", "judge"}
ROOMS: list[tuple[str, Text, set[str]]] = [
    ("case", gettext_lazy("The case"), set()),
    ("topics", gettext_lazy("Questions"), SIDES),
    ("exhibits", gettext_lazy("Exhibits"), set()),
    ("copies", gettext_lazy("Copies"), set()),
    ("agreement", gettext_lazy("Agreement"), SIDES),
    ("petition", gettext_lazy("Petition"), SIDES),
    ("signature", gettext_lazy("Signature"), SIDES),
    ("checks", gettext_lazy("Checks"), SIDES),
    ("workbench", gettext_lazy("Workbench"), BENCH),
    ("child-hearings", gettext_lazy("Children heard"), BENCH),
    ("hearing", gettext_lazy("Hearing"), BENCH),
    ("decision", gettext_lazy("Decision"), BENCH),
    ("after-decision", gettext_lazy("After the decision"), BENCH),
    ("correspondence", gettext_lazy("Correspondence"), set()),
    ("people", gettext_lazy("People"), set()),
    ("readers", gettext_lazy("Who opened what"), SIDES),
    ("keeping", gettext_lazy("Keeping"), set()),
]


def url_of(name: str, case: Case) -> str:
    return reverse(name, args=[case.pk])


def spouse(seen: Outlook, person: Seen) -> Person:
    """A spouse's card: what is concealed is not even read for whoever may not see it."""
    row = person.spouse
    who = seen_by_words(person)
    values = {name: address(row) if name == "address" else getattr(row, name) for name in CONTACT} if person.shows_contact else {}
    details = [
        Detail(label, values.get(name, ""), concealed=row.concealed, seen_by=who if row.concealed else "")
        for name, label in CONTACT.items()
    ]
    joined = "" if row.user_id else _("Has not joined the case yet")
    role = _("You") if person.mine else SPOUSES.get(row.title, gettext_lazy("Spouse"))
    url, label = "", _("Change, or conceal")
    if joined and "invitation.send" in seen.may:
        url, label = url_of("invitations", seen.case), _("Invite")
    elif row.side in seen.standing.sides and "answers.save" in seen.may:
        url = asked.url_of(seen.case, "contact", row.pk)
    return Person(row.full_name, role, details, note=joined, url=url, label=label if url else "")


def who_keeps(case: Case, due: Due) -> str:
    """Who must act by a date: the person invited or those asked, by name; else whoever has a role in it."""
    named = labels.names(case) if due.about else {}
    return ", ".join(sorted(named[key] for key in (due.about, *due.to) if key in named)) or labels.by_role(due.period.who)


def seen_by_words(person: Seen) -> str:
    return _("you, your lawyer and the court") if person.mine else _("this person, their lawyer and the court")


def address(row: object) -> str:
    """An address on one line."""
    town = f"{getattr(row, 'postal_code', '')} {getattr(row, 'city', '')}".strip()
    return ", ".join(part for part in (getattr(row, "address", ""), town) if part)


def lawyer(seen: Outlook, row: Counsel) -> Person:
    """A lawyer's card: for whom, of which bar."""
    names = [person.spouse.short_name for person in seen.people if person.spouse.side in row.sides]
    role = _("Lawyer %(of_names)s") % {"of_names": words.of(names)}
    bar = [Detail(_("Bar"), row.bar)] if row.bar else []
    note = "" if row.user_id else _("Has not joined the case yet")
    return Person(row.name, role, [*bar, *enrolment(row)] if row.user_id else bar, note=note)


def enrolment(row: Counsel) -> list[Detail]:
    """What a lawyer states of themself, and whether somebody verified it: for everybody of the case."""
    stated = row.enrolment
    if stated is None or stated.verified_at is None:
        return [Detail(_("Enrolment at the bar"), _("Not verified"))]
    said = {"bar": stated.bar, "number": stated.number, "day": words.day_words(stated.verified_at), "by": stated.verifier}
    return [Detail(_("Enrolment at the bar"), _("%(bar)s, number %(number)s: verified on %(day)s by %(by)s") % said)]


def exhibit_row(seen: Outlook, exhibit: Exhibit, kinds: dict[str, Text]) -> DocumentRow:
    """An exhibit in a list: its state, what is wrong with it, and who can see it."""
    base = f"/api/v1/cases/{seen.case.pk}/exhibits/{exhibit.pk}"
    file = access.file_of(seen.standing, exhibit)
    head = file.head if file else None
    state = head.state if head else "making" if exhibit.document_id else "to-follow"
    names = {person.pk: person.short_name for person in asked.people_of(seen.case).values()}
    about = names.get(exhibit.about, "") if exhibit.about else ""
    kind = " · ".join(str(part) for part in (kinds.get(exhibit.kind, ""), about) if part)
    same = [] if head is None or head.rejected else seen.twins.get(exhibit.pk, [])
    may_take_back = any(twins.TAKE_BACK in acts_on(seen, one) for one in (exhibit, *same))
    return DocumentRow(
        name=str(labels.exhibit_title(exhibit, kinds)),
        kind=kind,
        url=url_of_exhibit(seen.case, exhibit),
        number=exhibit.number,
        state=state,
        pages=head.pages if head else None,
        size=head.size if head else None,
        thumbnail_url=f"{base}/pages/1?size=thumbnail" if state == "ready" else "",
        read_url=reverse("exhibit-read", args=[seen.case.pk, exhibit.pk]) if state == "ready" else "",
        download_url=f"{base}/file" + ("?copy=stamped" if exhibit.stamped_id else ""),
        signatures_url=reverse("exhibit-signatures", args=[seen.case.pk, exhibit.pk]) if state == "ready" and bears_some(head) else "",
        by=labels.brought_by(seen.case, exhibit),
        at=exhibit.added_at,
        seen_by=labels.seen_by(exhibit, seen.standing.sides, bool(seen.case.filed_at)),
        private=exhibit.communicated_at is None and exhibit.side != 0,
        twins=[(twins.named(one, labels.exhibit_title(one, kinds)), reading_of(seen.case, one)) for one in same],
        twins_mend=twins.Same({}, may_take_back).mend,
        **checked(head),
    )


def acts_on(seen: Outlook, exhibit: Exhibit) -> frozenset[str]:
    """What this person may still do with an exhibit before it is communicated."""
    own = exhibit.communicated_at is None and exhibit.side in {0, *seen.standing.sides}
    return frozenset(act for act in BEFORE if own and act in seen.may)


def reading_of(case: Case, exhibit: Exhibit) -> str:
    """Where an exhibit is read, or looked at while nothing of it can be."""
    head = exhibit.document.head if exhibit.document else None
    ready = head is not None and head.state == "ready"
    return reverse("exhibit-read", args=[case.pk, exhibit.pk]) if ready else url_of_exhibit(case, exhibit)


def bears_some(head: Any) -> bool:
    """Whether somebody's electronic signature was seen in a file when it came, or was put there since: the platform's own seal is none."""
    return bool(head.signed) or head.made_by == "signature"


def checked(head: Any) -> dict[str, Any]:
    """How the check of a file goes, or went: where it is at, what is wrong, what is doubtful, what was seen."""
    if head is None:
        return {}
    wrong = head.why if head.rejected else None
    return {
        "reason": wrong.reason if wrong else "",
        "mend": wrong.mend if wrong else "",
        "stage": head.get_stage_display(),
        "warnings": () if wrong else [finding for finding in head.findings if finding.severity == "warning"],
        "remarks": head.remarks,
    }


def url_of_exhibit(case: Case, exhibit: Exhibit) -> str:
    return reverse("exhibit", args=[case.pk, exhibit.pk])


def instrument_row(case: Case, instrument: Instrument) -> DocumentRow:
    """An instrument in a list; being made while it has no document."""
    base = f"/api/v1/cases/{case.pk}/instruments/{instrument.pk}"
    head = instrument.document.head if instrument.document else None
    ready = head is not None and head.state == "ready"
    by_all = instrument.kind in ("petition", "agreement")
    signed = (_("Signed by all") if by_all else _("Signed")) if instrument.signed_at else ""
    version = _("Version %(number)s") % {"number": instrument.revision} if by_all else ""
    return DocumentRow(
        name=labels.instrument_title(case, instrument),
        kind=" · ".join(part for part in (version, signed) if part),
        url=reverse("instrument-read", args=[case.pk, instrument.pk]) if ready else "",
        state=head.state if head else "making",
        pages=head.pages if head else None,
        size=head.size if head else None,
        thumbnail_url=f"{base}/pages/1?size=thumbnail" if ready else "",
        read_url=reverse("instrument-read", args=[case.pk, instrument.pk]) if ready else "",
        download_url=f"{base}/file",
        signatures_url=reverse("instrument-signatures", args=[case.pk, instrument.pk]) if ready and bears_some(head) else "",
        at=instrument.at,
        **checked(head),
    )
