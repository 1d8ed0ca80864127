"""Studies are drawn from complete trials, with weights, and opened, paused and closed on record."""

import io

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AuditEvent
from annotations.files.item_files import read_texts
from annotations.models import Item, Study
from annotations.studies.studies import StudyRefused, change_state, create_study, free_slug
from evaluations.instruments.svo.scoring.scorer import SvoSliderScorer
from evaluations.text.table_reader import RejectedFile
from tests.annotations.conftest import make_cell, make_run, make_study, make_trial

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(cast):
    """Two cells: six trials and three; and one trial that is not complete."""
    run = make_run(cast.project)
    large, small = make_cell(run, "model-a"), make_cell(run, "model-b")
    for cell, trials in ((large, 6), (small, 3)):
        for _ in range(trials):
            make_trial(cell, texts=("A",))
    make_trial(small, texts=("A",), state="failed")
    return run


def test_all_complete_trials_are_drawn_unless_a_size_is_given(cast, run):
    study = create_study(cast.project, "all", [run])
    assert study.items.count() == 9
    assert set(study.items.values_list("weight", flat=True)) == {1.0}
    assert (study.state, study.metric_name) == ("draft", SvoSliderScorer.name)


def test_a_draw_is_stratified_over_the_cells_and_keeps_its_weights(cast, run):
    study = create_study(cast.project, "six", [run], n=6)
    strata = list(study.items.values_list("trial__cell__endpoint__model", "weight"))
    assert sorted(strata) == [("model-a", 1.5)] * 4 + [("model-b", 1.5)] * 2
    assert all(run.name in stratum for stratum in study.items.values_list("stratum", flat=True))


def test_a_share_is_a_size(cast, run):
    assert create_study(cast.project, "third", [run], share=1 / 3).items.count() == 3


def test_the_same_seed_draws_the_same_trials(cast, run):
    drawn = [
        list(create_study(cast.project, name, [run], n=4, seed=seed).items.values_list("trial"))
        for name, seed in (("one", 1), ("two", 1), ("three", 2))
    ]
    assert drawn[0] == drawn[1] != drawn[2]


def test_items_get_the_places_asked_for(cast, run):
    study = create_study(cast.project, "five", [run], overlap=5)
    assert set(study.items.values_list("places", flat=True)) == {5}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"n": 10}, "Cannot draw 10 of 9"),
        ({"n": 2, "share": 0.1}, "not both"),
        ({"overlap": 0}, "at least one judgment"),
        ({"overlap": 51}, "choose 50 or fewer"),
        ({"seed": -1}, "from 0 to 2147483647"),
        ({"seed": 2**31}, "from 0 to 2147483647"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_the_reason(cast, run, options, words):
    with pytest.raises(StudyRefused, match=words):
        create_study(cast.project, "refused", [run], **options)
    assert not Study.objects.exists()


def test_runs_without_complete_trials_are_refused(cast):
    with pytest.raises(StudyRefused, match="no complete trial"):
        create_study(cast.project, "empty", [make_run(cast.project)])


def test_runs_of_another_project_are_refused(cast, run):
    with pytest.raises(StudyRefused, match="does not belong to Elsewhere"):
        create_study(cast.other_project, "foreign", [run])


def test_a_study_can_be_tried_out_before_it_opens(cast, run):
    study = create_study(cast.project, "pilot first", [run])
    for state in ("pilot", "open"):
        assert change_state(study, cast.researcher, state).state == state


def test_a_name_is_taken_once_in_a_project(cast, run):
    create_study(cast.project, "same", [run])
    with pytest.raises(StudyRefused, match="already"):
        create_study(cast.project, " same ", [run])


@pytest.mark.parametrize(
    ("name", "slug"), [("A Study", "a-study"), ("new", "new-2"), ("研究", "study")]
)
def test_a_slug_is_free_and_stands_for_no_page(cast, name, slug):
    assert free_slug(cast.project, name) == slug


def test_names_that_look_alike_get_slugs_of_their_own(cast, run):
    slugs = [create_study(cast.project, name, [run]).slug for name in ("a b", "a-b", "A  b")]
    assert slugs == ["a-b", "a-b-2", "a-b-3"]


def test_a_state_changes_step_by_step_and_on_record(cast, run):
    study = create_study(cast.project, "steps", [run])
    for state in ("open", "paused", "open", "closed", "open"):
        assert change_state(study, cast.researcher, state).state == state
    verbs = AuditEvent.objects.filter(actor=cast.researcher).values_list("verb", flat=True)
    assert list(verbs)[::-1] == [f"study {s}" for s in ("open", "paused", "open", "closed", "open")]


@pytest.mark.parametrize("state", ["paused", "closed", "draft", "nonsense", ""])
def test_a_step_that_does_not_exist_is_refused(cast, run, state):
    study = create_study(cast.project, "steps", [run])
    with pytest.raises(StudyRefused, match="it can become open"):
        change_state(study, cast.researcher, state)


def command(*arguments: str) -> str:
    out = io.StringIO()
    call_command("create_study", *arguments, "--project", "lab", stdout=out)
    return out.getvalue()


def test_the_command_draws_a_study(cast, run):
    out = command("--run", run.name, "--name", "by hand", "--n", "4", "--seed", "3", "--open")
    assert "Study 'by-hand' (open): 4 items, 3 judgments each." in out
    assert Item.objects.count() == 4


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--run", "no such run", "--name", "x"), "has no run 'no such run'; it has: first run"),
        (("--run", "first run", "--name", "x", "--n", "99"), "Cannot draw 99 of 9"),
        (("--run", "first run", "--name", "x", "--seed", "-1"), "The seed is -1"),
        (("--run", "first run", "--name", "x", "--overlap", "501"), "The overlap is 501"),
    ],
)
def test_the_command_says_what_is_wrong(cast, run, arguments, words):
    with pytest.raises(CommandError, match=words):
        command(*arguments)
    assert not Study.objects.exists()


