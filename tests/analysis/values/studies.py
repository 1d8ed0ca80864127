"""Studies of answers judged by ten values, for the tests of the analysis."""

import json
from pathlib import Path

from django.core.management import call_command

from annotations.models import Study
from evaluations.instruments.values.circle import VALUES


def labelled_study(folder: Path) -> Study:
    """Twelve answers of two models that two people labelled, who differ on every fourth; in the
    project 'lab'."""
    file = folder / "said.jsonl"
    for name, shift in (("first", 0), ("second", 1)):
        said = [
            {
                "id": f"q{turn}",
                "prompt": f"Question {turn}?",
                "answer": f"Answer {turn}.",
                "model": f"m{turn % 2}",
                "value_types": [f"{VALUES[(turn + shift * (turn % 4 == 0)) % 3]}: +1"],
            }
            for turn in range(12)
        ]
        file.write_text("\n".join(map(json.dumps, said)), "utf-8")
        options = ("--project", "lab", "--run", "said", "--labels-as", name)
        call_command("import_dialogues", str(file), *options)
    return Study.objects.get()
