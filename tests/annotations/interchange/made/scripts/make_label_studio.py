"""Exports of Label Studio: raters of a project label in a running server, over its own API.

    pip install label-studio        # 1.23.2 made the files that stand here
    label-studio start --no-browser --port 8977 --username ann@example.org --password ... \
        --user-token TOKEN --enable-legacy-api-token
    python make_label_studio.py http://127.0.0.1:8977 TOKEN FOLDER
"""

import json
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from words import LABELS, RATERS, TEXTS

ADDRESS, TOKEN, FOLDER = sys.argv[1], sys.argv[2], Path(sys.argv[3])
CONFIG = """<View><Text name="text" value="$text"/>
<Choices name="stance" toName="text" choice="single">
  <Choice value="agree"/><Choice value="disagree"/><Choice value="other"/>
</Choices>
<Rating name="sure" toName="text" maxRating="5"/>
<TextArea name="why" toName="text"/></View>"""


def call(path, body=None, method=None):
    request = urllib.request.Request(
        f"{ADDRESS}/api/{path}",
        None if body is None else json.dumps(body).encode(),
        {"Authorization": f"Token {TOKEN}", "Content-Type": "application/json"},
        method=method,
    )
    with urllib.request.urlopen(request) as answer:
        return answer.read()


def result(label, sure, why):
    found = [
        {
            "from_name": "stance",
            "to_name": "text",
            "type": "choices",
            "value": {"choices": [LABELS[label]]},
        },
        {"from_name": "sure", "to_name": "text", "type": "rating", "value": {"rating": sure}},
    ]
    if why:
        found.append(
            {"from_name": "why", "to_name": "text", "type": "textarea", "value": {"text": [why]}}
        )
    return found


users = {}
for name in RATERS:
    try:
        made = call(
            "users/",
            {"email": f"{name}-2@example.org", "username": name, "password": "long-enough-1"},
        )
        users[name] = json.loads(made)["id"]
    except urllib.error.HTTPError as error:
        sys.exit(f"{name}: {error.read().decode()[:300]}")
project = json.loads(call("projects", {"title": "stances", "label_config": CONFIG}))["id"]
tasks = [
    {
        "data": {"text": text, "id": f"t{number}", "model": "own-words"},
        "predictions": [
            {
                "model_version": "words-1",
                "score": 0.5,
                "result": result(RATERS["ann"][number], 3, ""),
            }
        ],
        "annotations": [
            {
                "completed_by": users[rater],
                "lead_time": 3.5 + number + count,
                "was_cancelled": number == 5 and rater == "cem",
                "result": result(
                    labels[number], 1 + (number + count) % 5, "because, well" if number == 2 else ""
                ),
            }
            for count, (rater, labels) in enumerate(RATERS.items())
        ],
    }
    for number, text in enumerate(TEXTS)
]
tasks.append({"data": {"text": "Nobody labelled this.", "id": "t6", "model": "own-words"}})
call(f"projects/{project}/import", tasks)
FOLDER.mkdir(parents=True, exist_ok=True)
for form in ("JSON", "JSON_MIN"):
    (FOLDER / f"label-studio-{form.lower()}.json").write_bytes(
        call(f"projects/{project}/export?exportType={form}&download_all_tasks=true")
    )

# What the export by its plain address gives by their numbers alone: predictions, and people.
whole = {"predictions": {"only_id": False}, "annotations__completed_by": {"only_id": False}}
snapshot = json.loads(
    call(f"projects/{project}/exports/", {"title": "whole", "serialization_options": whole})
)["id"]
while json.loads(call(f"projects/{project}/exports/{snapshot}"))["status"] != "completed":
    time.sleep(1)
(FOLDER / "label-studio-snapshot.json").write_bytes(
    call(f"projects/{project}/exports/{snapshot}/download?exportType=JSON")
)
