import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('annotations', '0011_declared_of_items'),
    ]

    operations = [
        migrations.AddField(
            model_name='identity',
            name='browser',
            field=models.CharField(blank=True, db_default='', default='', help_text='The browser or framed session the part belongs to, as a keyed number.', max_length=64),
        ),
        migrations.AddField(
            model_name='identity',
            name='earlier_parameters',
            field=models.JSONField(blank=True, default=list, help_text='What it sent before, where it changed; oldest first.'),
        ),
        migrations.AddField(
            model_name='invitation',
            name='below',
            field=models.CharField(blank=True, db_default='', default='', help_text='For who judged too few.', max_length=300),
        ),
        migrations.AddField(
            model_name='invitation',
            name='declined',
            field=models.CharField(blank=True, db_default='', default='', help_text='For who does not consent.', max_length=300),
        ),
        migrations.AddField(
            model_name='study',
            name='least_judged',
            field=models.PositiveIntegerField(db_default=1, default=1, help_text='Items to judge for the completion code, fewer where nothing is left to judge.'),
        ),
        migrations.AddField(
            model_name='study',
            name='most_skipped',
            field=models.PositiveIntegerField(blank=True, help_text='Items that may be skipped for the completion code; empty for no limit.', null=True),
        ),
        migrations.AlterField(
            model_name='rater',
            name='stage',
            field=models.CharField(choices=[('consent', 'consent'), ('own_measure', 'own slider measure'), ('instructions', 'instructions'), ('practice', 'practice'), ('qualification', 'qualification'), ('judging', 'judging'), ('done', 'done'), ('below', 'done, below what the study asks for'), ('refused', 'consent refused'), ('screened_out', 'not qualified'), ('failed_attention', 'failed attention checks'), ('withdrawn', 'withdrawn')], default='judging', max_length=16),
        ),
        migrations.CreateModel(
            name='TakenPart',
            fields=[
                ('mark', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('study', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='taken_parts', to='annotations.study')),
            ],
        ),
    ]
