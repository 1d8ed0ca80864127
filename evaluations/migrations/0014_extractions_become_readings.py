"""An extraction is called a reading, its extractor a reader, and the slider measure's columns go.

What the program of before stored since the last step is filled first.
"""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

before = import_module("evaluations.migrations.0013_readings_hold_their_evidence")


def fill(apps, schema_editor):
    before.fill(apps, schema_editor)
    # PostgreSQL alters no table whose foreign keys it has still to look at.
    schema_editor.connection.check_constraints()


class Migration(migrations.Migration):
    dependencies = [("evaluations", "0013_readings_hold_their_evidence")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RemoveConstraint(
            model_name="extraction", name="evaluations_extraction_version"
        ),
        migrations.RemoveConstraint(
            model_name="extraction", name="evaluations_extraction_option_iff_choice"
        ),
        migrations.RemoveField(model_name="extraction", name="option"),
        migrations.RemoveField(model_name="extraction", name="evidence_start"),
        migrations.RemoveField(model_name="extraction", name="evidence_end"),
        migrations.RenameModel(old_name="Extraction", new_name="Reading"),
        migrations.RenameField(model_name="reading", old_name="extractor", new_name="reader"),
        migrations.RenameField(model_name="reading", old_name="letter", new_name="label"),
        migrations.AlterField(
            model_name="reading",
            name="label",
            field=models.CharField(
                blank=True, help_text="The same, as it was shown.", max_length=200
            ),
        ),
        migrations.AlterField(
            model_name="reading",
            name="answer",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="readings",
                to="evaluations.answer",
            ),
        ),
        migrations.AddConstraint(
            model_name="reading",
            constraint=models.UniqueConstraint(
                fields=("answer", "reader", "version"), name="evaluations_reading_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="reading",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("outcome", "choice"), ("value__isnull", False)
                )
                | models.Q(
                    models.Q(("outcome", "choice"), _negated=True), ("value__isnull", True)
                ),
                name="evaluations_reading_value_iff_choice",
            ),
        ),
    ]
