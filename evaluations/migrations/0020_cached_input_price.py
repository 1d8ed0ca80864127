"""Input that an endpoint had in its cache may have a price of its own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("evaluations", "0019_budgets")]

    operations = [
        migrations.AddField(
            "endpoint",
            "cached_input_price",
            models.DecimalField(
                blank=True,
                decimal_places=6,
                help_text="Empty: input that the endpoint had in its cache costs as much as any.",
                max_digits=12,
                null=True,
            ),
        )
    ]
