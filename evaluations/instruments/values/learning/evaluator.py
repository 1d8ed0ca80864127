"""An evaluator trained on people's labels: which of the ten values an answer supports or opposes.

Word 1-2-grams and character 3-5-grams by TF-IDF and the density of words that speak of each value,
with a weight for each of them and each sign of a value (`learning` makes these). It is kept as
numbers and text, in a form that runs no code when it is read. Pure: no database.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evaluations.instruments.values.circle import VALUES
from evaluations.instruments.values.learning.cues import density

FORMAT = "valuecheck-evaluator/2"
FORMER = "valuecheck-evaluator/1"
"""Without cues; still read."""
KINDS: Mapping[str, Mapping[str, Any]] = {
    "words": {"analyzer": "word", "ngram_range": (1, 2)},
    "characters": {"analyzer": "char_wb", "ngram_range": (3, 5)},
}
MOST_FEATURES = 40_000
CUE_WEIGHT = 0.1
"""SD of the density of the words of a value, beside TF-IDF rows of length 1; chosen on the public
rows by cross-validation."""

Signs = NDArray[np.int8]
"""Answers x the ten values in the order of the circle: -1, 0 or 1."""


def text_of(prompt: str, answer: str) -> str:
    """What is read of a dialogue."""
    return f"{prompt}\n{answer}"


@dataclass(frozen=True)
class Learned:
    """What was learned of one value: the classes, and for each the weights of the features and a
    constant; the largest sum decides."""

    classes: tuple[int, ...]
    weights: NDArray[np.float32]
    constants: NDArray[np.float32]


@dataclass(frozen=True)
class Evaluator:
    """`vocabulary`, `idf`: of each kind of feature; `values`: what was learned, by value; `cues`:
    by what the density of each value's words is multiplied, empty for an evaluator without them.
    A value that is not in it had too few cases, and is not involved in any answer (0)."""

    vocabulary: Mapping[str, tuple[str, ...]]
    idf: Mapping[str, NDArray[np.float64]]
    values: Mapping[str, Learned]
    cues: NDArray[np.float64]

    @property
    def not_learned(self) -> tuple[str, ...]:
        return tuple(value for value in VALUES if value not in self.values)

    def predict(self, texts: Sequence[str]) -> Signs:
        """The signs of each text."""
        found = np.zeros((len(texts), len(VALUES)), dtype=np.int8)
        if not texts or not self.values:
            return found
        features = self._features(texts)
        for value, learned in self.values.items():
            decided = np.asarray(features @ learned.weights.T) + learned.constants
            found[:, VALUES.index(value)] = np.array(learned.classes)[decided.argmax(axis=1)]
        return found

    def _features(self, texts: Sequence[str]) -> Any:
        from scipy.sparse import csr_matrix, hstack

        parts = [self._vectorizer(kind).transform(texts) for kind in KINDS]
        if len(self.cues):
            parts.append(csr_matrix(density(texts) * self.cues))
        return hstack(parts, format="csr")

    def _vectorizer(self, kind: str) -> Any:
        made = vectorizer(kind, {word: at for at, word in enumerate(self.vocabulary[kind])})
        made.idf_ = self.idf[kind]
        return made

    def to_bytes(self) -> bytes:
        """As it is kept: a ZIP file of JSON and of arrays without objects."""
        told = {"format": FORMAT, "vocabulary": {k: list(v) for k, v in self.vocabulary.items()}}
        told["values"] = {value: list(known.classes) for value, known in self.values.items()}
        arrays: dict[str, NDArray[Any]] = {f"idf {kind}": idf for kind, idf in self.idf.items()}
        arrays["cues"] = self.cues
        for value, known in self.values.items():
            arrays[f"weights {value}"], arrays[f"constants {value}"] = (
                known.weights,
                known.constants,
            )
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
            _write(packed, "evaluator.json", json.dumps(told, ensure_ascii=False).encode())
            for name, array in arrays.items():
                held = io.BytesIO()
                np.save(held, array, allow_pickle=False)
                _write(packed, f"{name}.npy", held.getvalue())
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> "Evaluator":
        """Read what `to_bytes` wrote; no code in it is run. Raises ValueError for anything else."""
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as packed:
                told = json.loads(packed.read("evaluator.json"))
                if told["format"] not in (FORMAT, FORMER):
                    raise ValueError(f"format is {told['format']!r}, must be {FORMAT!r}")

                def array(name: str) -> Any:
                    return np.load(io.BytesIO(packed.read(f"{name}.npy")), allow_pickle=False)

                return cls(
                    {kind: tuple(told["vocabulary"][kind]) for kind in KINDS},
                    {kind: array(f"idf {kind}") for kind in KINDS},
                    {
                        value: Learned(
                            tuple(classes), array(f"weights {value}"), array(f"constants {value}")
                        )
                        for value, classes in told["values"].items()
                    },
                    array("cues") if told["format"] == FORMAT else np.zeros(0),
                )
        except (KeyError, zipfile.BadZipFile, json.JSONDecodeError) as error:
            raise ValueError(f"this is no trained evaluator ({error})") from None


def _write(packed: zipfile.ZipFile, name: str, content: bytes) -> None:
    """With a fixed date: the same evaluator is the same bytes."""
    packed.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)


def version_of(content: bytes) -> str:
    """The version of what was trained: 12 characters of a hash."""
    return hashlib.sha256(content).hexdigest()[:12]


def vectorizer(kind: str, vocabulary: Mapping[str, int] | None = None) -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(
        **KINDS[kind],
        lowercase=True,
        sublinear_tf=True,
        min_df=1 if vocabulary else 2,
        max_features=None if vocabulary else MOST_FEATURES,
        vocabulary=vocabulary,
    )
