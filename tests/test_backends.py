"""The same class under JAX and PyTorch, in `fit` and in single calls, against Keras's SGD there."""

import functools
import importlib.util
import json
import os
import sys

import pytest

from tests import waiting
from tests.effort import ALL, only, selected
from tests.other_backend import CASES


@functools.cache
def printed(backend, *cases):
    """What `tests.other_backend` prints under a backend, with these cases of `fit`."""
    if importlib.util.find_spec(backend) is None:
        brings = {"jax": "test", "torch": "backends"}[backend]
        pytest.skip(f'{backend} is not installed; pip install ".[{brings}]" brings it.')
    done = waiting.run(
        [sys.executable, "-m", "tests.other_backend", *cases],
        cwd=os.path.dirname(os.path.dirname(__file__)),
        env=os.environ | {"KERAS_BACKEND": backend},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture
def run(request):
    """What is found under a backend, in a process for all tests of this file."""
    return lambda backend: printed(backend, *selected(request, "case"))


@pytest.mark.parametrize("backend", ["jax", "torch"])
@pytest.mark.parametrize("case", only(CASES, "plain", "nesterov and decay", "together"))
def test_fit_ends_within_rounding_of_keras_sgd(run, backend, case):
    found = run(backend)
    assert found["backend"] == backend
    assert found["apart"][case] <= 1e-6


@pytest.mark.parametrize("backend", ["jax", "torch"])
def test_what_others_write_between_calls_is_heard(run, backend):
    assert run(backend)["written"] <= 1e-6


#: Hooks that Keras's SGD itself does not call, or not there, on one backend.
DEAF = {
    "jax": ("half_overwritten",),
    "torch": ("rate_as_a_property", "written_to_the_instance"),
}


@pytest.mark.parametrize("backend", ["jax", "torch"])
def test_a_subclass_trains_as_the_same_one_of_keras_sgd(run, backend):
    found = run(backend)["subclasses"]
    assert len(found) > (40 if ALL else 20)
    apart = {case for case, far in found.items() if far > 1e-6}
    assert apart == {case for case in found if case.split()[1] in DEAF[backend]}


def test_pytorch_s_kernels_keep_the_order_of_the_stages(run):
    from course.sgd import STAGES

    mine = ("accumulate", "clip", "decay", "move", "constrain", "average", "overwrite")
    assert run("torch")["stages"] == [stage for stage in STAGES if stage in mine]


def test_what_is_written_through_data_is_heard_under_pytorch(run):
    assert run("torch")["data"] <= 1e-6


@pytest.mark.parametrize("backend", ["jax", "torch"])
@pytest.mark.parametrize("beside", ["float32", "float16", "bfloat16", "sgd.step"])
def test_random_calls_stay_within_8_ulps_of_keras_and_of_our_own_step(run, backend, beside):
    # Keras's SGD adds products without rounding them first on PyTorch (`torch._foreach_add_`).
    assert run(backend)["random"]["ulps"][beside] <= 8


def test_pytorch_s_kernels_serve_dense_float32_calls_and_leave_the_rest(run):
    served, left = run("torch")["random"]["served"]
    assert served > 50 and left > 50
