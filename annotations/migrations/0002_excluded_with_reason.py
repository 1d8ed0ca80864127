from django.db import migrations, models
from django.db.models import Q

UNKNOWN = "no reason on record"


def repair(apps, schema_editor):
    """Since when is what exchanges, disputes and the board went by: it decides."""
    raters = apps.get_model("annotations", "Rater").objects
    raters.filter(excluded_at__isnull=False, excluded_reason="").update(excluded_reason=UNKNOWN)
    raters.filter(excluded_at__isnull=True).exclude(excluded_reason="").update(excluded_reason="")


class Migration(migrations.Migration):
    dependencies = [("annotations", "0001_initial")]

    operations = [
        migrations.RunPython(repair, migrations.RunPython.noop, elidable=True),
        migrations.AddConstraint(
            model_name="rater",
            constraint=models.CheckConstraint(
                condition=Q(excluded_at__isnull=True, excluded_reason="")
                | Q(excluded_at__isnull=False) & ~Q(excluded_reason=""),
                name="annotations_rater_excluded_with_reason",
            ),
        ),
    ]
