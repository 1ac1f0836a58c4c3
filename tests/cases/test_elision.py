"""“de” before a name, as the French say it."""

import pytest

from cases import elision


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Armelle", "d’Armelle"),
        ("Élodie", "d’Élodie"),
        ("Œdipe", "d’Œdipe"),
        ("Yves", "d’Yves"),
        ("Yann", "de Yann"),
        ("Hélène", "d’Hélène"),
        ("Hassan", "de Hassan"),
        ("Marc", "de Marc"),
        ("", "de "),
    ],
)
def test_de_loses_its_vowel_before_another(name: str, said: str) -> None:
    assert elision.of(name) == said


def test_each_of_several_has_its_own() -> None:
    assert elision.of_all(["Armelle", "Marc"]) == "d’Armelle et de Marc"
