"""The slider measure of social value orientation: pure, standard library only.

Map of the room:

==================  ==============================================================================
`kind`              the kind as the platform knows it
`conditions`        what varies from cell to cell: order, answer, items, payoffs shown
`definitions`       instruments and prompt packs as files hold them
`conversation`      what is said next; where a pack's placeholders are filled
`measure/`          items and options, the published measure, rescaled and home-made ones, the
                    options one trial showed, allocations -> angle, angle -> orientation
`reading/`          answer text -> option, with method and evidence; wrong is worse than unknown
`reading_quality`   precision and recall of the readings against a gold reading
`scoring/`          choices -> angle and orientation, distance and VR, hit; flags, preference
                    cycles, the secondary index; exact figures over all 531,441 answer patterns
`simulated/`        a chooser with a known angle and known noise, and the words it answers in
`files/`            its part in trial files; tables of people's answers
`figures/`          the geometry of ring and radar
==================  ==============================================================================

Everything below is the public interface; other modules of the project import it from here.
"""

from .measure.cutoffs import (
    ALTRUISTIC_ABOVE,
    COMPETITIVE_UP_TO,
    CUT_OFFS,
    INDIVIDUALISTIC_ABOVE,
    PROSOCIAL_ABOVE,
    Orientation,
    orientation,
)
from .measure.geometry import CENTRE, UndefinedAngle, angle, angle_of, mean_allocation
from .measure.items import (
    LETTERS,
    Allocation,
    Item,
    check_order,
    letter_of,
    option_of,
    printed_order,
)
from .measure.shown_options import ShownOptions, shown
from .measure.slider import PRIMARY, SECONDARY, SLIDER, Measure
from .reading import READER, READER_VERSION, Outcome, ProseReading, read_prose
from .reading_quality import ALL_SHAPES, GoldReading, Quality, reading_quality
from .scoring.enumeration import (
    angle_distribution,
    one_step_flips,
    orientation_counts,
    orientations,
    reachable_angles,
    sum_distribution,
)
from .scoring.flags import (
    Flip,
    PositionBias,
    boundary_case,
    boundary_flips,
    degrees_to_cut_off,
    position_bias,
    same_option,
    straight_lining,
)
from .scoring.preference_cycles import Transitivity, TransitivityRule, transitivity
from .scoring.rationality import (
    ValueRationality,
    assess,
    chance_corrected,
    chance_value_rationality,
    distance,
    hit_rate,
    ideal_set,
    max_distance,
    value_rationality,
)
from .scoring.score import SCORER, SCORER_VERSION, Score, score, score_allocations
from .scoring.secondary import SecondaryIndex, secondary_index
from .simulated.choice import (
    INTERNAL_RANGE,
    Chooser,
    UnreachableAngle,
    choice_probabilities,
    expected_angle,
    reachable_expectations,
)
from .simulated.prose import STYLES, SimulatedAnswer, phrase, simulated_answer

__all__ = [
    "ALL_SHAPES",
    "ALTRUISTIC_ABOVE",
    "CENTRE",
    "COMPETITIVE_UP_TO",
    "CUT_OFFS",
    "INDIVIDUALISTIC_ABOVE",
    "INTERNAL_RANGE",
    "LETTERS",
    "PRIMARY",
    "PROSOCIAL_ABOVE",
    "READER",
    "READER_VERSION",
    "SCORER",
    "SCORER_VERSION",
    "SECONDARY",
    "SLIDER",
    "STYLES",
    "Allocation",
    "Chooser",
    "Flip",
    "GoldReading",
    "Item",
    "Measure",
    "Orientation",
    "Outcome",
    "PositionBias",
    "ProseReading",
    "Quality",
    "Score",
    "SecondaryIndex",
    "ShownOptions",
    "SimulatedAnswer",
    "Transitivity",
    "TransitivityRule",
    "UndefinedAngle",
    "UnreachableAngle",
    "ValueRationality",
    "angle",
    "angle_distribution",
    "angle_of",
    "assess",
    "boundary_case",
    "boundary_flips",
    "chance_corrected",
    "chance_value_rationality",
    "check_order",
    "choice_probabilities",
    "degrees_to_cut_off",
    "distance",
    "expected_angle",
    "hit_rate",
    "ideal_set",
    "letter_of",
    "max_distance",
    "mean_allocation",
    "one_step_flips",
    "option_of",
    "orientation",
    "orientation_counts",
    "orientations",
    "phrase",
    "position_bias",
    "printed_order",
    "reachable_angles",
    "reachable_expectations",
    "read_prose",
    "reading_quality",
    "same_option",
    "score",
    "score_allocations",
    "secondary_index",
    "shown",
    "simulated_answer",
    "straight_lining",
    "sum_distribution",
    "transitivity",
    "value_rationality",
]
