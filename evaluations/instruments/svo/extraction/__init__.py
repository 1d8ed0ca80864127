"""Reading a choice from prose: `extract` and what it returns.

`cascade` holds the steps and says what a choice needs. `plain_text` strips decoration, `mentions`
tells labels from articles and pronouns, `commitments` finds words that state a choice and
`assertions` whether they are meant, `dismissals` labels that are turned down, `objections` what
stands against a choice, `payoffs` checks quoted payoffs, `uncommitted` reads what states no choice.
"""

from .cascade import extract
from .result import EXTRACTOR, EXTRACTOR_VERSION, Extraction, Outcome

__all__ = ["EXTRACTOR", "EXTRACTOR_VERSION", "Extraction", "Outcome", "extract"]
