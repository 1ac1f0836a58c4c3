"""The usual exhibits of a divorce, one function each: what a town hall, a notary, an employer or a child would have written."""

from datetime import date

from cases.demo.household import Household, Minor, Person
from cases.demo.papers import Paper, text
from cases.letters.french import day


def euros(amount: int) -> str:
    return f"{amount:,} €".replace(",", " ")


def birth_certificate(person: Person | Minor, dated: date, parents: str = "") -> Paper:
    """A full copy of a birth certificate (*copie intégrale*)."""
    last = person.birth_name if isinstance(person, Person) else person.name
    return Paper(
        title="Copie intégrale d'acte de naissance",
        issuer=f"Commune de {person.birthplace}",
        under=("État civil", f"Acte n° {person.born.timetuple().tm_yday + 100}"),
        look="registry",
        fields=(("Nom", last.upper()), ("Prénoms", person.first_names), ("Né(e) le", day(person.born)), ("À", person.birthplace)),
        parts=(
            text(
                f"Le {day(person.born)}, à {6 + person.born.day % 14} heures {person.born.month + 10}, est né(e) à la maternité de {person.birthplace} "
                f"l'enfant dont les nom et prénoms figurent ci-dessus{f', enfant de {parents}' if parents else ''}. Acte dressé le lendemain sur "
                "déclaration de l'un des parents qui, lecture faite, a signé avec l'officier de l'état civil.",
                title="Acte",
            ),
            text("Néant." if not isinstance(person, Person) else "Mariage mentionné en marge de l'acte.", title="Mentions marginales"),
        ),
        done=f"Copie délivrée selon procédé informatisé. {person.birthplace}, le {day(dated)}. L'officier de l'état civil.",
    )


def marriage_certificate(home: Household, dated: date) -> Paper:
    """A full copy of the marriage certificate."""
    first, second = home.spouses
    return Paper(
        title="Copie intégrale d'acte de mariage",
        issuer=f"Commune de {home.married_at}",
        under=("État civil",),
        look="registry",
        fields=(("Célébré le", day(home.married_on)), ("Épouse ou époux", first.name), ("Épouse ou époux", second.name)),
        parts=(
            text(
                f"Le {day(home.married_on)} à quinze heures, devant nous, officier de l'état civil de {home.married_at}, ont comparu publiquement en la "
                f"maison commune {first.name}, {first.occupation}, né(e) à {first.birthplace} le {day(first.born)}, et {second.name}, "
                f"{second.occupation}, né(e) à {second.birthplace} le {day(second.born)}.",
                "Sur notre interpellation, ils ont déclaré l'un après l'autre vouloir se prendre pour époux, et nous avons prononcé au nom de la loi "
                "qu'ils sont unis par le mariage. Il a été déclaré qu'il n'a pas été fait de contrat de mariage.",
                title="Acte",
            ),
        ),
        done=f"Copie délivrée selon procédé informatisé. {home.married_at}, le {day(dated)}. L'officier de l'état civil.",
    )


def child_form(child: Minor, dated: date) -> Paper:
    """The form of a child told of the right to be heard (CC 388-1, 229-2 1°; CPC 1091)."""
    answer = "☒ demande à être entendu(e) par le juge" if child.asks else "☒ ne demande pas à être entendu(e) par le juge"
    return Paper(
        title="Information de l'enfant sur son droit à être entendu",
        issuer="Formulaire remis à l'enfant mineur",
        under=("Articles 388-1 et 229-2, 1° du code civil",),
        look="plain",
        fields=(("Prénoms", child.first_names), ("Nom", child.name), ("Né(e) le", day(child.born))),
        parts=(
            text(
                "Tes parents souhaitent divorcer. Si tu comprends ce que cela veut dire, tu as le droit de dire au juge ce que tu penses de ce qui te "
                "concerne. Personne ne peut t'y obliger ni te l'interdire. Tu peux être entendu(e) seul(e), avec un avocat ou avec une personne que tu "
                "choisis. Le juge t'écoute ; c'est lui qui décide ensuite.",
                "Si tu demandes à être entendu(e), tes parents iront devant un juge.",
                title="Ce que tu dois savoir",
            ),
            text(f"Après avoir lu ces explications, {child.first_names.split(',')[0]} {answer}.", title="Ta réponse"),
        ),
        done=f"Daté et signé par l'enfant, le {day(dated)}.",
        signed_by=(child.first_names.split(",")[0],),
    )


