"""What was uploaded or used by one project alone is that project's own from here on.

Who uploaded a definition in the browser stands in the audit trail. One that came by command is of
the project whose runs use it. What several projects use, nobody uses, or comes with the site stays
shared.
"""

from django.db import migrations

SHIPPED = ("svo-slider", "plain-en", "svo-orientation-en")
"""Keys of what came with the site when this was written."""


def fill(apps, schema_editor):
    events = apps.get_model("accounts", "AuditEvent").objects.filter(verb="add definition")
    for name in ("Instrument", "PromptPack", "Rubric"):
        model = apps.get_model("evaluations", name)
        for row in model.objects.exclude(key__in=SHIPPED):
            uploaded = events.filter(
                subject_type=f"evaluations.{name.lower()}", subject_id=str(row.pk)
            )
            users = set(uploaded.values_list("project", flat=True))
            if name == "Rubric":
                scorings = apps.get_model("evaluations", "Scoring").objects.filter(rubric=row)
                users |= set(scorings.values_list("run__project", flat=True))
            else:
                field = "instrument" if name == "Instrument" else "prompt_pack"
                runs = apps.get_model("evaluations", "Run").objects.filter(**{field: row})
                users |= set(runs.values_list("project", flat=True))
            if len(users) == 1:
                model.objects.filter(pk=row.pk).update(project=users.pop())


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_trail_without_project"),
        ("evaluations", "0004_definitions_of_projects"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
