from django.db import migrations, models

BY_NAME = ("unclear", "refusal")
"""What was a way out before studies said so: any category of such a name."""


def declare_what_went_by_name(apps, schema_editor):
    """Studies made here keep what was a way out of their question, and so their reports. Nothing
    was ever declared of imported judgments: their categories are values, whatever their names."""
    studies = apps.get_model("annotations", "Study").objects
    made_here = studies.filter(source="trials", scale__in=["nominal", "ordinal"]).order_by("pk")
    for pk, categories in list(made_here.values_list("pk", "categories")):
        if ways_out := [name for name in categories if name in BY_NAME]:
            studies.filter(pk=pk).update(ways_out=ways_out)


class Migration(migrations.Migration):
    dependencies = [("annotations", "0005_counts_tell_nothing")]

    operations = [
        migrations.AddField(
            model_name="study",
            name="ways_out",
            field=models.JSONField(
                blank=True,
                db_default=models.Value([], models.JSONField()),
                default=list,
                help_text="Those of the categories by which a rater says that an item cannot be "
                "judged.",
            ),
        ),
        migrations.RunPython(declare_what_went_by_name, migrations.RunPython.noop),
    ]
