"""On a GPU the class is Keras's SGD for every argument, under every backend that is there."""

import functools

import numpy as np
import pytest

from course.optimizer import tensorflow_kernels
from tests.gpu.__main__ import run
from tests.other_backend import CASES
from tests.test_keras_sgd_against_keras import apart as twins_apart

#: Largest difference, in units in the last place of the largest weight; 4 as on the CPU. Under
#: PyTorch Keras's SGD adds products without rounding them first (`torch._foreach_add_(alpha=)`).
TOLERANCE = {"tensorflow": 4, "jax": 4, "torch": 8}


found_by = functools.cache(run)  # a skip is not kept, and each would start the backend again


def on_gpu(backend):
    found = found_by(backend)
    if found is None:
        pytest.skip(f"{backend} is not installed.")
    if found["device"] is None:
        pytest.skip(f"{backend} sees no GPU here; on a machine that has one: python -m tests.gpu")
    return found


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("backend", ["tensorflow", "jax", "torch"])
def test_every_argument_is_keras_s_on_a_gpu(backend, case):
    for dtype, apart in on_gpu(backend)["apart"].items():
        assert apart[case] <= TOLERANCE[backend], dtype


@pytest.mark.long  # starts three backends
def test_the_script_itself_works_where_there_is_no_gpu():
    found = run("tensorflow", "--anywhere")
    assert max(max(apart.values()) for apart in found["apart"].values()) <= TOLERANCE["tensorflow"]
    assert len(found["speed"]) == 12 and all(ours > 0 for *_, ours, _ in found["speed"])


@pytest.mark.parametrize("mode", ["eager", "graph", "xla"])
@pytest.mark.parametrize("case", ["accumulation", "together"])
def test_the_forms_of_accumulation_for_a_gpu_are_keras_s_on_a_cpu_too(monkeypatch, case, mode):
    monkeypatch.setattr(tensorflow_kernels, "_on_gpu", lambda weight: True)
    random = np.random.default_rng(0)
    values, *calls = (
        [random.normal(size=shape).astype("float32") for shape in ((7,), (3, 5))] for _ in range(8)
    )
    problem = ("float32", {"learning_rate": 0.1} | CASES[case], values, calls, [True, False])
    assert twins_apart(problem, mode=mode) <= TOLERANCE["tensorflow"]
