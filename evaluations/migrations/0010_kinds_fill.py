"""What the columns of the slider measure hold is copied to where every kind keeps it."""

import hashlib
import json

from django.db import migrations
from django.db.models import F

OWN = ("option_order", "answer_format", "item_set", "payoff_scale")


def key_of(cell, own):
    """`evaluations.instruments.base.condition_key`, as it was when this was written."""
    parts = {
        "target": cell.target_value,
        "with_goal": cell.with_goal,
        "induction": cell.induction,
        "value_place": cell.value_place,
        "own": own,
        "pack": cell.run.prompt_pack.sha256 if cell.run.prompt_pack else "",
        "frame": "",
    }
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def fill(apps, schema_editor):
    """Only rows that have not been copied yet; it can be done again at any time."""
    cell_model = apps.get_model("evaluations", "Cell")
    cells = cell_model.objects.filter(condition_key="").select_related("run__prompt_pack")
    filled = []
    for cell in cells.iterator(chunk_size=500):
        cell.condition = {name: getattr(cell, name) for name in OWN}
        cell.condition_key = key_of(cell, cell.condition)
        cell.target, cell.prompt_pack = cell.target_value, cell.run.prompt_pack
        filled.append(cell)
    names = ["condition", "condition_key", "target", "prompt_pack"]
    cell_model.objects.bulk_update(filled, names, batch_size=200)
    answers = apps.get_model("evaluations", "Answer").objects.filter(shown__isnull=True)
    answers.filter(shown_options__isnull=False).update(shown=F("shown_options"))


class Migration(migrations.Migration):
    dependencies = [("evaluations", "0009_kinds_expand")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
