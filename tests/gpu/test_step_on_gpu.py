"""On a GPU the class is Keras's SGD for every argument, under every backend that is there."""

import functools

import pytest

from tests.gpu.__main__ import run
from tests.other_backend import CASES

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


def test_the_script_itself_works_where_there_is_no_gpu():
    found = run("tensorflow", "--anywhere")
    assert max(max(apart.values()) for apart in found["apart"].values()) <= TOLERANCE["tensorflow"]
    assert len(found["speed"]) == 12 and all(ours > 0 for *_, ours, _ in found["speed"])
