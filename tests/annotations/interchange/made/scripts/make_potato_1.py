"""Annotations of the first version of Potato: its own state and writers, in one process.

pip install potato-annotation==1.2.2.4
python make_potato_1.py FOLDER
"""

import sys
from pathlib import Path

from potato import flask_server as potato
from words import LABELS, RATERS, TEXTS

FOLDER = Path(sys.argv[1]).resolve()
FOLDER.mkdir(parents=True, exist_ok=True)
DATA = {f"t{n}": {"id": f"t{n}", "displayed_text": text} for n, text in enumerate(TEXTS)}
SCHEMA_TO_LABELS = {"stance": LABELS, "why": ["text_box"]}

potato.instance_id_to_data = DATA
potato.user_to_annotation_state = {}
potato.config.update({"output_annotation_dir": str(FOLDER), "annotation_schemes": []})
for rater, codes in RATERS.items():
    state = potato.UserAnnotationState(DATA)
    for number, code in enumerate(codes):
        if (rater, number) == ("cem", 5):
            continue
        name = LABELS[code]
        labels = {"stance": {name: name}}
        if number == 2:
            labels["why"] = {"text_box": "because, well"}
        state.set_annotation(f"t{number}", labels, [], {"time_string": "Time spent: 0d 0h 0m 4s"})
    potato.user_to_annotation_state[rater] = state
for form in ("jsonl", "csv", "tsv"):
    potato.config["output_annotation_format"] = form
    potato.save_all_annotations()
for rater in RATERS:
    potato.save_user_state(rater)
