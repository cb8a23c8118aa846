"""Stochastic gradient descent, built by hand: the course's package.

`course.sgd` holds the rules in NumPy, `course.SGD` is the same rules as a Keras
optimizer. `SGD` is handed on lazily, so that `import course` starts no TensorFlow.
"""

__version__ = "0.1.0"

__all__ = ["SGD"]


def __getattr__(name):
    if name == "SGD":
        from course.optimizer.keras_sgd import SGD

        return SGD
    raise AttributeError(f"module 'course' has no attribute {name!r}")
