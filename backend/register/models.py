"""A chain and its entries, and the seals over all chains. The chain's row is the lock; the database refuses change and deletion (migrations 0002, 0003)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backend import clock
from backend.errors import Conflict, NotFound
from backend.keys import Key
from backend.register import canonical, seal
from backend.register.tree import Frontier

if TYPE_CHECKING:
    from backend.people.actor import Actor


class ChainQuerySet(models.QuerySet["Chain"]):
    def locked(self, **of: UUID) -> "Chain":
        """The chain with this key (`pk`), or of what hangs on it, held until the end of the transaction: the first statement of an action.

        Raises NotFound.
        """
        chain = self.select_for_update(of=("self",)).filter(**of).first()
        if chain is None:
            raise NotFound
        return chain


class Chain(models.Model):
    """A book: how many entries it has, and the hash of the last one."""

    id = Key()
    seq = models.PositiveBigIntegerField(_("sequence"), default=0)
    head = models.BinaryField()
    opened_at = models.DateTimeField(_("opened at"))

    objects = ChainQuerySet.as_manager()

    class Meta:
        verbose_name = _("chain")
        verbose_name_plural = _("chains")

    def __str__(self) -> str:
        return f"{self.pk}/{self.seq}"

    def append(
        self,
        kind: str,
        actor: "Actor",
        about: models.Model | None,
        digests: Mapping[str, str],
        facts: Mapping[str, Any],
        audience: Sequence[str],
    ) -> "Entry":
        """Write the next entry of this chain, which the caller has locked. Raises Conflict when the chain went on without it."""
        entry = Entry.following(self, kind, actor, about, digests, facts, audience)
        entry.save(force_insert=True)
        if not Chain.objects.filter(pk=self.pk, seq=self.seq).update(seq=entry.seq, head=entry.hash):
            raise Conflict
        self.seq, self.head = entry.seq, entry.hash
        return entry


class Entry(models.Model):
    """One fact that was recorded: who, when, on whose behalf, what, about what; no personal data, ids only."""

    id = Key()
    chain = models.ForeignKey(Chain, models.PROTECT, related_name="entries")
    seq = models.PositiveBigIntegerField(_("sequence"))
    kind = models.CharField(_("kind"), max_length=100)
    at = models.DateTimeField(_("at"))
    actor_id = models.UUIDField(null=True)
    on_behalf_of = models.UUIDField(null=True)
    organisation_id = models.UUIDField(null=True)
    about_type = models.CharField(max_length=100, blank=True, default="")
    about_id = models.UUIDField(null=True)
    digests = models.JSONField(default=dict, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    audience = ArrayField(models.TextField())
    payload = models.BinaryField()
    previous = models.BinaryField()
    hash = models.BinaryField()
    signature = models.BinaryField()
    key_id = models.CharField(_("seal key"), max_length=32)

    class Meta:
        verbose_name = _("register entry")
        verbose_name_plural = _("register entries")
        constraints = [
            models.UniqueConstraint(fields=["chain", "seq"], name="entry_one_per_place"),
            models.CheckConstraint(condition=Q(seq__gte=1), name="entry_counts_from_one"),
            models.CheckConstraint(condition=Q(kind__regex=r"^[a-z][a-z_-]*\.[a-z][a-z_-]*$"), name="entry_kind_is_matter_and_verb"),
        ]
        indexes = [models.Index(fields=["about_id"], condition=Q(about_id__isnull=False), name="entry_about")]

    def __str__(self) -> str:
        return f"{self.chain_id}/{self.seq} {self.kind}"

    @classmethod
    def following(
        cls,
        chain: Chain,
        kind: str,
        actor: "Actor",
        about: models.Model | None,
        digests: Mapping[str, str],
        facts: Mapping[str, Any],
        audience: Sequence[str],
    ) -> "Entry":
        """The entry that comes after the chain's head: hashed and signed, not saved."""
        entry = cls(
            chain=chain,
            seq=chain.seq + 1,
            kind=kind,
            at=clock.now(),
            actor_id=actor.user_id,
            on_behalf_of=actor.on_behalf_of,
            organisation_id=actor.organisation_id,
            about_type=about._meta.label_lower if about else "",
            about_id=about.pk if about else None,
            digests=canonical.plain(digests),
            facts=canonical.plain(facts),
            audience=canonical.plain(list(audience)),
        )
        entry.payload = canonical.payload(entry.fields())
        entry.previous = bytes(chain.head)
        entry.hash = canonical.digest(entry.previous, entry.payload)
        entry.signature, entry.key_id = seal.current().sign(entry.hash)
        return entry

    def fields(self) -> dict[str, Any]:
        """What the hash binds."""
        return {
            "id": self.pk,
            "chain": self.chain_id,
            "seq": self.seq,
            "kind": self.kind,
            "at": self.at,
            "actor": self.actor_id,
            "on_behalf_of": self.on_behalf_of,
            "organisation": self.organisation_id,
            "about": [self.about_type, self.about_id],
            "digests": self.digests,
            "facts": self.facts,
            "audience": self.audience,
        }