def liquidation_statement(home: Household, dated: date) -> Paper:
    """The liquidation statement: a notary's where land registration applies (CPC 1091)."""
    owed = sum(amount for _, amount in home.debts)
    rows = [("Actif", "Attribué à", "Valeur"), *((asset.kind, asset.to, euros(asset.value)) for asset in home.assets)]
    debts = [("Passif", "Montant"), *((kind, euros(amount)) for kind, amount in home.debts)]
    return Paper(
        title="État liquidatif du régime matrimonial",
        issuer="Étude Saulnier, notaire" if home.has_land else "Acte sous signature privée",
        under=("4 place du Vieux-Puits, 76000 Rouen",) if home.has_land else (),
        look="office" if home.has_land else "plain",
        fields=(("Époux", home.names), ("Régime", "communauté réduite aux acquêts")),
        parts=(
            text(
                "Les époux déclarent que la masse à partager se compose comme suit, à l'exclusion de tout autre bien.",
                rows=rows,
                title="Actif",
            ),
            *((text(rows=debts, title="Passif"),) if home.debts else ()),
            text(
                f"L'actif s'élève à {euros(sum(asset.value for asset in home.assets))} et le passif à {euros(owed)}. Chaque époux reçoit les biens "
                "attribués ci-dessus ; les parts ainsi formées sont reconnues égales ou compensées par la soulte convenue.",
                "Les époux se déclarent remplis de leurs droits et renoncent à toute réclamation entre eux à ce titre, sous réserve de "
                "l'homologation de la convention.",
                title="Partage",
            ),
        ),
        done=f"Fait à {home.spouses[0].city}, le {day(dated)}.",
        signed_by=tuple(spouse.name for spouse in home.spouses),
    )


def nothing_to_liquidate(home: Household, dated: date) -> Paper:
    """The declaration that there is nothing to liquidate (CPC 1091)."""
    return Paper(
        title="Déclaration d'absence de liquidation",
        issuer="Déclaration des époux",
        fields=(("Époux", home.names),),
        parts=(
            text(
                "Les époux déclarent sur l'honneur n'avoir ni bien commun ou indivis à partager, ni dette commune, et qu'il n'y a pas lieu à liquidation."
            ),
        ),
        done=f"Fait à {home.spouses[0].city}, le {day(dated)}.",
        signed_by=tuple(spouse.name for spouse in home.spouses),
    )


