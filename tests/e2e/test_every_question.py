"""Every kind of question, first and further, is answered at every place that asks it: practice,
qualification, gold, judging, the repeat, the correction and a dispute; by keys and by touch.

The walker reads from the page what can be said and says it; a new kind of question is walked as
soon as annotations.questions knows it, and so is that of a kind of instrument that only tests know.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from annotations.base import DECLARED
from annotations.judging.problems import report_problem
from annotations.kinds import BESIDE, own_questions, question_kind, question_kinds
from annotations.models import Decision, Dispute, Item, Judgment, Rater, Study
from annotations.questions.of_study import further_question, primary_question, questions_of
from annotations.questions.question import Question
from tests.annotations.conftest import make_text_study
from tests.second_kind.registered import HOW_WARM, register

OWN_TESTS = {"values": "answered by chips of its own: tests/e2e/judging/test_judging_values.py"}
ALL = [kind for kind in (*question_kinds(), HOW_WARM.key) if kind not in OWN_TESTS]
FIRST = [kind for kind in ALL if kind not in {asked.key for asked in BESIDE}]
NUMBERS = "4.5"
CORRECTED = "7.5"
KNOWN = (Item.Kind.PRACTICE, Item.Kind.QUALIFICATION, Item.Kind.GOLD)


@pytest.fixture(autouse=True)
def second_kind(monkeypatch):
    register(monkeypatch)


def asked(kind: str, key: str = "asked") -> Question:
    """A required question of a kind: the platform's own answers, or three of its own."""
    asked = question_kind(kind)
    # Of what an instrument brings, the answers are brought too.
    brings_none = kind not in own_questions() and (asked.is_categorical or asked.is_vector)
    own = {"categories": ["one", "two", "three"]} if brings_none else {}
    prompt = f"What about {kind}?"
    return further_question({"key": key, "kind": kind, "prompt": prompt, "required": True, **own})


def right(question: Question) -> str:
    """What the walker says, as the expected answer of a control: the last of what there is."""
    if question.is_categorical:
        return question.categories[-1]
    return ",".join("1" for _ in question.categories) if question.is_vector else f"{NUMBERS}±90"


def make(project, first: str, further: list[str]) -> Study:
    """A study of one text that is repeated, with one item of each known kind."""
    question = asked(first)
    own = first in own_questions()
    study = make_text_study(
        project,
        1,
        kind=first if own else DECLARED,
        scale=Study.Scale.NOMINAL if own else first,
        question=question.prompt,
        categories=list(question.categories),
        further_questions=[
            asked(kind, f"further_{place}").as_dict() for place, kind in enumerate(further)
        ],
        control_every=1,
        control_feedback=True,
        repeat_share=1.0,
        qualification_pass=1.0,
    )
    Item.objects.bulk_create(
        Item(study=study, kind=kind, position=place, text=kind, expected=right(question), places=0)
        for place, kind in enumerate(KNOWN, start=2)
    )
    return study


# --- two ways to answer ---------------------------------------------------------------------------


@dataclass
class Keys:
    """Nothing but the keyboard: whatever question is marked gets the key that its button shows."""

    page: Page

    def answer(self, pick: int = -1, number: str = NUMBERS) -> None:
        for _ in range(60):
            marked = self.page.locator("[data-question][data-active]")
            if not marked.count():
                return
            self.answer_one(marked, pick, number)
        raise AssertionError(f"still marked: {marked.inner_text()}")

    def answer_one(self, marked: Locator, pick: int, number: str) -> None:
        keys = marked.locator("input[type=radio]")
        if keys.count():
            self.page.keyboard.press(keys.nth(pick).get_attribute("data-key"))
        elif marked.locator("input[type=range]").count():
            self.page.keyboard.press("a")
            self.page.keyboard.press("ArrowUp")
        else:
            self.page.keyboard.type(number)
            self.page.keyboard.press("Tab")

    def correct(self) -> None:
        """Go back to the first question and answer it otherwise."""
        first = self.page.locator("[data-question]").first
        for _ in range(60):
            if first.get_attribute("data-active") is not None:
                break
            self.page.keyboard.press("Backspace")
        self.answer_one(first, 0, CORRECTED)

    def send(self) -> None:
        self.page.keyboard.press("Enter")

    def go_on(self, name: str) -> None:
        self.page.get_by_role("link", name=name).or_(
            self.page.get_by_role("button", name=name)
        ).first.press("Enter")


