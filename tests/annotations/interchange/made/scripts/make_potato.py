"""Annotations of Potato: three raters label over HTTP, as its page does; then its own exports.

pip install potato-annotation requests     # 2.12.1 made the files that stand here
python make_potato.py FOLDER
"""

import json
import subprocess
import sys
import time
from pathlib import Path

import requests
from words import LABELS, RATERS, TEXTS

FOLDER = Path(sys.argv[1]).resolve()
CONFIG = """annotation_task_name: stances
task_dir: .
data_files: [data/texts.jsonl]
item_properties: {id_key: id, text_key: text}
output_annotation_dir: annotation_output/
require_password: false
user_config: {allow_all_users: true, users: []}
annotation_schemes:
  - {annotation_type: radio, name: stance, description: Stance, labels: [agree, disagree, other]}
  - {annotation_type: text, name: why, description: Why}
"""
PORT = 8979
ADDRESS = f"http://127.0.0.1:{PORT}"


def label(rater, labels):
    session = requests.Session()
    session.post(f"{ADDRESS}/auth", data={"email": rater, "pass": "", "action": "login"})
    session.get(f"{ADDRESS}/annotate")
    for number, code in enumerate(labels):
        if (rater, number) == ("cem", 5):
            continue
        name = LABELS[code]
        annotations = {f"stance:{name}": name}
        if number == 2:
            annotations["why:text_box"] = "because, well"
        session.post(
            f"{ADDRESS}/updateinstance",
            json={"instance_id": f"t{number}", "annotations": annotations, "span_annotations": []},
        )
        session.post(
            f"{ADDRESS}/annotate", json={"action": "next_instance", "instance_id": f"t{number}"}
        )


(FOLDER / "data").mkdir(parents=True, exist_ok=True)
(FOLDER / "config.yaml").write_text(CONFIG)
(FOLDER / "data/texts.jsonl").write_text(
    "".join(
        json.dumps({"id": f"t{number}", "text": text}) + "\n" for number, text in enumerate(TEXTS)
    )
)
here = Path(sys.executable).parent
server = subprocess.Popen(
    [str(here / "potato"), "start", "config.yaml", "-p", str(PORT), "--host", "127.0.0.1"],
    cwd=FOLDER,
    stdout=(FOLDER / "log").open("w"),
    stderr=subprocess.STDOUT,
)
try:
    for _ in range(120):
        try:
            requests.get(ADDRESS)
            break
        except requests.ConnectionError:
            time.sleep(1)
    for rater, labels in RATERS.items():
        label(rater, labels)
finally:
    server.terminate()
    server.wait()
for form in ("jsonl", "csv"):
    subprocess.run(
        [
            str(here / "python"),
            "-m",
            "potato.export",
            "--config",
            "config.yaml",
            "--format",
            form,
            "--output",
            f"out-{form}",
        ],
        cwd=FOLDER,
    )
