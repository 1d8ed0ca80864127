"""Metrics get a table. The columns that will name them are empty until the next step, so that the
program of before goes on."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_trail_without_project"),
        ("evaluations", "0005_definitions_get_their_project"),
    ]

    operations = [
        migrations.CreateModel(
            name="Metric",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("version", models.CharField(max_length=40)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("rules", "rules of this program"),
                            ("reader", "the rules, and a model that reads what they leave open"),
                            ("rubric", "a model that classifies by a rubric"),
                        ],
                        default="rules",
                        max_length=12,
                    ),
                ),
                (
                    "settings",
                    models.CharField(
                        blank=True,
                        help_text="Digest of what its model was asked with.",
                        max_length=64,
                    ),
                ),
                (
                    "reader",
                    models.CharField(
                        blank=True,
                        help_text="Reader and version of the readings it rests on; empty where it "
                        "reads itself.",
                        max_length=101,
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                (
                    "endpoint",
                    models.ForeignKey(
                        blank=True,
                        help_text="Where its model was asked, while that is kept.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="metrics",
                        to="evaluations.endpoint",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="metrics",
                        to="accounts.project",
                    ),
                ),
            ],
            options={
                "ordering": ["name", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("project", None)),
                        fields=("name", "version"),
                        name="evaluations_metric_shared_version",
                    ),
                    models.UniqueConstraint(
                        fields=("project", "name", "version"),
                        name="evaluations_metric_own_version",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="score",
            name="metric",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="scores",
                to="evaluations.metric",
            ),
        ),
        migrations.AddField(
            model_name="score",
            name="vector",
            field=models.JSONField(
                blank=True, help_text="A number for each dimension.", null=True
            ),
        ),
        migrations.AddField(
            model_name="scoring",
            name="metric",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="scorings",
                to="evaluations.metric",
            ),
        ),
    ]
