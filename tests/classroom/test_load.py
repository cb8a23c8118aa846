"""A full room, shorter than by hand: `python -m tests.classroom.load` has 300 for five minutes."""

import pytest

from tests.classroom.load import measure


@pytest.mark.long
def test_a_hundred_who_check_every_two_seconds_are_all_taken(tmp_path):
    found = measure(tmp_path, learners=100, seconds=20)
    assert found["not taken"] == 0 and found["checks sent"] > 500
    # The notebook that is measured beside them has sent some more.
    assert found["in the file"] > found["checks sent"]
    assert max(found["server's memory MB"]) < 1.1 * found["server's memory MB"][0]
