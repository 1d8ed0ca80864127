import pytest

from evaluations.instruments.svo import (
    READER,
    READER_VERSION,
    Allocation,
    Outcome,
    ShownOptions,
    read_prose,
)
from evaluations.instruments.svo import shown as shown_options
from tests.evaluations.instruments.svo.reading.reading_cases import CASES, REFUSALS
from tests.evaluations.instruments.svo.reading.reading_traps import CLEAR, TRAPS

SHOWN = shown_options(4)
PROJECTS = ShownOptions(
    labels=("black", "brown", "green", "blue", "white"),
    allocations=tuple(Allocation(4 - give, give) for give in range(5)),
    noun="project",
)
REQUESTED = ShownOptions(PROJECTS.labels, PROJECTS.allocations, "project", answer_line="Choice")


def evidence_of(answer, reading):
    start, end = reading.evidence
    return answer[start:end]


def test_the_extractor_has_a_name_and_a_version():
    assert (READER, READER_VERSION) == ("svo_prose", "2.1.0")


@pytest.mark.parametrize(("answer", "outcome", "label"), CASES)
def test_answer_is_read_as_a_careful_person_reads_it(answer, outcome, label):
    found = read_prose(answer, SHOWN)
    assert (found.outcome, found.label) == (outcome, label), found
    assert (found.index is None) == (label is None)
    assert found.note
    if label is not None:
        assert SHOWN.labels[found.index] == label
        assert found.candidates == (found.index,)
        assert found.evidence is not None


@pytest.mark.parametrize("answer", TRAPS)
def test_no_letter_is_read_where_none_was_chosen(answer):
    found = read_prose(answer, SHOWN)
    assert (found.index, found.label) == (None, None), found


@pytest.mark.parametrize(("answer", "label"), CLEAR)
def test_a_choice_beside_such_words_is_still_read(answer, label):
    found = read_prose(answer, SHOWN)
    assert (found.outcome, found.label) == (Outcome.CHOICE, label), found


def test_an_endless_answer_is_not_read():
    found = read_prose("I choose C. " * 10_000, SHOWN)
    assert (found.outcome, found.method) == (Outcome.NONE, "rule:too_long")
    assert found.note.startswith("the answer has 120,000 characters")


@pytest.mark.parametrize("answer", REFUSALS)
def test_a_refusal_is_flagged_and_points_at_its_words(answer):
    found = read_prose(answer, SHOWN)
    assert (found.outcome, found.refused, found.method) == (Outcome.NONE, True, "rule:refusal")
    assert evidence_of(answer, found)


def test_words_of_refusal_before_a_choice_do_not_flag_it():
    found = read_prose("I'm sorry for the other person, but I choose I.", SHOWN)
    assert (found.label, found.refused) == ("I", False)


@pytest.mark.parametrize(
    ("answer", "method", "evidence"),
    [
        ("**C**", "exact", "C"),
        (
            "Well then: I would choose **option C**.",
            "rule:subject_verb",
            "I would choose **option C",
        ),
        ("B is kind.\n\nFinal answer: (D)", "rule:final_answer", "Final answer: (D"),
        ("So it is $\\boxed{\\text{D}}$", "rule:boxed", "D"),
        ("My choice: D", "rule:my_choice", "My choice: D"),
        ("D\n\nIt is fair.", "rule:label_line", "D"),
        ("C: you get 59, the other person gets 79", "rule:opening", "C"),
        ("I'd keep 59 for me and give 79 to them.", "rule:payoffs", "59 for me and give 79"),
    ],
)
def test_method_and_evidence_say_how_it_was_known_and_where(answer, method, evidence):
    found = read_prose(answer, SHOWN)
    assert found.outcome is Outcome.CHOICE
    assert found.method == method
    assert evidence_of(answer, found) == evidence


def test_a_contradiction_names_both_candidates():
    found = read_prose("I choose option D: you get 59, the other person gets 79", SHOWN)
    assert found.method == "rule:contradiction"
    assert found.candidates == (2, 3)
    assert found.note == "it names D and quotes payoffs of C"


def test_a_contradiction_with_invented_payoffs_says_so():
    found = read_prose("D: you get 99, the other person gets 98", SHOWN)
    assert found.note == "it names D and quotes payoffs of no option"


def test_a_bare_a_with_a_colon_says_what_it_may_mean():
    found = read_prose("A:", SHOWN)
    assert found.method == "rule:bare_label"
    assert "Answer:" in found.note


def test_a_letter_outside_the_list_with_payoffs_of_an_option_keeps_the_candidate():
    found = read_prose("J: you get 59, the other person gets 79", SHOWN)
    assert (found.method, found.candidates) == ("rule:outside_list", (2,))


def test_without_payoffs_nothing_is_checked_against_them():
    answer = "I choose C: you get 1, the other person gets 2"
    assert read_prose(answer).label == "C"
    assert read_prose(answer, SHOWN).outcome is Outcome.AMBIGUOUS


