"""The Python side of loss scaling: what float16 keeps, what is counted, and what is said."""

import numpy as np
import pytest

from course import sgd
from course.explorers import Scaling
from course.explorers.half_precision import (
    BINS,
    FATES,
    LOWEST,
    MOMENTS,
    backward,
    error,
    fates,
    largest_safe,
    stored,
)
from tests.explorers.sent import sent


def numbers_at(moment):
    return np.concatenate([part[part != 0] for part in stored()[moment]])


def in_half(values, scale):
    """The scaled numbers as NumPy's float16 has them."""
    with np.errstate(over="ignore"):
        return np.float16(np.float32(values) * np.float32(scale))


@pytest.fixture(scope="module")
def explorer():
    return Scaling()


def told(explorer, power, moment=600):
    return explorer.compute(2.0**power, moment)[1]["told"][0]


def test_the_signals_and_gradients_are_those_of_the_loss():
    random = np.random.default_rng(3)
    images, targets = random.random((5, 64)), np.eye(10)[[1, 0, 7, 7, 3]]
    a, b = random.normal(size=(64, 32)) / 8, random.normal(size=(32, 10)) / 5

    def loss(a, b):
        scores = np.maximum(images @ a, 0) @ b
        return np.mean(np.log(np.exp(scores).sum(axis=1)) - (scores * targets).sum(axis=1))

    *_, of_a, of_b = backward([a, b], images, targets)
    for place in ((3, 4), (60, 31), (17, 9)):
        nudge = np.zeros_like(a)
        nudge[place] = 1e-5
        slope = (loss(a + nudge, b) - loss(a - nudge, b)) / 2e-5
        assert of_a[place] == pytest.approx(slope, rel=1e-4, abs=1e-8)
    nudge = np.zeros_like(b)
    nudge[5, 7] = 1e-5
    slope = (loss(a, b + nudge) - loss(a, b - nudge)) / 2e-5
    assert of_b[5, 7] == pytest.approx(slope, rel=1e-4)


@pytest.mark.parametrize(
    ("value", "fate"),
    [
        (0.0, "lost"),
        (2.0**-25, "lost"),  # a tie, rounded to the even one: 0
        (2.0**-25 * 1.001, "faint"),
        (2.0**-24, "faint"),
        (2.0**-14 * 0.999, "faint"),
        (2.0**-14, "full"),
        (65504, "full"),
        (65519, "full"),  # rounded down to 65504
        (65520, "inf"),
    ],
)
def test_a_numbers_fate_changes_at_the_edges_of_float16(value, fate):
    for sign in (1, -1):
        assert FATES[fates(np.array([sign * value]), 1.0)[0]] == fate
        assert FATES[fates(np.array([sign * value / 8]), 8.0)[0]] == fate


@pytest.mark.parametrize("row", [0, 8, 15, 21, 22, 24])
@pytest.mark.parametrize("moment", [0, 600])
def test_each_row_counts_what_numpys_float16_makes_of_the_numbers(row, moment):
    explorer = Scaling(trained=moment)
    values, scale = numbers_at(moment), explorer.positions["loss_scale_factor"][row]
    found = np.abs(in_half(values, scale)).astype(float)
    subnormal = (found > 0) & (found < np.finfo("float16").tiny)
    expected = [(found == 0).sum(), subnormal.sum(), None, np.isinf(found).sum()]
    expected[2] = len(values) - sum(n for n in expected if n is not None)
    sweep = explorer.by_loss_scale_factor
    assert [sent(sweep, row, fate).sum() for fate in FATES] == expected
    shares = [sent(sweep, row, f"share.{fate}")[row] for fate in FATES]
    np.testing.assert_allclose(shares, 100 * np.array(expected) / len(values), rtol=1e-5)
    parts = [sent(sweep, row, f"part.{fate}")[:4] for fate in FATES]
    np.testing.assert_allclose(np.sum(parts, axis=0), 100, rtol=1e-5)


def test_a_power_of_two_slides_the_histogram_and_changes_nothing_else(explorer):
    total = [
        sum(sent(explorer.by_loss_scale_factor, row, fate) for fate in FATES) for row in (0, 10)
    ]
    np.testing.assert_array_equal(total[0][30:-10], total[1][40:])
    values = numbers_at(600)
    inside = (np.abs(values) >= 2.0**-10) & (np.abs(values) < 2.0**-9)
    assert total[0][-10 - LOWEST] == inside.sum() and len(total[0]) == BINS


@pytest.mark.parametrize("moment", MOMENTS)
def test_the_largest_safe_scale_is_the_last_without_an_overflow(explorer, moment):
    values, (_, safe, *_) = numbers_at(moment), explorer.compute(1.0, moment)[0]["facts"][0]
    assert safe == largest_safe(values)
    assert np.isfinite(in_half(values, 2.0**safe)).all()
    assert not np.isfinite(in_half(values, 2.0 ** (safe + 1))).all()


@pytest.mark.parametrize("power", [0, 12, 21])
def test_the_error_is_that_of_the_gradient_that_sgd_unscales(explorer, power):
    exact = np.concatenate([part.ravel() for part in stored()[600][2:]])
    back = sgd.unscale(np.float32(in_half(exact, 2.0**power)), np.float32(2.0**power))
    off = np.linalg.norm(back - exact) / np.linalg.norm(exact)
    drawn = sent(explorer.by_loss_scale_factor, power, "facts")[2]
    assert drawn == pytest.approx(off, rel=1e-4) and off < 2**-11
    assert np.isinf(error(stored()[600][2:], 2.0**24))


# ---- words ---------------------------------------------------------------------------


def test_the_words_count_what_is_lost_and_name_the_largest_safe_scale(explorer):
    says = told(explorer, 0)
    assert says.startswith("At a scale of 2⁰ float16 loses 616 (19.0%) of 3244 numbers, and 1299 ")
    assert "none overflows: the largest power of two without overflow is 2²¹." in says
    assert "no more than rounding makes: what was lost is small beside the rest." in says
    assert "none overflows: this is the largest power of two without overflow." in told(
        explorer, 21
    )


def test_the_words_say_when_numbers_overflow_and_when_none_is_lost(explorer):
    assert told(explorer, 22).endswith(
        "5 overflow to inf, and inf stays inf when it is unscaled: the largest power of two "
        "without overflow is 2²¹."
    )
    says = told(explorer, 15, moment=0)
    assert "float16 loses none of 3213 numbers, and none keep fewer digits" in says
    assert says.endswith("no more than rounding makes.")


def test_a_scale_far_too_small_is_said_to_miss_entries():
    says = Scaling(2.0**-16).compute(2.0**-16, 600)[1]["told"][0]
    assert says.startswith("At a scale of 2⁻¹⁶") and "which is more than rounding" in says
    assert "At a scale of 1000 float16" in Scaling(1000).compute(1000.0, 0)[1]["told"][0]


def test_the_slider_keeps_the_scale_that_was_given_and_sweeps_are_small():
    explorer = Scaling(loss_scale_factor=1000)
    assert 1000 in explorer.positions["loss_scale_factor"]
    assert len(explorer.positions["loss_scale_factor"]) == 26
    assert len(explorer.by_loss_scale_factor["data"]) < 3e6


@pytest.mark.parametrize("scale", [1e-30, 1e30])
def test_extreme_scales_are_drawn(scale):
    assert Scaling(scale).still().startswith(b"\x89PNG")
