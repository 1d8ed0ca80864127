import json
import re
from collections import Counter
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AuditEvent, Project
from evaluations.definitions.catalogue import SHIPPED, instrument
from evaluations.files.importing import import_trials
from evaluations.models import Answer, Cell, Endpoint, Run, Score, Trial, Turn

pytestmark = pytest.mark.django_db

SMOLLM2 = SHIPPED / "smollm2"
NAMES = ("free", "grammar", "reversed")


def lines_of(name):
    return (SMOLLM2 / f"smollm2_trials_{name}.jsonl").read_text(encoding="utf-8").splitlines()


def load(project, lines, run_name="run"):
    return import_trials(project, lines, run_name=run_name, instrument=instrument())


def changed(line, **fields):
    """The line with some fields replaced; ... removes one."""
    read = json.loads(line)
    for name, value in fields.items():
        if value is ...:
            del read[name]
        else:
            read[name] = value
    return json.dumps(read)


@pytest.fixture
def command(tmp_path):
    """Call the command on lines; return what it printed and its problems."""

    def call(lines, *options):
        file = tmp_path / "trials.jsonl"
        file.write_text("\n".join(lines), encoding="utf-8")
        out, problems = StringIO(), StringIO()
        try:
            call_command("import_trials", str(file), *options, stdout=out, stderr=problems)
        except CommandError as error:
            problems.write(f"\n{error}")
        return out.getvalue(), problems.getvalue()

    return call


def test_all_88_real_trials_are_imported_with_their_words(project):
    reports = [load(project, lines_of(name), name) for name in NAMES]
    assert [report.added for report in reports] == [40, 40, 8]
    assert not any(report.rejected for report in reports)
    for name in NAMES:
        stored = Trial.objects.filter(run__name=name).order_by("pk").prefetch_related("turns")
        for line, trial in zip(lines_of(name), stored, strict=True):
            messages = [(turn.role, turn.text) for turn in trial.turns.all()]
            expected = [(m["role"], m["content"]) for m in json.loads(line)["messages"]]
            assert messages == expected
    assert Answer.objects.count() == 88 * 6


def test_steps_conditions_and_orders_are_recognised(project):
    for name in NAMES:
        load(project, lines_of(name), name)
    cells = Cell.objects.filter(run__name="reversed")
    assert set(cells.values_list("condition__option_order", "condition__answer_format")) == {
        ("reversed", "constrained")
    }
    assert Cell.objects.filter(run__name="free", target="competitive").count() == 2
    answers = Answer.objects.filter(trial__run__name="reversed")
    assert all(answer.shown == [9, 8, 7, 6, 5, 4, 3, 2, 1] for answer in answers)
    steps = Counter(Turn.objects.filter(trial__run__name="free").values_list("step", flat=True))
    assert steps == {"induction": 80, "task": 80, "goal": 40, "item": 480}


def test_constrained_trials_that_answer_a_throughout_all_sit_at_one_angle(project):
    lines = lines_of("grammar")
    load(project, lines)
    throughout = [line for line in lines if set(json.loads(line)["answers"]) == {"A"}]
    scores = Score.objects.filter(detail__letters="AAAAAA")
    assert len(throughout) == scores.count() >= 20
    (angle,) = set(scores.values_list("number", flat=True))
    assert round(angle, 1) == 30.5
    assert all("straight_lining" in score.flags for score in scores)


def test_constrained_answers_are_read_as_the_letters_they_are(project):
    lines = lines_of("grammar")
    load(project, lines)
    letters = Score.objects.order_by("trial").values_list("detail__letters", flat=True)
    assert list(letters) == ["".join(json.loads(line)["answers"]) for line in lines]


def test_free_answers_that_name_no_option_stay_unscorable_with_a_reason(project):
    load(project, lines_of("free"))
    outcomes = Counter(Score.objects.values_list("outcome", flat=True))
    assert outcomes["unscorable"] > outcomes["scored"] > 0
    for score in Score.objects.filter(outcome="unscorable"):
        assert score.number is None and score.label == "" and "item" in score.reason


def test_importing_twice_adds_nothing_twice(project):
    load(project, lines_of("free"))
    counts = [model.objects.count() for model in (Trial, Turn, Answer, Score, Endpoint, Cell)]
    report = load(project, lines_of("free"))
    assert (report.added, report.already_there) == (0, 40)
    assert counts == [m.objects.count() for m in (Trial, Turn, Answer, Score, Endpoint, Cell)]


