"""A learner's own function in a Keras optimizer: it trains, and is Keras's SGD if it is right."""

import numpy as np
import pytest

from course import sgd
from course.optimizer import with_rule
from course.quietly import keras
from tests.effort import part
from tests.test_keras_sgd import train


def ball(variable, velocity, gradient, learning_rate, momentum):
    velocity = momentum * velocity - learning_rate * gradient
    return variable + velocity, velocity


def ball_in_place(variable, velocity, gradient, learning_rate, momentum):
    velocity *= momentum
    velocity -= learning_rate * gradient
    variable += velocity
    return [variable, velocity]


def look_ahead(variable, velocity, gradient, learning_rate, momentum):
    velocity = momentum * velocity - learning_rate * gradient
    return variable + momentum * velocity - learning_rate * gradient, velocity


def apart(ours, theirs):
    return max(np.abs(a - b).max() for a, b in zip(train(ours)[1], train(theirs)[1], strict=True))


@pytest.mark.parametrize("rule", [ball, ball_in_place])
def test_the_learner_s_ball_trains_as_keras_sgd_does(rule):
    theirs = keras.optimizers.SGD(0.05, momentum=0.9)
    assert apart(with_rule(rule, learning_rate=0.05, momentum=0.9), theirs) < 1e-4


def test_without_momentum_the_ball_is_plain_descent():
    assert apart(with_rule(ball, learning_rate=0.05), keras.optimizers.SGD(0.05)) < 1e-4


def test_another_rule_trains_otherwise():
    ours = with_rule(look_ahead, learning_rate=0.05, momentum=0.9)
    assert apart(ours, keras.optimizers.SGD(0.05, momentum=0.9)) > 1e-2
    ours = with_rule(look_ahead, learning_rate=0.05, momentum=0.9)
    theirs = keras.optimizers.SGD(0.05, momentum=0.9, nesterov=True)
    assert apart(ours, theirs) < 1e-4


def plain_numpy(name):
    """A function of `course.sgd`, called as a learner's: with arrays only."""
    return lambda *arguments: getattr(sgd, name)(*arguments)


@pytest.mark.parametrize(
    ("name", "arguments"),
    part(
        [
            ("decay", {"weight_decay": 0.1, "momentum": 0.9}),
            ("clip_by_value", {"clipvalue": 0.001}),
            ("clip_by_norm", {"clipnorm": 0.05}),
            ("clip_by_global_norm", {"global_clipnorm": 0.05}),
            ("moving_average", {"use_ema": True, "ema_momentum": 0.9}),
            ("overwrite_is_due", {"use_ema": True, "ema_overwrite_frequency": 3}),
            ("unscale", {"loss_scale_factor": 3.0}),
            ("accumulate", {"gradient_accumulation_steps": 3}),
            ("mean_gradient", {"gradient_accumulation_steps": 3}),
        ],
        3,
    ),
)
def test_each_function_can_be_the_learner_s_own(name, arguments):
    calls = []

    def own(*given):
        calls.append(given)
        return plain_numpy(name)(*given)

    ours = with_rule(**{name: own}, learning_rate=0.05, **arguments)
    assert apart(ours, keras.optimizers.SGD(0.05, **arguments)) < 1e-4
    assert len(calls) > 20
    assert not any(keras.ops.is_tensor(leaf) for leaf in keras.tree.flatten(calls[-1]))


def forgets_to_return(variable, velocity, gradient, learning_rate, momentum):
    variable - learning_rate * gradient


def forgets_the_velocity(variable, velocity, gradient, learning_rate, momentum):
    return variable - learning_rate * gradient


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        (
            forgets_to_return,
            "forgets_to_return returned nothing; end it with return, and 2 results",
        ),
        (
            forgets_the_velocity,
            r"must return arrays of shapes \(3,\), \(3,\); it returned \(3,\)\.",
        ),
    ],
)
def test_a_rule_that_gives_something_else_is_refused_in_words_and_nothing_moves(rule, says):
    variable = keras.Variable(np.ones(3))
    optimizer = with_rule(rule, momentum=0.9)
    with pytest.raises(ValueError, match=says):
        optimizer.apply([keras.ops.ones(3)], [variable])
    np.testing.assert_array_equal(variable.numpy(), 1.0)


def test_what_is_no_function_is_refused():
    with pytest.raises(TypeError, match="move must be a function; got 3"):
        with_rule(3)
