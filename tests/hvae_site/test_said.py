"""Whatever a model or a person wrote stands on every page with its own direction, and its language
where that is known: an English page must not lay Arabic out from the left."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.db.models import QuerySet

from annotations.disputes.adjudication import decide
from annotations.judging.problems import report_problem
from annotations.models import Item, Judgment, Rater
from annotations.studies.guidelines import revise
from annotations.taking_part.excluding import exclude
from evaluations.models import Endpoint, Turn
from tests.cast import Cast
from tests.support.addresses import MATRIX, url_of

pytestmark = pytest.mark.django_db

WORDS = "أختار الخيار B لأنه عادل."
ARABIC = re.compile(r"[\u0621-\u064a]")
VOID = {"meta", "link", "input", "br", "img", "hr", "path", "line", "circle", "rect", "use"}
OF_SOMEBODY = ("administrator", "rater", "second_rater", "participant")
LANGUAGE = "ar"


class Texts(HTMLParser):
    """The Arabic texts of a page: each with the direction and language of where it stands."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, str, str]] = []
        self.found: list[tuple[str, str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        _, direction, language = self.open[-1] if self.open else ("", "", "")
        given = dict(attrs)
        direction = given.get("dir") or ("auto" if tag == "bdi" else direction)
        language = given.get("lang") or language
        if tag == "input" and given.get("type", "text") == "text":
            self.note(given.get("value") or "", direction, language)
        if tag not in VOID:
            self.open.append((tag, direction, language))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1][0] not in ("script", "style", "title", "option"):
            self.note(data, *self.open[-1][1:])

    def note(self, text: str, direction: str, language: str) -> None:
        if ARABIC.search(text) and "العربيّة" not in text:
            self.found.append((" ".join(text.split())[:60], direction, language))


@pytest.fixture
def spoken(world, cast):
    """The world in which models, raters, reviewers and the study speak Arabic."""
    study = world.study
    type(study).objects.filter(pk=study.pk).update(
        language=LANGUAGE,
        question=WORDS,
        further_questions=[
            {"key": "tone", "kind": "nominal", "prompt": WORDS, "categories": [WORDS, "ب"]},
            {"key": "values", "kind": "vector", "prompt": WORDS, "categories": [WORDS, "ب"]},
        ],
    )
    study.refresh_from_db()
    QuerySet(Turn).update(text=WORDS)
    QuerySet(Judgment).update(comment=WORDS, answers={"tone": WORDS})
    Item.objects.filter(kind="gold").update(text=WORDS, feedback=WORDS)
    Endpoint.objects.update(note=WORDS)
    texts = dict.fromkeys(("about", "instructions", "codebook", "thanks"), WORDS)
    revise(study, cast.researcher, **texts)
    rater = study.raters.get(user=cast.rater)
    report_problem(rater, world.assignment_id, WORDS)
    decide(world.dispute, cast.reviewer, "prosocial", WORDS)
    exclude(Rater.objects.get(study=study, kind="simulated"), cast.researcher, WORDS)
    return world


def pages(cast: Cast, arguments: dict[str, object]) -> Iterator[tuple[str, str]]:
    """Every page there is, as somebody who can look at it."""
    clients = [cast.client(part) for part in OF_SOMEBODY]
    for name in sorted(MATRIX):
        if name.startswith(("account_", "mfa_")):
            continue
        for client in clients:
            response = client.get(url_of(name, arguments))
            if response.status_code == 200 and "text/html" in response["Content-Type"]:
                yield name, response.content.decode()
                break


def test_what_was_said_has_its_direction_on_every_page(cast, spoken, arguments):
    seen, wrong, languages = set(), [], set()
    for page, html in pages(cast, arguments):
        texts = Texts()
        texts.feed(html)
        seen |= {page} if texts.found else set()
        wrong += [f"{page}: {text}" for text, direction, _ in texts.found if direction != "auto"]
        languages |= {(page, language) for _, _, language in texts.found}
    assert not wrong, "\n".join(sorted(set(wrong)))
    assert seen >= {"trial", "dispute", "judge", "judge_preview", "study_controls", "study_rater"}
    assert seen >= {"judge_last", "judge_correct", "study_guideline", "study_guidelines"}
    for page in ("dispute", "judge", "judge_preview", "study_controls", "study_guideline"):
        assert (page, LANGUAGE) in languages
