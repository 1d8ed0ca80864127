"""A rater who reads every page and file of a whole part cannot tell controls and repeats apart.

What they see in a study with them is what they see in one of as many plain items: the pages are
compared word for word, but for the items' own words, and for keys by the order in which they come.
"""

import json
import re
from itertools import zip_longest

import pytest

from analysis.pages.board.board import rater_board
from annotations.exchange.mixed_in import still_to_come
from annotations.judging.judging import submit
from annotations.judging.problems import report_problem
from annotations.judging.repeats import said_twice
from annotations.judging.results import Result
from annotations.judging.sent import Form
from annotations.judging.skipping import skip
from annotations.models import Assignment, Item, Judgment, Rater, Study
from annotations.taking_part.excluding import pause
from evaluations.models import Trial
from tests.annotations.conftest import (
    judge_url,
    make_rater,
    make_study,
    make_text_study,
    make_trial,
    send,
)
from tests.annotations.judging.test_mixed_in import add_controls, current_or_next, judge_all
from tests.annotations.taking_part.way_support import way_url

pytestmark = pytest.mark.django_db


def a_study_with_them(project) -> Study:
    study = make_text_study(project, 12, control_every=3, repeat_share=0.25)
    add_controls(study, "gold", 2)
    add_controls(study, "attention", 2)
    return study


class Cheat:
    """A rater who reads everything they can between two items."""

    def __init__(self, client, study: Study) -> None:
        self.client, self.study = client, study
        self.keys: dict[str, str] = {}
        self.rater: Rater | None = None

    def walk(self, skipping: set[int]) -> list[list[str]]:
        """What all pages said before each item; the items at the places of *skipping* skipped."""
        seen = []
        page = self.client.get(judge_url(self.study))
        while held := Assignment.objects.filter(rater__study=self.study, state="reserved").first():
            self.rater = held.rater
            seen.append([self.blank(page), *self.other_pages()])
            self.report(held)
            if len(seen) - 1 in skipping:
                fields = {"act": "skip", "skip_reason": "other"}
            else:
                fields = {"label": "prosocial", "comment": "so"}
            page = send(self.client, self.study, assignment=held.pk, **fields)
        seen.append([self.blank(page), *self.other_pages()])
        return seen

    def report(self, held: Assignment) -> None:
        send(self.client, self.study, assignment=held.pk, act="report", problem="the same words")

    def other_pages(self) -> list[str]:
        addresses = [
            judge_url(self.study),
            judge_url(self.study, "last/"),
            way_url(self.study, "pause/"),
            way_url(self.study, "data/"),
            way_url(self.study, "data/file/"),
        ]
        return [self.blank(self.client.get(address)) for address in addresses]

    def blank(self, response) -> str:
        """The answer without what differs between any two parts: words of items, names, times;
        keys and moments by the order in which they were seen first."""
        text = response.content.decode() + json.dumps(sorted(response.headers.items()))
        assert self.rater is not None or "error" not in text
        text = re.sub(r"\b(text|gold|attention) \d+", "words of the item", text)
        text = text.replace(self.study.slug, "slug").replace(self.study.name, "name")
        text = re.sub(r"rater-\w{6}", "pseudonym", text)
        text = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+Z", "then", text)
        text = re.sub(r"\w{3}, \d+ \w{3} \d{4} [\d:]+ GMT", "then", text)
        text = re.sub(r"\bnow\b|\ba second ago|\b\d+\sseconds ago", "lately", text)
        text = re.sub(r'(name="shown_at" value=")[\d.]+', r"\1now", text)
        text = re.sub(r'(csrf\w*"?[^"]*"(?: value=)?"?)\w{20,}', r"\1token", text)
        text = re.sub(r'"x-csrftoken": "\w+"', "token", text)
        text = re.sub(r'"Content-Length", "\d+"', "length", text)
        text = re.sub(r'"X-Request-ID", "[0-9a-f-]{36}"', "request", text)
        text = re.sub(r'"seconds": [\d.]+', "seconds", text)
        for key in re.findall(r'(?:name="assignment" value="|/last/|data-draft=")(\d+)', text):
            self.keys.setdefault(key, f"key {len(self.keys)}")
        for key, name in self.keys.items():
            place = rf'(name="assignment" value="|/last/|data-draft="){key}\b'
            text = re.sub(place, rf"\1{name}", text)
        return text


