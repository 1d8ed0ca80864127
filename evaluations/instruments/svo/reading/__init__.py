"""From the words of an answer to the option it chose: `read_prose` and what it returns.

`reader` is the reader of this kind of instrument, for prose and for constrained answers.
`read_prose` holds the steps and says what a choice needs, `answer_text` what they know of an
answer. `plain_text` strips decoration, `mentions` tells labels from articles and pronouns,
`commitments` finds words that state a choice and `assertions` whether they are meant, `dismissals`
labels that are turned down, `objections` what stands against a choice, `payoffs` checks quoted
payoffs, `uncommitted` reads what states no choice.
"""

from .languages import language_codes
from .read_prose import read_prose
from .result import READER, READER_VERSION, Outcome, ProseReading

__all__ = ["READER", "READER_VERSION", "Outcome", "ProseReading", "language_codes", "read_prose"]
