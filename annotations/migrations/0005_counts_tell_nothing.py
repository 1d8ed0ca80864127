from django.db import migrations, models


def count_regular_ones(apps, schema_editor):
    raters = apps.get_model("annotations", "Rater").objects
    skipped = (
        apps.get_model("annotations", "Assignment")
        .objects.filter(state="skipped", is_regular=True)
        .order_by()
        .values_list("rater_id")
        .annotate(times=models.Count("pk"))
    )
    for rater_id, times in list(skipped):
        raters.filter(pk=rater_id).update(skipped_regular=times)


class Migration(migrations.Migration):
    dependencies = [("annotations", "0004_rater_skipped")]

    operations = [
        migrations.AddField(
            model_name="rater",
            name="skipped_regular",
            field=models.PositiveIntegerField(
                db_default=0, default=0, help_text="Of the skipped, regular items."
            ),
        ),
        migrations.RunPython(count_regular_ones, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="study",
            name="cap",
            field=models.PositiveIntegerField(
                blank=True,
                help_text=(
                    "Most regular items one rater is handed, skipped ones too; empty for no limit."
                ),
                null=True,
            ),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(
                condition=~models.Q(kind="regular"), fields=["study"], name="annotations_item_known"
            ),
        ),
    ]
