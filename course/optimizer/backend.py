"""What differs between Keras's backends: what a variable is, and how a step is traced."""

from course.quietly import keras

BACKEND = keras.backend.backend()
#: Only TensorFlow runs one step as several replicas, and traces a branch that assigns.
TENSORFLOW = BACKEND == "tensorflow"

if TENSORFLOW:
    import tensorflow as tf
    from tensorflow.python.ops import control_flow_util


def native(variable):
    """TensorFlow's own variable in a Keras variable; on other backends the variable itself."""
    return variable.value if TENSORFLOW and isinstance(variable, keras.Variable) else variable


def under_xla():
    """Whether what TensorFlow is tracing will be compiled by XLA."""
    return (
        TENSORFLOW
        and not tf.executing_eagerly()
        and control_flow_util.GraphOrParentsInXlaContext(tf.compat.v1.get_default_graph())
    )
