"""What chapter 01, *Gradient descent*, says that Keras does, held against Keras itself."""

import numpy as np
import pytest

from course.descent import walk
from course.quietly import keras
from course.sgd import gradient_descent
from course.surfaces import quadratic


def test_a_rate_too_small_for_float32_moves_nothing_and_one_near_the_gap_moves_too_far():
    moved = []
    for rate in (5e-8, 2e-8):
        optimizer, w = keras.optimizers.SGD(rate), keras.Variable(1.0)
        for _ in range(1000):
            optimizer.apply([keras.ops.ones_like(w)], [w])
        moved.append(1 - float(w))
    assert moved == [1000 * 2.0**-24, 0.0]


def test_the_learning_rate_is_float32_for_float64_weights_too():
    optimizer, w = keras.optimizers.SGD(0.1), keras.Variable(np.array(1.0), dtype="float64")
    optimizer.apply([keras.ops.ones_like(w)], [w])
    assert float(w) == 1 - float(np.float32(0.1)) != 1 - 0.1
    assert float(keras.optimizers.SGD().learning_rate) == float(np.float32(0.01))


def test_an_integer_learning_rate_is_refused():
    with pytest.raises(ValueError, match="Argument `learning_rate` should be float"):
        keras.optimizers.SGD(learning_rate=1)


def test_a_negative_learning_rate_is_accepted_and_climbs():
    optimizer, w = keras.optimizers.SGD(learning_rate=-0.1), keras.Variable(1.0)
    for _ in range(5):
        optimizer.apply([w * 1.0], [w])
    assert float(w) == pytest.approx(1.1**5)


@pytest.mark.parametrize(("reduction", "weight"), [("mean", 0.020947), ("sum", 0.670312)])
def test_a_summed_loss_steps_batch_size_times_as_far_as_a_mean(reduction, weight):
    x = np.arange(1, 33)[:, None] / 32
    layer = keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros")
    model = keras.Sequential([keras.layers.Input((1,)), layer])
    loss = keras.losses.MeanSquaredError(reduction=reduction)
    model.compile(keras.optimizers.SGD(), loss=loss)
    model.fit(x, 3 * x, batch_size=32, verbose=0)
    assert float(model.get_weights()[0][0, 0]) == pytest.approx(weight, abs=1e-6)


def random_bowls(count=10_000):
    """(bowls of two weights, places, moves, curvatures), sorted from flat to steep."""
    random = np.random.default_rng(1)
    curvatures = np.sort(random.uniform(0.1, 3, (count, 2)))
    return quadratic(curvatures, 0 * curvatures), *random.normal(size=(2, count, 2)), curvatures


def test_the_quadratic_bound_holds_and_a_step_of_one_over_l_falls_as_far_as_it_promises():
    bowls, places, moves, curvatures = random_bowls()
    L, g = curvatures[:, 1], bowls.gradient(places)
    bound = bowls.loss(places) + np.sum(g * moves, -1) + L / 2 * np.sum(moves**2, -1)
    assert np.all(bowls.loss(places + moves) <= bound + 1e-12)
    fall = bowls.loss(places) - bowls.loss(gradient_descent(places, g, 1 / L[:, None]))
    assert np.all(fall >= np.sum(g**2, -1) / (2 * L) - 1e-12)


def test_a_step_multiplies_the_distance_by_one_minus_rate_times_curvature():
    random = np.random.default_rng(2)
    curvatures, products = random.uniform(0.1, 5, (2000, 1)), random.uniform(0, 3, (2000, 1))
    rates = (products / curvatures)[:, 0]
    ends = walk(quadratic(curvatures, 0 * curvatures), 20, rates, start=(1.0,)).points[:, -1]
    assert ends == pytest.approx((1 - products) ** 20, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(("loss_times", "inputs_times"), [(2, 1), (64, 1), (1, 1000), (1, 0.001)])
def test_a_rescaled_problem_walks_one_path_at_the_rescaled_rate(loss_times, inputs_times):
    def pace(x, factor, rate):
        w = 0.0
        for _ in range(50):
            w = gradient_descent(w, factor * np.mean((w * x - 12 * kilometres) * x), rate)
        return w

    kilometres = np.random.default_rng(3).uniform(1, 2, 32)
    rate = 0.01 / loss_times / inputs_times**2
    other = pace(inputs_times * kilometres, loss_times, rate) * inputs_times
    assert other == pytest.approx(pace(kilometres, 1, 0.01), rel=1e-12)
