from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("annotations", "0002_excluded_with_reason")]

    operations = [
        migrations.AddField(
            model_name="study",
            name="question_version",
            field=models.PositiveIntegerField(
                default=1, help_text="Counts how often what is asked was set; forms carry it."
            ),
        ),
    ]