@pytest.mark.parametrize("skipping", [set(), {0, 5, 9, 18}, {1, 2, 3, 4, 16}])
def test_all_pages_of_a_part_read_as_those_of_plain_items(cast, skipping):
    with_them = Cheat(cast.client("rater"), a_study_with_them(cast.project)).walk(skipping)
    handed = len(with_them) - 1
    kinds = {(one.item.kind, one.round) for one in Assignment.objects.select_related("item")}
    assert kinds == {("regular", 0), ("gold", 0), ("attention", 0), ("regular", 1)}
    plain = make_text_study(cast.project, handed)
    without = Cheat(cast.client("rater"), plain).walk(skipping)
    for before, (seen, expected) in enumerate(zip(with_them, without, strict=True)):
        differing = [
            (line, other)
            for page, other_page in zip(seen, expected, strict=True)
            for line, other in zip_longest(page.splitlines(), other_page.splitlines())
            if line != other
        ]
        assert differing == [], f"after {before} items"


@pytest.mark.parametrize("cap", [None, 7])
@pytest.mark.parametrize("every", [None, 2, 5])
@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_what_is_still_to_come_is_what_comes(cast, cap, every, share):
    study = make_text_study(cast.project, 13, cap=cap, control_every=every, repeat_share=share)
    add_controls(study, "gold", 3)
    rater = make_rater(study)
    counts, held = [], current_or_next(rater)
    while held is not None:
        counts.append(still_to_come(rater, held, 101))
        held = submit(rater, Form(held.pk, 0, "prosocial")).next
    assert counts == list(range(len(counts), 0, -1))


@pytest.mark.parametrize("cap", [None, 9])
def test_skipping_anything_counts_as_one_less(cast, cap):
    study = make_text_study(cast.project, 16, cap=cap, control_every=3, repeat_share=0.4)
    add_controls(study, "attention", 4)
    rater = make_rater(study)
    counts, held = [], current_or_next(rater)
    while held is not None:
        counts.append(still_to_come(rater, held, 101))
        leave_out = len(counts) % 4 == 0
        answer = Form(held.pk, 0, "prosocial")
        held = (skip(rater, held.pk, "other") if leave_out else submit(rater, answer)).next
    assert counts == list(range(len(counts), 0, -1))


@pytest.mark.parametrize("rests", ["paused", "closed", "part paused"])
def test_a_rest_tells_nothing_of_what_was_given_back(cast, rests):
    """What was held as the study came to rest is counted by no page, whatever it is."""
    study = a_study_with_them(cast.project)
    client = cast.client("rater")
    client.get(judge_url(study))
    held = Assignment.objects.get(rater__study=study)
    if rests == "part paused":
        pause(study.raters.get(), cast.researcher, "a look at their answers first")
    else:
        Study.objects.update(state=rests)
    page = send(client, study, assignment=held.pk, label="prosocial")
    words = page.content.decode()
    assert re.search(r"\d judged by you", words)
    assert "still open for you" not in words


def test_the_cap_counts_what_was_handed_skipped_or_judged(cast):
    study = make_text_study(cast.project, 9, cap=4)
    rater = make_rater(study)
    held = skip(rater, current_or_next(rater).pk, "other").next
    handed = 1
    while held is not None:
        handed += 1
        held = submit(rater, Form(held.pk, 0, "prosocial")).next
    assert handed == 4
    assert Rater.objects.get().skipped_regular == 1


def test_more_than_a_hundred_are_not_counted_one_by_one(cast):
    study = make_text_study(cast.project, 130, control_every=2)
    add_controls(study, "gold", 2)
    rater = make_rater(study)
    assert still_to_come(rater, current_or_next(rater), 101) == 101