def test_a_line_that_is_in_the_file_twice_is_added_once(project):
    line = lines_of("reversed")[0]
    report = load(project, [line, line])
    assert (report.added, report.already_there) == (1, 1)


def test_two_conversations_with_one_number_get_two_numbers(project):
    line = lines_of("reversed")[0]
    load(project, [line, changed(line, seed=1)])
    assert list(Trial.objects.values_list("number", flat=True)) == [0, 1]


def test_batches_do_not_show(project, monkeypatch):
    monkeypatch.setattr("evaluations.files.reading.BATCH", 3)
    assert load(project, lines_of("reversed")).added == 8
    assert Score.objects.count() == 8


ITEM = 6
"""Where the first item stands in the messages of a trial with goal."""


def with_message(line, index, **fields):
    messages = json.loads(line)["messages"]
    messages[index] |= fields
    return changed(line, messages=messages)


def with_call(line, **fields):
    calls = json.loads(line)["calls"]
    calls[0] |= fields
    return changed(line, calls=calls)


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda line: line[:100], "is not JSON"),
        (lambda line: "[]", "is not a JSON object"),
        (lambda line: changed(line, model=...), "lacks model"),
        (lambda line: changed(line, model=" "), "model must be a text"),
        (lambda line: changed(line, colour="red"), "unknown field 'colour'"),
        (lambda line: changed(line, format="other/2"), "format is 'other/2'"),
        (lambda line: changed(line, target_value="brave"), "target_value is 'brave'"),
        (lambda line: changed(line, target_value=["prosocial"]), "target_value is"),
        (lambda line: changed(line, trial=-1), "trial is -1, must be at least 0"),
        (lambda line: changed(line, trial=2**31), "trial is 2147483648, must be at most"),
        (lambda line: changed(line, seed="x"), "seed is 'x', must be a whole number"),
        (lambda line: changed(line, constrained=1), "constrained is 1, must be true or false"),
        (lambda line: changed(line, goal_prompt="nogoal"), "asks for a goal"),
        (lambda line: changed(line, goal_prompt="maybe"), "must be 'goal' or 'nogoal'"),
        (lambda line: changed(line, reversed_options=True), "said to be reversed, but the mess"),
        (lambda line: changed(line, option_order="reversed"), "said to be reversed"),
        (lambda line: changed(line, induction="none"), "the baseline induces no value"),
        (lambda line: changed(line, answers=["A"] * 6), "answers are not the assistant's"),
        (lambda line: changed(line, goal="To win."), "goal is no part of"),
        (lambda line: changed(line, goal=5), "goal is 5, must be a text"),
        (lambda line: line.replace("{", '{"model": "x", ', 1), "the field 'model' twice"),
        (lambda line: with_call(line, seconds="soon"), "seconds of a call is 'soon', must be"),
        (lambda line: with_call(line, seconds=-1), "seconds of a call is -1, must be at least 0"),
        (lambda line: with_call(line, retries=1.5), "retries of a call is 1.5, must be"),
        (lambda line: with_call(line, finish=["length"]), "must be a text"),
        (lambda line: changed(line, calls=[{}]), "calls must be a list with one entry for each"),
        (lambda line: changed(line, parameters=3), "parameters must be an object"),
        (lambda line: changed(line, messages=[]), "messages must be a list"),
        (
            lambda line: with_message(line, 2, role="assistant"),
            r"messages\[2\].role is 'assistant'",
        ),
        (lambda line: with_message(line, 3, content=None), r"messages\[3\] must be an object"),
        (
            lambda line: with_message(line, ITEM, content="Choose."),
            r"messages\[6\] should ask an item",
        ),
        (
            lambda line: changed(line, messages=json.loads(line)["messages"][:-1]),
            "must be an answer",
        ),
    ],
)
def test_a_bad_line_is_named_and_nothing_is_imported(project, spoil, reason):
    good = lines_of("free")[0]
    report = load(project, [good, spoil(good), good])
    assert [bad.line for bad in report.rejected] == [2]

    assert re.search(reason, report.rejected[0].reason), report.rejected[0].reason
    assert (report.added, Trial.objects.count(), Run.objects.count()) == (0, 0, 0)


def test_what_a_call_leaves_open_is_left_out(project):
    line = with_call(lines_of("free")[0], seconds=None, retries=None)
    load(project, [line])
    call = Turn.objects.filter(role="assistant").order_by("position").first().call
    assert "seconds" not in call and "retries" not in call


