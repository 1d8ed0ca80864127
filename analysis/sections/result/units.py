"""Types of numbers with their unit, and of what names items."""

from __future__ import annotations

from typing import Annotated, Any

Count = Annotated[int, "count"]
Share = Annotated[float, "share, 0 to 1"]
Seconds = Annotated[float, "seconds"]
InScale = Annotated[float, "unit of the scale"]
InScore = Annotated[float, "unit of the score"]
P = Annotated[float, "p value"]
Positions = Annotated[list[int], "positions of items"]
Coefficient = Annotated[float, "coefficient"]
Counts = Annotated[dict[str, int], "counts by name"]
Details = Annotated[dict[str, Any], "by the docstring of the statistic"]
