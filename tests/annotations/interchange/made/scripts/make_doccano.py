"""Exports of doccano: three people label in a running server, over its own API.

pip install doccano "marshmallow<4" "setuptools<80" "numpy<2"     # 1.8.4 made what stands here
doccano init && doccano createuser --username ann --password ...  # likewise bob and cem
doccano webserver --port 8978 & doccano task &
python make_doccano.py http://127.0.0.1:8978 FOLDER
"""

import sys
import time
from pathlib import Path

import requests
from words import LABELS, RATERS, TEXTS

ADDRESS, FOLDER = sys.argv[1], Path(sys.argv[2])


def signed_in(name):
    session = requests.Session()
    session.post(
        f"{ADDRESS}/v1/auth/login/", {"username": name, "password": f"secret-of-{name}-1"}
    ).raise_for_status()
    session.headers["X-CSRFToken"] = session.cookies.get("csrftoken", "")
    return session


def ok(answer):
    assert answer.ok, (answer.url, answer.status_code, answer.text[:400])
    return answer.json()


admin = signed_in("ann")
FOLDER.mkdir(parents=True, exist_ok=True)
for kind, collaborative in (("per-rater", False), ("shared", True)):
    project = ok(
        admin.post(
            f"{ADDRESS}/v1/projects",
            json={
                "name": f"stances {kind}",
                "description": "own words",
                "project_type": "DocumentClassification",
                "guideline": "",
                "resourcetype": "TextClassificationProject",
                "collaborative_annotation": collaborative,
                "single_class_classification": True,
            },
        )
    )["id"]
    base = f"{ADDRESS}/v1/projects/{project}"
    types = {
        label: ok(admin.post(f"{base}/category-types", json={"text": label}))["id"]
        for label in LABELS
    }
    examples = [
        ok(
            admin.post(
                f"{base}/examples",
                json={
                    "text": text,
                    "meta": {"model": "own-words"},
                    "upload_name": f"t{n}",
                    "filename": f"t{n}",
                },
            )
        )["id"]
        for n, text in enumerate(TEXTS)
    ]
    roles = {role["name"]: role["id"] for role in ok(admin.get(f"{ADDRESS}/v1/roles"))}
    users = {user["username"]: user["id"] for user in ok(admin.get(f"{ADDRESS}/v1/users"))}
    for name, labels in RATERS.items():
        if name != "ann":
            ok(
                admin.post(
                    f"{base}/members", json={"user": users[name], "role": roles["annotator"]}
                )
            )
        if collaborative and name != "ann":
            continue
        session = signed_in(name)
        for number, code in enumerate(labels):
            if (name, number) != ("cem", 5):
                ok(
                    session.post(
                        f"{base}/examples/{examples[number]}/categories",
                        json={"label": types[LABELS[code]]},
                    )
                )
        ok(
            session.post(
                f"{base}/comments?example={examples[2]}",
                json={"text": "because, well", "example": examples[2]},
            )
        )
    formats = [form["name"] for form in ok(admin.get(f"{base}/download-format"))]
    for form in ("JSONL", "JSON"):
        task = ok(admin.post(f"{base}/download", json={"format": form, "exportApproved": False}))[
            "task_id"
        ]
        for _ in range(60):
            answer = admin.get(f"{base}/download", params={"taskId": task})
            status = ok(admin.get(f"{ADDRESS}/v1/tasks/status/{task}"))
            if status["ready"]:
                break
            time.sleep(1)
        answer = admin.get(f"{base}/download", params={"taskId": task})
        assert answer.ok, answer.text[:300]
        (FOLDER / f"doccano-{kind}-{form.lower()}.zip").write_bytes(answer.content)
