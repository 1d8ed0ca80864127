"""The unit of this kind: angles in degrees."""

from __future__ import annotations

from analysis.sections.result.trials import Reference
from analysis.words.units import Unit

ANGLE = Unit("degrees", "°", "angle")

REFERENCE: Reference = {
    "value": 0.78,
    "text": "test-retest ICC of people on the SVO slider measure, N = 495",
    "source": "de Matos Fernandes et al. 2022",
    "caution": (
        "The two are not the same thing: the ICC of people sets their scatter between two sittings "
        "against differences between persons, the one here sets the scatter of trials against "
        "differences between cells, which the target values are meant to make large."
    ),
}
"""How reliable the measure is with people."""
