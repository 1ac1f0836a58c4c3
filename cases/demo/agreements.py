"""The agreement (*convention*) that the lawyers bring: every effect of the divorce settled, in two or three pages."""

from datetime import date

from cases.demo.exhibits import euros
from cases.demo.household import Household
from cases.demo.papers import Paper, Part, text
from cases.letters.french import day, listed


def agreement(home: Household, dated: date, *, second: bool = False) -> Paper:
    """The agreement settling all the effects of the divorce (CC 230, 250-1; CPC 1091); `second` after an adjournment."""
    title = (
        "Nouvelle convention portant règlement complet des effets du divorce"
        if second
        else "Convention portant règlement complet des effets du divorce"
    )
    return Paper(
        title=title,
        issuer=listed(home.lawyers) or "Les avocats des époux",
        under=("Article 1091 du code de procédure civile",),
        look="office",
        fields=tuple(("Épouse ou époux", f"{spouse.name}, {spouse.occupation}, {spouse.home}") for spouse in home.spouses),
        parts=(_principle(home), _children(home), _home(home), _property(home), _allowance(home, second), _costs()),
        done=f"Fait à {home.spouses[0].city}, le {day(dated)}. La présente convention est datée et signée par chacun des époux et par leur avocat.",
    )


def _principle(home: Household) -> Part:
    return text(
        f"Les époux se sont mariés à {home.married_at} le {day(home.married_on)}. Ils s'entendent sur la rupture du mariage et sur l'ensemble de ses "
        "effets, et demandent au juge d'homologuer la présente convention et de prononcer leur divorce.",
        title="Article 1 — Accord des époux",
    )


def _children(home: Household) -> Part:
    names = listed([child.full_name for child in home.children])
    creditor, debtor = home.spouses
    return text(
        f"L'autorité parentale sur {names} est exercée en commun. La résidence habituelle est fixée chez {creditor.name}. {debtor.name} reçoit les enfants "
        "une fin de semaine sur deux, du vendredi soir au dimanche soir, et la moitié des vacances scolaires.",
        f"{debtor.name} verse une contribution de {euros(home.maintenance)} par mois et par enfant, indexée sur l'indice des prix à la consommation, "
        "jusqu'à ce que l'enfant soit en mesure de subvenir à ses besoins. Les frais de scolarité et de santé non remboursés sont partagés par moitié.",
        "Chaque enfant capable de discernement a été informé de son droit à être entendu par le juge.",
        title="Article 2 — Enfants",
    )


def _home(home: Household) -> Part:
    keeper = home.spouses[0]
    return text(
        f"Le domicile conjugal, {keeper.home}, est attribué à {keeper.name}, qui en supporte désormais les charges.",
        title="Article 3 — Domicile",
    )


def _property(home: Household) -> Part:
    if not home.assets:
        return text("Les époux déclarent qu'il n'y a rien à liquider.", title="Article 4 — Biens")
    return text(
        "Les biens sont partagés conformément à l'état liquidatif annexé, qui fait corps avec la présente convention.",
        rows=[("Bien", "Attribué à", "Valeur"), *((asset.kind, asset.to, euros(asset.value)) for asset in home.assets)],
        title="Article 4 — Biens",
    )


def _allowance(home: Household, second: bool) -> Part:
    creditor, debtor = home.spouses
    if not home.allowance:
        words = "Aucune prestation compensatoire n'est due entre les époux, qui le reconnaissent au vu de leurs ressources."
    else:
        words = f"{debtor.name} verse à {creditor.name} une prestation compensatoire en capital de {euros(home.allowance)}, payable en 96 mensualités."
    security = (
        ("Le paiement est garanti par un nantissement sur contrat d'assurance-vie, constitué dans le mois du jugement.",) if second else ()
    )
    return text(words, *security, title="Article 5 — Prestation compensatoire")


def _costs() -> Part:
    return text("Chaque époux reprend l'usage de son nom. Les frais et dépens sont partagés par moitié.", title="Article 6 — Nom et frais")
