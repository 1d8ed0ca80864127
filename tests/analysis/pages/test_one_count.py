"""A study in which everything happens gives the same figure on every page, list and file."""

import random
import re

import pytest
from django.core.management import call_command
from django.urls import reverse

from analysis.data.parameters import Parameters
from analysis.making.reporting import make_report
from analysis.pages.board.board import rater_board
from analysis.pages.planning.pilot import pilot_of
from analysis.report.methods import methods
from annotations.exchange.assignment import current_or_next
from annotations.judging.judging import submit
from annotations.judging.sent import Form
from annotations.judging.skipping import SKIP_REASONS, skip
from annotations.models import Assignment, Item, Judgment, Rater, Study
from annotations.studies.counts import counts_of, strata_of
from annotations.studies.queries import counted, overview_of, studies_of
from annotations.taking_part.excluding import exclude, include
from hvae_site.overview import doors, figures
from tests.annotations.conftest import make_rater, make_text_study

pytestmark = pytest.mark.django_db
QUICK = Parameters(replicates=200)


def lively_study(cast, seed: int) -> Study:
    """Controls, repeats, practice, skips, corrections, a place under way, somebody excluded whose
    places are kept, one whose places were given on, and one who came back too late for some."""
    chance = random.Random(seed)
    study = make_text_study(
        cast.project,
        chance.randint(8, 12),
        overlap=3,
        control_every=3,
        repeat_share=0.3,
        kind="declared",
        categories=["yes", "no"],
        metric_name="",
    )
    for number, kind in enumerate(["gold", "attention", "gold", "practice", "qualification"]):
        study.items.create(
            kind=kind, position=100 + number, text=f"{kind} {number}", expected="yes", places=0
        )
    raters = {name: make_rater(study, name) for name in ("kept", "given", "back", "a", "b", "c")}
    for name in ("kept", "given", "back"):
        judge(raters[name], chance)
    exclude(raters["kept"], cast.researcher, "clicks through")
    exclude(raters["given"], cast.researcher, "guesses", reopen_places=True)
    exclude(raters["back"], cast.researcher, "by mistake", reopen_places=True)
    for name in ("a", "b"):
        judge(raters[name], chance)
    include(raters["back"], cast.researcher, "it was a mistake")
    current_or_next(raters["c"])
    return study


def judge(rater: Rater, chance: random.Random) -> None:
    """All they are handed; some are skipped, some corrected afterwards."""
    held = current_or_next(rater)
    while held is not None:
        if chance.random() < 0.15:
            held = skip(rater, held.pk, next(iter(SKIP_REASONS))).next
            continue
        done, held = held, submit(rater, Form(held.pk, 0, chance.choice(["yes", "no"]))).next
        if chance.random() < 0.2:
            submit(rater, Form(done.pk, 1, "no"))


@pytest.fixture(params=[1, 2, 3])
def study(request, cast):
    return lively_study(cast, request.param)


def judged_by_hand(study: Study) -> int:
    """What counts, said once more in the plainest way: row by row."""
    return sum(
        judgment.is_current
        and judgment.item.kind == "regular"
        and judgment.assignment.round == 0
        and judgment.assignment.state == Assignment.State.JUDGED
        and judgment.rater.excluded_at is None
        for judgment in Judgment.objects.filter(item__study=study).select_related(
            "item", "assignment", "rater"
        )
    )


def numbers(body: str) -> list[int]:
    return [int(word.replace(",", "")) for word in re.findall(r"\d[\d,]*", body)]


def test_every_page_and_file_says_the_same(cast, study):
    judged, wanted = judged_by_hand(study), 3 * study.items.filter(kind="regular").count()
    items = wanted // 3
    assert 0 < judged < wanted
    counts = counts_of(study)
    assert (counts.items, counts.places, counts.judged) == (items, wanted, judged)
    under_way = Assignment.objects.filter(item__study=study, state="reserved", is_regular=True)
    assert counts.reserved == under_way.count()
    assert Judgment.objects.counted().filter(item__study=study).count() == judged
    assert overview_of(study).counts == counts
    board = rater_board(study)
    assert (board.judged, board.places, board.last_hour) == (judged, wanted, judged)
    assert sum(stratum.judged for stratum in strata_of(study)) == judged
    assert counted(studies_of(cast.project)).get(pk=study.pk).items_total == items
    tiles = {tile["label"]: tile["value"] for tile in figures(cast.project)}
    assert tiles["judgments"] == judged
    (row,) = next(door for door in doors(cast.project) if door["title"] == "Studies")["rows"]
    assert row["count"] == items
    result = make_report(study, QUICK).result
    assert result["overview"]["counts"]["judgments"] == judged
    assert result["overview"]["counts"]["items"] == items
    assert pilot_of(study, "agreement").judgments == judged
    complete = [
        item
        for item in study.items.filter(kind="regular")
        if Judgment.objects.counted().filter(item=item).count() == 3
    ]
    assert counts.complete == len(complete)

    client = cast.client("researcher")
    body = client.get(reverse("study", args=["lab", study.slug])).content.decode()
    tile = re.search(r"Judgments</dt>.*?</div>", body, re.DOTALL)
    counts = counts_of(study)
    assert numbers(tile.group())[:3] == [counts.judged, counts.places, counts.items]


