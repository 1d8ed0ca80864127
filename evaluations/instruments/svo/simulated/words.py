"""What a style of answering can say: the chosen option and one other."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ChosenWords:
    """The words a style can use for the chosen option and for one other option."""

    noun: str
    label: str
    own: str
    other: str
    rival: str
    rival_own: str
    rival_other: str

    @property
    def title(self) -> str:
        return self.noun.capitalize()
