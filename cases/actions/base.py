"""`@action`: the few things every act does, in one durable transaction: lock, read again, allow, do, record."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from django.apps import apps
from django.db import models, transaction

from backend.api import idempotency
from backend.errors import DomainError, NotAllowed, NotNow, Outdated, TooWeak
from backend.people import professional
from backend.people.actor import Actor
from backend.register.models import Chain
from cases import access, facts, outlook
from cases.models import Book, Case, ReadingBook
from cases.proceedings import interpret
from cases.proceedings.declare import CLERK, JUDGE, LAWYER, PARTY, When

P = ParamSpec("P")
R = TypeVar("R")
Made = TypeVar("Made", covariant=True)

AT_COURT: dict[str, tuple[str, ...]] = {}


@dataclass(frozen=True)
class Declared:
    """An action as the rest of the house knows it."""

    name: str
    function: Callable[..., Any]
    strong: bool
    undeclared: bool  # in no proceeding's table: begins a case, belongs to a court's book, is held by a link, or has the right of another
    title: str


ACTIONS: dict[str, Declared] = {}


class OnCase(Protocol[Made]):
    """An action as its doors call it: what it asks by name, an idempotency key, and the sequence an edit starts from."""

    def __call__(self, actor: Actor, case: Case, /, *, key: str = "", seq: int | None = None, **asked: Any) -> Made: ...


class OnBook(Protocol[Made]):
    """An action on a court's own book."""

    def __call__(self, actor: Actor, book: Book, /, *, key: str = "", **asked: Any) -> Made: ...


class Opening(Protocol[Made]):
    """An action that begins a case."""

    def __call__(self, actor: Actor, /, *, key: str = "", **asked: Any) -> Made: ...


def action(
    *, strong: bool = False, by_link: bool = False, right: str = ""
) -> Callable[[Callable[Concatenate[Actor, Case, P], R]], OnCase[R]]:
    """Make a function on a locked case an action.

    Named `matter.verb` after its module and itself. Refuses with NotAllowed (never yours), NotNow (not at this step) or TooWeak (confirm yourself
    first), answers a repeated `key` with what it answered before, and will not commit without an entry in the register. An edit says by `seq` which
    sequence of the case it changes: Outdated where the case has gone on since.
    `by_link`: open to whoever holds a link that the function itself checks, since they stand nowhere in the case yet. `right`: the action whose right
    this is too, where it is another way to do the same; it then stands in no declaration itself.
    """

    def decorate(function: Callable[..., R]) -> OnCase[R]:
        name = name_of(function)

        @functools.wraps(function)
        def act(actor: Actor, case: Case, /, *, key: str = "", seq: int | None = None, **asked: Any) -> R:
            with transaction.atomic(durable=True):
                locked = Case.objects.locked(case.pk)
                with once(actor, name, key, case.pk, asked) as memory:
                    if memory.result is None:
                        doing = actor if by_link else permit(actor, locked, right or name, strong)
                        if seq not in (None, locked.chain.seq):
                            raise Outdated
                        memory.result = recorded(locked.chain, name, lambda: function(doing, locked, **asked))
                        outlook.settle(locked)
                        locked.save()
            _show(case, locked)
            return memory.result

        ACTIONS[name] = Declared(name, act, strong, by_link or bool(right), (function.__doc__ or "").strip().splitlines()[0])
        return act

    return decorate


def opening(function: Callable[..., R]) -> Opening[R]:
    """Make a function that begins a case an action: there is no case to lock yet."""
    name = name_of(function)

    @functools.wraps(function)
    def act(actor: Actor, /, *, key: str = "", **asked: Any) -> R:
        with transaction.atomic(durable=True), once(actor, name, key, None, asked) as memory:
            if memory.result is None:
                memory.result = function(actor, **asked)
            return memory.result

    ACTIONS[name] = Declared(name, act, False, True, (function.__doc__ or "").strip().splitlines()[0])
    return act


def court_action(*roles: str) -> Callable[[Callable[Concatenate[Actor, Book, P], R]], OnBook[R]]:
    """Make a function on a court's own book an action, for these roles of that court."""

    def decorate(function: Callable[..., R]) -> OnBook[R]:
        name = name_of(function)
        AT_COURT[name] = roles or (CLERK, JUDGE)

        @functools.wraps(function)
        def act(actor: Actor, book: Book, /, *, key: str = "", **asked: Any) -> R:
            with transaction.atomic(durable=True):
                locked = Book.objects.locked(book.pk)
                with once(actor, name, key, book.pk, asked) as memory:
                    if memory.result is not None:
                        return memory.result
                    if not access.works_at(actor, locked.organisation, AT_COURT[name]):
                        raise NotAllowed
                    benches = [locked.organisation_id, *locked.organisation.chambers.values_list("pk", flat=True)]
                    sitting = access.in_court(actor, benches, AT_COURT[name])
                    memory.result = recorded(locked.chain, name, lambda: function(sitting, locked, **asked))
            return memory.result

        ACTIONS[name] = Declared(name, act, False, True, (function.__doc__ or "").strip().splitlines()[0])
        return act

    return decorate


