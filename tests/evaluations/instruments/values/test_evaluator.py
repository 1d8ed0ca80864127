"""The trained evaluator: what it learns, how it is kept, how it is validated."""

import io
import pickle
import zipfile
from dataclasses import replace

import numpy as np
import pytest

from evaluations.instruments.values.circle import VALUES, in_order
from evaluations.instruments.values.dialogues import parse_dialogue
from evaluations.instruments.values.learning.cues import density
from evaluations.instruments.values.learning.evaluator import (
    FORMAT,
    FORMER,
    Evaluator,
    Learned,
    text_of,
    version_of,
)
from evaluations.instruments.values.learning.train import train
from evaluations.instruments.values.learning.validation import compared, cross_validated, fold_of
from evaluations.instruments.values.simulated import OPPOSED, SUPPORTED

HELD = ("security", "power", "benevolence")


def sayings(each=14):
    """Answers that support, oppose or leave out some values, whose words tell which."""
    texts, signs = [], []
    for turn in range(each):
        for at, value in enumerate(HELD):
            for said, sign in ((SUPPORTED, 1), (OPPOSED, -1)):
                texts.append(text_of(f"Prompt {turn}?", f"{said[value]} Number {turn}."))
                row = [0] * len(VALUES)
                row[VALUES.index(value)] = sign if at < 2 else abs(sign)
                signs.append(row)
    return texts, np.array(signs, dtype=np.int8)


@pytest.fixture(scope="module")
def learned():
    return train(*sayings())


def test_it_finds_what_it_was_shown(learned):
    texts, signs = sayings()
    assert (learned.predict(texts) == signs).mean() > 0.97
    new = text_of("What now?", SUPPORTED["security"])
    assert learned.predict([new])[0][VALUES.index("security")] == 1


def test_a_value_with_few_cases_is_not_learned_and_never_found(learned):
    assert set(learned.not_learned) == set(VALUES) - set(HELD)
    signs = learned.predict([text_of("?", OPPOSED["tradition"] + SUPPORTED["hedonism"])])
    assert signs[0][VALUES.index("hedonism")] == signs[0][VALUES.index("tradition")] == 0


def test_too_few_answers_are_refused_with_what_is_needed():
    with pytest.raises(ValueError, match="no value has 10 answers"):
        train(*sayings(each=4))


def test_it_is_kept_and_read_back_as_it_was(learned):
    content = learned.to_bytes()
    back = Evaluator.from_bytes(content)
    texts, _ = sayings()
    assert (back.predict(texts) == learned.predict(texts)).all()
    assert back.to_bytes() == content
    assert version_of(train(*sayings()).to_bytes()) == version_of(content)


@pytest.mark.parametrize("content", [b"", b"PK", pickle.dumps({"a": 1})])
def test_what_is_no_evaluator_is_refused_and_never_run(content):
    with pytest.raises(ValueError, match="this is no trained evaluator"):
        Evaluator.from_bytes(content)


def test_words_that_speak_of_a_value_speak_for_it(learned):
    of_benevolence = learned.values["benevolence"]
    weights = of_benevolence.weights[of_benevolence.classes.index(1), -len(VALUES) :]
    assert weights.argmax() == VALUES.index("benevolence") and weights.max() > 0


def test_cues_are_counted_by_words_and_by_length():
    (none, one, longer) = density(["", "Be safe.", "Be safe " + "and so on " * 10])
    at = VALUES.index("security")
    assert not none.any() and one[at] == pytest.approx(np.log1p(100 / 12))
    assert 0 < longer[at] < one[at] and np.count_nonzero(one) == 1


def test_one_of_the_former_form_is_read_and_has_no_cues(learned):
    older = replace(
        learned,
        cues=np.zeros(0),
        values={
            value: Learned(one.classes, one.weights[:, : -len(VALUES)], one.constants)
            for value, one in learned.values.items()
        },
    )
    content = rewritten(older.to_bytes(), FORMER)
    back = Evaluator.from_bytes(content)
    texts, _ = sayings(2)
    assert not len(back.cues) and (back.predict(texts) == older.predict(texts)).all()


def rewritten(content, form):
    """The same evaluator as the former release wrote it: another name of the form, no cues."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            if name != "cues.npy":
                new.writestr(name, old.read(name).replace(FORMAT.encode(), form.encode()))
    return buffer.getvalue()


def test_no_text_has_no_signs(learned):
    assert learned.predict([]).shape == (0, len(VALUES))


def test_answers_to_one_prompt_are_in_one_fold():
    texts, signs = sayings()
    prompts = [text.split("\n")[0] for text in texts]
    assert len({fold_of(prompt) for prompt in prompts}) > 1
    found = cross_validated(prompts, texts, signs)
    assert found.accuracy > found.always_zero and found.f1_supports > 0.8
    assert found.measured == ("power", "security", "benevolence")


def test_figures_of_a_table_that_can_be_counted():
    signs = np.zeros((40, 10), dtype=np.int8)
    signs[:20, 0] = 1
    said = signs.copy()
    said[:5, 0], said[39, 0], said[0, 1] = 0, 1, -1
    found = compared(said, signs)
    assert found.accuracy == pytest.approx(1 - 7 / 400)
    assert found.always_zero == pytest.approx(0.95)
    assert found.values[0].f1_supports == pytest.approx(2 * 15 / (16 + 20))
    assert found.values[0].prevalence == pytest.approx(0.5)
    assert found.values[1].f1_supports is None and "stimulation" in found.left_out


@pytest.mark.shared_data
def test_on_public_rows_it_has_not_seen_it_is_far_better_than_always_zero(shared_data):
    lines = (shared_data / "fulcra_trustworthy_dev.jsonl").read_text("utf-8").splitlines()
    rows = [row for row in map(parse_dialogue, lines) if row.labels]
    signs = np.array([in_order(row.labels.vector) for row in rows], dtype=np.int8)
    texts = [text_of(row.prompt, row.answer) for row in rows]
    new = np.array([fold_of(row.prompt) == 0 for row in rows])
    learned = train([text for text, out in zip(texts, new, strict=True) if not out], signs[~new])
    said = learned.predict([text for text, out in zip(texts, new, strict=True) if out])
    found = compared(said, signs[new])
    assert found.accuracy >= 0.88 and found.always_zero < 0.76
    assert found.f1_supports >= 0.6
