"""The households of the demo: invented people of Normandy, each family the same on every machine."""

from datetime import date
from random import Random

from cases.demo.household import Asset, Household, Minor, Person

WOMEN = (
    "Camille",
    "Inès",
    "Maëlle",
    "Clémence",
    "Aurore",
    "Nadia",
    "Sophie",
    "Élodie",
    "Fatou",
    "Margaux",
    "Hélène",
    "Lucie",
    "Amandine",
    "Claire",
)
MEN = (
    "Julien",
    "Yanis",
    "Pierre",
    "Mathieu",
    "Karim",
    "Antoine",
    "Samuel",
    "Benoît",
    "Hugo",
    "Étienne",
    "Rémi",
    "Florian",
    "Olivier",
    "Nicolas",
)
CHILDREN = ("Zélie", "Noé", "Jade", "Léon", "Alma", "Gabin", "Iris", "Malo", "Rose", "Timéo", "Anouk", "Basile")
NAMES = (
    "Lefèvre", "Hébert", "Duval", "Lecomte", "Mercier", "Auber", "Langlois", "Renault", "Picard", "Levasseur", "Delaunay", "Benali", "Costa",
    "Morel", "Guérin", "Lemoine", "Marie", "Legrand", "Vasseur", "Pottier", "Caron", "Fleury", "Lebreton", "Diallo", "Roussel", "Hamel", "Bertin",
)  # fmt: skip
TOWNS = (
    ("76000", "Rouen"),
    ("76100", "Rouen"),
    ("76600", "Le Havre"),
    ("76200", "Dieppe"),
    ("76140", "Le Petit-Quevilly"),
    ("76300", "Sotteville-lès-Rouen"),
)
STREETS = (
    "rue des Tanneurs",
    "quai du Vieux-Lavoir",
    "rue de la Pie",
    "avenue des Tilleuls",
    "place Saint-Marc",
    "rue du Renard",
    "chemin des Prés",
)
WORK = ("infirmière", "professeur des écoles", "technicien", "comptable", "menuisier", "aide-soignante", "cadre commercial", "cuisinier")
PLAIN = str.maketrans("éèêëàâîïôûüç '", "eeeeaaiiouuc--")


def household(number: int, today: date) -> Household:
    """The family of this number."""
    chance = Random(f"household {number}")  # noqa: S311 (the same on every machine)
    first, second = (_person(chance, number, names, title) for names, title in ((WOMEN, "Madame"), (MEN, "Monsieur")))
    children = tuple(_child(chance, second.birth_name, today, place) for place in range(chance.choice((1, 1, 2))))
    rented = chance.random() < 0.6
    assets = (
        Asset("voiture", chance.randrange(4_000, 15_000, 500), second.first_names),
        Asset("épargne", chance.randrange(2_000, 30_000, 1_000), first.first_names),
    )
    return Household(
        (first, second),
        children,
        date(today.year - chance.randrange(12, 18), chance.randrange(5, 10), chance.randrange(1, 28)),
        first.city,
        assets if rented or number % 3 else (),
        maintenance=chance.randrange(180, 320, 10),
    )


def _person(chance: Random, number: int, names: tuple[str, ...], title: str) -> Person:
    first, name = chance.choice(names), chance.choice(NAMES)
    postal_code, city = chance.choice(TOWNS)
    return Person(
        first,
        name,
        "",
        date(chance.randrange(1972, 1990), chance.randrange(1, 13), chance.randrange(1, 28)),
        city,
        chance.choice(WORK),
        f"{chance.randrange(1, 90)} {chance.choice(STREETS)}",
        postal_code,
        city,
        chance.randrange(1500, 3600, 20),
        f"{first}.{name}.{number}@demo.example".lower().translate(PLAIN),
        title,
    )


def _child(chance: Random, name: str, today: date, place: int) -> Minor:
    born = date(today.year - chance.randrange(8, 16) + place, chance.randrange(1, 13), chance.randrange(1, 28))
    return Minor(chance.choice(CHILDREN), name, born, "Rouen", asks=True)
