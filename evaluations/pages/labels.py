"""Labels that pages show with a shape of their own, by the kind of instrument they belong to."""

from evaluations.pages.svo import labels as svo_labels

SHAPED: dict[str, frozenset[str]] = {"svo": svo_labels.SHAPED}


def has_shape(label: str) -> bool:
    return any(label in labels for labels in SHAPED.values())