def test_studies_of_another_project_do_not_take_the_name(cast, run):
    make_study(cast.other_project, name="same", slug="same")
    assert create_study(cast.project, "same", [run]).slug == "same"


def call(cast, *options: str) -> Study:
    call_command("create_study", "--project", cast.project.slug, *options, stdout=io.StringIO())
    return Study.objects.latest("pk")


def test_the_command_takes_every_setting(cast, run):
    study = call(
        cast,
        *("--run", run.name, "--name", "s", "--n", "4", "--unit", "trial", "--kind", "angle"),
        *("--tolerance", "20", "--cap", "7", "--repeat-share", "0.1", "--option-order", "balanced"),
        *("--language", "es", "--qualification-pass", "0.8", "--asks-own-measure"),
        *("--on-deletion", "removed", "--attention-limit", "2", "--control-every", "5"),
    )
    assert (study.kind, study.tolerance, study.cap, study.repeat_share) == ("angle", 20, 7, 0.1)
    assert (study.option_order, study.language, study.on_deletion) == ("balanced", "es", "removed")
    assert (study.asks_own_measure, study.control_feedback) == (True, False)
    assert (study.qualification_pass, study.attention_limit, study.control_every) == (0.8, 2, 5)


def test_the_command_reads_texts_questions_and_control_items(cast, tmp_path):
    files = {
        "texts.csv": "id,text\na,One\nb,Two\n",
        "further.json": '[{"key": "why", "kind": "nominal", "prompt": "Why?", '
        '"categories": ["a", "b"]}]',
        "controls.csv": "kind,text,expected\ngold,Three,prosocial\n",
    }
    for name, content in files.items():
        (tmp_path / name).write_text(content)
    options = [f"--{name.partition('.')[0]}={tmp_path / name}" for name in files]
    study = call(
        cast, "--name", "s", *options, "--kind", "orientation", "--control-every", "3", "--open"
    )
    assert (study.state, study.unit) == ("open", "text")
    assert list(study.items.values_list("kind", flat=True)) == ["regular", "regular", "gold"]
    assert [question["key"] for question in study.further_questions] == ["why"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--share-of", "boundary"], "write a group and a share"),
        (["--share-of", "kind=0.5"], "There is no group 'kind'"),
        (["--controls", "bad.csv"], "bad.csv: line 2: the kind 'silver'"),
        (["--further", "bad.csv"], "cannot be read"),
        (["--kind", "option"], "judge single answers"),
    ],
)
def test_the_command_refuses_with_the_reason_and_leaves_nothing(
    cast, run, tmp_path, options, words, capsys
):
    (tmp_path / "bad.csv").write_text("kind,text,expected\nsilver,x,prosocial\n")
    options = [str(tmp_path / word) if word == "bad.csv" else word for word in options]
    with pytest.raises(CommandError) as refused:
        call(cast, "--run", run.name, "--name", "s", *options)
    assert words in f"{capsys.readouterr().err}{refused.value}"
    assert not Study.objects.exists()


def test_texts_carry_what_their_file_says_of_them(cast):
    file = io.BytesIO(
        b'id,text,model,document,weight,topic,other\na,One,m1,d1,"2,5",war,x\nb,Two,,,,,\n'
    )
    texts = read_texts(file, properties=("topic",))
    study = create_study(cast.project, "Texts", texts=texts, settings={"kind": "orientation"})
    one, two = study.items.order_by("position")
    assert one.properties == {"model": "m1", "cluster": "d1", "topic": "war"}
    assert (one.weight, two.weight, two.properties) == (2.5, 1.0, {})
    assert study.properties == ["cluster", "model", "topic"]


@pytest.mark.parametrize(
    ("rows", "names", "words"),
    [
        (b"id,text\na,One\n", ("topic",), "no column 'topic'"),
        (b"id,text,weight\na,One,-1\n", (), "line 2: the weight '-1' is no number above 0"),
    ],
)
def test_texts_whose_facts_are_wrong_are_refused(rows, names, words):
    with pytest.raises(RejectedFile, match=words):
        read_texts(io.BytesIO(rows), properties=names)
