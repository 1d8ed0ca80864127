"""A study with every stage of the way, and people who walk it, for the tests of the way."""

from django.test import Client

from accounts.models import Project, User
from annotations.models import Guideline, Invitation, Item, Rater, Study
from annotations.taking_part.invitations import create_invitation, path_of
from tests.annotations.conftest import make_text_study

WORDS = {
    "about": "We look at how people read answers of language models.",
    "consent": "I agree that my answers are stored.",
    "instructions": "Read the text, then choose.",
    "thanks": "You helped us a lot.",
}


def make_whole_study(project: Project, texts: int = 2, **fields: object) -> Study:
    """An open study with consent, own measure, instructions, two practice and two qualification
    items ('prosocial' is right in all of them), and so many texts to judge."""
    values = {"asks_own_measure": True, "qualification_pass": 1.0} | fields
    study = make_text_study(project, texts, **values)
    Guideline.objects.create(study=study, version=1, **WORDS)
    add_known(study, Item.Kind.PRACTICE, 2)
    add_known(study, Item.Kind.QUALIFICATION, 2)
    return study


def add_known(study: Study, kind: str, number: int) -> None:
    first = study.items.count() + 1
    Item.objects.bulk_create(
        Item(
            study=study,
            kind=kind,
            position=position,
            text=f"{kind} {position}",
            expected="prosocial",
            feedback="Both get much.",
            places=0,
        )
        for position in range(first, first + number)
    )


def make_invitation(study: Study, actor: User, **fields: object) -> Invitation:
    values = {"name": f"invitation {study.invitations.count() + 1}"} | fields
    return create_invitation(study, actor, **values)


def way_url(study: Study, rest: str = "") -> str:
    return f"/p/{study.project.slug}/studies/{study.slug}/way/{rest}"


def join(invitation: Invitation, client: Client | None = None, query: str = "") -> Client:
    """A browser that came by the invitation and pressed Start."""
    client = client or Client()
    response = client.post(path_of(invitation) + query)
    assert response.status_code == 302, response.content.decode()
    return client


def act(client: Client, study: Study, stage: str, **fields: object):
    """Send a form of the way as the page of *stage* does."""
    return client.post(way_url(study), {"stage": stage, **fields})


def agree(client: Client, study: Study):
    guideline = study.guidelines.last()
    return act(client, study, "consent", answer="yes", guideline=guideline.pk)


def take_measure(client: Client, study: Study, option: int = 1):
    chosen = {f"item-{number}": option for number in range(1, 7)}
    return act(client, study, "own_measure", answer="yes", **chosen)


def answer_known(client: Client, study: Study, rater: Rater, label: str = "prosocial"):
    """Open the practice or qualification item that is next and answer it."""
    client.get(way_url(study))
    held = rater.assignments.get(state="reserved")
    fields = {"assignment": held.pk, "revision": 0, "label": label}
    return act(client, study, held.item.kind, **fields)


def walk_to_judging(client: Client, study: Study) -> Rater:
    """Walk from the consent to judging, everything answered right."""
    rater = study.raters.order_by("-pk").first()
    agree(client, study)
    take_measure(client, study)
    act(client, study, "instructions")
    for _ in range(2):
        answer_known(client, study, rater)
    act(client, study, "practice")
    for _ in range(2):
        answer_known(client, study, rater)
    rater.refresh_from_db()
    assert rater.stage == Rater.Stage.JUDGING
    return rater
