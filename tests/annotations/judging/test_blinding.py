"""A rater sees what the model answered, and nothing else of the trial."""

import dataclasses

import pytest

from annotations.judging.blinding import Option, Stimulus, stimulus
from annotations.models import Dispute, Item, Rater
from evaluations.definitions.catalogue import prompt_pack, store
from evaluations.models import Cell, Endpoint, PromptPack, Reading, Trial, Turn
from tests.annotations.conftest import (
    judge_url,
    make_cell,
    make_rater,
    make_run,
    make_study,
    make_trial,
    send,
)
from tests.support.scores import add_score

HIDDEN = "HIDDENFIELD"
"""Every hidden field of the trial holds this word; no rater's page may hold it."""


@pytest.fixture
def telltale(cast) -> Trial:
    """A trial whose every field tells something that a rater must not know."""
    run = make_run(cast.project, name=f"{HIDDEN} run", note=f"{HIDDEN} note")
    endpoint = Endpoint.objects.create(
        project=cast.project,
        name=f"{HIDDEN} endpoint",
        kind="openai",
        model=f"{HIDDEN} model",
        base_url=f"https://{HIDDEN}.example",
        family=f"{HIDDEN} family",
        note=HIDDEN,
    )
    cell = Cell.objects.create(run=run, endpoint=endpoint, target=HIDDEN)
    trial = make_trial(
        cell,
        texts=("first words", "second words"),
        model_returned=f"{HIDDEN} returned",
        system_fingerprint=f"{HIDDEN} print",
        parameters={"model": HIDDEN},
        last_error=f"{HIDDEN} error",
        seed=918273645,
    )
    for position, step in enumerate(("system", "induction", "task", "goal"), start=100):
        for offset, role in ((0, "user"), (50, "assistant")):
            Turn.objects.create(
                trial=trial,
                position=position + offset,
                role=role,
                step=step,
                text=f"{HIDDEN} {step} {role}",
            )
    Reading.objects.create(
        answer=trial.answers.first(),
        reader=f"{HIDDEN} reader",
        version="1",
        outcome="choice",
        value=1,
        label="A",
        method=f"{HIDDEN} method",
        note=f"{HIDDEN} note",
    )
    add_score(
        trial,
        f"{HIDDEN} scorer",
        label=f"{HIDDEN}",
        number=-12.3456789,
        flags=[f"{HIDDEN} flag"],
    )
    return trial


@pytest.fixture
def study(cast, telltale):
    other = make_trial(telltale.cell, texts=("third words",))
    study = make_study(cast.project, [telltale, other], metric_name=f"{HIDDEN} scorer")
    Item.objects.update(stratum=f"{HIDDEN} stratum", weight=918273.645)
    others = make_rater(study, f"{HIDDEN} rater")
    item = study.items.get(trial=telltale)
    assignment = item.assignments.create(
        rater=others,
        state="judged",
        reserved_at=item.study.created_at,
        expires_at=item.study.created_at,
    )
    assignment.judgments.create(
        item=item, rater=others, label="competitive", comment=f"{HIDDEN} comment", confidence=1
    )
    Item.objects.filter(pk=item.pk).update(taken=1)
    Dispute.objects.create(item=item, reasons=[f"{HIDDEN} reason"])
    return study


def pages_of_a_rater(cast, study) -> dict[str, str]:
    """Every page and partial a rater meets while judging the whole study, by what was done."""
    client = cast.client("rater")
    pages = {"first": client.get(judge_url(study)).content.decode()}
    rater = Rater.objects.get(user=cast.rater)
    for step in ("second", "done"):
        held = rater.assignments.get(state="reserved")
        wrong = send(client, study, assignment=held.pk, label="nonsense")
        pages[f"{step}: error"] = wrong.content.decode()
        pages[step] = send(client, study, assignment=held.pk).content.decode()
    judged = rater.assignments.first()
    pages["last"] = client.get(judge_url(study, "last/")).content.decode()
    pages["correct"] = client.get(judge_url(study, f"last/{judged.pk}/")).content.decode()
    pages["studies"] = client.get(f"/p/{study.project.slug}/studies/").content.decode()
    return pages


def test_no_page_of_a_rater_holds_a_hidden_field(cast, study, telltale):
    for name, page in pages_of_a_rater(cast, study).items():
        assert HIDDEN not in page, name
        assert HIDDEN.lower() not in page.lower(), name
        for secret in ("-12.34", "\u221212.34", "918273", f"trials/{telltale.pk}", "disputes/"):
            assert secret not in page, (name, secret)


