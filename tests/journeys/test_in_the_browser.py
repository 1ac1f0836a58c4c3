"""A joint petition in real browsers: five people at once and then the judge, each seeing what the others do; and the same pages without JavaScript."""

import time

import pytest
from playwright.sync_api import expect

from cases import actions
from cases.models import Case
from tests.journeys.house import House, until
from tests.journeys.window import DESK, PHONE, Window, Windows, not_answered, not_sent, windows
from tests.world import World

TEN_MINUTES = 600  # seconds: what four people may take to sign
HAPPENED = "Ce qui s’est passé"


@pytest.mark.timeout(240)
def test_five_people_at_once_then_the_judge_see_live_what_the_others_do(house: House, world: World) -> None:
    case = ready_to_draw_up(world)
    house.open()
    with windows(house) as opened:
        story = Together(opened, world, f"/dossiers/{case.pk}/")
        for act in (story.come, story.communicate, story.draw_up, story.sign, story.file):
            act()
        for act in (story.ask_and_answer, story.send_back, story.accept, story.hear_the_child):
            act()
        assert opened.wrong == []
    house.close()
    assert house.faults == []


def ready_to_draw_up(world: World) -> Case:
    """Everybody has joined, everything is answered and brought; the petition is not drawn up yet."""
    case = world.joint_petition(lawyers=2)
    world.bring(case)
    actions.agreement.upload(world.lawyer, case, document=world.brought(world.lawyer, "Convention"))
    return case


