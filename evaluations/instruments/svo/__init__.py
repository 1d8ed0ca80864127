"""The slider measure of social value orientation: pure, standard library only.

Map of the package, one subject a module:

=====================  ===========================================================================
`items`                allocations, items, option numbers, letters and shown orders
`measure`              the published measure (6 + 9 items) and rescaled or home-made ones
`shown_options`        the options of one item as one trial showed them
`geometry`             allocations -> angle in degrees
`cutoffs`              angle -> altruistic, prosocial, individualistic or competitive
`scoring`              choices of a trial -> angle and orientation, or the reason there is none
`rationality`          angle and target value -> distance, VR, chance-corrected VR, hit
`preference_cycles`    whether the six choices hang together
`secondary`            inequality-aversion / joint-gain index of the nine secondary items
`flags`                boundary case, straight-lining, position bias
`enumeration`          exact figures over all 531,441 answer patterns
`simulated_choice`     a chooser with a known angle and known noise, calibrated exactly
`simulated_prose`      the words that chooser answers in
`reading`              answer text -> option, with method and evidence; wrong is worse than unknown
`reading_quality`   precision and recall of the readings against a gold reading
=====================  ===========================================================================

Everything below is the public interface; other modules of the project import it from here.
"""

from .cutoffs import (
    ALTRUISTIC_ABOVE,
    COMPETITIVE_UP_TO,
    CUT_OFFS,
    INDIVIDUALISTIC_ABOVE,
    PROSOCIAL_ABOVE,
    Orientation,
    orientation,
)
from .enumeration import (
    angle_distribution,
    one_step_flips,
    orientation_counts,
    orientations,
    reachable_angles,
    sum_distribution,
)
from .flags import (
    Flip,
    PositionBias,
    boundary_case,
    boundary_flips,
    degrees_to_cut_off,
    position_bias,
    same_option,
    straight_lining,
)
from .geometry import CENTRE, UndefinedAngle, angle, angle_of, mean_allocation
from .items import (
    LETTERS,
    Allocation,
    Item,
    check_order,
    letter_of,
    option_of,
    printed_order,
)
from .measure import PRIMARY, SECONDARY, SLIDER, Measure
from .preference_cycles import Transitivity, TransitivityRule, transitivity
from .rationality import (
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
from .reading import READER, READER_VERSION, Outcome, ProseReading, read_prose
from .reading_quality import ALL_SHAPES, GoldReading, Quality, reading_quality
from .scoring import SCORER, SCORER_VERSION, Score, score, score_allocations
from .secondary import SecondaryIndex, secondary_index
from .shown_options import ShownOptions, shown
from .simulated_choice import (
    INTERNAL_RANGE,
    Chooser,
    UnreachableAngle,
    choice_probabilities,
    expected_angle,
    reachable_expectations,
)
from .simulated_prose import STYLES, SimulatedAnswer, phrase, simulated_answer

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
