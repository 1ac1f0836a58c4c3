"""What is asked in a case: questions in their order, documents still wanted, and the page that mends each finding."""

from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.http import urlencode

from backend.errors import Finding
from cases.actions import answers
from cases.models import Case, Child, Spouse
from cases.outlook import Outlook
from cases.proceedings import interpret
from cases.proceedings.declare import BLOCK, Document
from cases.proceedings.questions import Topic

PAGES = {
    "route": "topics",
    "protection": "topics",
    "child-form": "topics",
    "lawyer": "people",
    "court": "court",
    "agreement": "agreement",
    "petition": "petition",
    "maintenance": "topics",
    "condition": "filing",
}


@dataclass(frozen=True)
class Asked:
    """One question: a topic, of the case or of somebody. `mine`: this person may answer it."""

    topic: Topic
    about: UUID | None
    name: str
    answered: bool
    mine: bool
    url: str

    @property
    def title(self) -> str:
        return f"{self.topic.title} : {self.name}" if self.name else str(self.topic.title)


@dataclass(frozen=True)
class Wanted:
    """A document the proceeding asks for that is not there, or does not serve yet."""

    document: Document
    name: str
    finding: Finding
    url: str

    @property
    def title(self) -> str:
        return f"{self.document.title} : {self.name}" if self.name else str(self.document.title)


def questions(seen: Outlook) -> list[Asked]:
    """Everything that is asked in this case, in the order of its declaration."""
    people = people_of(seen.case)
    return [
        Asked(
            topic,
            about,
            name,
            interpret.is_answered(topic, about, seen.facts),
            _mine(seen, topic, people, about),
            url_of(seen.case, topic.name, about),
        )
        for topic in seen.proceeding.topics
        for about, name in interpret.subjects_of(topic, seen.facts)
    ]


def _mine(seen: Outlook, topic: Topic, people: dict[UUID, Spouse | Child], about: UUID | None) -> bool:
    return "answers.save" in seen.may and answers.open_to(seen.actor, seen.case, topic, people.get(about) if about else None)


def open_to(seen: Outlook) -> list[Asked]:
    """The questions that this person may answer now."""
    return [one for one in questions(seen) if one.mine]


def people_of(case: Case) -> dict[UUID, Spouse | Child]:
    """The spouses and children, by key."""
    people: list[Spouse | Child] = [*case.spouses.all(), *case.children.all()]
    return {person.pk: person for person in people}


def url_of(case: Case, topic: str, about: UUID | None) -> str:
    """The page of one question."""
    return reverse("topic", args=[case.pk, topic, about] if about else [case.pk, topic])


def wanted(seen: Outlook, *, blocking: bool = False) -> list[Wanted]:
    """The documents to bring, or to bring again."""
    required = {
        (document.kind, str(about or "")): (document, name) for document, about, name in interpret.required(seen.proceeding, seen.facts)
    }
    found = [finding for finding in seen.findings if finding.code.startswith("document.") and (finding.severity == BLOCK or not blocking)]
    named = [(finding, required.get((finding.about, finding.where))) for finding in found]
    return [Wanted(asked[0], asked[1], finding, mended_at(seen, finding)) for finding, asked in named if asked]


def mended_at(seen: Outlook, finding: Finding) -> str:
    """The page where this finding is mended."""
    if finding.code.startswith("answer."):
        return url_of(seen.case, finding.about, UUID(finding.where) if finding.where else None)
    if finding.code.startswith("document."):
        query = urlencode({"kind": finding.about, "about": finding.where})
        return f"{reverse('exhibits', args=[seen.case.pk])}?{query}#add"
    if finding.code == "identity.vouched":
        return url_of(seen.case, "identity", UUID(finding.where))
    if finding.code == "certificate":
        return reverse("exhibit", args=[seen.case.pk, finding.where])
    return reverse(PAGES.get(finding.code, "case"), args=[seen.case.pk])
