"""A span that a rater points at, a culture they declare, and places by culture. Nothing is filled:
no row has any of it yet."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('annotations', '0013_kinds_of_question'),
    ]

    operations = [
        migrations.AddField(
            model_name='rater',
            name='culture',
            field=models.CharField(blank=True, db_default='', default='', help_text='The one they say they belong to, with their consent; empty where nobody asked.', max_length=40),
        ),
        migrations.CreateModel(
            name='ItemPlaces',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('culture', models.CharField(help_text='As ``Rater.culture``.', max_length=40)),
                ('places', models.PositiveSmallIntegerField()),
                ('taken', models.PositiveSmallIntegerField(db_default=0, default=0)),
                ('item', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='places_by_culture', to='annotations.item')),
            ],
            options={
                'verbose_name_plural': 'item places',
                'ordering': ['item', 'culture'],
                'constraints': [models.UniqueConstraint(fields=('item', 'culture'), name='annotations_item_places_once'), models.CheckConstraint(condition=models.Q(('taken__lte', models.F('places'))), name='annotations_item_places_not_over')],
            },
        ),
        migrations.CreateModel(
            name='Mark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('dimension', models.CharField(max_length=80)),
                ('start', models.PositiveIntegerField()),
                ('end', models.PositiveIntegerField()),
                ('judgment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='marks', to='annotations.judgment')),
            ],
            options={
                'ordering': ['judgment', 'start', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('start__lt', models.F('end'))), name='annotations_mark_has_a_length')],
            },
        ),
    ]
