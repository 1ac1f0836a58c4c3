"""How well an identity provider says that it knew the person (`acr`), held against what was asked, and what that is worth here."""

from collections.abc import Sequence

from backend.people.levels import Level

EIDAS = ("eidas1", "eidas2", "eidas3")  # low, substantial, high (Regulation (EU) 910/2014, article 8)


def meets(acr: str, wanted: Sequence[str]) -> bool:
    """Whether it is one of those wanted, or a higher level of the same scale; nothing wanted is met by nothing."""
    if acr in wanted:
        return True
    least = [EIDAS.index(one) for one in wanted if one in EIDAS]
    return acr in EIDAS and bool(least) and EIDAS.index(acr) >= min(least)


def worth(acr: str, strong: Sequence[str]) -> Level:
    """What a proof of that level is worth here, where `strong` are those that the operator takes for a binding act."""
    if not meets(acr, strong):
        return Level.SINGLE
    return Level.HIGH if acr == "eidas3" else Level.SUBSTANTIAL
