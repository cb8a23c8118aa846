"""What `tf.distribute` adds to a step: the sum over replicas, and writing on every one of them.

Each replica computes the same step from the summed gradients, so the weights stay equal. On other
backends there are none.
"""

from course.optimizer.backend import TENSORFLOW, native

if TENSORFLOW:
    import tensorflow as tf


def in_use():
    """Whether the code runs as one of several replicas of a `tf.distribute` strategy."""
    return _has_strategy() and not tf.distribute.in_cross_replica_context()


def crossed():
    """Whether the code runs outside the replicas of a strategy, for all of them at once."""
    return _has_strategy() and tf.distribute.in_cross_replica_context()


def _has_strategy():
    return TENSORFLOW and tf.distribute.has_strategy()


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

    variable = native(variable)
    value = tf.cast(value, variable.dtype)
    tf.distribute.get_replica_context().merge_call(on_each, args=(variable, value))
