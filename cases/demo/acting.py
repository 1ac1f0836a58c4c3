"""What the people of a played case do, each as themselves, through the actions: bring papers, join, read and sign, decide."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings

from backend import clock
from backend.people.actor import Actor
from backend.people.models import User
from backend.work.doing import run_due
from cases import access, actions, ceremonies, links, looking, papers
from cases.demo.papers import Paper, pdf
from cases.models import Case, Decision, Exhibit, Instrument, Invitation
from documents import intake


def acting(user: User) -> Actor:
    """The person at this moment, having just confirmed who they are."""
    return replace(Actor.of(user), strong_until=clock.now() + timedelta(seconds=settings.STRENGTH_SECONDS), proved_by="mail-code")


def work() -> None:
    """Do what is owed, here and now. A failure is raised: a played case leaves nothing undone."""
    run_due()


def read(actor: Actor, case: Case) -> Case:
    """The case as it is now, got as a door gets it."""
    return access.case(actor, case.pk)


def send_in(actor: Actor, paper: Paper) -> UUID:
    """Send a paper in; gives its document. It is checked when work is next done."""
    version = intake.take_in_bytes(pdf(paper), name=f"{paper.title}.pdf", created_by=actor.user_id, limit=settings.DOCUMENT_MAX_BYTES)
    return version.document_id


def bring(
    actor: Actor,
    case: Case,
    kind: str,
    paper: Paper,
    *,
    side: int = 0,
    about: UUID | None = None,
    dated: date | None = None,
    form: str = "",
) -> Exhibit:
    """Bring a paper as an exhibit of one side, or of both."""
    document = send_in(actor, paper)
    return actions.exhibit.add(actor, case, kind=kind, side=side, document=document, about=about, title=paper.title, dated=dated, form=form)


def join(case: Case, invitation: Invitation, user: User) -> None:
    """Follow the invitation's link, and consent to electronic exchange."""
    actions.invitation.accept(acting(user), case, token=links.token(invitation.pk), consent=True)


def draw_up(lawyer: Actor, case: Case, agreement: Paper, *, petition: bool = True) -> None:
    """Bring the agreement and draw the petition up; ready to be read and signed."""
    document = send_in(lawyer, agreement)
    work()
    actions.agreement.upload(lawyer, case, document=document)
    if petition:
        actions.petition.prepare(lawyer, case)
    work()


def sign(user: User, case: Case) -> None:
    """Sign all that waits for this person, having read exactly what is signed."""
    actor = acting(user)
    waiting = actions.signing.waiting_for(actor, case)
    for instrument in waiting:
        paper = papers.instrument(actor, case, instrument.pk)
        for number in range(1, (paper.version.pages or 0) + 1):
            looking.page_shown(actor, paper, number)
    shown = {str(instrument.pk): actions.signing.frozen_digest(instrument) for instrument in waiting}
    actions.signing.sign(actor, case, shown=shown, statement=ceremonies.statement(actor, waiting))


def signers(case: Case) -> list[User]:
    """Both spouses, then the lawyers."""
    spouses = case.spouses.select_related("user")
    counsels = case.counsels.filter(until=None).select_related("user")
    accounts = [*(spouse.user for spouse in spouses), *(counsel.user for counsel in counsels)]
    return [account for account in accounts if account]


def sign_all(case: Case, users: Iterable[User] | None = None) -> None:
    """Everyone signs, or those named."""
    for user in signers(case) if users is None else users:
        sign(user, case)
    work()


def decide(judge: User, case: Case, kind: str, **values: Any) -> Decision:
    """The judge drafts, reads what is typeset, and signs that; it is delivered."""
    drafted = actions.decision.draft(acting(judge), case, kind=kind, **values)
    work()
    instrument = Instrument.objects.select_related("document__head").get(pk=drafted.instrument_id)
    shown = instrument.document.head.sha256 if instrument.document and instrument.document.head else ""
    actions.decision.sign(acting(judge), case, shown=shown)
    work()
    drafted.refresh_from_db()
    return drafted


def communicate(actor: Actor, case: Case, exhibits: Sequence[Exhibit]) -> None:
    """Hand exhibits over to the other side."""
    actions.exhibit.communicate(actor, case, exhibits=[exhibit.pk for exhibit in exhibits])
