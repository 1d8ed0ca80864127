from hypothesis import example, given, settings
from hypothesis import strategies as st

from evaluations.instruments.svo import Allocation, Outcome, ShownOptions, read_prose, shown
from tests.support.examples import examples

ITEM = shown(4)
COLOURS = ShownOptions(
    ("black", "brown", "green"),
    (Allocation(4, 0), Allocation(3, 1), Allocation(2, 2)),
    noun="project",
    answer_line="Choice",
)
# Pieces the rules react to, put together at random, reach far more of them than random characters.
WORDS = """
A B C I a i J : . , ( ) ** ' - / or and not I'd choose option Option my choice is answer final
\\boxed{ } $ <answer> </answer> <think> </think> if ? you get 59 79 the other person gets for me
them green project Choice: but actually can't sorry both 50/100 to
\u0131 \u0130 \u212a \uff21 \u200b \u2019 \u2014
"""
PIECES = st.sampled_from([*WORDS.split(), "\n", "\ud800"])
TEXTS = st.one_of(
    st.text(max_size=80), st.lists(PIECES, max_size=25).map(" ".join), st.lists(PIECES).map("".join)
)


@settings(max_examples=examples(250))
@given(TEXTS, st.sampled_from([ITEM, COLOURS, ShownOptions()]), st.booleans())
@example("\u0131", ITEM, False)
@example("option \u0130", ITEM, False)
@example("\\boxed{", ITEM, True)
def test_any_text_is_read_to_a_consistent_result(text, options, truncated):
    found = read_prose(text, options, truncated=truncated)
    assert found == read_prose(text, options, truncated=truncated)
    assert found.note
    assert all(0 <= index < len(options.labels) for index in found.candidates)
    if found.evidence is not None:
        start, end = found.evidence
        assert 0 <= start < end <= len(text)
    if found.outcome is Outcome.CHOICE:
        assert options.labels[found.index] == found.label
        assert found.evidence is not None
        assert not found.refused
    else:
        assert found.index is None
        assert found.label is None


@settings(max_examples=examples(80))
@given(st.lists(PIECES, max_size=25).map(" ".join), st.sampled_from([" ", "\n", "  \n\n", "\t"]))
def test_blanks_around_an_answer_change_no_reading(text, blank):
    inside = read_prose(text, ITEM)
    around = read_prose(blank + text + blank, ITEM)
    assert (around.outcome, around.label, around.method) == (
        inside.outcome,
        inside.label,
        inside.method,
    )


@settings(max_examples=examples(80))
@given(st.lists(PIECES, max_size=20).map(" ".join))
def test_being_cut_off_never_turns_an_open_answer_into_a_choice(text):
    whole, cut = read_prose(text, ITEM), read_prose(text, ITEM, truncated=True)
    if whole.outcome is not Outcome.CHOICE:
        assert cut.outcome is not Outcome.CHOICE
    elif cut.outcome is Outcome.CHOICE:
        assert cut.label == whole.label
