"""The mentions each act must hold, read back from its PDF, each with its article."""

from datetime import date

import pytest

from cases import letters
from tests.cases.letters import samples
from tests.cases.letters.reading import pages_of, text_of


def text(letter: letters.Letter) -> str:
    return text_of(letters.make(letter))


def assert_says(letter: letters.Letter, *mentions: str) -> None:
    said = text(letter)
    assert [mention for mention in mentions if mention not in said] == []


def test_the_petition_says_who_the_spouses_are_cpc_54_1090_1():
    assert_says(
        samples.petition(),
        "VAUQUELIN",
        "Armelle Jeanne",
        "infirmière",
        "8 rue des Tanneurs-Bleus, 76000 Rouen",
        "française",
        "14 juin 1982, à Dieppe",
        "DESMARETS",
        "menuisier",
        "41 quai du Vieux-Lavoir, 76000 Rouen",
        "30 novembre 1979, à Elbeuf",
        "mariés le 3 juillet 2010 à Rouen",
        "sans contrat de mariage",
    )


def test_the_petition_says_the_same_of_each_child_and_whether_they_ask_to_be_heard_cpc_1090_cc_388_1():
    assert_says(
        samples.petition(),
        "Zélie DESMARETS",
        "3 novembre 2012, à Rouen",
        "collégienne",
        "demande à être entendu",
        "Oscar DESMARETS",
        "pas capable de discernement",
    )


@pytest.mark.parametrize(("wish", "mention"), [("adult", "Enfant majeur"), ("unknown", "et sa réponse : à compléter")])
def test_the_petition_says_nothing_of_the_wish_of_a_child_who_was_not_asked_or_has_not_answered(wish: str, mention: str) -> None:
    said = text(samples.petition(children=(samples.OSCAR.model_copy(update={"hearing": wish}),)))
    assert mention in said
    assert "ne demande pas" not in said
    assert "pas capable de discernement" not in said


def test_the_petition_names_the_court_the_ground_of_its_competence_the_lawyers_and_what_is_asked_cpc_54_57_1070_1090():
    assert_says(
        samples.petition(),
        "juge aux affaires familiales",
        "tribunal judiciaire de Rouen",
        "article 1070",
        "Maître Solène Houël, avocat au barreau de Rouen",
        "12 rue de la Toise",
        "houel@example.fr",
        "06 00 00 00 01",
        "Aucun point ne les oppose",
        "homologuer la convention",
        "prononcer leur divorce",
        "Acte de mariage",
    )


def test_the_petition_names_the_social_bodies_of_each_spouse_cpc_1075():
    assert_says(samples.petition(), "article 1075", "CPAM de Rouen-Elbeuf-Dieppe", "CAF de Seine-Maritime", "1234567 A", "Carsat Normandie")


def test_the_petition_annexes_the_agreement_the_liquidation_and_the_childs_form_cpc_1091():
    assert_says(
        samples.petition(), "Convention portant règlement complet", "État liquidatif", "Formulaire par lequel Zélie demande à être entendue"
    )


@pytest.mark.parametrize(
    ("liquidation", "words"),
    [("private", "état liquidatif"), ("notarial", "en la forme authentique devant notaire"), ("none", "pas lieu à liquidation")],
)
def test_the_petition_says_how_the_regime_is_liquidated_cpc_1091(liquidation, words):
    assert_says(samples.petition(liquidation=liquidation), words)


def test_the_petition_gives_no_grounds_cpc_1090():
    assert_says(samples.petition(), "ne font pas état des faits à l'origine de leur demande")


def test_the_last_page_of_the_petition_is_left_for_the_signatures_cpc_1090():
    last = pages_of(letters.make(samples.petition()))[-1]

    assert last.startswith("Signatures Requête datée du 4 mai 2026.")
    assert "article 1090" in last
    assert len(last) < 500


def test_a_concealed_address_is_said_to_be_and_is_nowhere_cpc_1136_5():
    hidden = samples.ARMELLE.model_copy(update={"address": None, "bodies": ()})
    children = tuple(child.model_copy(update={"residence": None}) for child in (samples.ZELIE, samples.OSCAR))
    letter = samples.petition(spouses=(hidden, samples.THIBAULT), children=children)

    assert text(letter).count("adresse non communiquée") == 3
    assert "Tanneurs" not in text(letter)
    assert "adresse non communiquée" in text(samples.judgment(spouses=(hidden, samples.THIBAULT)))


def test_a_summons_holds_no_address_but_its_readers_own():
    assert "address" not in letters.Summons.model_fields
    assert "Vieux-Lavoir" not in text(samples.summons())


def test_the_list_of_exhibits_numbers_each_with_its_pages_cpc_132():
    assert_says(samples.exhibit_list(), "Pièce n°", "Acte de naissance n° 7", "Soit 7 pièces", "Maître Ronan Kerdoncuff", "article 132")


