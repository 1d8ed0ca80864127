"""People in a browser: researchers, reviewers, and raters who judge through the pages."""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, Project, Role, User
from tests.golden_house import reading
from tests.golden_house.making.clock import Clock

Fields = dict[str, Any]
Mind = Callable[["Form", dict[str, Any], random.Random], Fields]
"""What a rater says: from the form, what they have before them, and chance."""


def project_of(slug: str) -> Project:
    return Project.objects.get_or_create(slug=slug, defaults={"name": slug.title()})[0]


def member(project: str, name: str, role: Role) -> Client:
    """The browser of a member of the project, signed in."""
    user, _ = User.objects.get_or_create(username=name, defaults={"email": f"{name}@example.org"})
    Membership.objects.get_or_create(project=project_of(project), user=user, role=role)
    client = Client()
    client.force_login(user)
    return client


@dataclass
class Form:
    """A form of a page: its hidden fields, the values offered in each of the others, and those of
    them that need one."""

    hidden: Fields = field(default_factory=dict)
    offered: dict[str, list[str]] = field(default_factory=dict)
    required: set[str] = field(default_factory=set)


class Forms(HTMLParser):
    """The forms of a page."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__()
        self._all: list[Form] = []
        self.feed(response.content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._all.append(Form())
        elif tag in ("input", "textarea", "select") and self._all and "name" in said:
            form, name = self._all[-1], said["name"]
            if said.get("type") == "hidden":
                form.hidden[name] = said.get("value", "")
            else:
                form.offered.setdefault(name, []).append(said.get("value", ""))
                form.required |= {name} if "required" in said else set()

    def holding(self, name: str) -> Form | None:
        """The first form with this field among the hidden ones."""
        return next((form for form in self._all if name in form.hidden), None)

    @property
    def judging(self) -> Form | None:
        """The form of a judgment; not those by which an item is skipped or reported."""
        forms = (form for form in self._all if "assignment" in form.hidden)
        return next((form for form in forms if "act" not in form.hidden), None)


class Rater:
    """Somebody who judges in a study, in a browser of their own."""

    def __init__(self, client: Client, project: str, study: str, name: str, mind: Mind) -> None:
        self.client, self.project, self.study = client, project, study
        self.name, self.mind = name, mind
        self.acts = 0

    def address(self, page: str, *more: Any) -> str:
        return reverse(page, args=[self.project, self.study, *more])

    def get(self, page: str, *more: Any) -> HttpResponse:
        return self.client.get(self.address(page, *more), follow=True)

    def post(self, page: str, fields: Fields, *more: Any) -> HttpResponse:
        response = self.client.post(self.address(page, *more), fields, follow=True)
        assert response.status_code == 200, (self.name, fields, response.content.decode()[-3000:])
        return response

    def walk(self, clock: Clock, measure: int | None = 1) -> None:
        """Go the way up to the judging, or as far as it goes."""
        for _ in range(30):
            page = self.get("way")
            form = Forms(page).holding("stage")
            if form is None:
                return
            clock.pass_by(7)
            fields = form.hidden
            if "assignment" in fields:
                fields = fields | self._said(form)
            elif fields["stage"] == "own_measure" and measure is not None:
                each = form.offered.items()
                chosen = {name: values[measure % len(values)] for name, values in each}
                fields = fields | chosen | {"answer": "yes"}
            elif fields["stage"] in ("consent", "own_measure"):
                fields = fields | {"answer": "yes" if fields["stage"] == "consent" else "no"}
            self.post("way", fields)

    def _said(self, form: Form) -> Fields:
        self.acts += 1
        chance = random.Random(f"{self.study}/{self.name}/{self.acts}")
        return self.mind(form, reading.held(int(form.hidden["assignment"])), chance)

    def judge(self, clock: Clock, most: int = 1) -> int:
        """Judge so many items; how many there were."""
        for done in range(most):
            form = Forms(self.get("judge")).judging
            if form is None:
                return done
            fields = form.hidden | self._said(form)
            clock.pass_by(5 + self.acts * 13 % 37)
            self.post("judge", fields)
        return most

    def skip(self, clock: Clock, reason: str, comment: str = "") -> None:
        fields = self._beside(clock, "skip")
        self.post("judge", fields | {"skip_reason": reason, "skip_comment": comment})

    def report(self, clock: Clock, words: str) -> None:
        self.post("judge", self._beside(clock, "report") | {"problem": words})

    def _beside(self, clock: Clock, act: str) -> Fields:
        """The form beside the judgment by which something else is done with the item."""
        form = Forms(self.get("judge")).judging
        assert form is not None
        clock.pass_by(3)
        return {"act": act, **{name: form.hidden[name] for name in ("assignment", "revision")}}

    def correct(self, clock: Clock, assignment: int, **fields: Any) -> None:
        """Send one's own judgment again, otherwise."""
        form = Forms(self.get("judge_correct", assignment)).judging
        assert form is not None
        clock.pass_by(4)
        self.post("judge_correct", form.hidden | self._said(form) | fields, assignment)

    @property
    def pseudonym(self) -> str:
        return reading.pseudonym_of(self.project, self.study, self.name)


def in_turn(clock: Clock, raters: list[Rater], most: int) -> None:
    """Let raters judge one item after the other, until nothing is left or each had *most*."""
    for _ in range(most):
        if not sum(rater.judge(clock) for rater in raters):
            return


def by_invitation(
    researcher: Client, project: str, study: str, names: list[str], mind: Mind
) -> list[Rater]:
    """People without an account, who come by a link that the researcher makes on its page."""
    address = reverse("invitations", args=[project, study])
    fields = {"name": "by link", "platform": "link", "completion": "D0NE", "below": "T00FEW"}
    page = researcher.post(address, fields, follow=True)
    (link,) = set(re.findall(r"http://testserver(/join/[^\s\"<]+)", page.content.decode()))
    came = []
    for name in names:
        rater = Rater(Client(), project, study, name, mind)
        page = rater.client.get(link)
        hidden = (Forms(page).holding("browser") or Form()).hidden
        assert rater.client.post(link, hidden, follow=True).status_code == 200
        came.append(rater)
    return came


def decide(reviewer: Client, project: str, dispute: int, reason: str, **said: str) -> None:
    _act(reviewer, "dispute_decide", project, dispute, {"reason": reason, **said})


def reopen(reviewer: Client, project: str, dispute: int, reason: str) -> None:
    _act(reviewer, "dispute_reopen", project, dispute, {"reason": reason})


def _act(client: Client, page: str, project: str, key: int, fields: Fields) -> None:
    response = client.post(reverse(page, args=[project, key]), fields)
    assert response.status_code == 302, response.content.decode()[-3000:]
