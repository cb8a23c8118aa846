"""Random SGD problems for Hypothesis: arguments, variables and gradients that Keras accepts."""

import numpy as np
from hypothesis import strategies as st

from course.quietly import keras

DTYPES = ("float16", "bfloat16", "float32", "float64")
SHAPES = st.lists(st.sampled_from([(), (1,), (7,), (3, 5), (2, 2, 3)]), min_size=1, max_size=3)
RATES = st.sampled_from([0.0, 0.01, 0.1, 1 / 3, 1.0])


class Halving(keras.optimizers.schedules.LearningRateSchedule):
    """A schedule that halves at every second call, so that a miscounted call shows."""

    def __init__(self, first=0.5):
        self.first = first

    def __call__(self, step):
        return self.first * 0.5 ** keras.ops.cast(keras.ops.floor(step / 2), "float32")

    def get_config(self):
        return {"first": self.first}


def third():
    """A learning rate that is a function of no arguments."""
    return 1 / 3


LEARNING_RATES = RATES | st.just(Halving()) | st.just(third)


@st.composite
def arguments(draw):
    """Arguments of SGD in any combination, but with at most one clip, as both demand."""
    clip = draw(st.sampled_from([None, None, "clipnorm", "clipvalue", "global_clipnorm"]))
    chosen = {
        "learning_rate": draw(LEARNING_RATES),
        "momentum": draw(st.sampled_from([0.0, 0.5, 0.9, 1.0])),
        "nesterov": draw(st.booleans()),
        "weight_decay": draw(st.sampled_from([None, 0.0, 0.01, 0.5])),
        "use_ema": draw(st.booleans()),
        "ema_momentum": draw(st.sampled_from([0.0, 0.5, 0.99, 1.0])),
        "ema_overwrite_frequency": draw(st.sampled_from([None, 1, 2, 3])),
        "loss_scale_factor": draw(st.sampled_from([None, 3.0, 1024.0])),
        "gradient_accumulation_steps": draw(st.sampled_from([None, 2, 3])),
    }
    return chosen | ({clip: draw(st.sampled_from([0.1, 1.0, 10.0]))} if clip else {})


@st.composite
def problems(draw):
    """(arguments, variables, the gradients of each call, which of them are constrained)."""
    dtype = np.dtype("float32") if (name := draw(st.sampled_from(DTYPES))) == "bfloat16" else name
    shapes = draw(SHAPES)
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    scale = draw(st.sampled_from([0.0, 0.01, 1.0, 30.0]))
    variables = [random.normal(size=shape).astype(dtype) for shape in shapes]
    calls = []
    for _ in range(draw(st.integers(1, 7))):
        gradients = [(scale * random.normal(size=shape)).astype(dtype) for shape in shapes]
        missing = draw(st.sampled_from([None, None, None, 0]))
        if missing is not None and len(shapes) > 1:
            gradients[missing] = None
        calls.append(gradients)
    constrained = draw(st.lists(st.booleans(), min_size=len(shapes), max_size=len(shapes)))
    return name, draw(arguments()), variables, calls, constrained
