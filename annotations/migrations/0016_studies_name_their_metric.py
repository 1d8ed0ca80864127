"""The row of the metric that counts, where a study had written down its version.

The program of before goes on with the version; a study it settles meanwhile is filled by the step
after this one, which calls `fill` again.
"""

from django.db import migrations
from django.db.models import F, Q


def fill(apps, schema_editor):
    studies = apps.get_model("annotations", "Study").objects
    metrics = apps.get_model("evaluations", "Metric").objects
    for study in studies.exclude(scorer_in_force=""):
        counts = metrics.filter(
            Q(project=None) | Q(project=study.project_id),
            name=study.scorer,
            version=study.scorer_in_force,
        )
        own_first = counts.order_by(F("project").asc(nulls_last=True))
        studies.filter(pk=study.pk).update(metric_in_force=own_first.first())


class Migration(migrations.Migration):
    dependencies = [
        ("annotations", "0015_metric_in_force"),
        ("evaluations", "0007_scores_name_their_metric"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
