"""Trials out of the files of other programs: what is read, and what is named that is not."""

import json
import shutil
import zipfile

import pytest

from evaluations.definitions.catalogue import SHIPPED
from evaluations.files.trial_files import parse_object
from evaluations.instruments.kinds import parse_instrument
from evaluations.interchange import inspect_ai
from evaluations.interchange.found import Broken, Trial
from evaluations.interchange.looked_at import look_at
from evaluations.text.table_words import RejectedFile
from tests.evaluations.interchange.fixtures import (
    EVAL,
    LOG,
    RESULTS,
    SAMPLES,
    TRIALS,
    broken_in,
    format_of,
    found_in,
)


@pytest.mark.parametrize(
    ("file", "key"),
    [(EVAL, "inspect-ai"), (LOG, "inspect-ai"), (SAMPLES, "lm-eval"), (TRIALS, "parquet")],
)
def test_a_file_is_recognised_by_its_content_whatever_its_name(file, key, tmp_path):
    other = tmp_path / "data.bin"
    shutil.copy(file, other)
    assert format_of(other) == key


@pytest.mark.parametrize(
    "content",
    [b"", b"\n", b"a,b\n1,2\n", b"[1, 2]", b"{}", b'{"model": "m"}\n', b"\x00\xff", b"[[[[", b"{"],
)
def test_another_file_is_none_of_them(content, tmp_path):
    file = tmp_path / "log.eval"
    file.write_bytes(content)
    assert format_of(file) == ""


# --- inspect_ai -----------------------------------------------------------------------------------


def test_samples_of_an_archive_are_trials_by_their_epochs():
    found = found_in(EVAL)
    assert [one.place for one in found] == [
        "sample s1, epoch 1",
        "sample s1, epoch 2",
        "sample s2, epoch 1",
        "sample s2, epoch 2",
    ]
    assert [one.fields["trial"] for one in found] == [0, 1, 0, 1]
    assert {one.fields["model"] for one in found} == {"mockllm/own-words"}
    assert [one.fields["target_value"] for one in found] == ["prosocial"] * 2 + ["altruistic"] * 2


def test_archive_and_json_say_the_same_conversation():
    archived, plain = found_in(EVAL)[2], found_in(LOG)[1]
    assert archived.place == plain.place == "sample s2, epoch 1"
    assert archived.fields["messages"] == plain.fields["messages"]
    first, second = archived.fields["messages"][:2]
    assert first == {"role": "system", "content": "You take part in a study."}
    assert second["step"] == "induction"
    assert "the other person gets 85" in archived.fields["messages"][5]["content"]


def test_what_scorers_said_is_kept_with_the_trial():
    kept = found_in(LOG)[0].fields["parameters"]["inspect_ai"]
    assert kept["scores"] == {"caring": "prosocial", "match": "I"} and kept["task"] == "slider"


def changed_log(tmp_path, change):
    log = json.loads(LOG.read_text("utf-8"))
    change(log["samples"][0])
    file = tmp_path / "log.json"
    file.write_text(json.dumps(log), "utf-8")
    return file


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda one: one.update(messages=None), "holds no messages"),
        (lambda one: one.update(error={"message": "out of luck"}), "out of luck"),
        (lambda one: one["messages"][1].update(role="tool"), "of the role 'tool'"),
        (lambda one: one["messages"][1].update(tool_calls=[{"id": "1"}]), "calls a tool"),
        (lambda one: one["messages"][1].update(content=[{"type": "image"}]), "holds image"),
        (lambda one: one["messages"][1].update(content=None), "holds nothing"),
    ],
)
def test_a_sample_that_cannot_be_taken_is_named_and_the_others_are_read(tmp_path, change, reason):
    found = found_in(changed_log(tmp_path, change))
    broken = [one for one in found if isinstance(one, Broken)]
    assert len(broken) == 1 and reason in broken[0].reason
    assert [one.place for one in found if isinstance(one, Trial)] == ["sample s2, epoch 1"]


def test_reasoning_is_no_part_of_what_was_said(tmp_path):
    parts = [{"type": "reasoning", "reasoning": "hm"}, {"type": "text", "text": "I will."}]
    file = changed_log(tmp_path, lambda one: one["messages"][1].update(content=parts))
    assert found_in(file)[0].fields["messages"][1]["content"] == "I will."


def test_not_a_number_in_a_log_is_nothing_said(tmp_path):
    file = changed_log(tmp_path, lambda one: one["scores"]["caring"].update(value=float("nan")))
    kept = found_in(file)[0].fields["parameters"]["inspect_ai"]
    assert kept["scores"]["caring"] is None


def test_a_truncated_archive_says_so(tmp_path):
    file = tmp_path / "cut.eval"
    file.write_bytes(EVAL.read_bytes()[:9000])
    looked = look_at(file)
    assert "damaged or cut off" in looked.damage and format_of(file) == ""


