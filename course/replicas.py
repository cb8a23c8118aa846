"""What `tf.distribute` adds to a step: the sum over replicas, and writing on every one of them.

Each replica computes the same step from the summed gradients, so the weights stay equal.
"""

import tensorflow as tf

from course.quietly import keras


def in_use():
    """Whether the code runs as one of several replicas of a `tf.distribute` strategy."""
    return tf.distribute.has_strategy() and not tf.distribute.in_cross_replica_context()


def crossed():
    """Whether the code runs outside the replicas of a strategy, for all of them at once."""
    return tf.distribute.has_strategy() and tf.distribute.in_cross_replica_context()


def summed(gradients):
    """The gradients summed over all replicas; without a strategy, the gradients themselves.

    Shapes: a list of tensors, or of IndexedSlices, which come back dense.
    """
    if not in_use():
        return gradients
    gradients = [tf.convert_to_tensor(gradient) for gradient in gradients]
    return tf.distribute.get_replica_context().all_reduce(tf.distribute.ReduceOp.SUM, gradients)


def assign(variable, value):
    """Set a mirrored variable to the value that every replica has computed for itself."""

    def on_each(strategy, variable, value):
        strategy.extended.update(
            variable, lambda copy, value: copy.assign(value), args=(value,), group=False
        )

    variable = variable.value if isinstance(variable, keras.Variable) else variable
    value = tf.cast(value, variable.dtype)
    tf.distribute.get_replica_context().merge_call(on_each, args=(variable, value))
