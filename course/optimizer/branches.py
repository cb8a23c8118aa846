"""One of two acts, by a condition that may be known only while a compiled step runs."""

from course.quietly import keras

ops = keras.ops


def known(condition):
    """The condition as a bool where its value is there already, else as it is (in a graph)."""
    try:
        return bool(condition)
    except TypeError:  # what TensorFlow and JAX raise while they trace
        return condition


def either(condition, act, otherwise, variables=None, assign=None):
    """Do `act` where the condition holds, else `otherwise`; neither returns anything.

    variables: all that the acts may write. Where they are given, an open condition does both
               acts from the same start and keeps one act's values: JAX, replicas and XLA on a
               GPU cannot branch, or not cheaply.
    assign:    (variable, value) -> None.
    """
    condition = known(condition)
    if isinstance(condition, bool):
        (act if condition else otherwise)()
    elif variables is None:
        ops.cond(condition, act, otherwise)
    else:
        _do_both(condition, act, otherwise, variables, assign)


def nothing():
    """Do nothing."""
    return None  # a body for AutoGraph, which cannot read a docstring alone


def _do_both(condition, act, otherwise, variables, assign):
    before = list(map(value_of, variables))
    act()
    acted = list(map(value_of, variables))
    for variable, start, end in zip(variables, before, acted):
        if start is not end:
            assign(variable, start)
    otherwise()
    for variable, end in zip(variables, acted):
        other = value_of(variable)
        if other is not end:
            assign(variable, ops.where(condition, end, other))


def value_of(variable):
    """The value as it is now, a tensor; `convert_to_tensor` gives TensorFlow's variable itself."""
    return ops.cast(variable, variable.dtype)
