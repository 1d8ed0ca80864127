"""Scenes judged through the pages: one study with everything, and one for each question."""

import json
import random
from pathlib import Path
from typing import Any

from django.test import Client
from django.urls import reverse

from accounts.models import Role
from tests.golden_house import reading
from tests.golden_house.leaving import command
from tests.golden_house.making import people, tables
from tests.golden_house.making.asked import PROJECT, models_that_judge
from tests.golden_house.making.clock import Clock
from tests.golden_house.making.minds import blind_to_checks, careful, careless
from tests.golden_house.making.people import Rater, in_turn

FURTHER: list[dict[str, Any]] = [
    {"key": "value", "kind": "orientation", "prompt": "And the goal?"},
    {"key": "ring", "kind": "angle", "prompt": "Where on the ring?"},
    {"key": "letter", "kind": "option", "prompt": "Which option first?", "required": True},
    {"key": "tone", "kind": "nominal", "prompt": "Tone?", "categories": ["kind", "cold", "=odd"]},
    {
        **{"key": "clear", "kind": "ordinal", "prompt": "How clear?", "required": True},
        **{"categories": ["not", "partly", "fully", "cannot say"], "ways_out": ["cannot say"]},
    },
    {"key": "coins", "kind": "interval", "prompt": "How many coins?"},
    {"key": "traits", "kind": "vector", "prompt": "Traits?", "categories": ["care", "power"]},
    {"kind": "confidence", "prompt": "Sure?", "required": True},
]


def judged_in_turn(clock: Clock, study: str, raters: int, most: int) -> None:
    """An open study, judged by so many members; one of them careless."""
    came = [
        _rater(study, f"{study}-{number}", careless if number == 2 else careful)
        for number in range(1, raters + 1)
    ]
    for rater in came:
        rater.walk(clock)
    in_turn(clock, came, most)


def _rater(study: str, name: str, mind: people.Mind) -> Rater:
    return Rater(people.member(PROJECT, name, Role.RATER), PROJECT, study, name, mind)


# --- everything in one study ----------------------------------------------------------------------

STUDY = "with-controls"


def with_controls(folder: Path, clock: Clock, *declared: str) -> None:
    """Control items, planned repeats, a cap, own measures, consent, a second version of the
    guideline, skips, a reported problem, corrections, a deletion, exclusions with places given on,
    decisions, and three metrics. *declared*: further options of the study."""
    simulated = ("--project", PROJECT, "--noise", "5", "--simulated", "38", "9", "-4")
    values = ("--values", "prosocial", "individualistic", "--goal", "--trials", "3")
    command("run_evaluation", *simulated, *values, "--name", "simulated", "--seed", "4")
    models_that_judge("asked")
    _create(folder, *declared)
    researcher = people.member(PROJECT, "researcher", Role.RESEARCHER)
    reviewer = people.member(PROJECT, "reviewer", Role.REVIEWER)
    _guideline(researcher, consent="I **agree**.", instructions="Read, then choose.")
    _state(researcher, "open")
    came = _everybody(researcher)
    for at, rater in enumerate(came):
        rater.walk(clock, measure=None if at == 1 else at)
    in_turn(clock, came[:6], 6)
    _in_between(clock, came, researcher)
    in_turn(clock, came[:6], 40)
    _exclusions(clock, came, researcher)
    _decisions(reviewer)


def other_metrics() -> None:
    """Another metric is chosen for a while; disputes follow, and come back."""
    command("study_metric", STUDY, "svo-orientation-en/judge", "--project", PROJECT)
    command("study_metric", STUDY, "svo-slider", "--project", PROJECT)


def _create(folder: Path, *declared: str) -> None:
    further = folder / "further.json"
    further.write_text(json.dumps(FURTHER), "utf-8")
    command(
        *("create_study", "--project", PROJECT, "--name", "With controls", "--overlap", "3"),
        *("--run", "simulated", "--run", "asked", "--n", "21", "--seed", "6"),
        *("--share-of", "ambiguous=0.2", "--further", further, "--controls", _controls(folder)),
        *("--control-every", "4", "--control-feedback", "--attention-limit", "2"),
        *("--qualification-pass", "0.5", "--repeat-share", "0.25", "--cap", "20"),
        *("--option-order", "balanced", "--asks-own-measure", *declared),
    )


def _controls(folder: Path) -> Path:
    trials = reading.trial_keys(PROJECT)[-4:]  # of a run that is not judged
    rows = [
        ("practice", trials[0], "", "prosocial", "Every answer shares."),
        ("practice", "", "Say 'refusal'.", "refusal", ""),
        ("qualification", trials[-1], "", "competitive|individualistic", ""),
        ("qualification", "", "Say 'altruistic'.", "altruistic", "It says so."),
        *(
            ("gold", "", f"Gold {number}: prosocial.", "prosocial|altruistic", "")
            for number in (1, 2)
        ),
        ("gold", trials[1], "", "unclear", "Nobody can tell."),
        *(("attention", "", f"Check {number}: 'unclear'.", "unclear", "") for number in (1, 2)),
    ]
    names = ("kind", "trial", "text", "expected", "feedback")
    return tables.write(
        folder / "controls.csv", [dict(zip(names, row, strict=True)) for row in rows]
    )


def _everybody(researcher: Client) -> list[Rater]:
    """Four members, two by link, and two who come later."""
    minds = (careful, careful, blind_to_checks, careless)
    members = [_rater(STUDY, f"rater-{at}", mind) for at, mind in enumerate(minds, start=1)]
    linked = people.by_invitation(researcher, PROJECT, STUDY, ["linked-1", "linked-2"], careful)
    late = [_rater(STUDY, f"late-{at}", careful) for at in (1, 2)]
    return [*members, *linked, *late]


