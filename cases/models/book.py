"""Registers beside those of the cases: a court's book, of what is done there beside any one case; a case's reading book, of who opened what."""

from __future__ import annotations

from uuid import UUID

from django.db import models

from backend.keys import Key
from backend.register.entries import open_chain
from backend.register.models import Chain
from cases.models.case import Case


class BookQuerySet(models.QuerySet["Book"]):
    """What is asked of books."""

    def locked(self, key: UUID) -> Book:
        """The book, its chain's row locked until the transaction ends."""
        chain = Chain.objects.locked(book=key)
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


class ReadingBookQuerySet(models.QuerySet["ReadingBook"]):
    """What is asked of reading books."""

    def locked(self, case: Case) -> ReadingBook:
        """The case's, opened where nobody has yet, its chain's row locked until the transaction ends."""
        book, _opened = self.get_or_create(case=case, defaults={"chain": open_chain})
        book.chain = Chain.objects.locked(pk=book.chain_id)
        return book


class ReadingBook(models.Model):
    """Who opened which document of a case, and when: apart from the case's own register, so that reading holds up nobody who acts."""

    id = Key()
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="reading_book")
    chain = models.OneToOneField("register.Chain", on_delete=models.PROTECT, related_name="reading_book")

    objects = ReadingBookQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.case_id)
