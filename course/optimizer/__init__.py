"""`SGD`: a drop-in for `keras.optimizers.SGD` from the rules of `course.sgd`, and its kernels.

`with_rule` is `SGD` with a function of one's own; `compare_on_digits` sets it beside Keras's. All
are handed on lazily, so that `import course.optimizer` starts no Keras.
"""

import importlib

__all__ = ["SGD", "compare_on_digits", "with_rule"]
WHERE = {"SGD": "keras_sgd", "with_rule": "custom_rule", "compare_on_digits": "compare"}


def __getattr__(name):
    if name in WHERE:
        return getattr(importlib.import_module(f"course.optimizer.{WHERE[name]}"), name)
    raise AttributeError(f"module 'course.optimizer' has no attribute {name!r}")
