"""The judging of the slider measure of social value orientation: its questions to raters, what they
are shown of an answer, how simulated raters judge, and the measure that raters take themselves.

`kind` is what the rest of the app knows of it, through `annotations.kinds`.
"""
