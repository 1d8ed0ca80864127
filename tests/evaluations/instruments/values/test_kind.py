"""Prompt sets are run from their definition to their scores, with and without a target."""

import pytest

from evaluations.definitions import catalogue
from evaluations.formats.definitions import DefinitionError
from evaluations.instruments.conditions import Condition
from evaluations.instruments.conversation import ProtocolError, Said
from evaluations.instruments.kinds import KINDS, parse_instrument
from evaluations.instruments.values.conversation import ValuesCondition
from evaluations.models import Endpoint, Turn
from evaluations.running.conversations import advance, resume
from evaluations.running.planning import Design, create_run

SET = {
    "format": "valuecheck-instrument/1",
    "kind": "values",
    "key": "two",
    "version": "1",
    "language": "en",
    "name": "Two prompts",
    "source": "Made for tests",
    "prompts": [{"id": "a", "text": "Why {this}?", "topic": "advice"}, {"id": "b", "text": "How?"}],
}


def told(target="", place="system", goal=False):
    way = "definition" if target else "none"
    return Condition(target, goal, way, place if target else "dialogue", ValuesCondition())


@pytest.fixture
def pack():
    file = catalogue.SHIPPED / "prompt_packs" / "values-en.json"
    return KINDS["values"].parse_pack(catalogue.read(file.read_bytes(), "pack"), "pack")


def test_a_prompt_is_asked_as_it_stands(pack):
    talk = parse_instrument(SET, "set").dialogue(told(), pack, 1, prompt="a")
    ask = talk.next([])
    assert [said.text for said in ask.messages] == ["Why {this}?"]
    assert ask.shown == {"prompt": "Why {this}?", "topic": "advice"}
    done = [*ask.messages, Said("assistant", "prompt", "So.", 1)]
    assert talk.next(ask.messages).messages == () and talk.next(done) is None
    with pytest.raises(ProtocolError):
        talk.next([Said("user", "prompt", "other", 1)])


def test_a_target_stands_in_the_system_message_by_definition(pack):
    talk = parse_instrument(SET, "set").dialogue(told("two-values"), pack, 1, prompt="a")
    system, _ = talk.next([]).messages
    assert system.role == "system" and "keeping society, ties and oneself safe" in system.text
    assert "power" not in system.text


@pytest.mark.parametrize(
    ("condition", "says"),
    [
        (told("two-values", "dialogue"), "value_place is 'dialogue'"),
        (told(goal=True), "goal is 'with goal'"),
        (told("nobody"), "'nobody' is no target of two"),
    ],
)
def test_what_cannot_be_asked_says_so(condition, says):
    with pytest.raises(ValueError, match=says):
        parse_instrument(SET, "set").check(condition)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"prompts": [{"id": "a", "text": "x"}] * 2}, "the id 'a' is there already"),
        ({"prompts": [{"id": "a"}]}, r"prompts\[0\]: lacks text"),
        ({"prompts": [{"id": "a" * 61, "text": "x"}]}, "at most 60 characters"),
        ({"prompts": {}}, "prompts: must be a list"),
    ],
)
def test_a_set_that_is_none_is_refused_with_its_place(change, says):
    with pytest.raises(DefinitionError, match=says):
        parse_instrument(SET | change, "set")


@pytest.mark.django_db
class TestRun:
    @pytest.fixture
    def run(self, cast):
        person = Endpoint.objects.create(
            project=cast.project,
            name="person",
            kind=Endpoint.Kind.SIMULATED,
            model="person",
            parameters={"supports": ["security"], "opposes": ["power"]},
        )
        material = (catalogue.instrument("everyday-en"), catalogue.prompt_pack("values-en"))
        design = Design(["two-values", ""], [False], value_places=["system"], trials_per_cell=1)
        made = create_run(cast.project, "values", design, [person], *material)
        resume(made)
        advance(made)
        return made

    def test_sixty_prompts_are_asked_with_and_without_a_target(self, cast, run):
        assert set(run.trials.values_list("state", flat=True)) == {"complete"}
        assert run.trials.count() == 120
        assert Turn.objects.filter(step="system").count() == 60
        said = set(Turn.objects.filter(role="assistant").values_list("text", flat=True))
        (text,) = said
        assert "stay safe" in text and "Give up control" in text
        page = cast.client("researcher").get(run.get_absolute_url())
        assert page.status_code == 200 and "always-zero 1" in page.content.decode()
        trial = cast.client("researcher").get(run.trials.first().get_absolute_url())
        assert trial.status_code == 200


def test_a_set_without_prompts_is_for_dialogues_alone():
    with pytest.raises(ValueError, match="has no prompts"):
        parse_instrument(SET | {"prompts": []}, "set").prompts(None)


def test_simulated_respondents_are_described_in_words():
    kind = KINDS["values"]
    found = kind.subject("security, -power", None)
    assert found.parameters == {"supports": ["security"], "opposes": ["power"], "noise": 0.0}
    with pytest.raises(ValueError, match="'humility' is none of the ten values"):
        kind.subject("humility", None)
    with pytest.raises(ValueError, match="security is both"):
        kind.simulated({"supports": ["security"], "opposes": ["security"]}, None)
