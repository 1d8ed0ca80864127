"""Records of Argilla, written by its own client without a server (argilla 2.8.0).

`dataset.records.to_json` fetches records of a server and hands them to the class used here, and
`to_list(flatten=True)` to another one; a server needs Elasticsearch, which could not be run where
these files were made.

    pip install argilla
    python make_argilla.py FOLDER
"""

import json
import sys
import uuid
from pathlib import Path

import argilla as rg
from argilla.records._io import GenericIO, JsonIO
from words import LABELS, RATERS, TEXTS

FOLDER = Path(sys.argv[1])
USERS = {name: uuid.uuid5(uuid.NAMESPACE_DNS, name) for name in RATERS}


def record(number, text):
    responses = []
    for name, labels in RATERS.items():
        gone = (name, number) == ("cem", 5)
        responses.append(
            rg.Response(
                "stance",
                LABELS[labels[number]],
                USERS[name],
                status="discarded" if gone else "submitted",
            )
        )
        responses.append(
            rg.Response(
                "sure", 1 + number % 5, USERS[name], status="discarded" if gone else "submitted"
            )
        )
        if number == 2:
            responses.append(rg.Response("why", "because, well", USERS[name], status="submitted"))
    guess = rg.Suggestion("stance", LABELS[RATERS["ann"][number]], score=0.5, agent="words-1")
    return rg.Record(
        id=f"t{number}",
        fields={"text": text},
        metadata={"model": "own-words"},
        responses=responses,
        suggestions=[guess],
    )


records = [record(number, text) for number, text in enumerate(TEXTS)]
records.append(rg.Record(id="t6", fields={"text": "Nobody labelled this."}))
FOLDER.mkdir(parents=True, exist_ok=True)
JsonIO.to_json(records, FOLDER / "argilla-records.json")
flat = GenericIO.to_list(records, flatten=True)
(FOLDER / "argilla-flat.json").write_text(json.dumps(flat, indent=1))
