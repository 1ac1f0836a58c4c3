"""Named conditions on the facts, so that a declaration reads as the law does."""

from collections.abc import Iterable

from django.conf import settings

from cases.proceedings.facts import ChildFacts, Facts, SpouseFacts


def each_spouse(facts: Facts) -> Iterable[SpouseFacts]:
    return facts.spouses


def each_child(facts: Facts) -> Iterable[ChildFacts]:
    return facts.minors


def each_child_asking(facts: Facts) -> Iterable[ChildFacts]:
    return facts.minors_asking


def each_spouse_with_legal_aid(facts: Facts) -> Iterable[SpouseFacts]:
    return (spouse for spouse in facts.spouses if spouse.has_legal_aid)


def a_child_asks_to_be_heard(facts: Facts) -> bool:
    """A minor, informed of the right, asks to be heard (CC 229-2 1°)."""
    return any(child.informed_on for child in facts.minors_asking)


def every_child_heard_or_refused(facts: Facts) -> bool:
    """The judge heard each child who asks, or refused for lack of discernment (CPC 1092, 338-4)."""
    return all(child.heard is not None for child in facts.minors_asking)


def forms_ask_to_be_heard(facts: Facts) -> bool:
    """Every form brought says that the child asks; the law wants one at least (CPC 1091)."""
    return bool(facts.minors_asking) or not any(child.form_dated for child in facts.minors)


def forms_are_dated_and_signed(facts: Facts) -> bool:
    return all(child.form_dated and child.form_signed for child in facts.minors_asking)


def no_silent_child(facts: Facts) -> bool:
    """Each minor with discernment was informed, and answered."""
    return all(child.informed_on and child.asks_to_be_heard is not None for child in facts.minors if child.discernment)


def discernment_known(facts: Facts) -> bool:
    return all(child.discernment is not None for child in facts.minors)


def a_protected_adult(facts: Facts) -> bool:
    """One of the spouses is under a protection measure (CC 249-4)."""
    return any(spouse.protected_adult != "none" for spouse in facts.spouses)


def a_request_for_protection_is_pending(facts: Facts) -> bool:
    """CC 249-3."""
    return any(spouse.protection_request_pending for spouse in facts.spouses)


def each_spouse_has_a_lawyer(facts: Facts) -> bool:
    """One chosen together, or one each (CC 250)."""
    return {side for counsel in facts.counsels for side in counsel.sides} >= {1, 2}


def court_is_competent(facts: Facts) -> bool:
    """CPC 1070."""
    return facts.court is not None and (not facts.competent_courts or facts.court in facts.competent_courts)


def signed_by_all(kind: str) -> "Signed":
    return Signed(kind)


class Signed:
    """The instrument of this kind bears every signature (CPC 1090, 1091)."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def __call__(self, facts: Facts) -> bool:
        return self.kind in facts.signed


def something_to_liquidate(facts: Facts) -> bool:
    property_ = facts.answer("property")
    debts = facts.answer("debts")
    return bool((property_ and property_.items) or (debts and debts.items))


def nothing_to_liquidate(facts: Facts) -> bool:
    return not something_to_liquidate(facts)


def land_register(facts: Facts) -> bool:
    """Something is subject to land registration: the statement must be a notary's (CPC 1091)."""
    property_ = facts.answer("property")
    return bool(property_ and any(item.land_register for item in property_.items))


def liquidation_form(facts: Facts) -> str:
    return "notarial" if land_register(facts) else ""


def an_allowance_is_discussed(facts: Facts) -> bool:
    allowance = facts.answer("allowance")
    return bool(allowance and allowance.form != "none")


def a_contract_was_made(facts: Facts) -> bool:
    marriage = facts.answer("marriage")
    return bool(marriage and marriage.contract != "none")


def bodies_not_answered(facts: Facts) -> bool:
    """The social bodies are known from the answers, or must come as an exhibit (CPC 1075)."""
    return not all(spouse.complete.get("bodies") for spouse in facts.spouses)


def contribution_due(facts: Facts) -> bool:
    """50 € for each instance since the contribution exists (CGI 1635 bis Q), save for those with legal aid."""
    return facts.today >= settings.CONTRIBUTION_SINCE and not all(spouse.has_legal_aid for spouse in facts.spouses)


def maintenance_is_not_low(facts: Facts) -> bool:
    """The contribution for each child stands in some proportion to the debtor's income (CC 232, 371-2): a hint, never a rule."""
    maintenance = facts.answer("maintenance")
    if not maintenance:
        return True
    debtor = next((spouse for spouse in facts.spouses if maintenance.debtor in (str(spouse.id), str(spouse.side), spouse.name)), None)
    income = debtor and facts.answer("income", debtor.id)
    if not income or not income.monthly:
        return True
    return all(amount >= income.monthly * settings.LOW_CONTRIBUTION_SHARE for amount in maintenance.per_child_month.values())


def intermediation_applies(facts: Facts) -> bool:
    """The family-benefits body pays through, unless both parents refuse (CC 373-2-2)."""
    maintenance = facts.answer("maintenance")
    return bool(maintenance and maintenance.per_child_month and not maintenance.intermediation_refused_by_both)


FINAL = ("homologation", "lapse")


def my_signature_is_awaited(facts: Facts) -> bool:
    return facts.reader in facts.awaited


def not_signed_on_paper(facts: Facts) -> bool:
    return facts.way != "paper"


def not_signed_here(facts: Facts) -> bool:
    """What is open, if anything, is signed on paper."""
    return facts.way not in ("apart", "together")


def not_signed_apart(facts: Facts) -> bool:
    """Those who sign what is open, if anything, are all in one place."""
    return facts.way != "apart"


def my_answer_is_awaited(facts: Facts) -> bool:
    """The registry put a question to whoever asks, and has no answer."""
    return any(facts.reader in question.to for question in facts.named.get("asked", ()))


def nothing_is_pronounced(facts: Facts) -> bool:
    """No decision is signed by the judge and still on its way to the parties."""
    return not facts.pronounced


def a_draft_waits(facts: Facts) -> bool:
    return bool(facts.drafted) and not facts.pronounced


def nothing_final_is_decided(facts: Facts) -> bool:
    """Neither the divorce nor the lapse is decided, be it on its way: consent may still be taken back (CC 232)."""
    return facts.decided not in FINAL and not (facts.pronounced and facts.drafted in FINAL)


def an_appeal_lies(facts: Facts) -> bool:
    """Against an adjournment or a lapse, never against the decision that pronounces the divorce (CPC 1102)."""
    return facts.decided in ("adjournment", "lapse")


def time_for_recourse_runs(facts: Facts) -> bool:
    return not facts.recourse_over


def time_for_recourse_is_over(facts: Facts) -> bool:
    return facts.recourse_over


def a_recourse_is_open(facts: Facts) -> bool:
    """A recourse was made against some decision of the case, and its end is not known."""
    return any(span.ended is None for spans in facts.spans.values() for span in spans)


def no_recourse_is_open(facts: Facts) -> bool:
    """Every recourse against the last decision has ended."""
    return all(span.ended for span in facts.recourses)


def certified(facts: Facts) -> bool:
    """The registry certified that no recourse is open against the last decision."""
    return facts.certified


def not_certified(facts: Facts) -> bool:
    return not facts.certified
