from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("annotations", "0021_uploads_are_work"),
    ]

    operations = [
        migrations.RemoveField("upload", "content"),
        migrations.RemoveField("upload", "rejects"),
    ]
