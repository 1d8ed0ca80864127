"""Readings will hold what was chosen in the terms of any instrument, and their evidence in rows of
its own. Empty until the next step, so that the program of before goes on."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("evaluations", "0011_kinds_contract")]

    operations = [
        migrations.AddField(
            model_name="extraction",
            name="value",
            field=models.JSONField(
                blank=True, help_text="What was chosen, as the instrument knows it.", null=True
            ),
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("dimension", models.CharField(blank=True, max_length=60)),
                ("start", models.PositiveIntegerField()),
                ("end", models.PositiveIntegerField()),
                (
                    "reading",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="evidence",
                        to="evaluations.extraction",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "evidence",
                "ordering": ["reading", "start"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("reading", "dimension", "start", "end"),
                        name="evaluations_evidence_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("end__gte", models.F("start"))),
                        name="evaluations_evidence_runs_forwards",
                    ),
                ],
            },
        ),
    ]
