"""What the judge decides: the judgment, the adjournment, the lapse. The judge edits the text; the frame is the law's (CPC 454 to 456)."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, Literal

from django.template import Context, Engine

from cases.letters.base import Letter
from cases.letters.parts import Child, Lawyer, Marriage, Recourse, Spouse, with_counsel

TEXTS = Path(__file__).parent / "texts"


class Decision(Letter):
    """A decision of the family judge. `body` is its text as edited; empty, the default text stands.

    In `body` a blank line parts paragraphs, a line starting with "# " is a heading, and with "- " a point of a list.
    """

    template: ClassVar[str] = "decision.typ"
    kind: ClassVar[str]
    text: ClassVar[str]

    rg_number: str
    minute: str = ""
    judge: str
    clerk: str = ""
    decided_on: date
    heard_on: date
    spouses: tuple[Spouse, Spouse]
    lawyers: tuple[Lawyer, ...]
    marriage: Marriage
    children: tuple[Child, ...] = ()
    petition_filed_on: date
    agreement_dated: date
    recourse: Recourse
    body: str = ""

    def values(self) -> dict[str, Any]:
        values = with_counsel(super().values(), self.spouses, self.lawyers)
        return {**values, "kind": self.kind, "body": blocks(self.body or default_text(self))}


class Judgment(Decision):
    """Homologates the agreement and pronounces the divorce, on the spot and in one judgment (CC 250-1; CPC 1099)."""

    kind: ClassVar[str] = "judgment"
    text: ClassVar[str] = "judgment.txt"
    file_name: ClassVar[str] = "jugement-de-divorce.pdf"

    children_heard: tuple[str, ...] = ()
    children_not_heard: tuple[str, ...] = ()
    changes: str = ""
    costs: str = ""
    effects_from: date | None = None


class Adjournment(Decision):
    """Adjourns, with reasons and the conditions of a new agreement within six months (CC 250-2; CPC 1100).

    Conditions, measures and the last day are outside `body`: whatever the judge writes, the order says them.
    """

    kind: ClassVar[str] = "adjournment"
    text: ClassVar[str] = "adjournment.txt"
    file_name: ClassVar[str] = "ordonnance-d-ajournement.pdf"

    reasons: str = ""
    conditions: tuple[str, ...]
    provisional_measures: tuple[str, ...] = ()
    new_agreement_by: date


class Lapse(Decision):
    """Finds the petition lapsed: no new agreement in time, or a second refusal (CC 250-3; CPC 1101)."""

    kind: ClassVar[str] = "lapse"
    text: ClassVar[str] = "lapse.txt"
    file_name: ClassVar[str] = "ordonnance-de-caducite.pdf"

    ground: Literal["no-agreement", "second-refusal"]
    adjourned_on: date
    new_agreement_by: date
    reasons: str = ""


@cache
def engine() -> Engine:
    return Engine(dirs=[str(TEXTS)], autoescape=False, builtins=["cases.letters.french"])


def default_text(decision: Decision) -> str:
    """The French text a judge starts from."""
    written = engine().get_template(decision.text).render(Context({"it": decision}, autoescape=False))
    return "\n\n".join("\n".join(lines) for lines in grouped(written))


def grouped(text: str) -> list[list[str]]:
    """The paragraphs of a text, each as its lines."""
    groups: list[list[str]] = [[]]
    for line in text.splitlines():
        if line.strip():
            groups[-1].append(line.strip())
        elif groups[-1]:
            groups.append([])
    return [group for group in groups if group]


def blocks(text: str) -> list[dict[str, Any]]:
    """The text as the template lays it out: headings, paragraphs, lists. Nothing in it is ever read as markup."""
    found: list[dict[str, Any]] = []
    for lines in grouped(text):
        if all(line.startswith("- ") for line in lines):
            found.append({"kind": "list", "items": [line.removeprefix("- ") for line in lines]})
        elif lines[0].startswith("# "):
            found.append({"kind": "heading", "text": lines[0].removeprefix("# ")})
            found += [{"kind": "paragraph", "text": " ".join(lines[1:])}] if lines[1:] else []
        else:
            found.append({"kind": "paragraph", "text": " ".join(lines)})
    return found
