"""Judgments of the past, by the million: rows multiplied inside the database.

Each new row is a copy of a template row but for the columns named, so that a column that is added
to a model some day needs no change here.
"""

from django.core.management.color import no_style
from django.db import connection, models
from django.db.models import Count, Max, OuterRef, Subquery

from annotations.exchange.bulk import Said, store_judgments
from annotations.models import Assignment, Item, Judgment, Rater, Study

PLACES, RATERS = 3, 300
"""Judgments on each item of the past, and how many people made them (a multiple of the places)."""


class History:
    """Items of a study that were judged before, each by all the raters it has places for."""

    def __init__(self, study: Study) -> None:
        self.study, self.judgments = study, 1
        position = study.items.aggregate(last=Max("position"))["last"] + 1
        self.item = Item.objects.create(study=study, position=position, text="Told.", places=PLACES)
        self.rater = Rater.objects.create(study=study, kind="simulated", pseudonym="past-0")
        store_judgments([Said(self.item.pk, self.rater.pk, "prosocial", confidence=4, seconds=9.0)])

    def grow_to(self, judgments: int) -> None:
        """Add items with all their judgments until there are at least so many judgments."""
        items = -(-(judgments - self.judgments) // PLACES)
        count = items * PLACES
        item, rater, assignment, judgment = (
            _last(model) for model in (Item, Rater, Assignment, Judgment)
        )
        position = self.study.items.aggregate(last=Max("position"))["last"]
        _multiply(self.rater, RATERS, id=f"{rater} + n", pseudonym=f"'past-' || ({rater} + n)")
        _multiply(self.item, items, id=f"{item} + n", position=f"{position} + n", taken=str(PLACES))
        who = {
            "item_id": f"{item} + 1 + (n - 1) / {PLACES}",
            "rater_id": f"{rater} + 1 + (n - 1) %% {RATERS}",
        }
        _multiply(Assignment.objects.get(item=self.item), count, id=f"{assignment} + n", **who)
        said = {"id": f"{judgment} + n", "assignment_id": f"{assignment} + n", **who}
        _multiply(Judgment.objects.get(item=self.item), count, **said)
        _count_up(rater)
        _settle()
        self.judgments += count


def _last(model: type[models.Model]) -> int:
    return model._default_manager.aggregate(last=Max("pk"))["last"]


def _multiply(template: models.Model, count: int, **changes: str) -> None:
    """Insert *count* copies of a row; *changes* are SQL over their number ``n``, from 1, a percent
    sign doubled."""
    fields = [(field.attname, str(field.column)) for field in template._meta.concrete_fields]
    names = ", ".join(column for _, column in fields)
    values = ", ".join(changes.get(name, f"t.{column}") for name, column in fields)
    table = template._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) WITH RECURSIVE series(n) AS "
            "(SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < %s) "
            f"SELECT {values} FROM series, {table} AS t WHERE t.id = %s",
            [count, template.pk],
        )


def _count_up(after: int) -> None:
    """Bring the counter of the raters whose number is higher than *after* up to date."""
    own = Assignment.objects.filter(rater=OuterRef("pk")).order_by().values("rater")
    count = own.annotate(count=Count("pk")).values("count")
    Rater.objects.filter(pk__gt=after).update(judged=Subquery(count))


def _settle() -> None:
    """Numbers go on after those given here, and the planner knows what there is."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(
            no_style(), [Item, Rater, Assignment, Judgment]
        ):
            cursor.execute(statement)
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