class Sealed(models.Model):
    """A leaf of the tree: the head that one chain had when a seal was put. No reference to the chain: what a seal held outlives it."""

    position = models.PositiveBigIntegerField(_("position"), primary_key=True)
    chain_id = models.UUIDField()
    seq = models.PositiveBigIntegerField(_("sequence"))
    head = models.BinaryField()

    class Meta:
        verbose_name = _("sealed head")
        verbose_name_plural = _("sealed heads")
        indexes = [models.Index(fields=["chain_id", "position"], name="sealed_chain")]

    def __str__(self) -> str:
        return f"{self.position}: {self.chain_id}/{self.seq}"


class SealQuerySet(models.QuerySet["Seal"]):
    def last_put(self) -> "Seal | None":
        """The newest."""
        return self.order_by("-number").first()

    def over(self, position: int) -> "Seal | None":
        """The one that put the leaf at this position on."""
        return self.filter(size__gt=position).order_by("number").first()


class Seal(models.Model):
    """A moment at which the heads of all chains were sealed: the root of the tree so far, signed and timestamped."""

    number = models.PositiveBigIntegerField(_("number"), primary_key=True)
    at = models.DateTimeField(_("at"))
    size = models.PositiveBigIntegerField(_("heads in the tree"))
    root = models.BinaryField()
    previous = models.BinaryField()
    whole = models.BooleanField(_("all chains were looked at"))
    frontier = models.BinaryField()  # what the next seal grows from; it follows from the leaves
    hash = models.BinaryField()
    signature = models.BinaryField()
    key_id = models.CharField(_("seal key"), max_length=32)
    token = models.BinaryField()

    objects = SealQuerySet.as_manager()

    class Meta:
        verbose_name = _("register seal")
        verbose_name_plural = _("register seals")
        constraints = [models.CheckConstraint(condition=Q(number__gte=1), name="seal_counts_from_one")]

    def __str__(self) -> str:
        return f"{self.number} ({self.size})"

    @classmethod
    def following(cls, last: "Seal | None", grown: Frontier, at: datetime, *, whole: bool) -> "Seal":
        """The seal over a tree that has grown since the last: hashed and signed; neither timestamped nor saved."""
        made = cls(
            number=last.number + 1 if last else 1,
            at=at,
            size=grown.size,
            root=grown.root(),
            previous=bytes(last.hash) if last else canonical.sealed(b""),
            whole=whole,
            frontier=bytes(grown),
        )
        made.hash = canonical.sealed(made.payload())
        made.signature, made.key_id = seal.current().sign(made.hash)
        return made

    def fields(self) -> dict[str, Any]:
        """What the hash binds."""
        return {
            "number": self.number,
            "at": self.at,
            "size": self.size,
            "root": bytes(self.root).hex(),
            "previous": bytes(self.previous).hex(),
            "whole": self.whole,
        }

    def payload(self) -> bytes:
        """The canonical bytes that are hashed."""
        return canonical.payload(self.fields())

    def tree(self) -> Frontier:
        """The tree as it was, to grow on."""
        return Frontier(self.size, bytes(self.frontier))
