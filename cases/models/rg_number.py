"""Register numbers (*numéros RG*): per court and year, without gaps."""

from uuid import UUID

from django.db import connection, models


class RgCounter(models.Model):
    """The last number given by a court in a year."""

    court = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["court", "year"], name="rg_counter_one_per_court_and_year")]

    def __str__(self) -> str:
        return f"{self.year} {self.last}"


def next_rg_number(court_id: UUID | None, year: int) -> str:
    """The court's next number, such as "26/00001".

    Called as late as possible in the action's transaction: the row stays locked until the commit, and a rollback gives the number back, so that
    no number is ever missing.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cases_rgcounter (court_id, year, last) VALUES (%s, %s, 1)"
            " ON CONFLICT (court_id, year) DO UPDATE SET last = cases_rgcounter.last + 1 RETURNING last",
            [court_id, year],
        )
        (number,) = cursor.fetchone()
    return f"{year % 100:02d}/{number:05d}"
