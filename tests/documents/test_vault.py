"""What the vault keeps, gives back and erases."""

import pytest

from documents import vault

pytestmark = pytest.mark.django_db


def test_what_is_kept_is_given_back_to_the_byte():
    version = vault.keep(b"hello" * 500_000, name="x")
    assert vault.content(version) == b"hello" * 500_000
