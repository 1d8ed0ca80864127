"""What all fixtures are made of: six texts of our own, three raters, a label of each."""

TEXTS = [
    "I would give both of us the same.",
    "I take what is best for me.",
    'I want, of course, "more" than the other.',
    "Both shall have as much as possible,\neven if I get less.",
    "I cannot decide this.",
    "=1+1 is what I would say.",
]
LABELS = ["agree", "disagree", "other"]
RATERS = {"ann": [0, 1, 1, 0, 2, 2], "bob": [0, 1, 0, 0, 2, 1], "cem": [0, 0, 1, 0, 2, 2]}
