"""Every score and scoring of before names its metric, and what only the slider measure knows of a
trial (means, items used) stands in the detail of its score.

The slider measure's own metric belongs to the program; one that asks a model belongs to the project
of the trials it scored. Nothing is taken away yet: the program of before goes on, and what it
stores meanwhile is filled by the step after this one, which calls `fill` again.
"""

import json

from django.db import migrations
from django.db.models import Min

OWN = "svo-slider"
"""The one metric that came with the program when this was written."""


def fill(apps, schema_editor):
    """Name the metric of each score and scoring that has none yet."""
    named = list(_metrics(apps))
    _move_what_the_slider_knows(schema_editor.connection)
    for rows, metric in named:
        rows.update(metric=metric)
    _scorings(apps)


def _metrics(apps):
    """The scores of each metric, as a queryset, with the metric's row."""
    unnamed = apps.get_model("evaluations", "Score").objects.filter(metric=None)
    groups = unnamed.order_by().values_list("scorer", "version", "trial__run__project")
    for name, version, project, first, made_at in groups.annotate(
        first=Min("pk"), made_at=Min("created_at")
    ).order_by("first"):
        detail = unnamed.values_list("detail", flat=True).get(pk=first)
        facts = _facts(apps, version, project, detail)
        metric = _metric(apps, name, version, project, made_at, facts)
        rows = unnamed.filter(scorer=name, version=version, trial__run__project=project)
        yield rows, metric


def _facts(apps, version, project, detail):
    """What a score tells of its metric."""
    reader = str(detail.get("extractor", ""))
    if "rubric" in detail:
        asked = apps.get_model("evaluations", "Endpoint").objects.filter(
            project=project, name=str(detail.get("endpoint")), model=str(detail.get("model"))
        )
        return {"kind": "rubric", "endpoint": asked.first(), "settings": _digest(version)}
    if "+" in reader.rpartition(" ")[0]:
        return {"kind": "reader", "reader": reader, "settings": _digest(version)}
    return {"kind": "rules", "reader": reader}


def _digest(version):
    return version.rpartition("+")[2]


def _metric(apps, name, version, project, made_at, facts):
    metrics = apps.get_model("evaluations", "Metric").objects
    owner = None if name == OWN else project
    metric, is_new = metrics.get_or_create(
        project_id=owner, name=name, version=version, defaults=facts
    )
    if is_new:
        metrics.filter(pk=metric.pk).update(made_at=made_at)
    return metric


def _move_what_the_slider_knows(connection):
    if connection.vendor == "postgresql":
        detail = (
            "detail || jsonb_strip_nulls(jsonb_build_object('mean_self', mean_self, "
            "'mean_other', mean_other, 'items_used', items_used))"
        )
    else:
        # In Python, because SQLite writes no more than 15 digits of a number into JSON.
        connection.ensure_connection()
        connection.connection.create_function("with_means", 4, _with_means)
        detail = "with_means(detail, mean_self, mean_other, items_used)"
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE evaluations_score SET detail = {detail} "
            f"WHERE metric_id IS NULL AND (items_used > 0 OR scorer LIKE '{OWN}%')"
        )


def _with_means(detail, mean_self, mean_other, items_used):
    known = {"mean_self": mean_self, "mean_other": mean_other, "items_used": items_used}
    found = {name: value for name, value in known.items() if value is not None}
    return json.dumps(json.loads(detail) | found)


def _scorings(apps):
    """What was asked of a model, in the metric whose scores it gave or was to give."""
    unnamed = apps.get_model("evaluations", "Scoring").objects.filter(metric=None)
    for scoring in unnamed.select_related("run"):
        facts = {"endpoint_id": scoring.endpoint_id, "settings": _digest(scoring.version)}
        facts |= {"kind": "rubric"} if scoring.rubric_id else _second_reader(scoring)
        made = (scoring.scorer, scoring.version, scoring.run.project_id, scoring.asked_at)
        metric = _metric(apps, *made, facts)
        if metric.endpoint_id is None:
            metric.endpoint_id = scoring.endpoint_id
            metric.save()
        unnamed.filter(pk=scoring.pk).update(metric=metric)


def _second_reader(scoring):
    """Its readings, of which there may be none yet, are called as its scores are."""
    model, version = scoring.scorer.partition("+")[2], scoring.version.partition("+ext.")[2]
    return {"kind": "reader", "reader": f"svo_prose+{model} {version}"}


class Migration(migrations.Migration):
    dependencies = [("evaluations", "0006_metrics")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