# --- corrections ----------------------------------------------------------------------------------


def correct(rater: Rater, held: Assignment, label: str) -> None:
    assert submit(rater, Form(held.pk, 1, label)).result is Result.CORRECTED


@pytest.mark.parametrize("kind", ["gold", "attention"])
def test_the_board_counts_first_answers_to_controls(cast, kind):
    study = make_text_study(cast.project, 2, control_every=2)
    add_controls(study, kind, 1)
    rater = make_rater(study)
    for held in judge_all(rater, "competitive"):
        correct(rater, held, "prosocial")
    known = rater_board(study).rows[0].figures.known
    tally = getattr(known, kind)
    assert (tally.right, tally.of) == (0, 1)


def test_correcting_a_repeat_or_what_it_repeats_makes_nobody_steadier(cast):
    study = make_text_study(cast.project, 2, repeat_share=1.0)
    rater = make_rater(study)
    held, handed = current_or_next(rater), []
    while held is not None:
        handed.append(held)
        held = submit(rater, Form(held.pk, 0, "altruistic" if held.round else "prosocial")).next
    again = [one for one in handed if one.round]
    correct(rater, again[0], "prosocial")
    first = next(one for one in handed if one.item_id == again[1].item_id and not one.round)
    correct(rater, first, "altruistic")
    pairs = said_twice(study)
    assert [(pair.first[0], pair.again[0]) for pair in pairs] == [("prosocial", "altruistic")] * 2
    repeats = rater_board(study).rows[0].figures.known.repeats
    assert (repeats.right, repeats.of) == (0, 2)


def test_a_slip_put_right_before_the_repeat_counts_as_put_right(cast):
    study = make_text_study(cast.project, 1, repeat_share=1.0)
    rater = make_rater(study)
    first = current_or_next(rater)
    repeat = submit(rater, Form(first.pk, 0, "competitive")).next
    correct(rater, first, "prosocial")
    submit(rater, Form(repeat.pk, 0, "prosocial"))
    (pair,) = said_twice(study)
    assert pair.first[0] == pair.again[0] == "prosocial"


# --- what an item looks like, and what is told of it later ----------------------------------------


def test_a_text_among_trials_has_the_heading_of_all_items(cast, cell):
    study = make_study(cast.project, [make_trial(cell)], control_every=1)
    add_controls(study, "attention", 1)
    client = cast.client("rater")
    headings = []
    client.get(judge_url(study))
    for _ in range(2):
        held = Assignment.objects.get(state="reserved")
        page = client.get(judge_url(study)).content.decode()
        headings.append(re.search(r'id="item-heading"[^>]*>([^<]+)<', page)[1])
        send(client, study, assignment=held.pk)
    assert Trial.objects.count() == 1
    assert headings == ["What the model answered"] * 2


def test_my_data_names_items_once_the_study_is_closed(cast):
    study = a_study_with_them(cast.project)
    client = cast.client("rater")
    client.get(judge_url(study))
    held = Assignment.objects.get()
    send(client, study, assignment=held.pk)
    address = way_url(study, "data/file/")
    before = client.get(address).json()
    assert before["handed_out"][0]["item_id"].startswith("stored, and told once")
    assert before["judgments"][0]["item"] == 1
    Study.objects.update(state="closed")
    assert client.get(address).json()["handed_out"][0]["item_id"] == held.item_id


def test_the_same_words_of_a_repeat_are_kept_again_and_sent_twice_once(cast):
    study = make_text_study(cast.project, 1, repeat_share=1.0)
    rater = make_rater(study)
    first = current_or_next(rater)
    for _ in range(2):
        report_problem(rater, first.pk, "cut off")
    repeat = submit(rater, Form(first.pk, 0, "prosocial")).next
    for _ in range(2):
        report_problem(rater, repeat.pk, "cut off")
    assert Item.objects.get().problem_reports.count() == 2
    assert Judgment.objects.count() == 1
