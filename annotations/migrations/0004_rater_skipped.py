from django.db import migrations, models


def count_what_was_skipped(apps, schema_editor):
    raters = apps.get_model("annotations", "Rater").objects
    skipped = (
        apps.get_model("annotations", "Assignment")
        .objects.filter(state="skipped", item__kind__in=["regular", "gold", "attention"])
        .order_by()
        .values_list("rater_id")
        .annotate(times=models.Count("pk"))
    )
    for rater_id, times in list(skipped):
        raters.filter(pk=rater_id).update(skipped=times)


class Migration(migrations.Migration):
    dependencies = [("annotations", "0003_question_version")]

    operations = [
        migrations.AddField(
            model_name="rater",
            name="skipped",
            field=models.PositiveIntegerField(default=0, help_text="Of these, items skipped."),
        ),
        migrations.RunPython(count_what_was_skipped, migrations.RunPython.noop),
    ]
