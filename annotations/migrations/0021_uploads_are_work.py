import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


def into_pieces(apps, schema_editor):
    """A file that waits was looked at; its content, and what of it was rejected, become pieces."""
    Upload, UploadPiece = (apps.get_model("annotations", name) for name in ("Upload", "UploadPiece"))
    for pk in Upload.objects.values_list("pk", flat=True):
        upload = Upload.objects.get(pk=pk)
        for part, content in (("file", upload.content), ("rejects", upload.rejects)):
            if content := bytes(content):
                UploadPiece.objects.create(
                    upload=upload, part=part, name=upload.name, number=0, content=content
                )
        upload.found.pop("rejects", None)
        upload.size, upload.lines = len(bytes(upload.content)), bytes(upload.content).count(b"\n")
        if upload.what == "judgments":
            upload.options.setdefault("partial", False)
        upload.state, upload.share, upload.asked_at = "done", 1, upload.created_at
        upload.save()


class Migration(migrations.Migration):

    dependencies = [
        ("annotations", "0020_evidence_of_raters"),
    ]

    operations = [
        migrations.CreateModel(
            name="UploadPiece",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("part", models.CharField(choices=[("file", "the file"), ("beside", "a file that came with it"), ("rejects", "what of it cannot be taken, as it came"), ("reasons", "why, by row")], max_length=10)),
                ("name", models.CharField(blank=True, help_text="Of the file it is a piece of.", max_length=120)),
                ("number", models.PositiveIntegerField()),
                ("content", models.BinaryField()),
                ("upload", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="pieces", to="annotations.upload")),
            ],
            options={
                "ordering": ["upload", "part", "number"],
                "constraints": [models.UniqueConstraint(fields=("upload", "part", "number"), name="upload_piece_once")],
            },
        ),
        migrations.AddField("upload", "state", models.CharField(choices=[("queued", "queued"), ("running", "running"), ("done", "done"), ("failed", "failed")], default="queued", max_length=10)),
        migrations.AddField("upload", "error", models.TextField(blank=True, default="", help_text="Why it is not complete, in words."), preserve_default=False),
        migrations.AddField("upload", "attempts", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField("upload", "lease_owner", models.CharField(blank=True, default="", max_length=80), preserve_default=False),
        migrations.AddField("upload", "lease_expires_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("upload", "nudged_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("upload", "asked_at", models.DateTimeField(auto_now_add=True, default=django.utils.timezone.now), preserve_default=False),
        migrations.AddField("upload", "finished_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("upload", "share", models.FloatField(default=0, help_text="Share done, 0 to 1.")),
        migrations.AddField("upload", "doing", models.CharField(blank=True, default="", max_length=80), preserve_default=False),
        migrations.AddField("upload", "size", models.PositiveBigIntegerField(default=0, help_text="Bytes of all its files.")),
        migrations.AddField("upload", "lines", models.PositiveBigIntegerField(default=0, help_text="Line ends in the file.")),
        migrations.AddField("upload", "step", models.CharField(choices=[("look", "looking at the file"), ("import", "importing")], default="look", max_length=10)),
        migrations.AddField("upload", "made", models.CharField(blank=True, default="", help_text="Address of what it became.", max_length=300), preserve_default=False),
        migrations.AlterField("upload", "what", models.CharField(help_text="The key of a door for files.", max_length=20)),
        migrations.RunPython(into_pieces, migrations.RunPython.noop),
    ]
