"""What was chosen, and where the words stand that say so, as rows of before have it.

Nothing is taken away yet: the program of before goes on, and what it stores meanwhile is filled by
the step after this one, which calls `fill` again.
"""

from django.db import migrations
from django.db.models import JSONField, TextField
from django.db.models.functions import Cast


def fill(apps, schema_editor):
    readings = apps.get_model("evaluations", "Extraction").objects
    # By way of text, because PostgreSQL makes JSON of no number.
    number = Cast(Cast("option", TextField()), JSONField())
    readings.filter(value__isnull=True, option__isnull=False).update(value=number)
    _evidence(schema_editor.connection)


def _evidence(connection):
    """One row for each reading that says where; in the database, as there may be millions."""
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO evaluations_evidence (reading_id, dimension, start, "end") '
            "SELECT id, '', evidence_start, evidence_end FROM evaluations_extraction "
            "WHERE evidence_start <= evidence_end AND NOT EXISTS "
            "(SELECT 1 FROM evaluations_evidence WHERE reading_id = evaluations_extraction.id)"
        )


class Migration(migrations.Migration):
    dependencies = [("evaluations", "0012_readings")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
