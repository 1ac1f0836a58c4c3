"""The book of a court: the register of what is done there beside any one case, such as making a hearing list."""

from __future__ import annotations

from uuid import UUID

from django.db import models

from backend.keys import Key
from backend.register.models import Chain


class BookQuerySet(models.QuerySet["Book"]):
    """What is asked of books."""

    def locked(self, key: UUID) -> Book:
        """The book, its chain's row locked until the transaction ends."""
        chain = Chain.objects.select_for_update(of=("self",)).get(book=key)
        book = self.select_related("organisation").get(pk=key)
        book.chain = chain
        return book


class Book(models.Model):
    """One court's book."""

    id = Key()
    organisation = models.OneToOneField("people.Organisation", on_delete=models.PROTECT, related_name="book")
    chain = models.OneToOneField("register.Chain", on_delete=models.PROTECT, related_name="book")

    objects = BookQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.organisation)
