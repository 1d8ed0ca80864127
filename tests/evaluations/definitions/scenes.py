"""A prompt pack that tells a scene, and two scenes for it; as a browser or a command takes them."""

import json

from evaluations.definitions.catalogue import SHIPPED
from evaluations.instruments.frames import FRAME_FORMAT

_PLAIN = json.loads((SHIPPED / "prompt_packs" / "plain-en.json").read_text(encoding="utf-8"))

PACK = {name: value for name, value in _PLAIN.items() if name != "resource"} | {
    "key": "scene-en",
    "version": "1",
    "item": _PLAIN["item"]
    | {
        "text": "{story} " + _PLAIN["item"]["text"],
        "option": "{letter}: {self} {resource} for you, {other} for {recipient}",
    },
}
HARVEST = {
    "format": FRAME_FORMAT,
    "key": "harvest",
    "version": "1",
    "language": "en",
    "name": "Harvest",
    "source": "Made for tests",
    "story": "Two neighbours share a field.",
    "resource": "kilos of rice",
    "recipient": "your neighbour",
    "culture": "nowhere at all",
}
CANAL = HARVEST | {
    "key": "canal",
    "name": "Canal",
    "story": "A canal waters two plots.",
    "resource": "minutes of water",
    "recipient": "the farmer downstream",
}
