"""Folders of Hugging Face datasets (datasets 5.2.0): saved, and as Parquet of a hub.

pip install datasets
python make_datasets.py FOLDER
"""

import sys
from pathlib import Path

from datasets import ClassLabel, Dataset, DatasetDict, Features, Value
from words import LABELS, RATERS, TEXTS

FOLDER = Path(sys.argv[1])
rows = [
    {
        "item": f"t{number}",
        "rater": rater,
        "value": labels[number],
        "text": text,
        "confidence": 1 + number % 5,
        "model": "own-words",
    }
    for number, text in enumerate(TEXTS)
    for rater, labels in RATERS.items()
]
features = Features(
    {
        "item": Value("string"),
        "rater": Value("string"),
        "value": ClassLabel(names=LABELS),
        "text": Value("string"),
        "confidence": Value("int32"),
        "model": Value("string"),
    }
)
judgments = Dataset.from_list(rows, features=features)
judgments.save_to_disk(FOLDER / "saved", num_shards=2)
DatasetDict({"train": judgments}).save_to_disk(FOLDER / "splits")
(FOLDER / "hub/data").mkdir(parents=True, exist_ok=True)
judgments.to_parquet(FOLDER / "hub/data/train-00000-of-00001.parquet")
(FOLDER / "hub/README.md").write_text("---\nlicense: cc0-1.0\n---\n# Stances\n")


def shown(options):
    return "Which option?\n" + "\n".join(
        f"{letter}: you get {one}, the other person gets {two}"
        for letter, (one, two) in zip("ABCDEFGHI", options, strict=False)
    )


items = [
    [(85, other) for other in (85, 76, 68, 59, 50, 41, 33, 24, 15)],
    list(
        zip(
            (85, 87, 89, 91, 93, 94, 96, 98, 100),
            (15, 19, 24, 28, 33, 37, 41, 46, 50),
            strict=False,
        )
    ),
]
trials = [
    {
        "model": "own/words-1",
        "target_value": "prosocial",
        "trial": trial,
        "messages": [
            message
            for options in items
            for message in (
                {"role": "user", "content": shown(options)},
                {"role": "assistant", "content": "I choose A."},
            )
        ],
    }
    for trial in range(2)
]
Dataset.from_list(trials).to_parquet(FOLDER / "trials.parquet")