def resources_statement(person: Person, dated: date) -> Paper:
    """The sworn statement of resources, income, property and way of life (CC 272)."""
    rent = person.income * 3 // 10
    return Paper(
        title="Déclaration sur l'honneur des ressources",
        issuer=person.name,
        under=(person.home, "Article 272 du code civil"),
        fields=(("Profession", person.occupation),),
        parts=(
            text(
                "Je certifie sur l'honneur l'exactitude de mes ressources, revenus, patrimoine et conditions de vie indiqués ci-dessous.",
                rows=[
                    ("Par mois", "Montant"),
                    ("Revenu net", euros(person.income)),
                    ("Loyer ou emprunt", euros(rent)),
                    ("Impôts", euros(person.income // 15)),
                ],
            ),
            text(
                "Je dispose d'une épargne personnelle et ne possède aucun autre bien que ceux portés à l'état liquidatif.",
                title="Patrimoine",
            ),
        ),
        done=f"Fait à {person.city}, le {day(dated)}.",
        signed_by=(person.name,),
    )


def payslip(person: Person, dated: date) -> Paper:
    """A payslip."""
    gross = round(person.income * 1.28)
    return Paper(
        title="Bulletin de paie",
        issuer="Ateliers du Vieux-Lavoir",
        under=("12 rue de la Filature, 76100 Rouen",),
        fields=(("Salarié", person.name), ("Emploi", person.occupation), ("Période", day(dated.replace(day=1)))),
        parts=(
            text(
                rows=[
                    ("Rubrique", "Base", "Montant"),
                    ("Salaire de base (151,67 h)", euros(gross), euros(gross)),
                    ("Cotisations salariales", euros(gross), f"- {euros(gross - person.income)}"),
                    ("Net à payer", "", euros(person.income)),
                ]
            ),
        ),
        done=f"Payé par virement le {day(dated)}. À conserver sans limitation de durée.",
    )


def social_bodies(home: Household, dated: date) -> Paper:
    """The social bodies of each spouse (CPC 1075)."""
    rows = [("Époux", "Organismes"), *((spouse.name, f"CPAM et CAF de {spouse.city}, CARSAT") for spouse in home.spouses)]
    return Paper(
        title="Organismes sociaux des époux",
        issuer="Renseignements fournis par les époux",
        under=("Article 1075 du code de procédure civile",),
        parts=(text("Caisses d'assurance maladie, d'allocations familiales et de retraite de chacun.", rows=rows),),
        done=f"Fait à {home.spouses[0].city}, le {day(dated)}.",
    )


def contribution_receipt(home: Household, dated: date) -> Paper:
    """The receipt of the contribution of 50 euros (CGI 1635 bis Q)."""
    return Paper(
        title="Justificatif de paiement",
        issuer="Timbre fiscal dématérialisé",
        look="court",
        fields=(("Objet", "Contribution pour l'aide juridique"), ("Montant", euros(50)), ("Payé le", day(dated)), ("Pour", home.names)),
        parts=(text("Ce justificatif est à joindre à la requête. Le timbre n'a pas été utilisé à la date de son édition."),),
    )


def legal_aid_decision(person: Person, dated: date, number: str) -> Paper:
    """A decision of the legal-aid office."""
    return Paper(
        title="Décision d'aide juridictionnelle",
        issuer="Bureau d'aide juridictionnelle",
        under=(f"Tribunal judiciaire — décision n° {number}",),
        look="court",
        fields=(("Demandeur", person.name), ("Procédure", "divorce par consentement mutuel judiciaire")),
        parts=(text("Le bureau admet la personne désignée ci-dessus au bénéfice de l'aide juridictionnelle pour la procédure indiquée."),),
        done=f"Décidé le {day(dated)}. Notifié au demandeur et à son avocat.",
    )


def marriage_contract(home: Household, dated: date, regime: str) -> Paper:
    """A marriage contract, by notarial act."""
    return Paper(
        title="Contrat de mariage",
        issuer="Étude Saulnier, notaire",
        look="office",
        fields=(("Futurs époux", home.names), ("Régime adopté", regime)),
        parts=(
            text(
                f"Les futurs époux adoptent pour base de leur union le régime de la {regime}, tel qu'il est établi par le code civil.",
                title="Régime",
            ),
            text("Chaque époux conserve l'administration, la jouissance et la libre disposition de ses biens personnels.", title="Biens"),
        ),
        done=f"Acte reçu le {day(dated)}. Expédition conforme à la minute.",
    )


def rent_receipt(person: Person, dated: date) -> Paper:
    """A rent receipt, as proof of address."""
    return Paper(
        title="Quittance de loyer",
        issuer="Régie des Trois-Clefs",
        under=("26 place des Trois-Clefs",),
        fields=(("Locataire", person.name), ("Logement", person.home), ("Loyer et charges", euros(person.income * 3 // 10))),
        parts=(text("Reçu du locataire la somme ci-dessus, dont quittance, sous réserve de tous droits."),),
        done=f"Le {day(dated)}.",
    )