def test_the_pages_do_hold_what_the_model_answered(cast, study):
    pages = pages_of_a_rater(cast, study)
    seen = pages["first"] + pages["second"]
    for words in ("first words", "second words", "third words"):
        assert words in seen


def test_the_preview_shows_no_more_than_raters_see(cast, study):
    page = cast.client("researcher").get(judge_url(study, "preview/")).content.decode()
    assert HIDDEN not in page
    assert "first words" in page


def test_a_rater_cannot_open_the_preview(cast, study):
    assert cast.client("rater").get(judge_url(study, "preview/")).status_code == 403


def test_a_stimulus_has_no_field_for_anything_else():
    shown = {"answers", "goal", "text", "template", "divided"}
    assert {field.name for field in dataclasses.fields(Stimulus)} == shown


def test_options_stand_in_the_order_the_model_saw(cast, cell):
    trial = make_trial(cell, texts=("I take A",), shown_options=range(9, 0, -1))
    study = make_study(cast.project, [trial])
    shown = stimulus(study.items.get()).answers[0]
    assert shown.options[0] == Option("A", (("self", 85), ("other", 15)))
    assert shown.options[-1] == Option("I", (("self", 85), ("other", 85)))
    assert shown.text == "I take A"


def test_options_stand_in_the_payoffs_the_model_read(cast, cell):
    Cell.objects.update(condition={"payoff_scale": 10})
    study = make_study(cast.project, [make_trial(cell, texts=("I take I",))])
    assert stimulus(study.items.get()).answers[0].options[-1] == Option(
        "I", (("self", 850), ("other", 150))
    )


@pytest.mark.parametrize(
    ("scale", "own", "other"), [(1, "85", "15"), (10, "850", "150"), (0.01, "0.85", "0.15")]
)
def test_payoffs_are_printed_as_the_model_read_them(cast, cell, scale, own, other):
    Cell.objects.update(condition={"payoff_scale": scale})
    study = make_study(cast.project, [make_trial(cell, texts=("I take I",))])
    page = cast.client("rater").get(judge_url(study)).content.decode()
    assert f"<td>{own}</td>" in page
    assert f"<td>{other}</td>" in page


WATER = {"key": "water", "version": "1", "resource": "litres of water"}


@pytest.mark.parametrize(
    ("pack", "resource"),
    [
        (lambda: None, ""),
        (prompt_pack, "coins"),
        (lambda: store(PromptPack, prompt_pack().definition | WATER, "water"), "litres of water"),
    ],
)
def test_raters_are_told_to_divide_what_the_pack_says(cast, pack, resource):
    cell = make_cell(make_run(cast.project), prompt_pack=pack())
    trial = make_trial(cell, texts=("I take I",))
    Cell.objects.update(condition={"payoff_scale": 10})
    study = make_study(cast.project, [trial], language="")
    for who, address in (("rater", judge_url(study)), ("researcher", judge_url(study, "preview/"))):
        page = cast.client(who).get(address).content.decode()
        assert "It was asked how to divide something between itself and somebody else." in page
        assert ("coins" in page) == (resource == "coins")
        assert ("What was divided:" in page) == bool(resource)
        assert f'<bdi lang="en" dir="auto">{resource}</bdi>' in page or not resource


def test_what_is_divided_is_shown_as_given_in_another_language(cast):
    cell = make_cell(make_run(cast.project), prompt_pack=prompt_pack())
    study = make_study(cast.project, [make_trial(cell)])
    page = cast.client("rater").get(judge_url(study), headers={"Accept-Language": "es"})
    assert 'Lo que se repartía: <bdi lang="en" dir="auto">coins</bdi>' in page.content.decode()


def test_an_imported_text_is_shown_as_it_is(cast):
    study = make_study(cast.project)
    item = Item.objects.create(
        study=study, position=1, external_id=HIDDEN, text="the words", places=1
    )
    assert stimulus(item) == Stimulus(text="the words")


def test_a_stimulus_costs_one_query(cast, cell, django_assert_num_queries):
    study = make_study(cast.project, [make_trial(cell), make_trial(cell)])
    items = list(study.items.all())
    stimulus(items[0])
    with django_assert_num_queries(1):
        stimulus(items[1])
