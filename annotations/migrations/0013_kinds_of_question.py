"""What a study asks for is a kind of question that an instrument brings: the database keeps its
key, however long, and knows no list of them."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('annotations', '0012_once_and_earned'),
    ]

    operations = [
        migrations.AlterField(
            model_name='study',
            name='kind',
            field=models.CharField(default='declared', help_text='What the first question asks for: a kind of question that an instrument brings (annotations.kinds), from which scale and categories follow, or a declared scale.', max_length=40),
        ),
    ]