@dataclass
class Fingers:
    """Nothing but touch: the last choice of every question, the ring, and typed numbers."""

    page: Page

    def answer(self, pick: int = -1, number: str = NUMBERS) -> None:
        for question in self.page.locator("[data-question]").all():
            self.answer_one(question, pick, number)

    def answer_one(self, question: Locator, pick: int, number: str) -> None:
        choices = question.locator("label:has(input[type=radio])")
        ring = question.locator(".angle__svg")
        if choices.count():
            choices.nth(pick).tap()
        elif ring.count():
            box = ring.bounding_box()
            at = 0.8 if number == NUMBERS else 0.5
            ring.tap(position={"x": box["width"] * at, "y": box["height"] * 0.5})
        else:
            question.locator("input, textarea").first.tap()
            question.locator("input, textarea").first.fill(number)

    def correct(self) -> None:
        self.answer_one(self.page.locator("[data-question]").first, 0, CORRECTED)

    def send(self) -> None:
        self.page.locator("button[type=submit][data-key=Enter]").tap()

    def go_on(self, name: str) -> None:
        self.page.get_by_role("link", name=name).or_(
            self.page.get_by_role("button", name=name)
        ).first.tap()


MEANS: dict[str, tuple[type[Keys] | type[Fingers], str]] = {
    "keys": (Keys, "desktop"),
    "touch": (Fingers, "phone"),
}

FILLED = """() => Object.fromEntries(
    new FormData(document.querySelector("form:has([data-question])")))"""


def said(study: Study, fields: dict[str, str]) -> tuple:
    """What the form holds, read and checked as the study's questions read it."""
    first, *further = questions_of(study)
    answers = {q.key: q.checked(q.raw(fields)) for q in further}
    confidence, comment = answers.pop("confidence"), answers.pop("comment")
    return first.raw(fields), confidence, comment or "", answers


def stored(judgment: Judgment) -> tuple:
    return judgment.label, judgment.confidence, judgment.comment, judgment.answers


# --- the walk -------------------------------------------------------------------------------------

WALKS = [(first, ()) for first in FIRST] + [(FIRST[0], tuple(ALL))]


@pytest.mark.parametrize("means", MEANS)
@pytest.mark.parametrize(
    ("first", "further"), WALKS, ids=[*(f"first {f}" for f in FIRST), "further"]
)
def test_every_question_is_answered_at_every_place(open_as, cast, means, first, further):
    study = make(cast.project, first, list(further))
    walker_of, size = MEANS[means]
    page: Page = open_as("second_rater", size)
    walker = walker_of(page)
    forms: list[tuple] = []

    def answer_and_send(how: Callable[[], None] = walker.answer) -> None:
        expect(page.locator("html")).to_have_attribute("data-keys", "on")  # the scripts are there
        how()
        forms.append(said(study, page.evaluate(FILLED)))
        walker.send()

    base = f"/p/lab/studies/{study.slug}"
    page.goto(f"{base}/way/")
    answer_and_send()
    expect(page.get_by_text("That is what was expected.")).to_be_visible()
    walker.go_on("Go on")
    expect(page.get_by_text("1 of 1 of your answers were as expected.")).to_be_visible()
    walker.go_on("Go on")
    expect(page.get_by_role("heading", name="A short test")).to_be_visible()
    answer_and_send()
    for _ in ("gold", "the text", "its repeat"):
        expect(page.locator("form[data-draft]")).to_be_visible()
        held = page.locator("input[name=assignment]").first.get_attribute("value")
        answer_and_send()
        gone = page.locator(f"form[data-draft] input[name=assignment][value='{held}']")
        expect(gone).to_have_count(0)
    page.goto(f"{base}/judge/last/")
    walker.go_on("Look again")
    expect(page.get_by_role("heading", name="Correct a judgment")).to_be_visible()
    answer_and_send(walker.correct)
    expect(page.get_by_text("Your correction is stored.")).to_be_visible()

    judgments = list(Judgment.objects.order_by("pk"))
    assert [stored(judgment) for judgment in judgments] == forms
    assert [judgment.item.kind for judgment in judgments[:2]] == ["practice", "qualification"]
    assert sorted(j.item.kind for j in judgments[2:5]) == ["gold", "regular", "regular"]
    assert judgments[5].revision == 2
    assert judgments[5].label != judgments[4].label
    decide(open_as, study, walker_of, size)


def decide(open_as, study: Study, walker_of, size: str) -> None:
    """A reported problem brings the item before a reviewer, who answers the first question."""
    rater = Rater.objects.get(study=study)
    judged = rater.assignments.filter(item__kind=Item.Kind.REGULAR).first()
    report_problem(rater, judged.pk, "It is cut off.")
    page: Page = open_as("reviewer", size)
    page.goto(f"/p/lab/disputes/{Dispute.objects.get().pk}/")
    walker = walker_of(page)
    walker.answer(number="4")
    fields = page.evaluate(FILLED)
    walker.go_on("Decide")
    expect(
        page.get_by_text("The decision is stored beside the judgments: it was the last case.")
    ).to_be_visible()
    decision = Decision.objects.get()
    assert decision.label == primary_question(study).raw(fields)
    assert decision.reason == fields["quick"]
