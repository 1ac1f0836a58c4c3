"""Correspondence, each conversation visible to just those who take part in it."""

from django.utils.translation import gettext as _

from backend import clock
from backend.errors import Invalid, NotAllowed
from backend.people.actor import Actor
from backend.register.entries import record
from cases import access
from cases.actions.base import action
from cases.models import Case, Message

AUDIENCES = {
    Message.Channel.LAWYERS: access.LAWYERS,
    Message.Channel.SIDE_1: access.side(1),
    Message.Channel.SIDE_2: access.side(2),
    Message.Channel.REGISTRY: (*access.LAWYERS, *access.COURT),
    Message.Channel.JUDGE: access.JUDGES,
}


def open_to(actor: Actor, case: Case) -> list[Message.Channel]:
    """The conversations this person takes part in; the registry's opens with the filing."""
    mine = access.standing(actor, case)
    channels = [channel for channel, audience in AUDIENCES.items() if mine.sees(audience)]
    return [channel for channel in channels if channel != Message.Channel.REGISTRY or case.filed_at]


@action()
def write(actor: Actor, case: Case, *, channel: str, body: str) -> Message:
    """Write in one of one's own conversations."""
    if channel not in open_to(actor, case):
        raise NotAllowed(_("You take no part in this conversation."), field="channel")
    if not body.strip():
        raise Invalid(_("Write something."), field="body")
    audience = AUDIENCES[Message.Channel(channel)]
    message = Message.objects.create(
        case=case, channel=channel, audience=list(audience), by_id=actor.user_id, at=clock.now(), body=body.strip()
    )
    record(case.chain, "message.written", actor, about=message, facts={"channel": channel}, audience=audience)
    return message