class Together:
    """The people at their browsers. Each has the case, or the desk, open all along, and acts in another tab."""

    def __init__(self, opened: Windows, world: World, case: str) -> None:
        self.opened, self.world, self.case = opened, world, case

    def come(self) -> None:
        people = self.world
        at_desks = (people.lawyer_user, people.second_lawyer_user, people.clerk_user)
        self.solene, self.ronan, self.gaelle = (self.opened.of(user.email, DESK) for user in at_desks)
        self.armelle, self.thibault = (self.opened.of(user.email, PHONE) for user in (people.spouse_1_user, people.spouse_2_user))
        for person in self.parties:
            person.watch(self.case)
        self.gaelle.watch("/bureau/")

    @property
    def parties(self) -> tuple[Window, ...]:
        return self.solene, self.ronan, self.armelle, self.thibault

    def communicate(self) -> None:
        """An exhibit of one side is not the other's to see before it is communicated; then it comes by itself."""
        self.solene.sends_exhibit(self.case, "Relevé de compte", side="Armelle")
        self.armelle.sees("Pièce ajoutée", within=HAPPENED)
        assert "Relevé de compte" not in self.thibault.watched.content()
        checked = self.solene.page.get_by_role("link", name="Télécharger Relevé de compte")
        until(lambda: self.solene.go(f"{self.case}pieces/") or checked.count(), "the check of the file")
        self.solene.page.get_by_role("checkbox", name="Communiquer Relevé de compte").check(force=True)
        self.solene.does("Communiquer les pièces cochées", "Communiqué.")
        self.thibault.sees("Pièce communiquée", within=HAPPENED)
        self.thibault.sees("Relevé de compte", within=HAPPENED)

    def draw_up(self) -> None:
        self.solene.go(f"{self.case}requete/")
        self.solene.does("Établir la requête", "La requête s’établit.")
        self.armelle.sees("Requête établie", within=HAPPENED)
        self.solene.sees("Ouvrir la signature")

    def sign(self) -> None:
        """All four together in one place, where each lawyer attests that their client is there: less than ten minutes."""
        begun = time.monotonic()
        self.solene.go(f"{self.case}signature/ouvrir/")
        self.solene.page.get_by_label("Tous ensemble en un même lieu", exact=True).check(force=True)
        self.solene.page.get_by_label("Le lieu, si tous se réunissent").fill("12 rue de la Toise, Rouen")
        self.solene.does("Ouvrir la signature", "La signature est ouverte")
        for lawyer, name in ((self.solene, "Armelle"), (self.ronan, "Thibault")):
            lawyer.go(f"{self.case}signature/")
            lawyer.does(f"J’atteste que cette personne est présente {name}", "Vous avez attesté la présence de")
        for person in self.parties:
            person.sees("Lisez et signez la requête et la convention", within="Lisez et signez")
            self.signs(person)
        self.solene.sees("Déposez la requête au tribunal")
        assert time.monotonic() - begun < TEN_MINUTES

    def signs(self, person: Window) -> None:
        """Thibault loses the line as he presses, and presses again; Ronan loses it once he has signed, and finds that he has. The others just sign."""
        if person is self.thibault:
            person.reads(self.case)
            with person.on_a_bad_line(not_sent):
                person.press("Signer")
        if person is not self.ronan:
            person.signs(self.case)
            return
        person.reads(self.case)
        with person.on_a_bad_line(not_answered):
            person.press("Signer")
        person.go(f"{self.case}signature/")
        expect(person.page.get_by_role("button", name="Signer", exact=True)).to_have_count(0)

    def file(self) -> None:
        """Filed: the receipt is there at once, and the desk that the clerk has open shows it."""
        self.gaelle.sees("Rien n’attend ici")
        self.hands_in()
        self.gaelle.sees("Vauquelin / Desmarets")

    def hands_in(self) -> None:
        self.solene.go(f"{self.case}deposer/")
        self.solene.does("Déposer au tribunal", "Le tribunal l’a reçue")

    def ask_and_answer(self) -> None:
        self.takes()
        self.gaelle.page.get_by_text("Poser une question sans renvoyer").click()
        self.gaelle.page.get_by_label("Votre question").fill("Quel jour le formulaire a-t-il été signé ?")
        self.gaelle.does("Poser la question", "La question est posée.")
        self.solene.sees("Quel jour le formulaire a-t-il été signé ?", within="Le greffe vous pose une question")
        self.solene.go(f"{self.case}greffe/")
        self.solene.page.get_by_label("Votre réponse").fill("Le jour même.")
        self.solene.does("Répondre au greffe", "Votre réponse est au greffe.")
        self.thibault.sees("Réponse à la question du greffe", within=HAPPENED)
        expect(self.gaelle.page.get_by_role("region", name="Questions posées").get_by_text("Le jour même.")).to_be_visible()

    def takes(self) -> None:
        """From the desk, the one filing there."""
        self.gaelle.go("/bureau/")
        self.gaelle.does("Prendre Vauquelin / Desmarets", "Ce qui a été déposé")
        self.gaelle.sees("Sur mon bureau")

    def send_back(self) -> None:
        """Returned: the page that the lawyer has open says why; filed again, the desk shows it."""
        self.gaelle.page.get_by_text("Renvoyer pour correction").first.click()
        self.gaelle.page.get_by_label("Un document est illisible").check(force=True)
        self.gaelle.page.get_by_label("Quoi exactement").first.fill("Page 2 de l’acte de mariage.")
        self.gaelle.does("Renvoyer pour correction", "La requête est renvoyée avec ses motifs.")
        self.solene.sees("Page 2 de l’acte de mariage.", within="Pourquoi la requête est revenue")
        self.hands_in()
        self.gaelle.sees("Déposé de nouveau")

    def accept(self) -> None:
        self.takes()
        self.gaelle.does("Accepter, et donner un numéro RG", "La requête est enrôlée sous le numéro")
        number = f"RG {self.opened.house.day():%y}/00001"
        for spouse in (self.armelle, self.thibault):
            spouse.sees(number, within=HAPPENED)
            spouse.sees(f"{number} · tribunal judiciaire de Rouen")

    def hear_the_child(self) -> None:
        jeanne = self.opened.of(self.world.judge_user.email, DESK)
        jeanne.go(f"{self.case}audition/")
        jeanne.page.get_by_role("radio", name="Seul", exact=True).check(force=True)
        jeanne.does("Noter que l’enfant a été entendu", "L’audition de l’enfant est notée.")
        self.armelle.sees("Le juge a entendu l’enfant", within=HAPPENED)


@pytest.mark.timeout(240)
def test_without_javascript_a_lawyer_answers_and_sends_a_file_and_a_spouse_signs(house: House, world: World) -> None:
    preparing, signing = world.joint_petition(), world.joint_petition(at="sign")
    house.open()
    with windows(house) as opened:
        lawyer = opened.of(world.lawyer_user.email, DESK, scripts=False)
        lawyer.go(f"/dossiers/{preparing.pk}/questions/marriage/")
        lawyer.page.get_by_label("Lieu du mariage").fill("Dieppe")
        lawyer.press("Enregistrer et continuer")
        lawyer.go(f"/dossiers/{preparing.pk}/questions/marriage/")
        assert lawyer.page.get_by_label("Lieu du mariage").input_value() == "Dieppe"
        lawyer.sends_exhibit(f"/dossiers/{preparing.pk}/", "Relevé de compte", side="Armelle")
        expect(lawyer.page.get_by_role("status").get_by_text("1 fichier reçu et vérifié")).to_be_visible()
        opened.of(world.spouse_1_user.email, PHONE, scripts=False).signs(f"/dossiers/{signing.pk}/")
        assert opened.wrong == []
    house.close()
    assert house.faults == []