def noting(function: Callable[Concatenate[Actor, ReadingBook, P], R]) -> OnCase[R]:
    """Make a function that writes in the reading book of a case an action: for whoever may see what they open, at any step."""
    name = name_of(function)

    @functools.wraps(function)
    def act(actor: Actor, case: Case, /, *, key: str = "", seq: int | None = None, **asked: Any) -> R:
        reading = access.acting_as(actor, case, access.standing(actor, case).roles)
        with transaction.atomic(durable=True):
            return function(reading, ReadingBook.objects.locked(case), **asked)  # type: ignore[call-arg]

    ACTIONS[name] = Declared(name, act, False, True, (function.__doc__ or "").strip().splitlines()[0])
    return act


def name_of(function: Callable[..., Any]) -> str:
    """`cases.actions.filing`, `submit` → "filing.submit"."""
    return f"{function.__module__.rpartition('.')[2]}.{function.__name__}"


def permit(actor: Actor, case: Case, name: str, strong: bool) -> Actor:
    """Ask the declaration. All steps together decide of ever; of now, the step, and what the act asks of the facts.

    Gives the actor as who they do it: in which organisation, on whose behalf. Raises NotAllowed, NotNow, TooWeak.
    """
    roles = access.standing(actor, case).roles
    proceeding = case.proceeding
    if name not in interpret.ever(proceeding, roles):
        raise NotAllowed(law=interpret.law_of(proceeding, name) or None)
    if lacking := _lacking(actor, case, name):
        raise NotNow(lacking.why, code=lacking.code or None, law=lacking.law or None, mend=lacking.mend or None)
    if name not in interpret.at_step(proceeding, case.step, roles):
        raise NotNow(law=case.current_step.law or None)
    acting = [role for role in roles if name in interpret.at_step(proceeding, case.step, [role])]
    if strong and LAWYER in acting and PARTY not in acting:
        professional.refuse_unverified(actor.user_id)
    if strong and not actor.strong and not actor.is_platform:
        raise TooWeak
    return access.acting_as(actor, case, acting)


def _lacking(actor: Actor, case: Case, name: str) -> When | None:
    """What the declaration asks of the facts for this act, and they do not give; they are read only where it asks."""
    if name not in case.proceeding.provided:
        return None
    return interpret.lacking(case.proceeding, name, replace(facts.of(case), reader=actor.user_id))


def recorded(chain: Chain, name: str, do: Callable[[], R]) -> R:
    """Do it, and make sure that it left an entry."""
    before = chain.seq
    result = do()
    if chain.seq == before:
        raise RuntimeError(f"{name} left no entry in the register")
    return result


@dataclass
class Memory:
    """What a key is remembered to have answered."""

    result: Any = None


class once:
    """Remember an idempotency key in the transaction of what it asked; a twin waits for the first and gets its answer."""

    def __init__(self, actor: Actor, name: str, key: str, subject: Any, asked: Mapping[str, Any]) -> None:
        self.actor, self.name, self.key = actor, name, key
        self.digest = idempotency.digest_of({"subject": subject, **asked})
        self.memory = Memory()
        self.fresh = True

    def before(self) -> Any:
        """What was answered before, the key left unclaimed: for slow work that comes ahead of the transaction."""
        kept = idempotency.kept(self.actor, self.name, self.key, self.digest)
        return None if kept is None else found_again(kept)

    def __enter__(self) -> Memory:
        if self.key:
            kept = idempotency.remembered(self.actor, self.name, self.key, self.digest)
            if kept is not None:
                self.memory.result = found_again(kept)
                self.fresh = False
        return self.memory

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if self.key and self.fresh and error is None:
            idempotency.remember(self.actor, self.name, self.key, reference(self.memory.result))


def reference(result: Any) -> dict[str, Any]:
    """Where the answer is found again: its kind and key, never its content."""
    if isinstance(result, models.Model):
        return {"model": result._meta.label, "pk": str(result.pk)}
    raise DomainError(code="not-repeatable")


def found_again(kept: Mapping[str, Any]) -> models.Model:
    """What was made; its bare identity where it has been taken out since, as by the act itself."""
    model = apps.get_model(kept["model"])
    return model._default_manager.filter(pk=kept["pk"]).first() or model(pk=kept["pk"])


def _show(case: Case, locked: Case) -> None:
    """Let the caller's own instance say what the locked one now says."""
    for field in Case._meta.concrete_fields:
        setattr(case, field.attname, getattr(locked, field.attname))
    case.chain = locked.chain
    case._prefetched_objects_cache = {}  # type: ignore[attr-defined]