def test_the_receipt_gives_the_second_the_sender_and_each_digest_cpc_748_3():
    assert_says(
        samples.receipt(),
        "lundi 11 mai 2026 à 11 h 05 min 42 s",
        "D-2026-000117",
        "Maître Solène Houël, avocat au barreau de Rouen",
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "article 1092",
    )


def test_the_receipt_says_whether_an_order_of_the_minister_covers_the_exchange_cpc_748_6():
    assert_says(samples.receipt(), "Aucun arrêté du ministre")
    assert_says(samples.receipt(ministerial_order="arrêté du 2 janvier 2026"), "Échange régi par : arrêté du 2 janvier 2026")


def test_a_return_gives_each_reason_with_its_mend_and_says_that_nothing_is_lost():
    assert_says(samples.return_notice(), "n'est pas daté", "Pour y remédier", "Il n'est pas rejeté", "au plus tard le lundi 1er juin 2026")


def test_a_question_leaves_the_filing_where_it_is():
    assert_says(samples.question_notice(), "Le dépôt reste où il est", "vendredi 29 mai 2026", "Maître Solène Houël")


def test_an_acceptance_gives_the_register_number():
    assert_says(samples.acceptance_notice(), "RG 26/02417", "13 mai 2026", "article 1092")


def test_the_summons_says_when_where_and_how_each_is_heard_cpc_1092_cc_250():
    assert_says(
        samples.summons(),
        "Madame Armelle Vauquelin",
        "vendredi 26 juin 2026 à 10 h 00",
        "salle 4, rez-de-chaussée",
        "Place du Maréchal-Foch",
        "d'abord seul(e)",
        "ensemble",
        "Maître Solène Houël",
        "pièce d'identité",
        "article 1092",
    )
    assert_says(samples.summons(new_agreement=True), "nouvelle convention")


def test_the_lawyer_is_told_of_the_hearing_cpc_1092():
    assert_says(
        samples.lawyer_notice(), "vendredi 26 juin 2026 à 10 h 00", "Armelle Jeanne Vauquelin et Thibault Desmarets", "article 1092"
    )


def test_the_child_is_heard_alone_with_a_lawyer_or_with_a_chosen_person_cpc_338_6():
    assert_says(
        samples.child_hearing(), "mercredi 3 juin 2026 à 14 h 00", "seul, avec un avocat ou une personne de son choix", "article 338-6"
    )


def test_the_child_is_written_to_in_plain_words():
    said = text(samples.child_hearing(to_child=True, to=letters.Addressee(name="Zélie", greeting="Bonjour Zélie,")))

    assert "Tu as demandé à parler au juge" in said
    assert "article" not in said


def test_a_hearing_is_refused_only_for_lack_of_discernment_and_without_recourse_cpc_338_4_338_5():
    refused = samples.child_hearing(decision="refused", hearing=None, reason="L'enfant, âgé de quatre ans, n'a pas le discernement requis.")

    assert_says(refused, "absence de discernement", "âgé de quatre ans", "n'est susceptible d'aucun recours", "338-5")


def test_the_hearing_list_gives_each_case_in_order():
    assert_says(
        samples.hearing_list(), "Rôle de l'audience du vendredi 26 juin 2026", "9 h 30 26/02410", "12 h 30 26/02413", "4 affaires inscrites"
    )


def test_the_judgment_says_in_whose_name_by_whom_and_why_cpc_454_455_456():
    assert_says(
        samples.judgment(),
        "AU NOM DU PEUPLE FRANÇAIS",
        "tribunal judiciaire de Rouen".upper(),
        "Madame Hélène Aubry",
        "Monsieur Luc Fermanel",
        "26/02417",
        "Madame Armelle Jeanne VAUQUELIN",
        "née le 14 juin 1982",
        "Motifs de la décision",
        "Par ces motifs",
    )


def test_the_judgment_homologates_and_pronounces_at_once_cc_250_1_cpc_1099():
    assert_says(
        samples.judgment(),
        "Le juge a entendu Zélie",
        "consentement est libre et éclairé",
        "HOMOLOGUE la convention datée du 4 mai 2026",
        "PRONONCE le divorce par consentement mutuel",
        "article 1082",
        "article 262-1",
        "partagés par moitié",
    )
    assert_says(samples.judgment(effects_from=date(2026, 1, 15)), "à la date convenue du 15 janvier 2026")


def test_the_judgment_opens_cassation_only_and_says_until_when_cpc_680_1102_1103():
    said = text(samples.judgment())

    assert "pourvoi en cassation dans les quinze jours de son prononcé (article 1103)" in said
    assert "lundi 13 juillet 2026 à minuit" in said
    assert "n'est pas susceptible d'appel" in said


