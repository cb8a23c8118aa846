"""What chapter 11, *The whole optimizer*, says of its own stages and of names, held by a run."""

import inspect
from types import SimpleNamespace

import numpy as np

from course import sgd
from course.publish import notebooks
from course.quietly import keras

#: The cells that make the learner's optimizer.
CELLS = "memory-run", "heart-run", "judge-run", "clip-run", "other-stages", "everything-run"


def learners():
    """The names that the chapter's own optimizer leaves: its bag, its stages, its order."""
    (path,) = (p for p in notebooks.sources(["11"]) if p.parent.parent.name == "notebooks")
    cells = {cell.id: cell.source for cell in notebooks.read_source(path).cells}
    names = {"inspect": inspect, "SimpleNamespace": SimpleNamespace, "np": np}
    names |= {"sgd": sgd, "keras": keras}
    for name in CELLS:
        exec(cells[name], names)
    return names


def test_the_stages_in_their_order_are_sgd_step_to_the_bit():
    its = learners()
    settings = {"constraints": its["non_negative"], "clipnorm": 1.0, **its["everything"]}
    weights, state = its["START"], sgd.initial_state(its["START"])
    for gradients in its["scaled_calls"](**settings):
        weights, state = sgd.step(weights, gradients, state, **settings)
    assert its["ulps"](its["run"](its["order"], **settings), state.average) == 0


def test_the_stages_have_the_names_and_the_order_of_the_course():
    order = [stage.__name__.replace("_", " ") for stage in learners()["order"]]
    assert tuple(order) == sgd.STAGES