def test_an_item_asked_twice_is_refused(project):
    line = lines_of("reversed")[0]
    messages = json.loads(line)["messages"]
    messages[-2] = messages[-4]
    report = load(project, [changed(line, messages=messages)])
    assert "is asked twice" in report.rejected[0].reason


def test_options_out_of_the_order_of_their_letters_are_no_item(project):
    line = lines_of("free")[0]
    content = json.loads(line)["messages"][ITEM]["content"].replace("\nA:", "\nB:", 1)
    report = load(project, [with_message(line, ITEM, content=content)])
    assert "should ask an item" in report.rejected[0].reason


def named(line, steps):
    """The line with a step beside each question that comes before the items."""
    messages = json.loads(line)["messages"]
    for message, step in zip(messages[::2], steps, strict=False):
        message["step"] = step
    return changed(line, messages=messages)


def test_a_step_is_what_its_message_says_or_shows(project):
    with_goal, without = lines_of("free")[0], lines_of("free")[-1]
    for number, line in enumerate(
        [named(with_goal, ["induction", "task", "goal"]), named(without, ["describe", "pretend"])]
    ):
        load(project, [changed(line, calls=..., goal_prompt=...)], f"run {number}")
    steps = [
        list(trial.turns.filter(role="user").values_list("step", flat=True))
        for trial in Trial.objects.order_by("pk")
    ]
    assert steps == [
        ["induction", "task", "goal", *["item"] * 6],
        ["induction", "task", *["item"] * 6],
    ]


@pytest.mark.parametrize("goal_prompt", ["nogoal", ...])
@pytest.mark.parametrize("steps", [[], ["induction", "task"]])
def test_a_first_item_in_other_words_is_refused_and_never_taken_for_a_goal(
    project, goal_prompt, steps
):
    """By elimination it became 'with goal', and item 1 'not answered'."""
    line = changed(lines_of("free")[-1], calls=..., goal_prompt=goal_prompt)
    messages = json.loads(named(line, steps))["messages"]
    messages[4]["content"] = re.sub(
        r"you get (\d+), the other person gets (\d+)",
        r"\1 for me, \2 for them",
        messages[4]["content"],
    )
    report = load(project, [changed(line, messages=messages)])
    (bad,) = report.rejected
    where = "messages[4]" if steps else "messages[0]"
    assert bad.reason.startswith(f"{where} says no step and shows no item: write its step")
    assert (
        "as options, their numbers in the order shown ([1, 2, 3, 4, 5, 6, 7, 8, 9])" in bad.reason
    )
    assert not Trial.objects.exists()


def in_other_words(line, order=r"\2 pour l'autre, \1 pour vous"):
    """The items of a line put in other words, each with its number and its options beside it."""
    messages = json.loads(line)["messages"]
    for number, message in enumerate(messages[ITEM - 2 :: 2], start=1):
        message |= {"step": "item", "item": number, "options": list(range(1, 10))}
        message["content"] = re.sub(
            r"you get (\d+), the other person gets (\d+)", order, message["content"]
        )
    return messages


def test_items_in_any_words_are_read_by_the_options_stated_beside_them(project):
    plain = lines_of("free")[-1]
    load(project, [changed(plain, messages=in_other_words(plain))])
    load(project, [plain], "plain")
    shown = [list(a.shown) for a in Answer.objects.all()]
    assert shown == [list(range(1, 10))] * 12
    assert Turn.objects.filter(text__contains="pour l'autre").count() == 6


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"options": [2, 1, *range(3, 10)]}, "do not stand in the message in that order"),
        ({"options": [1, 2]}, "must be the numbers 1 to 9 in the order shown"),
        ({"options": "ABC"}, "must be the numbers 1 to 9"),
        ({"options": [True, *range(2, 10)]}, "must be the numbers 1 to 9"),
        ({"item": 2}, "do not stand in the message in that order"),
        ({"item": 99}, "item 99, which the instrument has not"),
        ({"item": None}, "item None, which the instrument has not"),
        ({"step": "goal"}, "is called 'goal' and 'item': one of them is wrong"),
    ],
)
def test_options_that_are_not_those_of_the_message_are_refused(project, change, reason):
    plain = lines_of("free")[-1]
    messages = in_other_words(plain)
    messages[ITEM - 2] |= change
    (bad,) = load(project, [changed(plain, messages=messages)]).rejected
    assert reason in bad.reason