def test_the_adjournment_says_its_reasons_conditions_measures_and_six_months_cc_250_2_cpc_1100():
    assert_says(
        samples.adjournment(),
        "ne couvre pas ses frais de scolarité",
        "AJOURNE sa décision",
        "une garantie du paiement",
        "jouissance du logement familial",
        "lundi 28 décembre 2026 à minuit",
        "six mois",
        "suspendu en cas d'appel",
        "caduque",
    )


@pytest.mark.parametrize("make", [samples.adjournment, samples.lapse])
def test_an_order_opens_appeal_from_its_date_cpc_680_950_1102(make):
    assert_says(make(), "appel dans les quinze jours de sa date (article 1102", "article 950", "articles 643 et 644")


def test_a_lapse_says_which_of_its_two_grounds_cc_250_3_cpc_1101():
    assert_says(samples.lapse(), "Aucune nouvelle convention n'a été présentée", "CONSTATE la caducité")
    assert_says(samples.lapse(ground="second-refusal"), "refuse une seconde fois l'homologation", "REFUSE d'homologuer")


def test_the_judges_own_text_replaces_the_default_one():
    said = text(
        samples.judgment(
            body="# Motifs\n\nUne première phrase\nsur deux lignes.\n\n- un point\n- un autre\n\n# Par ces motifs\n\nHOMOLOGUE."
        )
    )

    assert "Une première phrase sur deux lignes." in said
    assert "Exposé de la demande" not in said
    assert "Voies et délais de recours" in said


def test_the_default_text_can_be_given_back_unchanged():
    draft = letters.default_text(samples.judgment())

    assert draft.startswith("# Exposé de la demande\n\n")
    assert text(samples.judgment(body=draft)) == text(samples.judgment())


def test_the_order_says_its_conditions_and_last_day_whatever_the_judge_writes_cpc_1100():
    own = samples.adjournment(body="# Motifs\n\nAutres motifs.", conditions=("une garantie ;",))

    assert_says(own, "Autres motifs.", "une garantie", "six mois", "lundi 28 décembre 2026 à minuit", "jouissance du logement familial")
    assert_says(samples.adjournment(reasons=""), "ne préserve pas suffisamment les intérêts des enfants")


@pytest.mark.parametrize("name", ["Armelle Jeanne Vauquelin", "Armelle Desmarets"])
def test_a_spouse_is_named_beside_their_own_lawyer_cc_250(name):
    lawyers = (samples.HOUEL.model_copy(update={"acts_for": (name,)}),)

    assert text(samples.petition(lawyers=lawyers)).count("Ayant pour avocat Maître Solène Houël") == 1
    assert text(samples.judgment(lawyers=lawyers)).count("ayant pour avocat Maître Solène Houël") == 1


def test_a_petition_still_to_be_completed_can_be_previewed():
    assert_says(samples.petition(marriage=None, residents=(), exhibits=(), annexes=()), "Date et lieu du mariage à compléter")


def test_the_split_of_the_costs_is_asked_as_agreed_cpc_1105():
    assert_says(
        samples.petition(costs="Les frais sont supportés par Madame."),
        "de statuer ainsi sur les dépens : les frais sont supportés par Madame.",
    )


def test_the_words_of_the_judge_are_written_as_they_are():
    assert_says(samples.adjournment(reasons="L'intérêt de l'enfant <demeure> & prime."), "L'intérêt de l'enfant <demeure> & prime.")


def test_the_service_of_a_decision_shows_the_recourse_plainly_cpc_675_680():
    assert_says(
        samples.notification(),
        "Lettre recommandée avec demande d'avis de réception",
        "jugement d'homologation et de divorce",
        "pourvoi en cassation",
        "lundi 13 juillet 2026 à minuit",
        "non depuis cette lettre",
        "amende civile",
        "article 680",
    )
    assert_says(samples.notification(decision="lapse", recourse=samples.APPEAL), "faire appel", "article 1102", "l'ordonnance rendue")


def test_the_certificate_says_that_no_recourse_was_made_cpc_505_506():
    assert_says(
        samples.no_recourse(), "Luc Fermanel", "aucun pourvoi en cassation", "lundi 13 juillet 2026", "Fait à Rouen, le 15 juillet 2026"
    )
    assert_says(samples.no_recourse(decision="adjournment", recourse=samples.APPEAL), "aucun appel")


def test_the_extract_holds_the_operative_part_and_no_address_cpc_1082():
    said = text(samples.civil_status_extract())

    assert "prononce le divorce par consentement mutuel" in said
    assert "mariés le 3 juillet 2010 à Rouen" in said
    assert "14 juillet 2026" in said
    assert "Tanneurs" not in said
    assert "Vieux-Lavoir" not in said
    assert "infirmière" not in said


def test_a_withdrawal_says_who_when_and_what_it_ends_cc_232():
    assert_says(samples.withdrawal_notice(), "Monsieur Thibault Desmarets", "mercredi 20 mai 2026 à 18 h 30", "article 232", "annulée")
