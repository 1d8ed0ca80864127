"""A database of an earlier release opens, and its reports are what they were."""

import pytest

from tests.golden_house import stored
from tests.golden_house.comparing import message
from tests.golden_house.releases import databases


@pytest.fixture(params=databases.RELEASES)
def release(request):
    return request.param


def test_its_kept_reports_data_sets_pages_and_new_reports_are_what_they_were(db, release, tmp_path):
    expected, found = stored.load(f"release-{release}"), databases.opened(release, tmp_path)
    if said := message(f"the database of the {release} release", expected, found):
        pytest.fail(said, pytrace=False)


def test_every_page_opened_and_every_data_set_was_read_back_when_this_was_written(release):
    expected = stored.load(f"release-{release}")
    assert set(expected["pages"].values()) == {200}
    sets = [
        one for name in expected if name.endswith("/stored-data-sets") for one in expected[name]
    ]
    assert len(sets) > 5
    assert all(one["sha256"] == one["read_back"] for one in sets)
    kept = [one for name in expected if name.endswith("/kept") for one in expected[name]]
    assert {one["data_set"] for one in kept} == {one["sha256"] for one in sets}
