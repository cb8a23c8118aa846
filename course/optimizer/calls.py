"""What a call of `course.SGD` needs beside arithmetic: checks, branches, writing.

Functions, not methods, so that none can be taken for one of a subclass.
"""

from course.arguments import clip_in_force
from course.optimizer import distribution
from course.optimizer.backend import TENSORFLOW, native, under_xla
from course.optimizer.branches import either
from course.optimizer.gradients import dense, fitted
from course.quietly import keras

ops = keras.ops

#: The types of a number that no one can change but by an assignment to the optimizer.
PLAIN = (int, float, type(None))


def matched(optimizer, gradients, variables):
    """Gradients and variables, built and compared one by one, before anything moves."""
    if variables is None:
        if not optimizer.built:
            raise ValueError(
                f"{optimizer.name} does not know its variables yet; write apply(gradients, "
                "variables), or build(variables) first."
            )
        variables = optimizer._trainable_variables
    gradients = fitted(list(gradients), variables, optimizer._var_key)
    refuse_a_complex_clip(clip_in_force(optimizer), gradients)
    if not optimizer.built:
        with keras.name_scope(optimizer.name, caller=optimizer):
            optimizer.build(variables)
        optimizer.built = True
    optimizer._check_variables_are_known(variables)
    return gradients, variables


def refuse_a_complex_clip(clip, gradients):
    """Raise where a complex gradient would be clipped: what is longer is not defined for it.

    Errors: TypeError that names the argument and the gradient.
    """
    for i, gradient in enumerate(gradients if clip else ()):
        kind = "" if gradient is None else keras.backend.standardize_dtype(gradient.dtype)
        if kind.startswith("complex"):
            raise TypeError(f"{clip} cannot clip gradient {i}, which is {kind}; leave it out.")


def accumulate_or_update(optimizer, gradients, variables, update, bare):
    """Where an update is due, update with the means and empty the sums; else add to the sums."""
    steps, rules = optimizer.gradient_accumulation_steps, optimizer.rules
    places = map(optimizer._get_variable_index, variables)
    totals = [optimizer._accumulated_gradients[place] for place in places]
    gradients = [dense(gradient) for gradient in gradients]

    def update_with_means():
        update([rules.mean_gradient(*pair, steps) for pair in zip(totals, gradients)])
        optimizer._backend_reset_gradient_accumulators()

    def add():
        optimizer._backend_increment_gradient_accumulators(gradients, totals)

    due = (optimizer._iterations + 1) % steps == 0
    where_due(due, update_with_means, add, [*variables, *optimizer.variables], bare)


def where_due(due, act, otherwise, variables, bare):
    """Do one or the other; both, and choose between what they wrote, where that must be.

    variables: all that they may write; bare: whether they call no hook of a subclass.
    """
    if TENSORFLOW and not distribution.in_use() and not (bare and under_xla()):
        either(due, act, otherwise)
    else:
        either(due, act, otherwise, variables, write)


def velocity_of(optimizer, variable):
    """The variable's velocity; None where momentum is the number 0."""
    if not is_set(optimizer.momentum):
        return None
    return optimizer.momentums[optimizer._get_variable_index(variable)]


def is_set(momentum):
    """Whether it is not 0; one in a variable may change, and counts."""
    return not isinstance(momentum, PLAIN) or momentum != 0


def constrain(variables):
    """Put each variable back to where its constraint wants it."""
    for variable in variables:
        if getattr(variable, "constraint", None) is not None:
            write(variable, variable.constraint(variable))


def write(variable, value):
    """Set a variable; under `tf.distribute` on every replica."""
    if distribution.in_use():
        distribution.assign(variable, value)
    else:
        # Keras's own `assign` asks for a shape that may be known only while the step runs.
        native(variable).assign(like(variable, value))


def like(variable, value):
    """The value in the variable's precision."""
    return ops.cast(value, variable.dtype)
