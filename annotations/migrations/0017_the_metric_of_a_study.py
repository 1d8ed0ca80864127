"""A study names its metric, may pin a version of it, and knows the row that counts."""

from importlib import import_module

from django.db import migrations, models

before = import_module("annotations.migrations.0016_studies_name_their_metric")


def fill(apps, schema_editor):
    before.fill(apps, schema_editor)
    # PostgreSQL alters no table whose foreign keys it has still to look at.
    schema_editor.connection.check_constraints()


class Migration(migrations.Migration):
    dependencies = [("annotations", "0016_studies_name_their_metric")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RemoveField(model_name="study", name="scorer_in_force"),
        migrations.RenameField(model_name="study", old_name="scorer", new_name="metric_name"),
        migrations.RenameField(
            model_name="study", old_name="scorer_version", new_name="metric_version"
        ),
    ]
