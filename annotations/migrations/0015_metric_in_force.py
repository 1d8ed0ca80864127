"""A study will name the row of the metric that counts; empty until the next step."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("annotations", "0014_marks_and_cultures"),
        ("evaluations", "0006_metrics"),
    ]

    operations = [
        migrations.AddField(
            model_name="study",
            name="metric_in_force",
            field=models.ForeignKey(
                blank=True,
                help_text="What counts at present, as annotations.metrics.metric settled it.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="evaluations.metric",
            ),
        ),
    ]
