"""The order of the stages stands in `course.sgd.STAGES`; all others are held to it."""

import re
from pathlib import Path

import numpy as np
import pytest

from course import figures, sgd
from course.quietly import keras

SOURCES = Path(__file__).parent.parent
EVERYTHING = {
    "momentum": 0.9,
    "nesterov": True,
    "weight_decay": 0.1,
    "clipnorm": 1.0,
    "use_ema": True,
    "ema_overwrite_frequency": 1,
    "loss_scale_factor": 3.0,
    "gradient_accumulation_steps": 2,
}
#: What runs in a stage, by the name of a function of `course.sgd`.
FUNCTIONS = {
    "unscale": "unscale",
    "mean_gradient": "accumulate",
    "clip_by_norm": "clip",
    "decay": "decay",
    "descent": "move",
    "next_velocity": "move",
    "moving_average": "average",
    "overwrite_is_due": "overwrite",
}


def noted(stages):
    """The stages, each once, in the order in which they were first noted."""
    return list(dict.fromkeys(stages))


def in_order(stages):
    """Those of `sgd.STAGES` that are there, in their order."""
    return [stage for stage in sgd.STAGES if stage in stages]


def note_functions(monkeypatch, module, seen):
    for name, stage in FUNCTIONS.items():
        function = getattr(sgd, name)

        def noting(*given, function=function, stage=stage, **more):
            seen.append(stage)
            return function(*given, **more)

        monkeypatch.setattr(module, name, noting)


def test_the_step_in_numpy_keeps_the_order(monkeypatch):
    seen = []
    note_functions(monkeypatch, sgd, seen)
    weights, constrain = [np.ones(2)], lambda w: (seen.append("constrain"), w)[1]
    state = sgd.initial_state(weights)._replace(calls=1)
    sgd.step(weights, [np.ones(2)], state, constraints=[constrain], **EVERYTHING)
    assert noted(seen) == in_order(seen)
    assert len(noted(seen)) == len(sgd.STAGES) - 2  # all but `drop missing` and `count`


@pytest.mark.parametrize("name", ["SGD", "keras.SGD"])
def test_the_optimizer_keeps_the_order_through_the_hooks_of_keras(name):
    import course

    seen, base = [], course.SGD if name == "SGD" else keras.optimizers.SGD
    hooks = {
        "_filter_empty_gradients": "drop missing",
        "_clip_gradients": "clip",
        "_apply_weight_decay": "decay",
        "update_step": "move",
        "_update_model_variables_moving_average": "average",
        "_overwrite_model_variables_with_average_value": "overwrite",
    }

    def noting(hook, stage):
        def method(self, *given):
            seen.append(stage)
            return getattr(base, hook)(self, *given)

        return method

    cls = type("Noting", (base,), {hook: noting(hook, stage) for hook, stage in hooks.items()})
    variable = keras.Variable([1.0])
    variable.constraint = lambda w: (seen.append("constrain"), w)[1]
    optimizer = cls(0.1, **EVERYTHING)
    for _ in range(2):
        seen.clear()
        optimizer.apply([keras.ops.ones(1)], [variable])
    assert noted(seen) == in_order(seen)
    assert {*hooks.values(), "constrain"} == {*seen}


def test_the_fused_kernels_keep_the_order(monkeypatch):
    import course
    from course.optimizer import tensorflow_kernels
    from course.optimizer.tensorflow_kernels import Kernels

    seen = []
    parts = {(Kernels, "_accumulate_and_move"): "accumulate", (Kernels, "_clip"): "clip"}
    parts |= {(tensorflow_kernels, "_write"): "decay", (tensorflow_kernels, "_move"): "move"}
    parts |= {(Kernels, "_average"): "average"}
    for (owner, name), stage in parts.items():
        function = getattr(owner, name)

        def noting(*given, function=function, stage=stage):
            seen.append(stage)
            return function(*given)

        monkeypatch.setattr(owner, name, noting)
    variable = keras.Variable([1.0])
    variable.constraint = lambda w: (seen.append("constrain"), w)[1]
    optimizer = course.SGD(0.1, **EVERYTHING)
    optimizer.build([variable])
    for _ in range(2):
        seen.clear()
        optimizer.apply([keras.ops.ones(1)], [variable])
    assert noted(seen) == in_order(seen)
    assert {*seen} == {*parts.values(), "constrain"}


def test_the_picture_keeps_the_order():
    names = [name for name, *_ in figures.STAGES]
    told = [{"velocity": "move", "weights": "move"}.get(name, name) for name in names[1:]]
    assert names[0] == "gradient" and noted(told) == in_order(told)


def test_the_sheet_of_chapter_11_keeps_the_order():
    from course.checks.chapter_11.stages import STAGES

    assert tuple(stage.__name__[1:] for stage in STAGES.values()) == sgd.STAGES[1:]


@pytest.mark.parametrize(
    "chapter", ["notebooks/source/11_the_whole_optimizer.py", "notebooks/source/15_cheat_sheet.py"]
)
def test_a_chapter_that_prints_the_order_prints_this_one(chapter):
    text = (SOURCES / chapter).read_text(encoding="utf-8").replace("\n#", "")
    line = next(line for line in re.findall(r"[Dd]rop missing[^.]*→[^.]*", text))
    words = {"gradients": "", "constraints": "constrain"}
    told = [word.strip() for word in re.split(r"→| and ", line.lower())]
    told = [
        "move" if word in ("velocity", "weights", "velocity and weights") else word for word in told
    ]
    told = [re.sub(" gradients$", "", words.get(word, word)) for word in told]
    assert noted(told) == list(sgd.STAGES)


def test_chapter_11_s_list_of_stages_is_this_one():
    text = (SOURCES / "notebooks/source/11_the_whole_optimizer.py").read_text(encoding="utf-8")
    last = re.findall(r"^order = \[(.*)\]$", text, flags=re.M)[-1]
    assert last.replace("_", " ").split(", ") == list(sgd.STAGES)
