"""Studies of answers that are judged by the ten values, for the tests of the rater's page."""

from accounts.models import Project
from annotations.models import Item, Study
from annotations.taking_part.parts import rater_for
from annotations.taking_part.stages import advance
from annotations.values.questions import VALUE_SIGNS
from evaluations.instruments.values.circle import VALUES
from tests.annotations.conftest import make_text_study

TEXT = (
    "Keep the promise you gave, even if it costs you the evening. Your family has always done it "
    "this way. If you are paid for it, ask for more than the others get.\n\nNobody else will "
    "look after your share. 😀 Sleep on it first. Then decide for yourself, whatever they say."
)
SENTENCES = 6


def values_study(project: Project, items: int = 3, text: str = TEXT, **fields: object) -> Study:
    """An open study of so many texts, each judged by the ten values."""
    asked = {"kind": "values", "question": VALUE_SIGNS.prompt, "categories": list(VALUES)}
    study = make_text_study(project, items, **(asked | fields))
    for item in study.items.all():
        Item.objects.filter(pk=item.pk).update(text=text)
    return study


def begin(study: Study, user) -> None:
    """Take a rater past the instructions, if there are any."""
    advance(rater_for(study, user), "instructions")
