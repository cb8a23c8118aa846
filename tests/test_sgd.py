"""`course.sgd.step` is Keras's SGD, call for call; the oracle is `keras.optimizers.SGD`."""

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given, settings

from course import sgd
from course.quietly import keras
from tests.effort import examples
from tests.strategies import problems


def keras_calls(dtype, arguments, variables, calls, constrained):
    """Yield Keras's weights, velocities and averages after each call."""
    optimizer = keras.optimizers.SGD(**arguments)
    weights = [
        keras.Variable(value, dtype=dtype, name=f"w{i}") for i, value in enumerate(variables)
    ]
    for weight, is_constrained in zip(weights, constrained):
        weight.constraint = keras.constraints.NonNeg() if is_constrained else None
    optimizer.build(weights)
    for gradients in calls:
        tensors = [None if g is None else keras.ops.convert_to_tensor(g, dtype) for g in gradients]
        optimizer.apply(tensors, weights)
        kept = optimizer.momentums or weights
        averaged = optimizer._model_variables_moving_average if arguments["use_ema"] else weights
        yield [[np.asarray(x.numpy()) for x in part] for part in (weights, kept, averaged)]


def our_calls(dtype, arguments, variables, calls, constrained):
    """Yield our weights, velocities and averages after each call."""
    dtype = ml_dtypes.bfloat16 if dtype == "bfloat16" else dtype
    weights = [value.astype(dtype) for value in variables]
    state = sgd.initial_state(weights)
    constraints = [(lambda w: w * (w >= 0).astype(w.dtype)) if c else None for c in constrained]
    for gradients in calls:
        gradients = [None if g is None else g.astype(dtype) for g in gradients]
        with np.errstate(all="ignore"):
            weights, state = sgd.step(
                weights, gradients, state, constraints=constraints, **arguments
            )
        kept = state.velocity if arguments["momentum"] else weights
        yield [weights, kept, state.average if arguments["use_ema"] else weights]


def ulps_apart(ours, theirs, largest=0.0):
    """The largest difference, in units in the last place of the largest entry.

    largest: an entry that counts, too: a weight near zero was rounded when it was larger.
    """
    assert ours.shape == theirs.shape and ours.dtype == theirs.dtype
    if theirs.dtype.kind in "iu":
        return 0.0 if (ours == theirs).all() else np.inf
    epsilon = float(ml_dtypes.finfo(theirs.dtype).eps)
    ours, theirs = ours.astype(np.float64), theirs.astype(np.float64)
    differs = (ours != theirs) & ~(np.isnan(ours) & np.isnan(theirs))
    if not differs.any():
        return 0.0
    return np.max(np.abs(ours - theirs)[differs]) / (epsilon * max(np.max(np.abs(theirs)), largest))


def farthest(ours, theirs, values):
    """The largest distance between two trajectories, in units in the last place.

    They are those of the largest number that a weight, velocity, sum or average had so far.
    ours, theirs: the arrays after each call; values: the weights before the first.
    """
    apart, largest = 0.0, max(np.abs(value).max(initial=0.0) for value in values)
    for our_step, their_step in zip(ours, theirs, strict=True):
        floats = [np.abs(v.astype(float)) for v in their_step if v.dtype.kind not in "iu"]
        largest = max([largest] + [v[np.isfinite(v)].max(initial=0.0) for v in floats])
        for our, their in zip(our_step, their_step, strict=True):
            apart = max(apart, ulps_apart(our, their, largest))
    return apart


@settings(max_examples=examples(600))
@given(problems())
@pytest.mark.filterwarnings("ignore:Gradients do not exist")
def test_step_is_keras_sgd_to_the_last_bit_or_to_four_ulps_with_a_norm(problem):
    ours, theirs = (
        (sum(parts, []) for parts in calls(*problem)) for calls in (our_calls, keras_calls)
    )
    if any(name in problem[1] for name in ("clipnorm", "global_clipnorm")):
        # NumPy and TensorFlow add a norm's squares in another order.
        assert farthest(ours, theirs, problem[2]) <= 4
    else:
        for our_step, their_step in zip(ours, theirs, strict=True):
            for our, their in zip(our_step, their_step, strict=True):
                assert ulps_apart(our, their) == 0


@given(problems())
def test_step_leaves_its_arguments_as_they_were(problem):
    _, arguments, variables, calls, _ = problem
    state = sgd.initial_state(variables)
    before = [value.copy() for value in variables]
    gradients = [None if g is None else np.copy(g) for g in calls[0]]
    with np.errstate(all="ignore"):
        sgd.step(variables, calls[0], state, **arguments)
    for now, then in zip(variables, before, strict=True):
        np.testing.assert_array_equal(now, then)
    for now, then in zip(calls[0], gradients, strict=True):
        assert now is then is None or np.array_equal(now, then)
    assert all(not kept.any() for part in state[:3] for kept in part) and state.calls == 0


def test_weights_excluded_from_decay_do_not_shrink():
    weights = [np.ones(2), np.ones(2)]
    moved, _ = sgd.step(
        weights,
        [np.zeros(2), np.zeros(2)],
        sgd.initial_state(weights),
        learning_rate=0.5,
        weight_decay=0.5,
        decays=[True, False],
    )
    assert moved[0].tolist() == [0.75, 0.75] and moved[1].tolist() == [1.0, 1.0]


def test_a_scaled_loss_gives_back_its_gradient():
    assert sgd.unscale(sgd.scale_loss(0.125, 1024.0), 1024.0) == 0.125


@pytest.mark.parametrize(
    ("gradients", "words"),
    [
        ([None], "Every gradient is None"),
        ([np.ones(3)], r"shape \(2,\); got \(3,\)"),
        ([np.ones(2), np.ones(2)], "1 variables need as many gradients; got 2"),
    ],
)
def test_gradients_that_do_not_fit_are_refused(gradients, words):
    weights = [np.ones(2)]
    with pytest.raises(ValueError, match=words):
        sgd.step(weights, gradients, sgd.initial_state(weights))
