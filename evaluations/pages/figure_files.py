"""What may go wrong with a figure of a run."""


class NoSuchFigure(LookupError):
    """The run has no figure of that name, or figures are not written in that format."""
