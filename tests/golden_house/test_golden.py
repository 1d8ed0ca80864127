"""No number changes: what the code makes now is what it made when the expectations were written."""

import pytest

from tests.golden_house import stored
from tests.golden_house.comparing import message
from tests.golden_house.making import scenes


@pytest.mark.parametrize("name", list(scenes.SCENES))
def test_a_scene_comes_out_as_it_did(db, name):
    said = message(name, stored.load(name), scenes.facts_of(name))
    if said:
        pytest.fail(said, pytrace=False)