def _in_between(clock: Clock, came: list[Rater], researcher: Client) -> None:
    """Skips, problems, corrections, and new words of the guideline."""
    came[0].skip(clock, "distressing")
    came[1].skip(clock, "other", "The text is cut, I think.")
    came[1].report(clock, "The third answer is empty?")
    came[4].report(clock, "Strange: 'أهلا'")
    for at, assignment in enumerate(reading.judged_by(PROJECT, STUDY, came[0].pseudonym)[:2]):
        came[0].correct(clock, assignment, label=("competitive", "unclear")[at])
    _guideline(researcher, consent="I **agree**.", instructions="Read twice, then choose.")


def _exclusions(clock: Clock, came: list[Rater], researcher: Client) -> None:
    """One excluded with their places given on, one without, one included again, one paused; one
    who came by link has their data deleted."""
    careless_one, paused = came[3].pseudonym, came[1].pseudonym
    _act_on(researcher, careless_one, "exclude", "Too careless.", reopen_places="on")
    in_turn(clock, came[6:], 8)
    _act_on(researcher, careless_one, "include", "On second thoughts.")
    blind = came[2].pseudonym
    _act_on(researcher, blind, "exclude", "Missed the checks.")
    _act_on(researcher, paused, "pause", "A question to them.")
    came[5].post("own_data_delete", {"sure": "on"})


def _decisions(reviewer: Client) -> None:
    keys = reading.open_disputes(PROJECT, STUDY)
    labels = ("prosocial", "individualistic", "unclear", "competitive")
    for at, key in enumerate(keys[:4]):
        people.decide(reviewer, PROJECT, key, f'Reason {at}: it "says" so.', label=labels[at])
    people.reopen(reviewer, PROJECT, keys[0], "A second look.")
    people.decide(reviewer, PROJECT, keys[0], "Looked again.", label="altruistic")
    people.reopen(reviewer, PROJECT, keys[1], "Open once more.")


def _guideline(researcher: Client, **words: str) -> None:
    address = reverse("study_guidelines", args=[PROJECT, STUDY])
    page = researcher.get(address)
    hidden = (people.Forms(page).holding("based_on") or people.Form()).hidden
    fields = {"about": "About.", "codebook": "- rule", "thanks": "Thanks!"} | words
    assert researcher.post(address, hidden | fields).status_code == 302


def _state(researcher: Client, state: str) -> None:
    address = reverse("study_state", args=[PROJECT, STUDY])
    assert researcher.post(address, {"state": state}).status_code == 302


def _act_on(researcher: Client, pseudonym: str, act: str, reason: str, **more: str) -> None:
    key = reading.rater_key(PROJECT, STUDY, pseudonym)
    address = reverse("study_rater_act", args=[PROJECT, STUDY, key])
    response = researcher.post(address, {"act": act, "reason": reason, **more})
    assert response.status_code == 302, response.content.decode()[-2000:]


# --- a study for each question --------------------------------------------------------------------


def every_question(folder: Path, clock: Clock) -> None:
    """Answers, angles, goals and texts are judged, on every scale; each by three raters.

    The trials are exported and imported again: a data set of single answers has them in the order
    of their keys, and conversations that run side by side get theirs as they happen to end.
    """
    simulated = ("--project", PROJECT, "--noise", "5", "--simulated", "38", "9", "-4", "55")
    values = ("--values", "prosocial", "competitive", "--goal", "--trials", "2")
    shown = ("--option-order", "shuffled", "--name", "answered", "--seed", "9")
    command("run_evaluation", *simulated, *values, *shown)
    made = folder / "answered.jsonl"
    command("export_trials", "--project", PROJECT, "--out", made)
    command("import_trials", made, "--project", PROJECT, "--run", "simulated")
    run = ("--run", "simulated", "--n", "12", "--seed", "2")
    five = ("--categories", "1", "2", "3", "4", "5", "x", "--ways-out", "x")
    words = ("--question", "How much?", "--kind", "declared", "--scale")
    dimensions = ("--categories", "care", "power", "fairness")
    texts = ("--texts", _texts(folder), "--properties", "topic")
    studies = {
        "options": (*run, "--unit", "answer", "--kind", "option"),
        "angles": (*run, "--kind", "angle", "--tolerance", "12"),
        "goals": (*run, "--unit", "goal", *words, "ordinal", *five),
        "vectors": (*texts, *words, "vector", *dimensions),
        "numbers": (*texts, *words, "interval", "--tolerance", "9.5"),
        "words": (*texts, *words, "nominal", *five),
    }
    for name, options in studies.items():
        command("create_study", "--project", PROJECT, "--name", name, "--open", *options)
        judged_in_turn(clock, name, raters=3, most=14)
    reviewer = people.member(PROJECT, "reviewer", Role.REVIEWER)
    said = {"options": "C", "angles": "31.0", "goals": "2", "numbers": "12", "words": "5"}
    for name, label in said.items():
        for key in reading.open_disputes(PROJECT, name)[:1]:
            people.decide(reviewer, PROJECT, key, "Settled.", label=label)
    for key in reading.open_disputes(PROJECT, "vectors")[:1]:
        vector = {"label-0": "1", "label-1": "0", "label-2": "-1"}
        people.decide(reviewer, PROJECT, key, "Settled.", **vector)


def _texts(folder: Path) -> Path:
    chance = random.Random(3)
    rows = [
        {
            **{"id": f"t{number:02}", "text": f"Text {number}", "language": "de"},
            **{name: tables.of_item(number)[name] for name in ("model", "document", "weight")},
            **{"topic": tables.drawn(chance, ("war", "peace"))},
        }
        for number in range(1, 15)
    ]
    return tables.write(folder / "texts.csv", rows)
