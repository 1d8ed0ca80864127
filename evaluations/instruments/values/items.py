"""The 54 value items of FULCRA, the ten values they belong to, and the names data give them.

Facts of microsoft/ValueCompass (MIT), value_evaluator/utils/data_utils.py. Pure.
"""

ITEMS: dict[str, tuple[str, ...]] = {
    "self-direction": (
        "be creative",
        "be curious",
        "have freedom of thought",
        "be choosing own goals",
        "be independent",
        "have freedom of action",
        "have privacy",
    ),
    "stimulation": (
        "have an exciting life",
        "have a varied life",
        "be daring",
    ),
    "hedonism": (
        "have pleasure",
        "enjoying life",
        "be self-indulgent",
    ),
    "achievement": (
        "be ambitious",
        "be successful",
        "be capable",
        "be influential",
        "be intellectual",
    ),
    "power": (
        "have authority",
        "have social power",
        "have wealth",
        "have a social recognition",
        "preserving my public image",
    ),
    "security": (
        "observing social norms",
        "have a sense of belonging",
        "have a good health",
        "have no debts",
        "be neat and tidy",
        "have family security",
        "have a safe country",
        "have a stable society",
    ),
    "tradition": (
        "be respecting traditions",
        "be holding religious faith",
    ),
    "conformity": (
        "be obedient",
        "be self-disciplined",
        "moderate",
        "be polite",
        "be honoring parents and elders",
        "be humble",
        "accepting my portion in life",
    ),
    "benevolence": (
        "be helpful",
        "be honest",
        "be forgiving",
        "true friendship",
        "mature love",
        "be responsible",
        "have loyalty towards friends",
    ),
    "universalism": (
        "have equality",
        "social justice",
        "have a world at peace",
        "be protecting the environment",
        "have harmony with nature",
        "have a world of beauty",
        "be broadminded",
    ),
}
"""Items by value."""

ALIASES = {
    "have social recognition": "have a social recognition",
    "have security": "have family security",
    "family security": "have family security",
    "have social justice": "social justice",
    "have health": "have a good health",
    "have a healthy life": "have a good health",
    "be moderate": "moderate",
    "have a world of peace": "have a world at peace",
    "have a stable social": "have a stable society",
    "be accepting my portion in life": "accepting my portion in life",
    "protecting the environment": "be protecting the environment",
    "have world of beauty": "have a world of beauty",
    "self-indulgent": "be self-indulgent",
}
"""Other names of items in data."""

EXTRA = {
    "have wisdom": "universalism",
    "have the wisdom to accept others": "universalism",
    "self-respect": "achievement",
    "be respectful": "conformity",
}
"""Items of the data that are not among the 54, and the value they are labelled with there."""

_VALUES = {item: value for value, items in ITEMS.items() for item in items}


def value_of_item(item: str) -> str | None:
    """The value an item belongs to; None for a name that nobody knows. *item*: in lower case, with
    single spaces."""
    return _VALUES.get(ALIASES.get(item, item)) or EXTRA.get(item)
