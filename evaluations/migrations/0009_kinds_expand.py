"""Room for instruments of several kinds beside the columns of the slider measure.

The old columns get defaults of the database, so that programs from before and after write both:
0010 copies what there is, 0011 copies what came meanwhile and drops the old columns.
"""

import django.db.models.deletion
from django.db import migrations, models

OLD = {
    "target_value": models.CharField(blank=True, db_default="", max_length=20),
    "option_order": models.CharField(db_default="printed", default="printed", max_length=10),
    "answer_format": models.CharField(db_default="free", default="free", max_length=12),
    "item_set": models.CharField(db_default="primary", default="primary", max_length=10),
    "payoff_scale": models.FloatField(db_default=1, default=1),
}


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_trail_without_project"),
        ("evaluations", "0008_scores_of_three_shapes"),
    ]

    operations = [
        *(
            migrations.AddField(
                model_name=model,
                name="kind",
                field=models.CharField(
                    db_default="svo", default="svo", help_text="Of instrument.", max_length=20
                ),
            )
            for model in ("instrument", "promptpack", "rubric")
        ),
        migrations.CreateModel(
            name="Frame",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.SlugField(max_length=60)),
                ("version", models.CharField(max_length=20)),
                ("language", models.CharField(default="en", max_length=20)),
                ("sha256", models.CharField(db_index=True, max_length=64)),
                ("definition", models.JSONField()),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "project",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="accounts.project",
                    ),
                ),
            ],
            options={
                "ordering": ["key", "-id"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("project", None)),
                        fields=("key", "version"),
                        name="evaluations_frame_shared_version",
                    ),
                    models.UniqueConstraint(
                        fields=("project", "key", "version"), name="evaluations_frame_own_version"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="answer",
            name="shown",
            field=models.JSONField(
                blank=True,
                help_text="As the kind keeps it: option numbers in the order shown, or nothing.",
                null=True,
            ),
        ),
        migrations.AlterField(
            model_name="answer", name="shown_options", field=models.JSONField(null=True)
        ),
        migrations.AlterField(
            model_name="turn",
            name="step",
            field=models.CharField(
                help_text="Of the conversations of its kind.", max_length=20
            ),
        ),
        migrations.AddField(
            model_name="trial",
            name="prompt",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="Which of its prompts a kind asks in this trial; empty where it asks all.",
                max_length=60,
            ),
        ),
        migrations.AddField(
            model_name="cell",
            name="target",
            field=models.CharField(
                blank=True, db_default="", help_text="Empty for the baseline.", max_length=60
            ),
        ),
        migrations.AddField(
            model_name="cell",
            name="condition",
            field=models.JSONField(
                blank=True,
                db_default={},
                default=dict,
                help_text="What else the kind of the instrument varies.",
            ),
        ),
        migrations.AddField(
            model_name="cell",
            name="condition_key",
            field=models.CharField(
                db_default="",
                editable=False,
                help_text="Hash of all that distinguishes it but the endpoint.",
                max_length=64,
            ),
        ),
        migrations.AddField(
            model_name="cell",
            name="prompt_pack",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="cells",
                to="evaluations.promptpack",
            ),
        ),
        migrations.AddField(
            model_name="cell",
            name="frame",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="cells",
                to="evaluations.frame",
            ),
        ),
        # What comes after would write the same defaults into these columns for every cell.
        migrations.RemoveConstraint(model_name="cell", name="evaluations_cell_unique"),
        *(
            migrations.AlterField(model_name="cell", name=name, field=field)
            for name, field in OLD.items()
        ),
    ]
