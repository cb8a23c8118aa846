"""A learner's NumPy function within a Keras step: on eager tensors, or in a TensorFlow graph."""

from types import SimpleNamespace

import numpy as np

from course import sgd
from course.optimizer.backend import TENSORFLOW
from course.optimizer.calls import like, velocity_of
from course.optimizer.gradients import dense, may_be, shape_of
from course.optimizer.keras_sgd import SGD
from course.quietly import keras

ops = keras.ops

#: The functions of `course.sgd` that `with_rule` can put a learner's own in the place of.
RULES = (
    "unscale",
    "accumulate",
    "mean_gradient",
    "clip_by_value",
    "clip_by_norm",
    "clip_by_global_norm",
    "decay",
    "moving_average",
    "overwrite_is_due",
)


def with_rule(rule=None, **given):
    """An `SGD` in which a learner's own NumPy function does its part of the arithmetic.

        with_rule(my_ball, learning_rate=0.1, momentum=0.9)
        with_rule(clip_by_norm=my_clip, clipnorm=1.0)

    rule:   (variable, velocity, gradient, learning_rate, momentum) -> (variable, velocity);
            without momentum the velocity it gets is zero.
    given:  arguments of `SGD`; and functions under the names of those of `course.sgd` that they
            replace, with the same arguments (without `ops`).
    Errors: as `SGD`, and ValueError for a result of a wrong shape. It trains, but is not saved.
    """
    own = {name: given.pop(name) for name in RULES if name in given}
    if rule is not None:
        own["move"] = rule
    for name, function in own.items():
        if not callable(function):
            raise TypeError(f"{name} must be a function; got {function!r}.")
    replaced = {name: on_numpy(function, getattr(sgd, name)) for name, function in own.items()}
    if rule is not None:
        replaced["move"] = with_velocity(on_numpy(rule, sgd.heavy_ball))
    names = {"rules": SimpleNamespace(**vars(sgd) | replaced), "__doc__": SGD.__doc__}
    if rule is not None:
        names["update_step"] = _update_step
    return type("SGD", (SGD,), names)(**given)


def _update_step(optimizer, gradient, variable, learning_rate):
    """The `update_step` of an optimizer whose rules have a learner's `move`."""
    gradient, eta = dense(like(variable, gradient)), like(variable, learning_rate)
    velocity, beta = velocity_of(optimizer, variable), like(variable, optimizer.momentum)
    rule = optimizer.rules.move
    moved, rolled = rule(variable, velocity, gradient, eta, beta, optimizer.nesterov)
    if velocity is not None:
        optimizer.assign(velocity, rolled)
    optimizer.assign(variable, moved)


def on_numpy(function, reference):
    """The function, with tensors in and tensors out, to stand where `reference` stands.

    function:  takes and returns NumPy arrays or floats; it gets copies, and may work in place.
    reference: a function of `course.sgd`; what it returns says how many results are wanted, and
               of which shapes and types.
    Errors:    ValueError, when it is called, where its results are others. Under XLA it cannot
               run: compile with `jit_compile=False`.
    """

    def rule(*arguments):
        wanted = _parts(reference(*arguments))
        given = [argument for argument in arguments if argument is not ops]
        tensors = [ops.convert_to_tensor(leaf) for leaf in keras.tree.flatten(given)]

        def call(*arrays):
            copies = [np.array(array)[()] for array in arrays]
            answer = function(*keras.tree.pack_sequence_as(given, copies))
            return _matched(function, answer, wanted)

        answers = _run(call, tensors, wanted)
        return answers[0] if len(answers) == 1 else answers

    return rule


def with_velocity(rule):
    """The rule in the place of `sgd.move`, which has no velocity where there is no momentum."""

    def move(variable, velocity, gradient, learning_rate, momentum, _nesterov):
        rolling = ops.zeros_like(variable) if velocity is None else velocity
        variable, rolling = rule(variable, rolling, gradient, learning_rate, momentum)
        return variable, None if velocity is None else rolling

    return move


def _parts(answer):
    return list(answer) if isinstance(answer, tuple | list) else [answer]


def _matched(function, answer, wanted):
    """The answer's parts as arrays of the wanted types."""
    name, shapes = function.__name__, [shape_of(each) for each in wanted]
    if answer is None:
        raise ValueError(f"{name} returned nothing; end it with return, and {len(wanted)} results.")
    found = [np.asarray(part) for part in _parts(answer)]
    same = len(found) == len(shapes) and all(map(may_be, [p.shape for p in found], shapes))
    if not same:
        came = ", ".join(str(part.shape) for part in found)
        asked = ", ".join(map(str, shapes))
        raise ValueError(f"{name} must return arrays of shapes {asked}; it returned {came}.")
    kinds = [keras.backend.standardize_dtype(each.dtype) for each in wanted]
    return [part.astype(kind) for part, kind in zip(found, kinds)]


def _run(call, tensors, wanted):
    if TENSORFLOW:
        import tensorflow as tf

        if not tf.executing_eagerly():
            answers = tf.numpy_function(call, tensors, [each.dtype for each in wanted])
            for answer, each in zip(answers, wanted):
                answer.set_shape(each.shape)
            return answers
    arrays = call(*map(ops.convert_to_numpy, tensors))
    return [ops.convert_to_tensor(array) for array in arrays]