def test_the_command_counts_no_control_item(cast, tmp_path, capsys):
    texts = tmp_path / "texts.csv"
    texts.write_text("id,text\na,one\nb,two\n")
    controls = tmp_path / "controls.csv"
    controls.write_text("kind,text,expected\ngold,three,prosocial\n")
    call_command(
        *("create_study", "--texts", str(texts), "--name", "Two", "--project", "lab"),
        *("--kind", "orientation", "--controls", str(controls)),
    )
    assert "2 items" in capsys.readouterr().out
    assert Item.objects.filter(study__name="Two").count() == 3


# --- what is left out is said, whatever became of the places --------------------------------------


@pytest.mark.parametrize("reopen", [False, True])
def test_an_exclusion_is_said_the_same_way_whatever_became_of_the_places(cast, reopen):
    study = make_text_study(
        cast.project,
        12,
        overlap=3,
        kind="declared",
        categories=["yes", "no"],
        metric_name="",
    )
    chance = random.Random(0)
    for name in ("a", "b", "clicker"):
        rater, held = make_rater(study, name), None
        held = current_or_next(rater)
        while held is not None:
            held = submit(rater, Form(held.pk, 0, chance.choice(["yes", "no"]))).next
    exclude(
        study.raters.get(pseudonym="clicker"),
        cast.researcher,
        "clicks through",
        reopen_places=reopen,
    )
    report = make_report(study, QUICK)
    excluded = report.result["quality"]["excluded"]
    assert excluded == {
        "raters": ["clicker"],
        "reasons": ["excluded from the study: clicks through"],
        "items": [],
        "judgments": 12,
    }
    warnings = {row["code"]: row["text"] for row in report.result["warnings"]}
    assert warnings["excluded"] == "12 judgments left out with excluded raters or items."
    assert "Left out were 12 judgments with 1 rater." in methods(report.result)["paragraph"]
    client = cast.client("researcher")
    page = client.get(reverse("report_items", args=["lab", study.slug])).content.decode()
    assert page.count("not counted: <bdi>excluded from the study: clicks through") == 12
    for file in ("markdown", "latex"):
        text = client.get(reverse("report_file", args=["lab", study.slug, file])).content.decode()
        assert "12 judgments" in text


def test_places_that_were_lost_are_said_of_a_rater_who_counts_again(cast):
    study = make_text_study(
        cast.project, 4, overlap=1, kind="declared", categories=["yes", "no"], metric_name=""
    )
    for name in ("back", "other"):
        rater = make_rater(study, name)
        held = current_or_next(rater)
        while held is not None:
            held = submit(rater, Form(held.pk, 0, "yes")).next
        if name == "back":
            exclude(rater, cast.researcher, "by mistake", reopen_places=True)
    include(study.raters.get(pseudonym="back"), cast.researcher, "it was a mistake")
    result = make_report(study, QUICK).result
    excluded = result["quality"]["excluded"]
    assert excluded["judgments"] == 4
    assert excluded["given_on"] == {"raters": ["back"], "judgments": [4]}
    warnings = {row["code"]: row["text"] for row in result["warnings"]}
    assert warnings["excluded"] == (
        "4 judgments left out because their places were given on (4 judgments)."
    )
    assert (
        "Left out were 4 judgments with 1 rater whose places had been given on."
        in (methods(result)["paragraph"])
    )
    page = cast.client("researcher").get(reverse("report_items", args=["lab", study.slug]))
    assert page.content.decode().count("not counted: <bdi>their place was given on") == 4