def test_a_damaged_member_is_named_and_the_others_are_read(tmp_path):
    content = bytearray(EVAL.read_bytes())
    with zipfile.ZipFile(EVAL) as archive:
        start = archive.getinfo("samples/s1_epoch_2.json").header_offset
    content[start + 200 : start + 260] = bytes(60)
    file = tmp_path / "damaged.eval"
    file.write_bytes(content)
    ((place, reason),) = broken_in(file)
    assert place == "sample s1_epoch_2" and ("unpacked" in reason or "damaged" in reason)


def test_hostile_names_in_an_archive_write_nothing(tmp_path):
    file = tmp_path / "hostile.eval"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("header.json", json.dumps({"eval": {"model": "m"}}))
        archive.writestr("samples/../../../outside.json", "{")
        archive.writestr("/etc/elsewhere", "x")
    ((place, reason),) = broken_in(file)
    assert place == "sample ../../../outside" and "is not JSON" in reason
    assert [path.name for path in tmp_path.rglob("*")] == ["hostile.eval"]


def test_a_log_that_was_cut_off_keeps_the_samples_it_has(tmp_path):
    file = tmp_path / "cut.json"
    text = LOG.read_text("utf-8")
    file.write_text(text[: text.index('"id": "s2"')], "utf-8")
    read, looked = [], look_at(file)
    with pytest.raises(RejectedFile, match="is no JSON from character"):
        for one in inspect_ai.trials(looked):
            read.append(one.place)
    assert read == ["sample s1, epoch 1"]


# --- lm-evaluation-harness ------------------------------------------------------------------------


def test_each_repeat_of_a_document_is_a_trial():
    found = found_in(SAMPLES)
    assert len(found) == 6
    assert [one.fields["trial"] for one in found] == [0, 1] * 3
    assert found[0].place == "line 1 (document 0), answer 1"
    assert {one.fields["model"] for one in found} == {"own/words-1"}
    question, answer = found[2].fields["messages"]
    assert question["role"] == "user" and question["item"] == 2
    assert answer["content"] == "I choose A, as it gives both the most."
    assert found[0].fields["parameters"]["lm_eval"]["exact_match"] == 1.0


def beside_results(tmp_path, lines):
    shutil.copy(RESULTS, tmp_path / RESULTS.name)
    file = tmp_path / SAMPLES.name
    file.write_bytes(lines)
    return file


def test_samples_without_their_results_do_not_tell_the_model(tmp_path):
    file = tmp_path / SAMPLES.name
    shutil.copy(SAMPLES, file)
    with pytest.raises(RejectedFile, match=RESULTS.name):
        found_in(file)


def test_likelihoods_are_no_answers(tmp_path):
    sample = json.loads(SAMPLES.read_text("utf-8").splitlines()[0])
    lines = SAMPLES.read_bytes() + json.dumps(sample | {"resps": [[[-1.5, True]]]}).encode()
    ((place, reason),) = broken_in(beside_results(tmp_path, lines))
    assert place == "line 4 (document 0)" and "compares likelihoods" in reason


def test_broken_lines_are_named_and_the_others_are_read(tmp_path):
    lines = SAMPLES.read_bytes() + b'{"doc_id": \xff}\n{"doc_id": 1\n{}\n'
    found = broken_in(beside_results(tmp_path, lines))
    assert [place for place, _ in found] == ["line 4", "line 5", "line 6"]
    assert [len(found_in(beside_results(tmp_path, lines)))] == [9]


def test_a_line_of_ten_megabytes_is_a_line(tmp_path):
    sample = json.loads(SAMPLES.read_text("utf-8").splitlines()[0])
    sample["resps"] = [["A" * 10_000_000]]
    lines = SAMPLES.read_bytes() + json.dumps(sample).encode() + b"\n"
    last = found_in(beside_results(tmp_path, lines))[-1]
    assert len(last.fields["messages"][-1]["content"]) == 10_000_000


# --- rows -----------------------------------------------------------------------------------------


def test_rows_of_parquet_are_trials():
    found = found_in(TRIALS)
    assert [one.place for one in found] == ["row 1", "row 2"]
    assert found[1].fields["trial"] == 1 and len(found[1].fields["messages"]) == 4


def test_damaged_parquet_is_refused(tmp_path):
    file = tmp_path / "cut.parquet"
    file.write_bytes(TRIALS.read_bytes()[:2000])
    assert format_of(file) == ""


# --- all of them ----------------------------------------------------------------------------------


@pytest.mark.parametrize("file", [EVAL, LOG, SAMPLES, TRIALS], ids=lambda file: file.name)
def test_every_trial_of_a_real_file_can_be_taken(file):
    text = (SHIPPED / "instruments" / "svo-slider.json").read_text("utf-8")
    instrument = parse_instrument(json.loads(text), "svo-slider")
    taken = [parse_object(one.fields, instrument) for one in found_in(file)]
    assert taken and all(turn.text for trial in taken for turn in trial.turns)