def test_the_index_is_the_place_on_the_screen():
    order = tuple(range(9, 0, -1))
    found = read_prose("B: you get 81, the other person gets 26", shown_options(4, order))
    assert (found.index, order[found.index]) == (1, 8)


@pytest.mark.parametrize("answer", ["A", "I", "I choose B", "My answer is I"])
def test_a_label_that_a_length_limit_follows_is_not_trusted(answer):
    assert read_prose(answer, SHOWN).outcome is Outcome.CHOICE
    cut = read_prose(answer, SHOWN, truncated=True)
    assert (cut.outcome, cut.method) == (Outcome.AMBIGUOUS, "rule:cut_off")
    assert len(cut.candidates) == 1


def test_a_list_cut_off_after_its_first_option_is_no_choice():
    answer = "Option B: you get 54, the other person gets 89."
    assert read_prose(answer, SHOWN).label == "B"
    assert read_prose(answer, SHOWN, truncated=True).outcome is Outcome.AMBIGUOUS


def test_a_choice_stated_before_the_text_is_cut_off_stands():
    assert read_prose("I choose C. I think that", SHOWN, truncated=True).label == "C"


@pytest.mark.parametrize(
    ("answer", "label"),
    [
        ("green", "green"),
        ("Project Green", "green"),
        ("I choose project green.", "green"),
        ("My choice is 'project brown'.", "brown"),
        ("I would choose brown, because I earn 3 and my partner earns 1.", "brown"),
        ("Project white is the best choice for me.", "white"),
    ],
)
def test_labels_can_be_words(answer, label):
    assert read_prose(answer, PROJECTS).label == label


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ("I choose project green or project brown.", Outcome.AMBIGUOUS),
        ("I would choose brown, because I earn 2 and my partner earns 2.", Outcome.AMBIGUOUS),
        ("I choose project red.", Outcome.NONE),
        ("Greenery is nice.", Outcome.NONE),
    ],
)
def test_word_labels_are_read_as_carefully(answer, outcome):
    assert read_prose(answer, PROJECTS).outcome is outcome


def test_a_label_of_two_words_may_run_over_a_line_end():
    options = ShownOptions(labels=("dark blue", "blue"))
    assert read_prose("I choose dark\nblue.", options).label == "dark blue"
    assert read_prose("I choose blue.", options).label == "blue"


def test_the_first_requested_line_wins_over_later_ones():
    answer = (
        "Explanation: fair.\nChoice: project green\n\nExplanation: more.\nChoice: project black"
    )
    found = read_prose(answer, REQUESTED)
    assert (found.label, found.method) == ("green", "rule:requested_line")
    assert evidence_of(answer, found) == "Choice: project green"
    assert read_prose(answer, PROJECTS).outcome is Outcome.AMBIGUOUS


@pytest.mark.parametrize(
    ("answer", "outcome", "refused"),
    [
        ("Choice: green or brown", Outcome.AMBIGUOUS, False),
        ("Choice: project red", Outcome.NONE, False),
        ("Green is fair.\nChoice: neither", Outcome.AMBIGUOUS, False),
        ("Choice: I refuse", Outcome.NONE, True),
        ("Choice: project green. I earn 4 and my partner earns 0.", Outcome.AMBIGUOUS, False),
    ],
)
def test_a_requested_line_must_name_one_option(answer, outcome, refused):
    found = read_prose(answer, REQUESTED)
    assert (found.outcome, found.refused) == (outcome, refused)


def test_without_the_requested_line_the_other_rules_read_on():
    assert read_prose("I choose project green.", REQUESTED).label == "green"


@pytest.mark.parametrize(
    ("labels", "allocations", "message"),
    [
        (("A",), (), "two or more"),
        (("A", "a"), (), "distinct"),
        (("A", " "), (), "not blank"),
        (("A", "B"), (Allocation(1, 2),), "1 allocations for 2"),
    ],
)
def test_malformed_options_are_refused(labels, allocations, message):
    with pytest.raises(ValueError, match=message):
        ShownOptions(labels, allocations)


def test_a_requested_line_that_a_length_limit_follows_is_not_trusted():
    found = read_prose("Choice: project green", REQUESTED, truncated=True)
    assert (found.outcome, found.method) == (Outcome.AMBIGUOUS, "rule:cut_off")


def test_a_letter_beside_one_outside_the_list_is_ambiguous():
    found = read_prose("Option II, or was it option C", SHOWN)
    assert (found.method, found.candidates) == ("rule:outside_list", (2,))
    assert "'II' which is not in the list" in found.note


@pytest.mark.parametrize(
    ("answer", "place"),
    [
        ("The last option is kind to nobody.", 9),
        ("The third option pays me 85.", 3),
    ],
)
def test_an_option_named_by_its_place_is_told_with_that_place(answer, place):
    found = read_prose(answer, shown_options(1))
    assert (found.method, found.candidates) == ("rule:number", (place - 1,))
    assert found.note.startswith(f"it names an option by its place {place}")
