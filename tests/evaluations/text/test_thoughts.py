import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluations.text.thoughts import parted
from tests.support.examples import examples


@pytest.mark.parametrize(
    ("text", "said", "thought"),
    [
        ("<think>B is greedy.</think>I choose C.", "I choose C.", "B is greedy."),
        ("B is greedy.</think>\nI choose C.", "I choose C.", "B is greedy."),
        ("I choose C.\n<think>Or B", "I choose C.", "Or B"),
        ("<think>B is", "", "B is"),
        ("<think></think>I choose C.", "I choose C.", ""),
        ("<think>One.</think>C<think>Two.</think>", "C", "One.\n\nTwo."),
        ("[THINK]B?[/THINK]C", "C", "B?"),
        ("I think <b>C</b>.", "I think <b>C</b>.", ""),
    ],
)
def test_thoughts_and_words_are_parted(text, said, thought):
    assert parted(text) == (said, thought)


@settings(max_examples=examples(100))
@given(st.text(alphabet="<>/ think[]C.\n", max_size=60))
def test_what_is_said_holds_no_thought_any_more(text):
    said, _ = parted(text)
    assert parted(said) == (said, "") or said in text
