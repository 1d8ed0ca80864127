"""The SVO ring as a page and a file of a figure draw it: geometry, words and legend."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from evaluations.instruments.svo import orientation
from evaluations.instruments.svo.figures import ring as geometry

KIND_WORDS = {
    "trial": "trial",
    "mean": "mean",
    "human": "human consensus",
    "automated": "automated label",
}


def drawing(
    points: Sequence[Mapping[str, Any]] = (), target: str = "", vector: bool = False
) -> dict[str, Any]:
    """What the page's ring and one in a file share: the geometry, the words, the legend."""
    points = list(points or ())
    drawn = geometry.ring(points, target or "", vector=vector)
    return {"ring": drawn, "desc": describe(points, target), "legend": _legend(drawn.kinds)}


def describe(points: Sequence[Mapping[str, Any]], target: str = "") -> str:
    """The drawing in words: how many points, how many of each orientation, the target."""
    words = []
    if len(points) == 1:
        angle = points[0]["angle"]
        words.append(f"One point at {angle:.1f} degrees, {orientation(angle).value}.")
    elif points:
        counts = Counter(orientation(point["angle"]).value for point in points)
        shares = ", ".join(f"{count} {name}" for name, count in counts.most_common())
        words.append(f"{len(points)} points: {shares}.")
    else:
        words.append(
            "Angles from competitive at the bottom over individualistic and prosocial"
            " to altruistic at the top."
        )
    if target:
        words.append(f"The ideal arc of the target value, {target}, is marked.")
    return " ".join(words)


def _legend(kinds: Sequence[str]) -> list[dict[str, Any]]:
    """One entry a kind, when there is more than one to tell apart."""
    if len(kinds) < 2:
        return []
    centre = geometry.XY(8, 8)
    return [
        {
            "kind": kind,
            "path": geometry.shape(geometry.SHAPES[kind], centre, 5.5),
            "word": KIND_WORDS.get(kind, kind),
        }
        for kind in kinds
    ]
