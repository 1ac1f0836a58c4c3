"""The lawyer's caseload and the court's desk over the API, in a small house and in a large one; nothing of it is theirs but the same few cases.

`CASES=1000000 python -m tests.bench.lists` fills for about two minutes first.
"""

from tests.bench import ground

ground.stand()

from django.db import connection  # noqa: E402
from rest_framework.test import APIClient  # noqa: E402

from backend.people.models import User  # noqa: E402
from tests.calling import client_of  # noqa: E402
from tests.world import World  # noqa: E402

FEW, MANY = 1_000, ground.number("CASES", 100_000)
MINE = 60  # of the lawyer's firm; half of them wait at the clerk's court
FILL = """
WITH made AS (
    SELECT uuidv7() AS id, uuidv7() AS chain, number FROM generate_series(%(first)s::int, %(last)s::int) AS number
), chains AS (
    INSERT INTO register_chain (id, seq, head, opened_at) SELECT chain, 0, sha256(chain::text::bytea), now() FROM made
), cases AS (
    INSERT INTO cases_case (id, chain_id, kind, version, step, title, court_id, chamber_id, rg_number, opened_at, filed_at, closed_at,
        outcome, waits_for, next_due)
    SELECT id, chain, 'joint-petition', 1, CASE WHEN %(mine)s AND number %% 2 = 0 THEN 'check' ELSE 'closed' END,
        'Nom' || number || ' / Autre' || number, %(court)s, %(chamber)s, '', now() - number * interval '1 minute', now(),
        CASE WHEN %(mine)s THEN NULL ELSE now() END, '', 'clerk', current_date + number %% 90 FROM made
), spouses AS (
    INSERT INTO cases_spouse (id, case_id, side, title, birth_name, used_name, first_names, birthplace, nationality, occupation, address,
        postal_code, city, country, email, phone, concealed, protected_adult, protection_request_pending, legal_aid, legal_aid_decision,
        social_security, family_benefits, pension)
    SELECT uuidv7(), id, side, '', 'Nom', '', 'Prénom', '', '', '', '', '', '', 'France', '', '', false, '', false, '', '', '', '', ''
    FROM made, generate_series(1, 2) AS side
), counsels AS (
    INSERT INTO cases_counsel (id, case_id, user_id, firm_id, name, email, bar, sides, since)
    SELECT uuidv7(), id, %(lawyer)s, %(firm)s, 'Maître', '', '', '{1,2}', now() FROM made
)
INSERT INTO cases_filing (id, case_id, kind, attempt, state, submitted_at, digests, findings, reasons, undone_because)
SELECT uuidv7(), id, 'petition', 1, CASE WHEN %(mine)s AND number %% 2 = 0 THEN 'received' ELSE 'accepted' END, now(), '{}', '[]', '[]', '' FROM made
"""


class House:
    """A platform with so many cases, sixty of which are one firm's."""

    def __init__(self) -> None:
        self.world = World()
        self.cases = 0
        self.others = [self.world._organisation("court", f"tribunal {number}") for number in range(160)]
        self.firms = [self.world._organisation("firm", f"cabinet {number}") for number in range(160)]
        self.fill(MINE, self.world.court, self.world.chamber, self.world.firm, self.world.lawyer_user)

    def fill(self, count: int, court: object, chamber: object, firm: object, lawyer: User | None) -> None:
        given = {"first": self.cases + 1, "last": self.cases + count, "mine": lawyer is not None}
        keys = {"court": court.pk, "chamber": chamber and chamber.pk, "firm": firm.pk, "lawyer": lawyer and lawyer.pk}  # type: ignore[attr-defined]
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
            cursor.execute(FILL, given | keys)
        self.cases += count

    def grow(self, total: int) -> None:
        """Cases of other courts and other firms, in equal shares."""
        share = (total - self.cases) // len(self.others)
        for court, firm in zip(self.others, self.firms, strict=True):
            self.fill(share, court, None, firm, None)
        with ground.servers.here().postgres.connect("postgres", connection.settings_dict["NAME"]) as database:
            database.execute("ANALYZE")

    def times(self) -> dict[str, float]:
        lawyer, clerk = client_of(self.world.lawyer_user), client_of(self.world.clerk_user)
        return {
            "the caseload": ground.seconds(lambda: read(lawyer, "/api/v1/cases", 50), 15),
            "the caseload, a name looked for": ground.seconds(lambda: read(lawyer, "/api/v1/cases?q=nom7", 1), 15),
            "the desk": ground.seconds(lambda: read(clerk, "/api/v1/desk", MINE // 2), 15),
        }


def read(client: APIClient, path: str, at_least: int) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert len(answer.json()["results"]) >= at_least


def main() -> None:
    house = House()
    house.grow(FEW)
    few = house.times()
    house.grow(MANY)
    for what, took in house.times().items():
        ground.say(ground.against(f"{what}, {MANY:,} cases", took, few[what], f"{FEW:,} cases", 1.5))


if __name__ == "__main__":
    main()
