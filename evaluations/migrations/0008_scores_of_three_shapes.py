"""A score is a label, a number or a vector by its metric: the columns that were the slider
measure's own get general names or go.

What the program of before stored since the last step is filled first.
"""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

before = import_module("evaluations.migrations.0007_scores_name_their_metric")


def fill(apps, schema_editor):
    before.fill(apps, schema_editor)
    # PostgreSQL alters no table whose foreign keys it has still to look at.
    schema_editor.connection.check_constraints()


class Migration(migrations.Migration):
    dependencies = [("evaluations", "0007_scores_name_their_metric")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RemoveConstraint(model_name="score", name="evaluations_score_version"),
        migrations.RemoveConstraint(model_name="score", name="evaluations_score_or_reason"),
        migrations.RemoveIndex(model_name="score", name="evaluations_scorer_c20a3d_idx"),
        migrations.RemoveConstraint(model_name="scoring", name="evaluations_scoring_once"),
        migrations.RemoveField(model_name="score", name="scorer"),
        migrations.RemoveField(model_name="score", name="version"),
        migrations.RemoveField(model_name="score", name="mean_self"),
        migrations.RemoveField(model_name="score", name="mean_other"),
        migrations.RemoveField(model_name="score", name="items_used"),
        migrations.RenameField(model_name="score", old_name="orientation", new_name="label"),
        migrations.RenameField(model_name="score", old_name="angle", new_name="number"),
        migrations.RenameField(model_name="score", old_name="value_rationality", new_name="fit"),
        migrations.RenameField(
            model_name="score",
            old_name="value_rationality_corrected",
            new_name="fit_corrected",
        ),
        migrations.AlterField(
            model_name="score",
            name="label",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AlterField(
            model_name="score",
            name="number",
            field=models.FloatField(blank=True, help_text="Unrounded.", null=True),
        ),
        migrations.AlterField(
            model_name="score",
            name="distance",
            field=models.FloatField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="score",
            name="metric",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="scores",
                to="evaluations.metric",
            ),
        ),
        migrations.AlterField(
            model_name="score",
            name="trial",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="scores",
                to="evaluations.trial",
            ),
        ),
        migrations.AddConstraint(
            model_name="score",
            constraint=models.UniqueConstraint(
                fields=("trial", "metric"), name="evaluations_score_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="score",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("outcome", "scored"),
                        models.Q(
                            models.Q(("label", ""), _negated=True),
                            ("number__isnull", False),
                            ("vector__isnull", False),
                            _connector="OR",
                        ),
                    ),
                    models.Q(
                        ("label", ""),
                        ("number__isnull", True),
                        ("outcome", "unscorable"),
                        ("vector__isnull", True),
                        models.Q(("reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="evaluations_score_has_a_shape_or_a_reason",
            ),
        ),
        migrations.AddIndex(
            model_name="score",
            index=models.Index(fields=["metric", "label"], name="evaluations_score_label"),
        ),
        migrations.RemoveField(model_name="scoring", name="scorer"),
        migrations.RemoveField(model_name="scoring", name="version"),
        migrations.AlterField(
            model_name="scoring",
            name="metric",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="scorings",
                to="evaluations.metric",
            ),
        ),
        migrations.AddConstraint(
            model_name="scoring",
            constraint=models.UniqueConstraint(
                fields=("run", "metric"), name="evaluations_scoring_once"
            ),
        ),
    ]