def test_a_message_called_two_steps_is_refused(project):
    line = named(lines_of("free")[0], ["task"])
    (bad,) = load(project, [line]).rejected
    assert "messages[0] is called 'induction' and 'task': one of them is wrong" in bad.reason


def test_a_system_message_and_a_baseline_are_read(project):
    messages = json.loads(lines_of("free")[0])["messages"][ITEM:]
    line = changed(
        lines_of("free")[0],
        target_value="",
        goal_prompt="nogoal",
        goal="",
        calls=...,
        messages=[{"role": "system", "content": "Be brief."}, *messages],
    )
    load(project, [line])
    cell = Cell.objects.get()
    assert (cell.target, cell.induction) == ("", "none")
    assert Turn.objects.first().step == "system"


def test_simulated_trials_are_labelled(project):
    load(project, [changed(lines_of("free")[0], simulated=True)])
    assert Trial.objects.get().is_simulated


def test_an_import_is_in_the_audit_trail(project):
    load(project, lines_of("reversed"))
    assert AuditEvent.objects.get().detail == {"added": 8}


def test_a_name_of_a_run_made_here_is_refused(make_run, project):
    make_run("taken")
    with pytest.raises(ValueError, match="is a run made here"):
        load(project, lines_of("reversed"), "taken")


def test_the_command_makes_a_project_when_there_is_none_and_says_so(command):
    out, problems = command(lines_of("reversed"))
    assert "made the project 'default'" in out and problems == ""
    assert "trials: 8 trials added, 0 were already there, none rejected." in out
    assert "8 of 8 trials are scorable." in out
    assert Project.objects.get().slug == "default"


def test_the_command_asks_which_of_several_projects(command, cast):
    _, problems = command(lines_of("reversed"))
    assert "name one with --project (elsewhere, lab)" in problems
    command(lines_of("reversed"), "--project", "lab", "--run", "Reversed")
    assert Run.objects.get(name="Reversed").project == cast.project


def test_the_command_names_every_bad_line(command, project):
    good = lines_of("reversed")[0]
    out, problems = command([good, "{", good, changed(good, trial="x")])
    assert "trials.jsonl, line 2: is not JSON" in problems
    assert "trials.jsonl, line 4: trial is 'x'" in problems
    assert "2 trials rejected, nothing was imported" in problems
    assert out == "" and not Trial.objects.exists()


def test_an_empty_file_is_refused(command, project):
    assert "the file holds no trial" in command([""])[1]


def test_a_file_that_is_not_utf8_is_refused_by_line(project):
    report = load(project, [lines_of("reversed")[0].encode(), b'{"model": "\xff"}'])
    assert [(bad.line, bad.reason) for bad in report.rejected] == [(2, "is not UTF-8 (byte 12)")]


def test_a_message_that_names_another_item_than_it_shows_is_refused(project):
    line = with_message(lines_of("free")[0], ITEM, item=4)
    report = load(project, [line])
    assert "is said to ask item 4, but does not show it" in report.rejected[0].reason


def test_texts_and_counts_that_cannot_be_stored_are_mended(project):
    line = json.loads(lines_of("free")[0])
    line["messages"][-1]["content"] += " \x00\ud800"
    line.pop("answers", None)
    line["calls"][-1]["usage"] = {"prompt_tokens": "many", "completion_tokens": 3}
    report = load(project, [json.dumps(line)])
    assert (report.added, report.rejected) == (1, [])
    last = Turn.objects.order_by("position").last()
    assert last.text.endswith(" \ufffd?")
    assert last.call["usage"] == {"completion_tokens": 3}


@pytest.mark.parametrize("number", ["NaN", "1e999", "9" * 5000])
def test_a_number_that_cannot_be_stored_rejects_its_line(project, number):
    line = changed(lines_of("free")[0], seed=12345678).replace("12345678", number)
    assert len(load(project, [line]).rejected) == 1


def test_a_refused_file_leaves_no_new_project_behind(db, tmp_path):
    file = tmp_path / "bad.jsonl"
    file.write_text('{"model": "m"}\n')
    with pytest.raises(CommandError):
        call_command("import_trials", str(file))
    assert not Project.objects.exists()


def test_a_folder_is_said_to_be_one(db, tmp_path):
    with pytest.raises(CommandError, match="is a folder without trials"):
        call_command("import_trials", str(tmp_path))
