"""The columns of the slider measure go; what was written to them since 0010 is copied first."""

import importlib

from django.db import migrations, models

fill = importlib.import_module("evaluations.migrations.0010_kinds_fill").fill


def fill_again(apps, schema_editor):
    fill(apps, schema_editor)
    if schema_editor.connection.vendor == "postgresql":  # else the tables cannot be altered yet
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    dependencies = [("evaluations", "0010_kinds_fill")]

    operations = [
        migrations.RunPython(fill_again, migrations.RunPython.noop),
        migrations.RemoveConstraint(
            model_name="cell", name="evaluations_cell_payoff_scale_positive"
        ),
        migrations.RemoveConstraint(
            model_name="cell", name="evaluations_cell_baseline_has_no_target"
        ),
        migrations.RemoveConstraint(model_name="trial", name="evaluations_trial_number"),
        migrations.RemoveField(model_name="answer", name="shown_options"),
        *(
            migrations.RemoveField(model_name="cell", name=name)
            for name in (
                "target_value",
                "option_order",
                "answer_format",
                "item_set",
                "payoff_scale",
            )
        ),
        migrations.RemoveField(model_name="run", name="prompt_pack"),
        migrations.AddConstraint(
            model_name="trial",
            constraint=models.UniqueConstraint(
                fields=("cell", "prompt", "number"), name="evaluations_trial_of_prompt"
            ),
        ),
        migrations.AddConstraint(
            model_name="cell",
            constraint=models.UniqueConstraint(
                fields=("run", "endpoint", "condition_key"), name="evaluations_cell_condition"
            ),
        ),
        migrations.AddConstraint(
            model_name="cell",
            constraint=models.CheckConstraint(
                condition=models.Q(("induction", "none"), ("target", ""))
                | ~models.Q(("induction", "none")),
                name="evaluations_cell_baseline_without_target",
            ),
        ),
    ]
