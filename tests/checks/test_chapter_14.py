"""Chapter 14's sheet: what is said of numbers that a learner chooses is true of them."""

import numpy as np
import pytest

from course.checks import find

TOLD = {
    "14.falls": {
        (2.0, 1.0, 1.0): "changes sides for ever",
        (2.001, 1.0, 1e-3): "so slowly that 1000 steps do not show it",
        (2.5, 1.0, 1e-6): "grows by more than the flat one falls",
        (1.5, 2.0, 1e-6): "settles for each learning rate below 2",
        (21.0, 1.0, 0.0): "the flat axis diverges, too",
        (2.1, 3.0, 0.0): "nothing to grow",
        (2.3, 0.0, 0.1): "nothing falls meanwhile",
    },
    "14.apart": {
        (0.1, 0.2, 0.3): "No clip has anything to do",
        (0.0, 0.0, -7.0): "a length is a value",
        (5.0, 0.0, 5.0): "along one axis",
        (3.0, 0.1, 0.0): "in the first variable only",
        (-5.0, 5.0, 0.0): "nothing in the second variable",
        (1e200, 1e200, 1.0): "overflow when squared",
    },
    "14.false": {
        (4, 0.5, -0.2): "Nothing is clipped here",
        (4, -2.0, -7.0): "point to the same side",
        (4, 9.0, -9.0): "opposite gradients",
        (4, 9.0, 9.0): "two equal gradients",
        (3, 1.0, 2.0): "multiplies out a bracket",
        (5, 0.0, 2.0): "for each of the two gradients",
    },
}
PAIRS = [(name, numbers, words) for name, told in TOLD.items() for numbers, words in told.items()]


@pytest.mark.parametrize(("name", "numbers", "words"), PAIRS)
def test_numbers_near_a_known_slip_are_told_what_is_true_of_them(name, numbers, words):
    found = find(name).look(numbers)
    assert not found.passed
    assert words in " ".join(" ".join(found.lines).split())


def test_of_drawn_numbers_each_that_fails_gets_a_sentence_that_fits():
    random = np.random.default_rng(0)
    for _ in range(200):
        rate, w1, w2 = random.uniform(0.1, 3), *random.choice([0.0, 1e-6, 0.1, 1.0, -2.0], size=2)
        found = find("14.falls").look((rate, w1, w2))
        if not found.passed:
            assert ("settles" in found.because) == (rate < 2 or (w1 != 0 and w2 == 0)), found
            assert ("diverges" in found.because) <= (rate > 2 and w2 != 0), found
        gradients = tuple(random.choice([0.0, 0.3, -0.6, 1.0, 5.0, -40.0], size=3))
        found = find("14.apart").look(gradients)
        assert found.passed or found.because, gradients
